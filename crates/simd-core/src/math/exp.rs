//! The exponential function, and its parts, of which the others are made.

use super::function::{Function, evaluate};
use super::vectors::Vectors;
use crate::Simd;
use core::f32::consts::{LN_2, LOG2_E};

/// Where `e^x`, and `e^-x` too, is a normal number with room to spare.
pub(super) const EASY: f32 = 87.0;

/// Added to a small number, it rounds it to an integer, which then lies in the lowest bits: there are none behind the point.
pub(super) const ROUNDER: f32 = 12_582_912.0;

/// ln 2 in two parts. The first has so few digits that its product with any exponent is exact.
const PARTS_OF_LN_2: [f32; 2] = [0.693_359_4, -0.000_212_194_44];

/// `(e^r - 1 - r) / r^2` for `abs(r) <= ln(2) / 2`, within 2^-28 of `e^r`.
const SECOND: [f32; 5] = [0.001_383_888_1, 0.008_369_192, 0.041_668_102, 0.166_665_17, 0.499_999_94];

/// `e^x` for every `x`: see [`math`](super).
///
/// Within 1.1 units in the last place, or 1.3, below the smallest normal number too. Infinity stays infinity, negative infinity
/// becomes 0, and NaN stays NaN.
#[inline(always)]
pub fn exp<S: Simd, const N: usize>(simd: S, x: [S::F32; N]) -> [S::F32; N] {
    evaluate::<Exp, S, N>(simd, x)
}

#[derive(Clone, Copy, Debug)]
struct Exp;

impl Function for Exp {
    const EASY: f32 = EASY;

    #[inline(always)]
    fn easy<S: Simd, const N: usize>(x: Vectors<S, N>) -> Vectors<S, N> {
        let Parts { powers, r } = Parts::of(x);
        exp_of_rest(r).add_exponents(powers)
    }

    #[inline(always)]
    fn hard<S: Simd, const N: usize>(x: Vectors<S, N>) -> Vectors<S, N> {
        times_exp(x, Vectors::splat(x.simd, 1.0))
    }
}

/// `factor * e^x` for every `x`, rounded once more where the result is no normal number. `factor` is from 1 to 2^6.
#[inline(always)]
pub(super) fn times_exp<S: Simd, const N: usize>(x: Vectors<S, N>, factor: Vectors<S, N>) -> Vectors<S, N> {
    // Beyond these are infinity and 0.
    let x = x.at_least(-110.0).at_most(90.0);
    let Parts { powers, r } = Parts::of(x);
    let unscaled = exp_of_rest(r) * factor;
    // In two steps: there is no number 2^n for every n. The first is exact, being to the smaller half of the power.
    let n = powers - ROUNDER;
    let half = n.mul_add(0.5, ROUNDER);
    let rest = (n - (half - ROUNDER)) + ROUNDER;
    unscaled.add_exponents(half) * Vectors::splat(x.simd, 1.0).add_exponents(rest)
}

/// `e^x = 2^n e^r`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts<S: Simd, const N: usize> {
    /// `n`, as [`Simd::add_exponents`] takes it.
    pub(super) powers: Vectors<S, N>,
    pub(super) r: Vectors<S, N>,
}

impl<S: Simd, const N: usize> Parts<S, N> {
    #[inline(always)]
    pub(super) fn of(x: Vectors<S, N>) -> Self {
        let powers = x.mul_add(LOG2_E, ROUNDER);
        let n = powers - ROUNDER;
        Self { powers, r: n.mul_add(-PARTS_OF_LN_2[1], n.mul_add(-PARTS_OF_LN_2[0], x)) }
    }
}

/// `e^r` for the `r` of [`Parts`].
#[inline(always)]
pub(super) fn exp_of_rest<S: Simd, const N: usize>(r: Vectors<S, N>) -> Vectors<S, N> {
    r.horner(SECOND).mul_add(r, 1.0).mul_add(r, 1.0)
}

/// `e^r - 1`, of which nothing cancels.
#[inline(always)]
pub(super) fn expm1_of_rest<S: Simd, const N: usize>(r: Vectors<S, N>) -> Vectors<S, N> {
    r.horner(SECOND).mul_add(r * r, r)
}

/// `(2^f - 1) / f` for `abs(f) <= 1/2`, within 2^-26 of `2^f`.
const EXP2: [f32; 6] = [0.000_133_324_87, 0.001_338_792_8, 0.009_625_445, 0.055_503_663, 0.240_225_94, LN_2];

/// `2^y = 2^n (1 + p)`: `n`, as [`Simd::add_exponents`] takes it, and `p`. `y` is at most 126 from 0.
#[inline(always)]
pub(super) fn exp2_parts<S: Simd, const N: usize>(y: Vectors<S, N>) -> (Vectors<S, N>, Vectors<S, N>) {
    let powers = y + ROUNDER;
    let f = y - (powers - ROUNDER);
    (powers, f * f.polynomial(EXP2))
}

/// `2^y`, of `y` at most 126 from 0.
#[inline(always)]
pub(super) fn exp2<S: Simd, const N: usize>(y: Vectors<S, N>) -> Vectors<S, N> {
    let powers = y + ROUNDER;
    let f = y - (powers - ROUNDER);
    f.polynomial(EXP2).mul_add(f, 1.0).add_exponents(powers)
}
