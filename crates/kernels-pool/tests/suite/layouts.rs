//! The same tokens, however the caller holds them.

use crate::data::{Batch, assert_same, assert_within, masks, want};
use half::{bf16, f16};
use kernels_pool::{Isa, Pooler, Pooling, Tokens, Value, l2_normalize_into_on};
use kernels_testing::{Guarded, Random, each_isa, small};

fn pool<T: Value>(isa: Isa, pooling: Pooling, tokens: Tokens<'_, T>) -> Vec<f32> {
    Pooler::new(pooling).on(isa).pool(tokens).unwrap()
}

#[test]
fn masks_of_all_types_are_the_same() {
    let mut random = Random::new(1);
    let (batch, seq, hidden) = if small() { (2, 5, 3) } else { (3, 21, 37) };
    for mask in masks(&mut random, batch, seq).into_iter().skip(if cfg!(miri) { 4 } else { 0 }) {
        let Batch { x, mask, .. } = Batch::random(&mut random, mask, [batch, seq, hidden]);
        let bytes: Vec<u8> = mask.iter().map(|&mask| mask.into()).collect();
        let longs: Vec<i64> = mask.iter().map(|&mask| mask.into()).collect();
        for pooling in Pooling::ALL {
            each_isa("pool_masks", |isa| {
                let want = pool(isa, pooling, Tokens::masked(&x, &mask, batch, seq, hidden).unwrap());
                let of_bytes = pool(isa, pooling, Tokens::masked(&x, &bytes, batch, seq, hidden).unwrap());
                let of_longs = pool(isa, pooling, Tokens::masked(&x, &longs, batch, seq, hidden).unwrap());
                assert_same(&of_bytes, &want, (isa, pooling));
                assert_same(&of_longs, &want, (isa, pooling));
            });
        }
    }
}

/// Texts of these lengths, padded with NaN; and without padding.
fn texts(lens: &[usize], seq: usize, hidden: usize) -> (Batch, Vec<f32>) {
    let mut random = Random::new(2);
    let mask: Vec<bool> = lens.iter().flat_map(|&len| (0..seq).map(move |token| token < len)).collect();
    let batch = Batch::random(&mut random, mask, [lens.len(), seq, hidden]);
    let rows = batch.x.chunks(hidden).zip(&batch.mask).filter(|(_, mask)| **mask);
    let ragged = rows.flat_map(|(row, _)| row).copied().collect();
    (batch, ragged)
}

#[test]
fn padded_and_ragged_texts_are_masked_ones() {
    let lens: &[usize] = if small() { &[2, 0, 9, 1] } else { &[8, 0, 19, 1, 7, 16, 0, 9, 17, 3] };
    let seq = lens.iter().max().unwrap() + 1;
    for hidden in if cfg!(miri) {
        vec![3]
    } else if small() {
        vec![1, 17]
    } else {
        vec![1, 7, 8, 16, 31, 513]
    } {
        let (batch, ragged) = texts(lens, seq, hidden);
        let mut guarded = [Guarded::copy(&batch.x, 3, 7.0), Guarded::copy(&ragged, 5, 7.0)];
        let [padded, ragged] = guarded.each_mut().map(|x| &*x.middle());
        for pooling in Pooling::ALL {
            let want = batch.want(pooling, hidden);
            each_isa("pool_layouts", |isa| {
                for tokens in [
                    Tokens::padded(padded, lens, seq, hidden).unwrap(),
                    Tokens::ragged(ragged, lens, hidden).unwrap(),
                ] {
                    assert_eq!((tokens.batch(), tokens.hidden()), (lens.len(), hidden));
                    let mut out = Guarded::new(want.len(), 1, 7.0);
                    let pooled = Pooler::new(pooling).on(isa).pool_into(tokens, out.middle()).unwrap();
                    assert_within(out.check(), &want, (isa, pooling, tokens));
                    assert_eq!(pooled.empty_rows, lens.iter().filter(|len| **len == 0).count());
                }
            });
        }
    }
}

