//! Softplus: a logarithm of an exponential function.

use super::exp::{self, Parts, exp_of_rest, times_exp};
use super::function::{Function, evaluate};
use super::vectors::Vectors;
use crate::Simd;

/// `ln(1 + e^x)` for every `x`: see [`math`](super).
///
/// Within 3 units in the last place. Infinity stays infinity, negative infinity becomes 0, and NaN stays NaN.
#[inline(always)]
pub fn softplus<S: Simd, const N: usize>(simd: S, x: [S::F32; N]) -> [S::F32; N] {
    evaluate::<Softplus, S, N>(simd, x)
}

#[derive(Clone, Copy, Debug)]
struct Softplus;

/// `ln(1 + z) / z` of `z - MIDDLE`, for `0 <= z <= 1`, within 2^-26 of itself.
const LN_1P: [f32; 10] = [
    -0.003_244_018_2,
    0.006_678_921_6,
    -0.009_080_431,
    0.014_265_682,
    -0.024_336_275,
    0.042_101_22,
    -0.075_361_88,
    0.143_073_25,
    -0.301_979,
    0.825_342_7,
];

/// Of a number about half-way, terms become small fast. Of this one, the constant term is nearly an `f32`.
const MIDDLE: f32 = 0.451_171_88;

impl Function for Softplus {
    const EASY: f32 = exp::EASY;

    #[inline(always)]
    fn easy<S: Simd, const N: usize>(x: Vectors<S, N>) -> Vectors<S, N> {
        // ln(1 + e^x) = x + ln(1 + e^-x): nothing overflows, and the logarithm's argument is from 1 to 2.
        let Parts { powers, r } = Parts::of(x.negative());
        let z = exp_of_rest(r).add_exponents(powers);
        (z - MIDDLE).polynomial(LN_1P).mul_add(z, x.at_least(0.0))
    }

    #[inline(always)]
    fn hard<S: Simd, const N: usize>(x: Vectors<S, N>) -> Vectors<S, N> {
        // Beside 1, e^x is nothing, and beside x, ln(1 + e^-x).
        times_exp(x, Vectors::splat(x.simd, 1.0)).or(x.lt(0.0), x)
    }
}
