//! A layer norm that owns its weights.

use crate::error::{Error, owned};
use crate::rows::RowNorm;
use simd_core::{Isa, Scratch};

/// [`layer_norm`](crate::layer_norm) with its weights.
#[derive(Clone, Debug)]
#[must_use]
pub struct LayerNorm {
    weight: Vec<f32>,
    bias: Vec<f32>,
    eps: f32,
}

impl LayerNorm {
    /// Of `weight` and `bias: [dim]`.
    ///
    /// # Errors
    /// If `weight` is empty, `bias` has another length, `eps` is negative or not finite, or there is no memory.
    pub fn new(weight: &[f32], bias: &[f32], eps: f32) -> Result<Self, Error> {
        RowNorm::layer(weight, bias, eps)?;
        Ok(Self { weight: owned("weight", weight)?, bias: owned("bias", bias)?, eps })
    }

    /// The length of a row.
    #[must_use]
    pub fn dim(&self) -> usize {
        self.weight.len()
    }

    /// Takes `x: [tokens, dim]`, and writes `out` of that shape. It needs no working memory.
    ///
    /// # Errors
    /// If `x` is not whole rows, at least one, or `out` has another length. It is then as it was.
    pub fn forward_into(&self, x: &[f32], out: &mut [f32], _: &mut Scratch) -> Result<(), Error> {
        self.norm()?.run_into(x, out)
    }

    /// As [`forward_into`](Self::forward_into), in place.
    ///
    /// # Errors
    /// If `x` is not whole rows, at least one. It is then as it was.
    pub fn forward_in_place(&self, x: &mut [f32]) -> Result<(), Error> {
        self.norm()?.run_in_place(x)
    }

    pub(super) fn norm(&self) -> Result<RowNorm<'_>, Error> {
        RowNorm::layer(&self.weight, &self.bias, self.eps)
    }

    pub(super) fn on(&self, isa: Isa) -> Result<RowNorm<'_>, Error> {
        Ok(self.norm()?.on(isa))
    }
}