#[test]
fn texts_without_any_token_are_zeros() {
    let tokens = Tokens::<f32>::ragged(&[], &[0, 0], 5).unwrap();
    for pooling in Pooling::ALL {
        each_isa("pool_empty", |isa| {
            let mut out = [7.0; 10];
            let pooled = Pooler::new(pooling).normalized().on(isa).pool_into(tokens, &mut out).unwrap();
            assert_same(&out, &[0.0; 10], (isa, pooling));
            assert_eq!(pooled.empty_rows, 2);
        });
    }
}

#[test]
fn halves_are_pooled_as_the_numbers_that_they_are() {
    let mut random = Random::new(3);
    let hiddens = if cfg!(miri) {
        vec![9]
    } else if small() {
        vec![1, 17]
    } else {
        (1..=33).chain([515]).collect()
    };
    for hidden in hiddens {
        let (batch, seq) = (
            2,
            if cfg!(miri) {
                3
            } else if small() {
                9
            } else {
                19
            },
        );
        for mask in masks(&mut random, batch, seq).into_iter().skip(if cfg!(miri) { 4 } else { 0 }) {
            let Batch { x, mask, .. } = Batch::random(&mut random, mask, [batch, seq, hidden]);
            let mut f16s =
                Guarded::copy(&x.iter().map(|&x| f16::from_f32_const(x)).collect::<Vec<_>>(), 3, f16::ONE);
            let mut bf16s =
                Guarded::copy(&x.iter().map(|&x| bf16::from_f32_const(x)).collect::<Vec<_>>(), 5, bf16::ONE);
            for pooling in Pooling::ALL {
                let sizes = [batch, seq, hidden];
                let want_f16 = want(pooling, f16s.middle(), &mask, sizes, hidden);
                let want_bf16 = want(pooling, bf16s.middle(), &mask, sizes, hidden);
                each_isa("pool_halves", |isa| {
                    let tokens = Tokens::masked(f16s.middle(), &mask, batch, seq, hidden).unwrap();
                    assert_within(&pool(isa, pooling, tokens), &want_f16, (isa, pooling, hidden));
                    let tokens = Tokens::masked(bf16s.middle(), &mask, batch, seq, hidden).unwrap();
                    assert_within(&pool(isa, pooling, tokens), &want_bf16, (isa, pooling, hidden));
                });
            }
        }
    }
}

/// Cut, and then made to length 1: bit by bit what both steps do, and of what is cut off nothing is read.
#[test]
fn cutting_and_normalizing_are_the_steps() {
    let mut random = Random::new(4);
    let (batch, seq) = (3, if cfg!(miri) { 3 } else { 11 });
    let hiddens: &[usize] = if cfg!(miri) {
        &[9]
    } else if small() {
        &[17]
    } else {
        &[1, 2, 7, 8, 9, 24, 33, 515]
    };
    for &hidden in hiddens {
        let [_, _, _, mask, _] = masks(&mut random, batch, seq);
        let batch = Batch::random(&mut random, mask, [batch, seq, hidden]);
        let step = if hidden > 100 { 103 } else { 1 };
        for k in (1..=hidden).step_by(if small() { 8 } else { step }) {
            let mut cut = batch.clone();
            cut.x.chunks_mut(hidden).for_each(|row| row[k..].fill(f32::NAN));
            let Batch { x, mask, batch: n, .. } = &cut;
            for pooling in Pooling::ALL.into_iter().skip(if cfg!(miri) { 4 } else { 0 }) {
                let want = batch.want(pooling, k);
                each_isa("pool_cut", |isa| {
                    let tokens = Tokens::masked(x, mask, *n, seq, hidden).unwrap();
                    let pooler = Pooler::new(pooling).truncated(k).on(isa);
                    let mut out = Guarded::new(n * k, 5, 7.0);
                    pooler.pool_into(tokens, out.middle()).unwrap();
                    assert_within(out.check(), &want, (isa, pooling, k));
                    let mut unit = vec![7.0; n * k];
                    l2_normalize_into_on(isa, out.check(), k, &mut unit).unwrap();
                    assert_same(&pooler.normalized().pool(tokens).unwrap(), &unit, (isa, pooling, k));
                });
            }
        }
    }
}
