//! The ranges that bytes stand for.

use crate::error::{Error, length, positive, refill, reserve, some_rows, vec_of};

/// The range of each dimension, which 256 codes divide.
///
/// Code `c` of 0 to 255 stands for the values from `min + c * step` on, `step = (max - min) / 255`, as in
/// sentence-transformers' `quantize_embeddings`; where all values are equal, the step is 1.
///
/// Made once, used for any number of rows, refilled without allocating.
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
    /// For some dimensions. What lies behind the last one is divided by 1.
    fn new((mins, steps): (&[f32], &[f32])) -> Self {
        let mut dividers = Self {
            min: [0.0; TOGETHER],
            step: [1.0; TOGETHER],
            minus_step: [-1.0; TOGETHER],
            inverse: [1.0; TOGETHER],
        };
        for (i, (min, step)) in mins.iter().zip(steps).enumerate() {
            dividers.min[i] = *min;
            dividers.step[i] = *step;
            dividers.minus_step[i] = -step;
            dividers.inverse[i] = 1.0 / step;
        }
        dividers
    }
}

/// Below this step, what a division leaves over may have fewer digits than it needs.
const SMALLEST_STEP: f32 = 1.0 / (1_u128 << 90) as f32;

/// What one code more stands for.
fn step(min: f32, max: f32) -> f32 {
    match (max - min) / 255.0 {
        0.0 => 1.0,
        step => step,
    }
}

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
        let mut ranges = Self { min: Vec::new(), step: Vec::new(), dividers: Vec::new(), invertible: true };
        ranges.repack(min, max)?;
        Ok(ranges)
    }

    /// Takes other ranges, of any number of dimensions; allocates only to grow.
    ///
    /// ```
    /// use kernels_pool::Ranges;
    /// let mut ranges = Ranges::new(&[-1.0, 0.0], &[254.0, 5.1])?;
    /// ranges.repack(&[0.0], &[510.0])?;
    /// assert_eq!(ranges, Ranges::new(&[0.0], &[510.0])?);
    /// # Ok::<(), kernels_pool::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`new`](Self::new); the old ranges then stay.
    pub fn repack(&mut self, min: &[f32], max: &[f32]) -> Result<(), Error> {
        if min.is_empty() {
            return Err(Error::Empty { what: "min" });
        }
        let dim = min.len();
        length("max", dim, max.len())?;
        for (index, (&min, &max)) in min.iter().zip(max).enumerate() {
            // Infinite ends, NaN, and ends so far apart that `f32` does not hold the difference are found here too.
            if min > max || !step(min, max).is_finite() || !min.is_finite() {
                return Err(Error::Range { index, min, max });
            }
        }
        reserve("ranges", &mut self.min, dim)?;
        reserve("ranges", &mut self.step, dim)?;
        reserve("ranges", &mut self.dividers, dim.div_ceil(TOGETHER))?;
        refill(&mut self.min, min);
        self.step.clear();
        self.step.extend(min.iter().zip(max).map(|(&min, &max)| step(min, max)));
        self.invertible = self.step.iter().all(|&step| step >= SMALLEST_STEP);
        self.dividers.clear();
        self.dividers.extend(min.chunks(TOGETHER).zip(self.step.chunks(TOGETHER)).map(Dividers::new));
        Ok(())
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
        self.some_rows()?;
        Ranges::new(&self.min, &self.max)
    }

    /// As [`ranges`](Self::ranges), in place of those in `ranges`; allocates only to grow.
    ///
    /// # Errors
    /// As [`ranges`](Self::ranges); the old ranges then stay.
    pub fn ranges_into(&self, ranges: &mut Ranges) -> Result<(), Error> {
        self.some_rows()?;
        ranges.repack(&self.min, &self.max)
    }

    const fn some_rows(&self) -> Result<(), Error> {
        if self.rows == 0 { Err(Error::Empty { what: "calibration" }) } else { Ok(()) }
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
