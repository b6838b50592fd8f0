//! What is computed of, and how far off results are.

use crate::cases::Case;
use kernels_indicators::Element;
use kernels_testing::Random;
use kernels_testing::prices::Bars;

/// `f32` and `f64`.
pub(crate) trait Real: Element {
    /// The distance from 1 to the next number.
    const EPSILON: f64;

    /// The distance from a number of this size to the next.
    fn ulp(size: f64) -> f64;

    /// Equal, or both NaN.
    fn same(self, other: Self) -> bool {
        self == other || (self.to_f64().is_nan() && other.to_f64().is_nan())
    }
}

impl Real for f32 {
    const EPSILON: f64 = Self::EPSILON as f64;

    fn ulp(size: f64) -> f64 {
        let size = size.abs() as Self;
        f64::from(size.next_up() - size)
    }
}

impl Real for f64 {
    const EPSILON: f64 = Self::EPSILON;

    fn ulp(size: f64) -> f64 {
        size.abs().next_up() - size.abs()
    }
}

pub(crate) const HIGH: usize = 0;
pub(crate) const LOW: usize = 1;
pub(crate) const CLOSE: usize = 2;
pub(crate) const VOLUME: usize = 3;

/// What rounding is a fraction of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Level {
    /// The prices that it is a mean or a difference of.
    Price,
    /// 100.
    Percent,
    /// All volumes that it is a sum of.
    Volume,
    /// How far prices lie apart.
    Spread,
}

/// High, low, close and volume: what is rounded to `T`, and the same in `f64`.
#[derive(Clone, Debug)]
pub(crate) struct Data<T> {
    pub(crate) real: [Vec<T>; 4],
    pub(crate) wide: [Vec<f64>; 4],
}

impl<T: Real> Data<T> {
    pub(crate) fn of(Bars { high, low, close, volume, .. }: Bars) -> Self {
        Self::new([high, low, close, volume])
    }

    pub(crate) fn new(series: [Vec<f64>; 4]) -> Self {
        let real = series.map(|xs| xs.into_iter().map(T::from_f64).collect::<Vec<T>>());
        let wide = real.each_ref().map(|xs| xs.iter().map(|x| x.to_f64()).collect());
        Self { real, wide }
    }

    /// A random walk.
    pub(crate) fn walk(seed: u64, bars: usize) -> Self {
        Self::of(Random::new(seed).bars(bars))
    }

    pub(crate) fn bars(&self) -> usize {
        self.real[0].len()
    }

    /// What `case` reads, up to bar `len`.
    pub(crate) fn input(&self, case: &dyn Case<T>, len: usize) -> Vec<&[T]> {
        case.series().iter().map(|&series| &self.real[series][..len]).collect()
    }

    pub(crate) fn wide_input(&self, case: &dyn Case<T>) -> Vec<&[f64]> {
        case.series().iter().map(|&series| &self.wide[series][..]).collect()
    }

    pub(crate) fn want(&self, case: &dyn Case<T>) -> Vec<Vec<f64>> {
        case.reference(&self.wide_input(case))
    }

    /// What the rounding of `case` is a fraction of, over all bars.
    pub(crate) fn level(&self, case: &dyn Case<T>) -> f64 {
        let finite = |series: usize| self.wide[series].iter().copied().filter(|x| x.is_finite());
        let largest = |series: usize| finite(series).fold(0.0, |max: f64, x| max.max(x.abs()));
        match case.level() {
            Level::Price => {
                case.series().iter().filter(|s| **s != VOLUME).map(|s| largest(*s)).fold(0.0, f64::max)
            }
            Level::Percent => 100.0,
            Level::Volume => finite(VOLUME).map(f64::abs).sum(),
            Level::Spread => {
                finite(CLOSE).fold(f64::NEG_INFINITY, f64::max) - finite(CLOSE).fold(f64::INFINITY, f64::min)
            }
        }
    }
}

/// How far a value is off, in units in the last place of what it should be or, if that is more, of `level`.
/// Infinite where only one of the two is NaN.
pub(crate) fn off<T: Real>(level: f64, got: T, want: f64) -> f64 {
    let got = got.to_f64();
    match (got.is_nan(), want.is_nan()) {
        (true, true) => 0.0,
        (false, false) => (got - want).abs() / T::ulp(want.abs().max(level)),
        _ => f64::INFINITY,
    }
}

/// That no value is off by more than `bound`.
#[track_caller]
pub(crate) fn assert_close<T: Real>(
    bound: f64,
    level: f64,
    got: &[T],
    want: &[f64],
    what: &dyn Fn() -> String,
) {
    assert_eq!(got.len(), want.len());
    for (bar, (got, want)) in got.iter().zip(want).enumerate() {
        let off = off(level, *got, *want);
        assert!(off <= bound, "{}, bar {bar}: {got}, expected {want}: {off} > {bound} ulp", what());
    }
}
