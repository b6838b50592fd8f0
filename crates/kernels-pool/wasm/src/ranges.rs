//! The ranges that bytes stand for.

use crate::errors::{failure, made_for};
use kernels_pool::Error;
use kernels_pool_batch::calibrate;
use kernels_wasm::{Float32Array, Integer, Result, Rows, fresh, integer, read_all};
use wasm_bindgen::prelude::*;

/// The range of each dimension, which 256 codes divide.
///
/// Code `c` of 0 to 255 stands for the values from `min + c * step` on, `step = (max - min) / 255`, as in
/// sentence-transformers' `quantize_embeddings`; where all values are equal, the step is 1.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Ranges(kernels_pool::Ranges);

impl Ranges {
    pub(crate) const fn get(&self) -> &kernels_pool::Ranges {
        &self.0
    }
}

#[wasm_bindgen]
impl Ranges {
    /// Given ranges: the lower and the upper end of each dimension. Free them with `free()`, or by `using`.
    ///
    /// # Errors
    /// If one is no Float32Array, there are none, there are not as many of one as of the other, an end is not finite, the
    /// lower one is above the upper one, or the two are too far apart for 32 bits.
    #[wasm_bindgen(constructor)]
    pub fn new(min: &Float32Array, max: &Float32Array) -> Result<Self> {
        let (min, max) = (read_all("min", min)?, read_all("max", max)?);
        kernels_pool::Ranges::new(&min, &max).map(Self).map_err(failure)
    }

    /// The ranges of a sample, `[n, dim]`: the smallest and the largest value of each dimension.
    ///
    /// # Errors
    /// If `dim` is no whole number from 1 on, `x` is no Float32Array, or not whole rows, at least one, or a range is one
    /// that `new Ranges` does not take.
    #[wasm_bindgen(js_name = fromSample)]
    pub fn from_sample(x: &Float32Array, dim: &Integer) -> Result<Self> {
        let mut calibration = Calibration::new(dim)?;
        calibration.add(x)?;
        calibration.ranges()
    }

    /// How many dimensions there are.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn dim(&self) -> usize {
        self.0.dim()
    }

    /// The lower end of each: a copy.
    ///
    /// # Errors
    /// If the engine has no memory for it.
    #[wasm_bindgen(getter)]
    pub fn min(&self) -> Result<Float32Array> {
        fresh(self.0.min())
    }

    /// What one code more stands for, in each: a copy.
    ///
    /// # Errors
    /// If the engine has no memory for it.
    #[wasm_bindgen(getter)]
    pub fn step(&self) -> Result<Float32Array> {
        fresh(self.0.step())
    }
}

/// The smallest and the largest values so far, of samples that come in batches.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Calibration(kernels_pool::Calibration);

#[wasm_bindgen]
impl Calibration {
    /// Nothing has been seen. Free it with `free()`, or by `using`.
    ///
    /// # Errors
    /// If `dim` is no whole number from 1 on.
    #[wasm_bindgen(constructor)]
    pub fn new(dim: &Integer) -> Result<Self> {
        kernels_pool::Calibration::new(integer("dim", dim)?).map(Self).map_err(made_for("dim"))
    }

    /// Takes more rows, `[n, dim]`. A NaN stays, and shows in `ranges`.
    ///
    /// # Errors
    /// If `x` is no Float32Array, or not whole rows, at least one.
    pub fn add(&mut self, x: &Float32Array) -> Result<()> {
        let rows = Rows::some("x", x, self.0.dim())?;
        rows.each(&mut |_, rows| calibrate(&mut self.0, rows).map_err(failure))
    }

    /// Takes what another one has seen.
    ///
    /// # Errors
    /// If that is of another dimension.
    pub fn merge(&mut self, other: &Calibration) -> Result<()> {
        self.0.merge(&other.0).map_err(failure)
    }

    /// The ranges of all rows so far.
    ///
    /// # Errors
    /// If there were none, or a range is one that `new Ranges` does not take.
    pub fn ranges(&self) -> Result<Ranges> {
        if self.0.rows() == 0 {
            return Err(failure(Error::Empty { what: "rows" }));
        }
        self.0.ranges().map(Ranges).map_err(failure)
    }

    /// The length of a row.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn dim(&self) -> usize {
        self.0.dim()
    }

    /// How many rows it has seen.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn rows(&self) -> f64 {
        self.0.rows() as f64
    }
}
