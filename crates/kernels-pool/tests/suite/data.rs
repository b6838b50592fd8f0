//! What is pooled, and how far off results may be.

use kernels_pool::{Isa, Pooling};
use kernels_testing::{Random, reference};
use std::fmt::Debug;

/// Half the distance from 1 to the next `f32`: what one rounding adds at most.
pub(crate) const U: f64 = f32::EPSILON as f64 / 2.0;

/// The smallest `f32`: results that small are no more exact than that.
pub(crate) const TINY: f64 = f32::MIN_POSITIVE as f64 * f32::EPSILON as f64;

/// What padding holds: one read of it shows.
const PADDING: [f32; 4] = [f32::NAN, f32::INFINITY, f32::MAX, f32::NEG_INFINITY];

/// Padded texts.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    pub(crate) x: Vec<f32>,
    pub(crate) mask: Vec<bool>,
    pub(crate) batch: usize,
    pub(crate) seq: usize,
    pub(crate) hidden: usize,
}

impl Batch {
    /// Random tokens where the mask has a token.
    pub(crate) fn random(random: &mut Random, mask: Vec<bool>, [batch, seq, hidden]: [usize; 3]) -> Self {
        let mut x = random.uniform(batch * seq * hidden);
        for (i, (row, _)) in x.chunks_mut(hidden).zip(&mask).enumerate().filter(|(_, (_, mask))| !**mask) {
            row.fill(PADDING[i % PADDING.len()]);
        }
        Self { x, mask, batch, seq, hidden }
    }

    /// The first `k` dimensions of the rows, and how far off they may be.
    pub(crate) fn want(&self, pooling: Pooling, k: usize) -> Vec<(f64, f64)> {
        want(pooling, &self.x, &self.mask, [self.batch, self.seq, self.hidden], k)
    }
}

/// As [`Batch::want`]; bounds as the documentation has them.
pub(crate) fn want<T: Copy + Into<f64>>(
    pooling: Pooling,
    x: &[T],
    active: &[bool],
    [batch, seq, hidden]: [usize; 3],
    k: usize,
) -> Vec<(f64, f64)> {
    let roundings = match pooling {
        Pooling::Cls | Pooling::LastToken | Pooling::Max => 0.0,
        Pooling::Mean | Pooling::MeanSqrtLen => 4.0,
        Pooling::WeightedMean => 5.0,
    };
    let pool = |x: &[f64]| reference::pool::pool(pooling.name(), x, active, batch, seq, hidden);
    let values: Vec<f64> = x.iter().map(|&x| x.into()).collect();
    let sizes: Vec<f64> = values.iter().map(|x| x.abs()).collect();
    let bounds = if roundings > 0.0 { pool(&sizes) } else { vec![0.0; batch * hidden] };
    let pairs = pool(&values).into_iter().zip(bounds).map(|(value, size)| {
        let bound = if roundings > 0.0 { roundings * U * size + TINY } else { 0.0 };
        (value, bound)
    });
    pairs.enumerate().filter(|(i, _)| i % hidden < k).map(|(_, pair)| pair).collect()
}

/// That values are as far off as they may be. NaN must be NaN.
#[track_caller]
pub(crate) fn assert_within(got: &[f32], want: &[(f64, f64)], of: impl Debug) {
    assert_eq!(got.len(), want.len(), "{of:?}");
    for (i, (&got, &(want, bound))) in got.iter().zip(want).enumerate() {
        let got = f64::from(got);
        let fine = (got.is_nan() && want.is_nan()) || got == want || (got - want).abs() <= bound;
        assert!(fine, "{of:?}, value {i}: {got:e} for {want:e}, off by {:e} of {bound:e}", got - want);
    }
}

/// The same bits; any NaN is as good as any other.
#[track_caller]
pub(crate) fn assert_same(got: &[f32], want: &[f32], of: impl Debug) {
    assert_eq!(got.len(), want.len(), "{of:?}");
    for (i, (got, want)) in got.iter().zip(want).enumerate() {
        let same = got.to_bits() == want.to_bits() || (got.is_nan() && want.is_nan());
        assert!(same, "{of:?}, value {i}: {got:e} for {want:e}");
    }
}

/// The distance from an `f32` of this size to the next.
pub(crate) fn ulp(size: f64) -> f64 {
    let size = (size.abs() as f32).min(f32::MAX.next_down());
    f64::from(size.next_up()) - f64::from(size)
}

/// A set that this machine does not have.
pub(crate) fn absent() -> Isa {
    Isa::ALL.iter().copied().find(|isa| !isa.is_available()).expect("no machine has them all")
}

/// How the tokens of texts may lie in their rows.
pub(crate) fn masks(random: &mut Random, batch: usize, seq: usize) -> [Vec<bool>; 5] {
    let lens: Vec<usize> = (0..batch).map(|_| random.below(seq + 1)).collect();
    let by = |f: &mut dyn FnMut(usize, usize) -> bool| {
        (0..batch * seq).map(|i| f(i / seq, i % seq)).collect::<Vec<bool>>()
    };
    [
        by(&mut |_, _| true),
        by(&mut |row, token| token < lens[row]),
        by(&mut |row, token| token >= seq - lens[row]),
        by(&mut |row, token| (token + row) % 3 != 1),
        by(&mut |_, _| random.below(2) == 0),
    ]
}
