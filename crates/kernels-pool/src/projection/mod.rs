//! Fewer dimensions, by a matrix.

mod eigen;
mod kernel;
mod pca;
mod random;

use crate::error::{Error, length, positive, product, refill, reserve, some_rows, vec_of};
use kernel::{Products, Start};
use simd_core::{Isa, dispatch_on};

/// A linear map of embeddings: `y[r, j] = b[j] + sum over i of w[j, i] x[r, i]`.
///
/// Made of given weights, as those of a model's dense layer ([`new`](Self::new)), of random ones
/// ([`random`](Self::random)), or of a sample's principal components ([`pca`](Self::pca)). Its weights can be
/// replaced without allocating ([`repack`](Self::repack)).
///
/// |error| <= (hidden / L + 16) 2^-24 * (|b| + sum of |w x|), for `hidden` up to 32,768, with L = 8 lanes on AVX2 and
/// 4 elsewhere, as long as no product is subnormal. NaN and infinities are ordinary values: one in a row of `x`
/// reaches what is made of that row, and no other. On one instruction set a row is projected the same, bit by bit,
/// whatever rows are beside it.
///
/// ```
/// use kernels_pool::Projection;
///
/// let projection = Projection::new(&[1.0, 0.0, 2.0, 0.0, 1.0, 1.0], Some(&[0.0, 0.5]), 3, 2)?;
/// assert_eq!(projection.project(&[1.0, 2.0, 3.0, 0.0, 0.0, 1.0])?, [7.0, 5.5, 2.0, 1.5]);
/// # Ok::<(), kernels_pool::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Projection {
    weights: Vec<f32>,
    /// Empty where nothing is added.
    bias: Vec<f32>,
    hidden: usize,
    k: usize,
    isa: Option<Isa>,
}

impl Projection {
    /// From `weights: [k, hidden]`, row-major, and `bias: [k]`, which are copied.
    ///
    /// # Errors
    /// If `hidden` or `k` is 0, a slice has another length than they call for, or there is no memory for the copies.
    pub fn new(weights: &[f32], bias: Option<&[f32]>, hidden: usize, k: usize) -> Result<Self, Error> {
        positive("hidden", hidden)?;
        positive("k", k)?;
        let mut projection = Self { weights: Vec::new(), bias: Vec::new(), hidden, k, isa: None };
        projection.repack(weights, bias)?;
        Ok(projection)
    }

    /// Takes other weights and another bias, or none, of the same `hidden` and `k`; allocates only for a bias where there
    /// was none before.
    ///
    /// # Errors
    /// As [`new`](Self::new); the old weights and bias then stay.
    pub fn repack(&mut self, weights: &[f32], bias: Option<&[f32]>) -> Result<(), Error> {
        length("weights", product("weights", &[self.k, self.hidden])?, weights.len())?;
        if let Some(bias) = bias {
            length("bias", self.k, bias.len())?;
        }
        let bias = bias.unwrap_or_default();
        reserve("weights", &mut self.weights, weights.len())?;
        reserve("bias", &mut self.bias, bias.len())?;
        refill(&mut self.weights, weights);
        refill(&mut self.bias, bias);
        Ok(())
    }

    /// Runs on a named instruction set, rather than on [`Isa::active`]'s. Where it is not available, projecting is an
    /// error.
    pub const fn on(mut self, isa: Isa) -> Self {
        self.isa = Some(isa);
        self
    }

    /// Projects `x: [n, hidden]`, row-major, to `[n, k]`.
    ///
    /// # Errors
    /// If `x` is empty or not whole rows, the result does not fit in memory, or the instruction set is not available.
    pub fn project(&self, x: &[f32]) -> Result<Vec<f32>, Error> {
        let mut out = vec_of("projection", 0.0, self.values_for(x)?)?;
        self.project_into(x, &mut out)?;
        Ok(out)
    }

    /// Projects `x: [n, hidden]`, row-major, to `out: [n, k]`. Allocates nothing.
    ///
    /// # Errors
    /// If `x` is empty or not whole rows, `out` has another length than it calls for, or the instruction set is not
    /// available. `out` then stays as it was.
    pub fn project_into(&self, x: &[f32], out: &mut [f32]) -> Result<(), Error> {
        length("out", self.values_for(x)?, out.len())?;
        let start = self.bias().map_or(Start::Zero, Start::Bias);
        let isa = self.isa.map_or_else(Isa::active, Ok)?;
        let (weights, depth, stride) = (&self.weights[..], self.hidden, self.k);
        dispatch_on(isa, Products { x, weights, depth, start, out, stride })?;
        Ok(())
    }

    /// How many values `x` is projected to.
    fn values_for(&self, x: &[f32]) -> Result<usize, Error> {
        product("x", &[some_rows("x", x.len(), self.hidden)?, self.k])
    }

    /// The weights: `[k, hidden]`, row-major.
    #[must_use]
    pub fn weights(&self) -> &[f32] {
        &self.weights
    }

    /// What is added to each output: `[k]`, if anything is.
    #[must_use]
    pub fn bias(&self) -> Option<&[f32]> {
        (!self.bias.is_empty()).then_some(&self.bias[..])
    }

    /// The length of a row that comes in.
    #[must_use]
    pub const fn hidden(&self) -> usize {
        self.hidden
    }

    /// The length of a row that goes out.
    #[must_use]
    pub const fn k(&self) -> usize {
        self.k
    }
}
