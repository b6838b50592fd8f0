//! What is a quotient of exponential functions: tanh, sigmoid, SiLU and GELU's approximation by tanh.

use super::exp::{self, Parts, exp2_parts, expm1_of_rest, times_exp};
use super::function::{Function, evaluate};
use super::vectors::Vectors;
use crate::Simd;

/// `tanh(x)` for every `x`: see [`math`](super).
///
/// Within 2 units in the last place. `tanh(-0) = -0`, infinities become 1 and -1, and NaN stays NaN.
#[inline(always)]
pub fn tanh<S: Simd, const N: usize>(simd: S, x: [S::F32; N]) -> [S::F32; N] {
    let x = Vectors { simd, lanes: x };
    // -tanh(abs(x)) = (e - 1) / (e + 1), with e = e^(-2 abs(x)) = s + s p: to scale by a power of two does not round,
    // and neither do s - 1 and s + 1 where the rest counts. From some x on, they are -1 and 1.
    let negative = x.negative().at_least(-exp::EASY / 2.0);
    let Parts { powers, r } = Parts::of(negative + negative);
    let (s, p) = (power(powers), expm1_of_rest(r));
    let quotient = p.mul_add(s, s - 1.0) / p.mul_add(s, s + 1.0);
    // That of a zero, too.
    quotient.copy_signs(x).lanes
}

/// `1 / (1 + e^-x)` for every `x`: see [`math`](super).
///
/// Within 2 units in the last place. Infinity and negative infinity become 1 and 0, and NaN stays NaN.
#[inline(always)]
pub fn sigmoid<S: Simd, const N: usize>(simd: S, x: [S::F32; N]) -> [S::F32; N] {
    evaluate::<Sigmoid, S, N>(simd, x)
}

#[derive(Clone, Copy, Debug)]
struct Sigmoid;

impl Function for Sigmoid {
    const EASY: f32 = exp::EASY;

    #[inline(always)]
    fn easy<S: Simd, const N: usize>(x: Vectors<S, N>) -> Vectors<S, N> {
        let Parts { powers, r } = Parts::of(Vectors::splat(x.simd, 0.0) - x);
        let (s, p) = (power(powers), expm1_of_rest(r));
        let one = Vectors::splat(x.simd, 1.0);
        let e = p.mul_add(s, s);
        let divisor = e + one;
        let quotient = one / divisor;
        // What the divisor and its summand lost when they were rounded.
        let lost = p.mul_add(s, s - e) + (one - (divisor - e));
        quotient - quotient * (quotient * lost)
    }

    #[inline(always)]
    fn hard<S: Simd, const N: usize>(x: Vectors<S, N>) -> Vectors<S, N> {
        let one = Vectors::splat(x.simd, 1.0);
        times_exp(x, one).or(x.lt(0.0), one)
    }
}

/// `x / (1 + e^-x)` for every `x`: see [`math`](super).
///
/// Within 4 units in the last place. -0 stays -0, infinity stays infinity, negative infinity becomes -0, and NaN stays NaN.
#[inline(always)]
pub fn silu<S: Simd, const N: usize>(simd: S, x: [S::F32; N]) -> [S::F32; N] {
    evaluate::<Silu, S, N>(simd, x)
}

#[derive(Clone, Copy, Debug)]
struct Silu;

impl Function for Silu {
    const EASY: f32 = exp::EASY;

    #[inline(always)]
    fn easy<S: Simd, const N: usize>(x: Vectors<S, N>) -> Vectors<S, N> {
        let Parts { powers, r } = Parts::of(Vectors::splat(x.simd, 0.0) - x);
        let s = power(powers);
        x / expm1_of_rest(r).mul_add(s, s + 1.0)
    }

    #[inline(always)]
    fn hard<S: Simd, const N: usize>(x: Vectors<S, N>) -> Vectors<S, N> {
        // The factor before the result is scaled: after it, too few digits might be left.
        let negative = x.at_least(-110.0);
        times_exp(negative, negative).or(x.lt(0.0), x)
    }
}

/// `x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2` for every `x`: see [`math`](super).
///
/// Within 2 units in the last place of `x`; below -9.9, -0. -0 stays -0, infinity stays infinity, negative infinity
/// becomes -0, and NaN stays NaN.
#[inline(always)]
pub fn gelu_tanh<S: Simd, const N: usize>(simd: S, x: [S::F32; N]) -> [S::F32; N] {
    let x = Vectors { simd, lanes: x };
    // (1 + tanh u) / 2 = 1 / (1 + e^-2u), where the power of two is a normal number: beyond, it is 1, or hides below 1 / x.
    let t = x.at_least(-FAR).at_most(FAR);
    let [first, third] = GELU_TANH;
    let (powers, p) = exp2_parts(t * (t * t).mul_add(third, first));
    let s = power(powers);
    let zero = Vectors::splat(simd, -0.0);
    (zero.or(x.lt(-FAR), x) / p.mul_add(s, s + 1.0)).lanes
}

/// How far from 0 this GELU is not yet that of an infinity.
const FAR: f32 = 9.9;

/// `-2 sqrt(2 / pi) log2(e)`: of `x`, and, times 0.044715, of `x^3`.
const GELU_TANH: [f32; 2] = [-2.302_208_2, -0.102_943_24];

/// `2^n`.
#[inline(always)]
fn power<S: Simd, const N: usize>(powers: Vectors<S, N>) -> Vectors<S, N> {
    Vectors::splat(powers.simd, 1.0).add_exponents(powers)
}
