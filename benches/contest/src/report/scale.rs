//! Axes: which numbers are written at them, and where a number lies.

use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};
use std::ops::Range;

/// How many numbers are written at an axis at most.
const TICKS: usize = 5;

/// An axis.
#[derive(Clone, Debug)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    logarithmic: bool,
    pub(super) ticks: Vec<f64>,
}

impl Scale {
    /// Round numbers around all values, which are above zero. Below the lowest value there is room of this factor.
    pub(super) fn logarithmic(values: impl IntoIterator<Item = f64>, room: f64) -> Self {
        let (low, high) = values
            .into_iter()
            .map(|x| x.clamp(1e-300, 1e300))
            .fold((f64::INFINITY, 0.0_f64), |(low, high), x| (low.min(x), high.max(x)));
        // Without values any axis will do.
        let (low, high) = if low <= high { (low / room, high) } else { (1.0, 10.0) };
        let (first, last) = (low.log10().floor() as i32 - 1, high.log10().ceil() as i32 + 1);
        let round = |digits: &[f64]| -> Vec<f64> {
            (first..=last)
                .flat_map(|decade| digits.iter().map(move |digit| digit * 10_f64.powi(decade)))
                .collect()
        };
        let fine = round(&[1.0, 2.0, 5.0]);
        // Thousandths: powers of ten are not exact.
        let below = fine.iter().copied().filter(|x| *x <= low * 1.001).fold(f64::MIN_POSITIVE, f64::max);
        let ends = |x: &f64| *x >= high * 0.999 && *x > below * 1.001;
        let above = fine.iter().copied().filter(ends).fold(f64::INFINITY, f64::min);
        let inside = |ticks: Vec<f64>| -> Vec<f64> {
            ticks.into_iter().filter(|x| (below * 0.999..=above * 1.001).contains(x)).collect()
        };
        let mut ticks = inside(fine);
        if ticks.len() > TICKS {
            ticks = inside(round(&[1.0, 3.0]));
        }
        if ticks.len() > TICKS {
            ticks = inside(round(&[1.0]));
            let step = ticks.len().div_ceil(TICKS);
            ticks = ticks.into_iter().step_by(step).collect();
        }
        Self { low: below, high: above, logarithmic: true, ticks }
    }

    /// With some room at both ends, so that nothing is written in the corners.
    pub(super) fn padded(self) -> Self {
        let part = (self.high / self.low).powf(0.06);
        Self { low: self.low / part, high: self.high * part, ..self }
    }

    /// From zero to a round number above this one.
    pub(super) fn linear(most: f64) -> Self {
        let most = if most.is_finite() && most > 0.0 { most } else { 1.0 };
        let decade = 10_f64.powf(most.log10().floor());
        let steps = [0.2, 0.25, 0.5, 1.0, 2.0, 2.5];
        let fits = |step: &f64| (most / (step * decade)).ceil() < TICKS as f64;
        let step = decade * steps.into_iter().find(fits).unwrap_or(5.0);
        let count = (most / step).ceil();
        let ticks = (0..=count as u32).map(|i| f64::from(i) * step).collect();
        Self { low: 0.0, high: count * step, logarithmic: false, ticks }
    }

    /// Where a value lies: from 0, at the start, to 1.
    pub(super) fn at(&self, x: f64) -> f64 {
        let part = if self.logarithmic {
            (x / self.low).ln() / (self.high / self.low).ln()
        } else {
            (x - self.low) / (self.high - self.low)
        };
        if part.is_finite() { part.clamp(0.0, 1.0) } else { 0.0 }
    }
}

impl Ranged for Scale {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn range(&self) -> Range<f64> {
        self.low..self.high
    }

    fn map(&self, x: &f64, (start, end): (i32, i32)) -> i32 {
        start + (self.at(*x) * f64::from(end - start)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.ticks.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(got: &[f64], expected: &[f64]) {
        assert_eq!(got.len(), expected.len(), "{got:?}");
        for (got, expected) in got.iter().zip(expected) {
            assert!((got - expected).abs() <= 1e-9 * expected.abs(), "{got:?}, expected {expected:?}");
        }
    }

    #[test]
    fn few_round_numbers_around_all_values() {
        close(&Scale::logarithmic([3.0, 9.0], 2.0).ticks, &[1.0, 2.0, 5.0, 10.0]);
        close(&Scale::logarithmic([1.2e3, 4e6], 1.0).ticks, &[1e3, 1e4, 1e5, 1e6]);
        close(&Scale::logarithmic([1.2e3, 6e4], 1.0).ticks, &[1e3, 3e3, 1e4, 3e4, 1e5]);
        close(&Scale::logarithmic([1.0, 1e9], 1.0).ticks, &[1.0, 1e2, 1e4, 1e6, 1e8]);
        close(&Scale::linear(1.0).ticks, &[0.0, 0.25, 0.5, 0.75, 1.0]);
        close(&Scale::linear(30.1).ticks, &[0.0, 10.0, 20.0, 30.0, 40.0]);
        close(&Scale::linear(9.6).ticks, &[0.0, 2.5, 5.0, 7.5, 10.0]);
    }

    #[test]
    fn values_lie_between_the_ends() {
        let scale = Scale::logarithmic([3.0, 9.0], 2.0);
        for (x, at) in
            [(1.0, 0.0), (10.0, 1.0), (10_f64.sqrt(), 0.5), (0.0, 0.0), (-1.0, 0.0), (f64::NAN, 0.0)]
        {
            assert!((scale.at(x) - at).abs() < 1e-9, "{x}: {}", scale.at(x));
        }
        assert!((Scale::linear(1.0).at(0.25) - 0.25).abs() < 1e-9);
        for odd in [Scale::logarithmic([], 1.0), Scale::linear(f64::NAN), Scale::linear(0.0)] {
            assert!((2..=TICKS).contains(&odd.ticks.len()) && odd.low < odd.high, "{odd:?}");
        }
        for decade in -9..18 {
            for digit in [1.0, 1.3, 2.0, 4.9, 5.0, 9.99] {
                for span in [1.0, 1.01, 3.0, 40.0, 1e3, 1e5, 1e9] {
                    let low = digit * 10_f64.powi(decade);
                    let Scale { low: from, high: to, ticks, .. } = Scale::logarithmic([low, low * span], 2.0);
                    assert!(from <= low && low * span <= to * 1.01, "{low} {span}: {from} {to}");
                    assert!((2..=TICKS).contains(&ticks.len()), "{low} {span}: {ticks:?}");
                }
            }
        }
    }
}
