//! Activations, and how far the kernels may be from them.

use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_PI};

/// `1 / (1 + e^-x)`.
#[must_use]
pub fn sigmoid(x: f64) -> f64 {
    // Not of a large power, which would overflow, and of what is left of 1 nothing would be.
    let e = (-x.abs()).exp();
    if x < 0.0 { e / (1.0 + e) } else { 1.0 / (1.0 + e) }
}

/// `x / (1 + e^-x)`.
#[must_use]
pub fn silu(x: f64) -> f64 {
    times(x, sigmoid(x))
}

/// `x (1 + erf(x / sqrt 2)) / 2`.
#[must_use]
pub fn gelu(x: f64) -> f64 {
    // 1 + erf(x) = erfc(-x), of which nothing cancels.
    times(x, 0.5 * libm::erfc(-x * FRAC_1_SQRT_2))
}

/// `x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2`.
#[must_use]
pub fn gelu_tanh(x: f64) -> f64 {
    // (1 + tanh(u)) / 2 = sigmoid(2 u).
    times(x, sigmoid(2.0 * FRAC_2_PI.sqrt() * (x + 0.044715 * x * x * x)))
}

/// `ln(1 + e^x)`.
#[must_use]
pub fn softplus(x: f64) -> f64 {
    // The same, without overflow.
    if x.is_nan() { x } else { x.max(0.0) + (-x.abs()).exp().ln_1p() }
}

/// `x` times what goes to 0 faster than `x` to negative infinity.
fn times(x: f64, share: f64) -> f64 {
    if x == f64::NEG_INFINITY { -0.0 } else { x * share }
}

/// A function, and how far a kernel may be from it.
#[derive(Clone, Copy, Debug)]
pub struct Bounded {
    /// Its name.
    pub name: &'static str,
    /// It.
    pub of: fn(f64) -> f64,
    /// The largest error in units in the last place, with a fused multiply-add.
    pub fused: f64,
    /// The same without.
    pub unfused: f64,
    /// Whether these are units in the last place of its argument, and not of its value.
    pub of_argument: bool,
}

impl Bounded {
    const fn new(name: &'static str, of: fn(f64) -> f64, [fused, unfused]: [f64; 2]) -> Self {
        Self { name, of, fused, unfused, of_argument: false }
    }

    /// Those that are merely copied or multiplied. Leaky ReLU's slope is 0.01.
    pub const PLAIN: [Self; 2] = [
        Self::new("relu", |x| if x < 0.0 { 0.0 } else { x }, [0.0, 0.0]),
        Self::new("leaky_relu", |x| if x < 0.0 { x * f64::from(0.01_f32) } else { x }, [0.5, 0.5]),
    ];

    /// Every other one.
    pub const ALL: [Self; 8] = [
        Self::new("exp", f64::exp, [1.1, 1.3]),
        Self::new("tanh", f64::tanh, [2.0, 2.2]),
        Self::new("sigmoid", sigmoid, [2.0, 2.2]),
        Self::new("silu", silu, [4.0, 4.0]),
        Self::new("erf", libm::erf, [2.0, 2.0]),
        Self { of_argument: true, ..Self::new("gelu", gelu, [2.0, 2.3]) },
        Self { of_argument: true, ..Self::new("gelu_tanh", gelu_tanh, [2.0, 2.3]) },
        Self::new("softplus", softplus, [3.0, 3.0]),
    ];

    /// The bound on an instruction set.
    #[must_use]
    pub fn bound(&self, isa: simd_core::Isa) -> f64 {
        use simd_core::Isa::{Avx2, Neon};
        // With relaxed-simd, the machine chooses.
        if matches!(isa, Avx2 | Neon) { self.fused } else { self.unfused }
    }

    /// How far a result is off, in units in the last place. 0 where both are NaN, and where both are too large for
    /// `f32`; infinite where one is NaN, and for a zero of another sign where the function has that zero itself.
    #[must_use]
    pub fn error(&self, x: f32, got: f32) -> f64 {
        let want = (self.of)(f64::from(x));
        if want.is_nan() || got.is_nan() {
            return if want.is_nan() && got.is_nan() { 0.0 } else { f64::INFINITY };
        }
        if want == 0.0 && got == 0.0 {
            let same = want.is_sign_negative() == got.is_sign_negative();
            return if same { 0.0 } else { f64::INFINITY };
        }
        if got.is_infinite() || (want as f32).is_infinite() {
            return if got == want as f32 { 0.0 } else { f64::INFINITY };
        }
        let size = if self.of_argument { x.abs() } else { (want as f32).abs() };
        (f64::from(got) - want).abs() / (f64::from(size.next_up()) - f64::from(size))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_those_of_tables() {
        // To fifty digits by mpmath, rounded.
        for (got, want) in [
            (sigmoid(-3.0), 0.047_425_873_177_566_78),
            (sigmoid(700.0), 1.0),
            (silu(-40.0), -1.699_341_702_116_635_5e-16),
            (gelu(-9.0), -1.015_729_565_358_456_6e-18),
            (gelu(1.5), 1.399_789_198_096_713),
            (gelu_tanh(-2.0), -0.045_402_305_912_224_98),
            (softplus(-50.0), 1.928_749_847_963_917_8e-22),
            (softplus(0.5), 0.974_076_984_180_106_9),
        ] {
            // In the tail an argument's own rounding counts: twice its square times as much.
            assert!((got - want).abs() <= 2e-14 * want.abs(), "{got:e}, expected {want:e}");
        }
    }

    #[test]
    fn errors_are_counted() {
        let exp = Bounded::ALL[0];
        assert!(exp.error(1.0, 1_f32.exp()) <= 0.5);
        assert!((1.5..2.5).contains(&exp.error(1.0, 1_f32.exp().next_up().next_up())));
        assert_eq!(exp.error(f32::NAN, 1.0), f64::INFINITY);
        assert_eq!(exp.error(f32::NAN, f32::NAN), 0.0);
        assert_eq!(exp.error(1.0, f32::NAN), f64::INFINITY);
        assert_eq!(exp.error(89.0, f32::INFINITY), 0.0);
        assert_eq!(exp.error(89.0, f32::MAX), f64::INFINITY);
        assert_eq!(exp.error(88.0, f32::INFINITY), f64::INFINITY);
        assert!(exp.error(-104.0, 0.0) < 0.5);
        assert_eq!(exp.error(f32::NEG_INFINITY, -0.0), f64::INFINITY);
    }
}
