//! The ranges that bytes stand for.

use crate::error::{Error, length, positive, some_rows, vec_of};

/// The range of each dimension, which 256 codes divide.
///
/// Code `c` of 0 to 255 stands for the values from `min + c * step` on, `step = (max - min) / 255`, as in
/// sentence-transformers' `quantize_embeddings`; where all values are equal, the step is 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranges {
    min: Vec<f32>,
    step: Vec<f32>,
    dividers: Vec<Dividers>,
    /// Whether a quotient by a step can be had from the inverse.
    invertible: bool,
}

/// Dimensions whose values are divided together.
pub(super) const TOGETHER: usize = 32;

/// What the values of some dimensions are divided with. In whole lines of the cache.
#[derive(Clone, Debug, PartialEq)]
#[repr(align(64))]
pub(super) struct Dividers {
    pub(super) min: [f32; TOGETHER],
    pub(super) step: [f32; TOGETHER],
    pub(super) minus_step: [f32; TOGETHER],
    /// `1 / step`.
    pub(super) inverse: [f32; TOGETHER],
}

impl Dividers {
    /// For what lies behind the last dimension.
    const NONE: Self = Self {
        min: [0.0; TOGETHER],
        step: [1.0; TOGETHER],
        minus_step: [-1.0; TOGETHER],
        inverse: [1.0; TOGETHER],
    };
}

/// Below this step, what a division leaves over may have fewer digits than it needs.
const SMALLEST_STEP: f32 = 1.0 / (1_u128 << 90) as f32;

impl Ranges {
    /// The ranges of a sample: the smallest and the largest value of each dimension.
    ///
    /// - `x`: `[n, dim]`, row-major
    ///
    /// ```
    /// let ranges = kernels_pool::Ranges::from_sample(&[-1.0, 0.0, 254.0, 5.1], 2)?;
    /// assert_eq!((ranges.min(), ranges.step()), (&[-1.0, 0.0][..], &[1.0, 0.02][..]));
    /// # Ok::<(), kernels_pool::Error>(())
    /// ```
    ///
    /// # Errors
    /// If `dim` is 0, `x` is not whole rows, at least one, a range is as [`new`](Self::new) does not take it, or there is no memory.
    pub fn from_sample(x: &[f32], dim: usize) -> Result<Self, Error> {
        let mut calibration = Calibration::new(dim)?;
        calibration.add(x)?;
        calibration.ranges()
    }

    /// Given ranges: the lower and the upper end of each dimension.
    ///
    /// # Errors
    /// If there are none, there are not as many of one as of the other, an end is not finite, the lower one is above the
    /// upper one, the two are so far apart that `f32` does not hold the difference, or there is no memory.
    pub fn new(min: &[f32], max: &[f32]) -> Result<Self, Error> {
        if min.is_empty() {
            return Err(Error::Empty { what: "min" });
        }
        length("max", min.len(), max.len())?;
        let dim = min.len();
        let mut ranges = Self {
            min: vec_of("ranges", 0.0, dim)?,
            step: vec_of("ranges", 1.0, dim)?,
            dividers: vec_of("ranges", Dividers::NONE, dim.div_ceil(TOGETHER))?,
            invertible: true,
        };
        ranges.min.copy_from_slice(min);
        for (index, (&min, &max)) in min.iter().zip(max).enumerate() {
            let step = match (max - min) / 255.0 {
                0.0 => 1.0,
                step => step,
            };
            // Infinite ends, NaN, and ends so far apart that `f32` does not hold the difference are found here too.
            if min > max || !step.is_finite() || !min.is_finite() {
                return Err(Error::Range { index, min, max });
            }
            ranges.step[index] = step;
            let (dividers, i) = (&mut ranges.dividers[index / TOGETHER], index % TOGETHER);
            dividers.min[i] = min;
            dividers.step[i] = step;
            dividers.minus_step[i] = -step;
            dividers.inverse[i] = 1.0 / step;
            ranges.invertible &= step >= SMALLEST_STEP;
        }
        Ok(ranges)
    }

    /// How many dimensions there are.
    #[must_use]
    pub const fn dim(&self) -> usize {
        self.min.len()
    }

    /// The lower end of each.
    #[must_use]
    pub fn min(&self) -> &[f32] {
        &self.min
    }

    /// What one code more stands for, in each.
    #[must_use]
    pub fn step(&self) -> &[f32] {
        &self.step
    }

    pub(super) fn dividers(&self) -> &[Dividers] {
        &self.dividers
    }

    pub(crate) const fn is_invertible(&self) -> bool {
        self.invertible
    }
}

/// The smallest and the largest values so far, of samples that come in batches.
///
/// ```
/// use kernels_pool::Calibration;
/// let (mut here, mut there) = (Calibration::new(1)?, Calibration::new(1)?);
/// here.add(&[0.0, 1.0])?;
/// there.add(&[-254.0])?;
/// here.merge(&there)?;
/// assert_eq!(here.ranges()?.min(), [-254.0]);
/// # Ok::<(), kernels_pool::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    min: Vec<f32>,
    max: Vec<f32>,
    rows: u64,
}

impl Calibration {
    /// Nothing has been seen.
    ///
    /// # Errors
    /// If `dim` is 0, or there is no memory.
    pub fn new(dim: usize) -> Result<Self, Error> {
        positive("dim", dim)?;
        let (min, max) =
            (vec_of("calibration", f32::INFINITY, dim)?, vec_of("calibration", f32::NEG_INFINITY, dim)?);
        Ok(Self { min, max, rows: 0 })
    }

    /// Takes more rows: `[n, dim]`. A NaN stays, and shows in [`ranges`](Self::ranges).
    ///
    /// # Errors
    /// If `x` is not whole rows, at least one.
    pub fn add(&mut self, x: &[f32]) -> Result<(), Error> {
        let rows = some_rows("x", x.len(), self.dim())?;
        for row in x.chunks_exact(self.dim()) {
            self.widen(row, row);
        }
        self.rows = self.rows.saturating_add(rows as u64);
        Ok(())
    }

    /// Takes what another one has seen.
    ///
    /// # Errors
    /// If that is of another dimension.
    pub fn merge(&mut self, other: &Self) -> Result<(), Error> {
        length("other", self.dim(), other.dim())?;
        self.widen(&other.min, &other.max);
        self.rows = self.rows.saturating_add(other.rows);
        Ok(())
    }

    /// The ranges of all rows so far.
    ///
    /// # Errors
    /// If there were none, or as [`Ranges::new`].
    pub fn ranges(&self) -> Result<Ranges, Error> {
        if self.rows == 0 {
            return Err(Error::Empty { what: "calibration" });
        }
        Ranges::new(&self.min, &self.max)
    }

    /// How many dimensions there are.
    #[must_use]
    pub const fn dim(&self) -> usize {
        self.min.len()
    }

    /// How many rows it has seen.
    #[must_use]
    pub const fn rows(&self) -> u64 {
        self.rows
    }

    fn widen(&mut self, lower: &[f32], upper: &[f32]) {
        for (min, x) in self.min.iter_mut().zip(lower) {
            *min = if *x < *min || x.is_nan() { *x } else { *min };
        }
        for (max, x) in self.max.iter_mut().zip(upper) {
            *max = if *x > *max || x.is_nan() { *x } else { *max };
        }
    }
}
