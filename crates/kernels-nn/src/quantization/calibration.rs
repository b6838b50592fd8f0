//! What range activations take.

use super::histogram::Histogram;
use super::{QuantizationParams, QuantizedCode, extent};
use crate::error::{Error, between};
use simd_core::Isa;

/// The range that activations take, from batches of them, and the parameters by which they are quantised.
///
/// ```
/// use kernels_nn::{Calibration, CalibrationMethod, QuantizationParams};
/// let mut calibration = Calibration::new()?;
/// calibration.observe(&[0.5, 1.0])?;
/// calibration.observe(&[-0.25, 0.75])?;
/// assert_eq!(calibration.range(CalibrationMethod::MinMax)?, [-0.25, 1.0]);
/// assert_eq!(calibration.affine(CalibrationMethod::MinMax)?, QuantizationParams::<u8>::affine(-0.25, 1.0)?);
/// assert_eq!(calibration.symmetric(CalibrationMethod::MinMax)?, QuantizationParams::<i8>::symmetric(1.0)?);
/// # Ok::<(), kernels_nn::Error>(())
/// ```
///
/// It counts values in 8,192 bins (64 KiB) of equal width, a power of two: at most 2^-11 of the largest size that has been
/// seen. Where a larger one comes, the width doubles, as often as it must. What comes out depends on the values alone, not on
/// their order, nor on how they were split into batches or over calibrations that were merged.
#[derive(Clone, Debug)]
pub struct Calibration {
    count: u64,
    min: f32,
    max: f32,
    histogram: Histogram,
}

/// Which of the values a range must hold.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum CalibrationMethod {
    /// All of them.
    MinMax,
    /// So many in a hundred, more than 0 and at most 100: what lies outside is clamped. As many are left out on one side as on
    /// the other; of a symmetric range, those of the largest size.
    ///
    /// The range holds at least that share. Each end is the percentile itself (the outermost value that is not left out), or
    /// farther out by at most a bin's width, and never beyond the range of all.
    Percentile(f64),
}

impl Calibration {
    /// Before any value.
    ///
    /// # Errors
    /// If there is no memory.
    pub fn new() -> Result<Self, Error> {
        let (min, max) = (f32::INFINITY, f32::NEG_INFINITY);
        Ok(Self { count: 0, min, max, histogram: Histogram::new()? })
    }

    /// Takes a batch of values, in any shape. Allocates nothing.
    ///
    /// # Errors
    /// If a value is not finite: nothing is then taken.
    pub fn observe(&mut self, x: &[f32]) -> Result<(), Error> {
        self.observe_on(Isa::active()?, x)
    }

    /// As [`observe`](Self::observe), on a named instruction set.
    ///
    /// # Errors
    /// As [`observe`](Self::observe); as [`Isa::require`].
    pub fn observe_on(&mut self, isa: Isa, x: &[f32]) -> Result<(), Error> {
        let [min, max] = extent(isa, x)?;
        if !x.is_empty() {
            self.extend(x.len() as u64, min, max);
            self.histogram.cover(max.max(-min));
            self.histogram.count(x);
        }
        Ok(())
    }

    /// Takes all that another has taken. Allocates nothing. Counts stop at 2^64 - 1: percentiles are no longer exact then.
    pub fn merge(&mut self, other: &Self) {
        self.extend(other.count, other.min, other.max);
        self.histogram.merge(&other.histogram);
    }

    fn extend(&mut self, count: u64, min: f32, max: f32) {
        self.count = self.count.saturating_add(count);
        (self.min, self.max) = (self.min.min(min), self.max.max(max));
    }

    /// How many values it has taken; from 2^64 - 1 on, that many.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// How far from a percentile an end of a range may be.
    #[must_use]
    pub fn bin_width(&self) -> f32 {
        self.histogram.bin_width() as f32
    }

    /// The ends of the range: `[min, max]`.
    ///
    /// # Errors
    /// If it has taken no values, or a percentile is out of its range.
    pub fn range(&self, method: CalibrationMethod) -> Result<[f32; 2], Error> {
        Ok(match self.outside(method)? {
            None => [self.min, self.max],
            Some(outside) => {
                // On both sides together, not all of them.
                let outside = ((outside / 2.0) as u64).min((self.count - 1) / 2);
                let (lower, upper) = (self.histogram.lower(outside), self.histogram.upper(outside));
                [self.min.max(lower as f32), self.max.min(upper as f32)]
            }
        })
    }

    /// The end of the range of sizes.
    ///
    /// # Errors
    /// As [`range`](Self::range).
    pub fn largest(&self, method: CalibrationMethod) -> Result<f32, Error> {
        let largest = self.max.max(-self.min);
        Ok(match self.outside(method)? {
            None => largest,
            Some(outside) => largest.min(self.histogram.size((outside as u64).min(self.count - 1)) as f32),
        })
    }

    /// [`QuantizationParams::affine`] of the [`range`](Self::range).
    ///
    /// # Errors
    /// As [`range`](Self::range).
    pub fn affine<T: QuantizedCode>(
        &self,
        method: CalibrationMethod,
    ) -> Result<QuantizationParams<T>, Error> {
        let [min, max] = self.range(method)?;
        QuantizationParams::affine(min, max)
    }

    /// [`QuantizationParams::symmetric`] of the [`largest`](Self::largest) size.
    ///
    /// # Errors
    /// As [`range`](Self::range).
    pub fn symmetric<T: QuantizedCode>(
        &self,
        method: CalibrationMethod,
    ) -> Result<QuantizationParams<T>, Error> {
        QuantizationParams::symmetric(self.largest(method)?)
    }

    /// How many values may be left out, if it is not known that none may.
    fn outside(&self, method: CalibrationMethod) -> Result<Option<f64>, Error> {
        between("observed values", 1, usize::MAX, usize::try_from(self.count).unwrap_or(usize::MAX))?;
        match method {
            CalibrationMethod::MinMax => Ok(None),
            CalibrationMethod::Percentile(percentile) if percentile > 0.0 && percentile <= 100.0 => {
                Ok(Some(self.count as f64 * (100.0 - percentile) / 100.0))
            }
            CalibrationMethod::Percentile(percentile) => {
                let expected = "more than 0 and at most 100";
                Err(Error::Share { what: "percentile", expected, got: percentile })
            }
        }
    }
}
