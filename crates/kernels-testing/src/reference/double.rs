//! Numbers of some 106 bits, for references that must be finer than what they measure.

use std::iter::Sum;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// The sum of two `f64`, the second at most half a unit in the last place of the first (Dekker, 1971).
/// Sums and products are right to about 2^-104, where nothing overflows or underflows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Double {
    high: f64,
    low: f64,
}

impl Double {
    /// What is not there: NaN, as every result of it.
    pub const NAN: Self = Self { high: f64::NAN, low: 0.0 };
    /// Zero.
    pub const ZERO: Self = Self { high: 0.0, low: 0.0 };

    /// Whether it is NaN.
    #[must_use]
    pub const fn is_nan(self) -> bool {
        self.high.is_nan()
    }

    /// The nearest `f64`.
    #[must_use]
    pub const fn round(self) -> f64 {
        self.high
    }

    /// The square root: that of `f64`, and a step of Newton's.
    #[must_use]
    pub fn sqrt(self) -> Self {
        let root = Self::from(self.high.sqrt());
        if root.high == 0.0 { root } else { root + (self - root * root) / (root + root) }
    }

    /// `a + b`, exactly (Knuth's TwoSum).
    fn sum(a: f64, b: f64) -> Self {
        let high = a + b;
        let b_in_high = high - a;
        Self { high, low: (a - (high - b_in_high)) + (b - b_in_high) }
    }

    /// `a * b`, exactly.
    fn product(a: f64, b: f64) -> Self {
        let high = a * b;
        Self { high, low: a.mul_add(b, -high) }
    }
}

impl From<f64> for Double {
    fn from(high: f64) -> Self {
        Self { high, low: 0.0 }
    }
}

impl Add for Double {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let (high, low) = (Self::sum(self.high, other.high), Self::sum(self.low, other.low));
        let sum = Self::sum(high.high, high.low + low.high);
        Self::sum(sum.high, sum.low + low.low)
    }
}

impl Neg for Double {
    type Output = Self;

    fn neg(self) -> Self {
        Self { high: -self.high, low: -self.low }
    }
}

impl Sub for Double {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Double {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        let product = Self::product(self.high, other.high);
        Self::sum(product.high, product.low + (self.high * other.low + self.low * other.high))
    }
}

impl Div for Double {
    type Output = Self;

    /// Long division: what a digit leaves over gives the next.
    fn div(self, other: Self) -> Self {
        let first = self.high / other.high;
        let rest = self - other * first.into();
        let second = rest.high / other.high;
        let rest = rest - other * second.into();
        Self::sum(first, second) + (rest.high / other.high).into()
    }
}

impl Sum for Double {
    fn sum<I: Iterator<Item = Self>>(terms: I) -> Self {
        terms.fold(Self::ZERO, Self::add)
    }
}

/// How far a result is off, in units in the last place of what it should be. 0 where both are NaN, infinite where one
/// is.
#[must_use]
pub fn ulps(got: f64, want: impl Into<Double>) -> f64 {
    let want = want.into();
    let last_place = want.high.abs().next_up() - want.high.abs();
    in_units_of(last_place, got, want)
}

/// As [`ulps`], of `f32`.
#[must_use]
pub fn ulps_f32(got: f32, want: impl Into<Double>) -> f64 {
    let want = want.into();
    let size = (want.high as f32).abs();
    in_units_of(f64::from(size.next_up() - size), got.into(), want)
}

fn in_units_of(last_place: f64, got: f64, want: Double) -> f64 {
    match (got.is_nan(), want.is_nan()) {
        (true, true) => 0.0,
        (false, false) => ((Double::from(got) - want).high / last_place).abs(),
        _ => f64::INFINITY,
    }
}
