//! Every instruction set against the `f64` reference: all small shapes, unaligned, with guards round the output.

use crate::data::{Batch, assert_within, masks};
use kernels_pool::{Isa, Pooler, Pooling, Tokens};
use kernels_testing::{Guarded, Random, each_isa, small};

/// Pools on a set, from and to memory that is not aligned.
fn check(isa: Isa, pooling: Pooling, batch: &Batch, want: &[(f64, f64)], offset: usize) {
    let mut x = Guarded::copy(&batch.x, offset, 7.0);
    let mut mask = Guarded::copy(&batch.mask, 8 - offset, true);
    let mut out = Guarded::new(batch.batch * batch.hidden, 8 - offset, 7.0);
    let tokens =
        Tokens::masked(x.middle(), mask.middle(), batch.batch, batch.seq, batch.hidden).expect("sizes fit");
    let pooled = Pooler::new(pooling).on(isa).pool_into(tokens, out.middle()).unwrap();
    assert_within(out.check(), want, (isa, pooling, batch));
    let empty = batch.mask.chunks(batch.seq).filter(|mask| !mask.contains(&true)).count();
    assert_eq!(pooled.empty_rows, empty, "{isa}, {pooling}, {batch:?}");
}

fn check_all(random: &mut Random, batch: &Batch) {
    for pooling in Pooling::ALL {
        let want = batch.want(pooling, batch.hidden);
        each_isa("pool", |isa| check(isa, pooling, batch, &want, random.below(8)));
    }
}

#[test]
fn small_shapes_agree_with_the_reference() {
    let mut random = Random::new(1);
    // Round every vector, every step of columns and every group of tokens.
    let (batches, seqs, hiddens) = if cfg!(miri) {
        (2..=2, vec![9], vec![17])
    } else if small() {
        (1..=2, vec![1, 2, 8, 9, 17], vec![1, 3, 8, 17, 33])
    } else {
        (1..=3, (1..=18).collect(), (1..=33).collect())
    };
    for (batch, &seq) in batches.flat_map(|batch| seqs.iter().map(move |seq| (batch, seq))) {
        for &hidden in &hiddens {
            for mask in masks(&mut random, batch, seq).into_iter().skip(if cfg!(miri) { 4 } else { 0 }) {
                let batch = Batch::random(&mut random, mask, [batch, seq, hidden]);
                check_all(&mut random, &batch);
            }
        }
    }
}

#[test]
fn every_mask_of_few_tokens_agrees_with_the_reference() {
    let mut random = Random::new(2);
    let (most, hiddens): (usize, &[usize]) =
        if cfg!(miri) { (2, &[2]) } else { (5, if small() { &[5] } else { &[1, 8, 21] }) };
    for (seq, batch) in (1..=most).flat_map(|seq| (1..=3).map(move |batch| (seq, batch))) {
        if cfg!(miri) && batch != 2 {
            continue;
        }
        for bits in 0..1 << seq {
            // Another mask for every text, and over all bits each text has every one.
            let mask =
                (0..batch * seq).map(|i| (bits + 3 * (i / seq)) >> (i % seq) & 1 == 1).collect::<Vec<_>>();
            for &hidden in hiddens {
                let batch = Batch::random(&mut random, mask.clone(), [batch, seq, hidden]);
                check_all(&mut random, &batch);
            }
        }
    }
}

#[test]
#[cfg_attr(miri, ignore = "many columns")]
fn blocks_of_columns_agree_with_the_reference() {
    let mut random = Random::new(3);
    let (hiddens, seqs): (&[usize], &[usize]) =
        if small() { (&[513], &[9]) } else { (&[511, 512, 513, 528, 1024, 1030], &[1, 7, 8, 9, 17, 40]) };
    for (&hidden, &seq) in hiddens.iter().flat_map(|hidden| seqs.iter().map(move |seq| (hidden, seq))) {
        for mask in masks(&mut random, 2, seq) {
            let batch = Batch::random(&mut random, mask, [2, seq, hidden]);
            check_all(&mut random, &batch);
        }
    }
}

/// Runs of every length from every position: groups that lie together, and what is left over from many runs.
#[test]
#[cfg_attr(miri, ignore = "many tokens")]
fn runs_of_tokens_agree_with_the_reference() {
    let mut random = Random::new(4);
    let hidden = if small() { 3 } else { 19 };
    for run in 1..=if small() { 9 } else { 26 } {
        for gap in 1..=2 {
            let seq = 3 * (run + gap) + random.below(5);
            let mask: Vec<bool> = (0..seq).map(|token| token % (run + gap) >= gap).collect();
            let batch = Batch::random(&mut random, mask, [1, seq, hidden]);
            check_all(&mut random, &batch);
        }
    }
}

/// The functions of one line are the poolings of their names.
#[test]
fn functions_are_the_poolers() {
    use kernels_pool::*;
    let mut random = Random::new(5);
    let [batch, seq, hidden] = [3, 6, if cfg!(miri) { 3 } else { 19 }];
    let [_, _, _, mask, _] = masks(&mut random, batch, seq);
    let Batch { x, mask, .. } = Batch::random(&mut random, mask, [batch, seq, hidden]);
    macro_rules! check {
        ($($pool:ident, $into:ident: $pooling:ident;)*) => {$(
            let want = Pooler::new(Pooling::$pooling);
            let want = want.pool(Tokens::masked(&x, &mask, batch, seq, hidden).unwrap()).unwrap();
            assert_eq!($pool(&x, &mask, batch, seq, hidden).unwrap(), want);
            let mut out = Guarded::new(want.len(), 3, 7.0);
            let pooled = $into(&x, &mask, batch, seq, hidden, out.middle()).unwrap();
            assert_eq!((out.check(), pooled.empty_rows), (&want[..], 0));
        )*};
    }
    check! {
        cls_pool, cls_pool_into: Cls;
        last_token_pool, last_token_pool_into: LastToken;
        max_pool, max_pool_into: Max;
        mean_pool, mean_pool_into: Mean;
        mean_sqrt_len_pool, mean_sqrt_len_pool_into: MeanSqrtLen;
        weighted_mean_pool, weighted_mean_pool_into: WeightedMean;
    }
}

#[test]
fn names_are_those_of_sentence_transformers() {
    let names = ["cls", "lasttoken", "max", "mean", "mean_sqrt_len_tokens", "weightedmean"];
    let poolings = [
        Pooling::Cls,
        Pooling::LastToken,
        Pooling::Max,
        Pooling::Mean,
        Pooling::MeanSqrtLen,
        Pooling::WeightedMean,
    ];
    assert_eq!(poolings, Pooling::ALL);
    for (pooling, name) in poolings.into_iter().zip(names) {
        assert_eq!((pooling.name(), pooling.to_string().as_str()), (name, name));
        assert_eq!(name.parse(), Ok(pooling));
    }
    for unknown in ["", "Mean", "mean ", "sum", "lasttoken2"] {
        let error = unknown.parse::<Pooling>().unwrap_err().to_string();
        assert!(
            error.starts_with("unknown pooling") && names.iter().all(|name| error.contains(name)),
            "{error}"
        );
    }
}
