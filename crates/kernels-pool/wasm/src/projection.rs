//! Fewer dimensions, by a matrix.

use crate::errors::{failure, made_for};
use kernels_pool::Projection as Kernel;
use kernels_pool_batch::pca;
use kernels_wasm::{Float32Array, Integer, Result, Rows, fresh, integer, read_all};
use wasm_bindgen::prelude::*;

/// A linear map of embeddings, in the wasm memory: `y[r, j] = b[j] + sum over i of w[j, i] x[r, i]`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Projection(Kernel);

#[wasm_bindgen]
impl Projection {
    /// Of given weights, `[k, hidden]`, row-major, and a bias, `[k]`, or `null`. Free it with `free()`, or by `using`.
    ///
    /// # Errors
    /// If `hidden` or `k` is no whole number from 1 on, or an array is no Float32Array, or of another length.
    #[wasm_bindgen(constructor)]
    pub fn new(
        weights: &Float32Array,
        bias: Option<Float32Array>,
        hidden: &Integer,
        k: &Integer,
    ) -> Result<Self> {
        let (hidden, k) = (integer("hidden", hidden)?, integer("k", k)?);
        let weights = read_all("weights", weights)?;
        let bias = bias.map(|bias| read_all("bias", &bias)).transpose()?;
        Kernel::new(&weights, bias.as_deref(), hidden, k).map(Self).map_err(failure)
    }

    /// A random one (Achlioptas, 2003): every weight is `sqrt(1 / k)` or `-sqrt(1 / k)`. The same seed gives the same
    /// weights everywhere.
    ///
    /// # Errors
    /// If one is no whole number, `hidden` or `k` is 0, or the weights do not fit in memory.
    pub fn random(hidden: &Integer, k: &Integer, seed: &Integer) -> Result<Self> {
        let (hidden, k, seed) = (integer("hidden", hidden)?, integer("k", k)?, integer("seed", seed)?);
        Kernel::random(hidden, k, seed as u64).map(Self).map_err(failure)
    }

    /// The projection onto the `k` principal components of a sample, `[n, hidden]`, the one of the largest variance first.
    /// Takes some seconds for 1024 dimensions, and the sample must fit into the wasm memory.
    ///
    /// # Errors
    /// If `hidden` is no whole number from 1 on, `k` is not from 1 to `hidden`, or `sample` is no Float32Array, not whole
    /// rows, at least one, or not finite; if there is no memory to work in.
    pub fn pca(sample: &Float32Array, hidden: &Integer, k: &Integer) -> Result<Self> {
        let (hidden, k) = (integer("hidden", hidden)?, integer("k", k)?);
        Rows::<f32>::some("sample", sample, hidden)?;
        pca(&read_all("sample", sample)?, hidden, k).map(Self).map_err(made_for("hidden"))
    }

    /// Projects `x`, `[n, hidden]`, row-major, to `[n, k]`: in `out` if it is given, and in a fresh array otherwise.
    ///
    /// # Errors
    /// If `x` is no Float32Array, or not whole rows, at least one, or `out` has another length or lies over `x`. `out` is
    /// then as it was.
    pub fn project(&self, x: &Float32Array, out: Option<Float32Array>) -> Result<Float32Array> {
        let rows = Rows::some("x", x, self.0.hidden())?;
        rows.map(self.0.k(), out, &mut |x, out| self.0.project_into(x, out).map_err(failure))
    }

    /// The weights, `[k, hidden]`: a copy.
    ///
    /// # Errors
    /// If the engine has no memory for it.
    #[wasm_bindgen(getter)]
    pub fn weights(&self) -> Result<Float32Array> {
        fresh(self.0.weights())
    }

    /// What is added to each output, `[k]`, if anything is: a copy.
    ///
    /// # Errors
    /// If the engine has no memory for it.
    #[wasm_bindgen(getter)]
    pub fn bias(&self) -> Result<Option<Float32Array>> {
        self.0.bias().map(fresh).transpose()
    }

    /// The length of a row that comes in.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn hidden(&self) -> usize {
        self.0.hidden()
    }

    /// The length of a row that goes out.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn k(&self) -> usize {
        self.0.k()
    }
}
