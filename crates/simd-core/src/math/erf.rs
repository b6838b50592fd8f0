//! The error function, and GELU, which is made of it.

use super::exp::exp2;
use super::function::{Function, evaluate};
use super::vectors::Vectors;
use crate::Simd;

/// `erf(x)` for every `x`: see [`math`](super).
///
/// Within 2 units in the last place. `erf(-0) = -0`, infinities become 1 and -1, and NaN stays NaN.
#[inline(always)]
pub fn erf<S: Simd, const N: usize>(simd: S, x: [S::F32; N]) -> [S::F32; N] {
    evaluate::<Erf, S, N>(simd, x)
}

#[derive(Clone, Copy, Debug)]
struct Erf;

/// Up to here by a polynomial, from here on by the logarithm of what is missing from 1.
const SMALL: f32 = 0.93;

/// `erf(x) / x - 1` of `x^2` for `x <= SMALL`, within 2^-25 of `erf(x) / x`.
const ODD: [f32; 6] =
    [-0.000_595_897_1, 0.004_987_252_4, -0.026_762_916, 0.112_817_3, -0.376_124_9, 0.128_379_15];

/// `log2(1 - erf(t))` for `SMALL <= t <= ONE`, so that `erf(t)` is within 2^-28.
const MISSING: [f32; 7] = [
    0.000_281_244_3,
    -0.004_376_644_7,
    0.032_012_88,
    -0.149_832_68,
    -0.919_380_55,
    -1.626_822_2,
    -0.000_298_704_78,
];

/// From here on, `erf` is 1.
const ONE: f32 = 3.96;

impl Function for Erf {
    const EASY: f32 = f32::INFINITY;

    #[inline(always)]
    fn easy<S: Simd, const N: usize>(x: Vectors<S, N>) -> Vectors<S, N> {
        let small = (x * x).polynomial(ODD).mul_add(x, x);
        let t = x.abs();
        let missing = exp2(t.at_most(ONE).polynomial(MISSING));
        let large = Vectors::splat(x.simd, 1.0) - missing;
        small.or(t.lt(SMALL), large.copy_signs(x))
    }

    #[inline(always)]
    fn hard<S: Simd, const N: usize>(x: Vectors<S, N>) -> Vectors<S, N> {
        x
    }
}

/// `x (1 + erf(x / sqrt 2)) / 2` for every `x`: see [`math`](super).
///
/// Within 2 units in the last place of `x`, or 2.3; below -12, -0. -0 stays -0, infinity stays infinity, negative infinity becomes
/// -0, and NaN stays NaN.
#[inline(always)]
pub fn gelu<S: Simd, const N: usize>(simd: S, x: [S::F32; N]) -> [S::F32; N] {
    let x = Vectors { simd, lanes: x };
    // No branch for what is far from 0: among sums of products there is often some of it.
    let t = x.abs().at_most(FAR);
    let below = exp2(t.polynomial(BELOW)).or(x.within(FAR), 0.0);
    // The same for both signs, and nothing cancels: x (1 - below) is x - x below.
    below.mul_add(t.negative(), x.at_least(-0.0)).lanes
}

/// How far from 0 GELU is not yet that of an infinity.
const FAR: f32 = 12.0;

/// `log2` of the share of a normal distribution that is below `-t`, so that this share is within 2^-25.
const BELOW: [f32; 9] = [
    -9.164_297_7e-7,
    1.866_347e-5,
    -9.841_406e-5,
    -0.000_323_591_17,
    0.007_274_930_4,
    -0.052_621_093,
    -0.459_173_47,
    -1.151_108_7,
    -0.999_999_94,
];
