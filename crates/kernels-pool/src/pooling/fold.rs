//! How the tokens of a text become one row, some columns of some tokens at a time.

use super::BLOCK;
use crate::value::Value;
use simd_core::{Mask as _, Simd, Vector};

/// Columns that are read together: as many as the widest vector has lanes.
pub(crate) const STEP: usize = 16;

/// Tokens that are read together.
pub(crate) const GROUP: usize = 8;

/// What is kept of a text while its tokens are read.
#[derive(Debug)]
pub(super) struct Work {
    sums: Aligned<f64>,
    max: Aligned<f32>,
}

/// Begins where a line of the cache does: with stores across two of them, everything takes twice as long.
#[derive(Debug)]
#[repr(align(64))]
struct Aligned<T>([[T; STEP]; BLOCK / STEP]);

impl Work {
    pub(super) const fn new() -> Self {
        Self { sums: Aligned([[0.0; STEP]; BLOCK / STEP]), max: Aligned([[0.0; STEP]; BLOCK / STEP]) }
    }
}

/// What is kept for each column, and how more tokens get in.
pub(super) trait Fold {
    /// What is kept for a column.
    type Sum: Copy;
    /// Where it is kept.
    fn sums(work: &mut Work) -> &mut [[Self::Sum; STEP]];
    /// Of no tokens.
    const START: Self::Sum;
    /// Whether a token may be taken twice. If not, zeros stand where there is no token.
    const REPEATS: bool;
    /// Whether the weights count.
    const WEIGHTED: bool;

    /// Takes [`STEP`] columns of a group of tokens.
    fn take<S: Simd, T: Value, const N: usize>(
        simd: S,
        sums: &mut [Self::Sum; STEP],
        tokens: [&[T; STEP]; N],
        weights: &[f32; N],
    );

    /// The result, multiplied by `factor`.
    fn finish<S: Simd>(simd: S, sums: &[Self::Sum; STEP], factor: f64) -> [f32; STEP];
}

/// The sum: of a group in `f32`, of all groups in `f64`. Eight values add up with three roundings, and what `f64` rounds
/// vanishes.
pub(super) struct Sum<const WEIGHTED: bool>;

impl<const WEIGHTED: bool> Fold for Sum<WEIGHTED> {
    type Sum = f64;
    const START: f64 = 0.0;
    const REPEATS: bool = false;
    const WEIGHTED: bool = WEIGHTED;

    #[inline(always)]
    fn sums(work: &mut Work) -> &mut [[f64; STEP]] {
        &mut work.sums.0
    }

    #[inline(always)]
    fn take<S: Simd, T: Value, const N: usize>(
        simd: S,
        sums: &mut [f64; STEP],
        tokens: [&[T; STEP]; N],
        weights: &[f32; N],
    ) {
        for lane in (0..STEP).step_by(S::F32::LANES) {
            let mut values = [simd.splat(0.0_f32); N];
            for i in 0..N {
                values[i] = T::load(simd, &tokens[i][lane..]);
                if WEIGHTED {
                    values[i] = values[i] * simd.splat(weights[i]);
                }
            }
            let mut pairs = N / 2;
            while pairs > 0 {
                for i in 0..pairs {
                    values[i] = values[i] + values[i + pairs];
                }
                pairs /= 2;
            }
            for (i, half) in simd.widen(values[0]).into_iter().enumerate() {
                let sums = &mut sums[lane + i * S::F64::LANES..];
                (simd.load(sums) + half).store(sums);
            }
        }
    }

    #[inline(always)]
    fn finish<S: Simd>(simd: S, sums: &[f64; STEP], factor: f64) -> [f32; STEP] {
        let (mut row, factor) = ([0.0; STEP], simd.splat(factor));
        for lane in (0..STEP).step_by(S::F32::LANES) {
            let low = simd.load(&sums[lane..]) * factor;
            let high = simd.load(&sums[lane + S::F64::LANES..]) * factor;
            simd.narrow([low, high]).store(&mut row[lane..]);
        }
        row
    }
}

/// The largest; NaN if any is NaN.
pub(super) struct Max;

impl Fold for Max {
    type Sum = f32;
    const START: f32 = f32::NEG_INFINITY;
    const REPEATS: bool = true;
    const WEIGHTED: bool = false;

    #[inline(always)]
    fn sums(work: &mut Work) -> &mut [[f32; STEP]] {
        &mut work.max.0
    }

    #[inline(always)]
    fn take<S: Simd, T: Value, const N: usize>(
        simd: S,
        sums: &mut [f32; STEP],
        tokens: [&[T; STEP]; N],
        _: &[f32; N],
    ) {
        for lane in (0..STEP).step_by(S::F32::LANES) {
            let mut max = simd.load(&sums[lane..]);
            let mut nan = max.unordered(max);
            for token in tokens {
                let x = T::load(simd, &token[lane..]);
                nan = nan | x.unordered(x);
                max = max.max(x);
            }
            nan.select(simd.splat(f32::NAN), max).store(&mut sums[lane..]);
        }
    }

    #[inline(always)]
    fn finish<S: Simd>(_: S, sums: &[f32; STEP], _: f64) -> [f32; STEP] {
        *sums
    }
}
