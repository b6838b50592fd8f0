//! Codes in one pass: bit by bit what the steps make one after another.

use crate::data::{Batch, masks};
use half::{bf16, f16};
use kernels_pool::{
    Isa, Pooler, Pooling, Ranges, Tokens, Value, quantize_binary, quantize_int8, quantize_ubinary,
    quantize_uint8,
};
use kernels_testing::{Guarded, Random, each_isa, small};

/// The ranges of the rows, drawn in a little, so that values lie outside too.
fn ranges(rows: &[f32], k: usize) -> Ranges {
    let ends = |pick: fn(f32, f32) -> f32, start: f32, by: f32| -> Vec<f32> {
        (0..k).map(|i| rows.iter().skip(i).step_by(k).fold(start, |end, x| pick(end, *x)) * by).collect()
    };
    let (min, max) = (ends(f32::min, -1e-3, 0.9), ends(f32::max, 1e-3, 0.9));
    Ranges::new(&min, &max).unwrap()
}

fn check<T: Value>(isa: Isa, pooler: &Pooler, tokens: Tokens<'_, T>, k: usize) {
    let mut pooler = pooler.clone().on(isa);
    let rows = pooler.pool(tokens).unwrap();
    let empty = pooler.pool_into(tokens, &mut rows.clone()).unwrap();
    let ranges = ranges(&rows, k);
    let n = rows.len() / k;
    // Twice, since the first call makes room for a row.
    for _ in 0..2 {
        let (mut out, mut bits) = (Guarded::new(n * k, 3, 77_i8), Guarded::new(n * k.div_ceil(8), 5, 77_i8));
        assert_eq!(pooler.pool_int8_into(tokens, &ranges, out.middle()), Ok(empty));
        assert_eq!(out.check(), quantize_int8(&rows, k, &ranges).unwrap(), "{isa}, {pooler:?}");
        assert_eq!(pooler.pool_binary_into(tokens, bits.middle()), Ok(empty));
        assert_eq!(bits.check(), quantize_binary(&rows, k).unwrap(), "{isa}, {pooler:?}");
        let (mut out, mut bits) = (Guarded::new(n * k, 1, 77_u8), Guarded::new(n * k.div_ceil(8), 7, 77_u8));
        assert_eq!(pooler.pool_uint8_into(tokens, &ranges, out.middle()), Ok(empty));
        assert_eq!(out.check(), quantize_uint8(&rows, k, &ranges).unwrap(), "{isa}, {pooler:?}");
        assert_eq!(pooler.pool_ubinary_into(tokens, bits.middle()), Ok(empty));
        assert_eq!(bits.check(), quantize_ubinary(&rows, k).unwrap(), "{isa}, {pooler:?}");
    }
}

#[test]
fn codes_are_those_of_the_steps() {
    let mut random = Random::new(1);
    let (batch, seq) = (if cfg!(miri) { 2 } else { 3 }, if cfg!(miri) { 2 } else { 10 });
    let hiddens = if cfg!(miri) {
        vec![9]
    } else if small() {
        vec![1, 33]
    } else {
        (1..=70).chain([513, 1030]).collect()
    };
    for hidden in hiddens {
        let [_, right, _, gaps, _] = masks(&mut random, batch, seq);
        for mask in [gaps, right].into_iter().take(if cfg!(miri) { 1 } else { 2 }) {
            let Batch { x, mask, .. } = Batch::random(&mut random, mask, [batch, seq, hidden]);
            let tokens = Tokens::masked(&x, &mask, batch, seq, hidden).unwrap();
            for pooling in Pooling::ALL.into_iter().skip(if cfg!(miri) { 4 } else { 0 }) {
                let whole = Pooler::new(pooling);
                let k = 1 + random.below(hidden);
                each_isa("pool_codes", |isa| {
                    check(isa, &whole, tokens, hidden);
                    check(isa, &whole.clone().truncated(k).normalized(), tokens, k);
                });
            }
        }
    }
}

#[test]
fn codes_of_halves_are_those_of_the_steps() {
    let (lens, hidden) = ([3, 0, 1], if cfg!(miri) { 9 } else { 37 });
    let x = Random::new(2).uniform(4 * hidden);
    let f16s: Vec<f16> = x.iter().map(|&x| f16::from_f32_const(x)).collect();
    let bf16s: Vec<bf16> = x.iter().map(|&x| bf16::from_f32_const(x)).collect();
    each_isa("pool_codes", |isa| {
        let pooler = Pooler::new(Pooling::Mean).normalized();
        check(isa, &pooler, Tokens::ragged(&f16s, &lens, hidden).unwrap(), hidden);
        check(isa, &pooler, Tokens::ragged(&bf16s, &lens, hidden).unwrap(), hidden);
    });
}

/// One pooler for rows of one length after another.
#[test]
fn a_pooler_may_change_its_dimension() {
    let x = Random::new(3).uniform(60);
    each_isa("pool_codes", |isa| {
        let mut pooler = Pooler::new(Pooling::Mean).on(isa);
        for hidden in [3, 20, 1, 10, 60].into_iter().take(if cfg!(miri) { 2 } else { 5 }) {
            let tokens =
                Tokens::ragged(&x, &[60 / hidden][..], hidden).map(|tokens| pooler.pool(tokens).unwrap());
            let (want, lens) = (quantize_ubinary(&tokens.unwrap(), hidden).unwrap(), [60 / hidden]);
            let mut out = vec![7; want.len()];
            let tokens = Tokens::ragged(&x, &lens, hidden).unwrap();
            pooler.pool_ubinary_into(tokens, &mut out).unwrap();
            assert_eq!(out, want, "{isa}, {hidden}");
        }
    });
}
