//! A linear layer.

use super::rows;
use crate::activation::Activation;
use crate::error::{Error, length, some_rows};
use crate::gemm::{Gemm, PackedMatrix};
use simd_core::{Isa, Scratch};

/// `activation(x W^T + bias)`.
#[derive(Clone, Debug)]
#[must_use]
pub struct Linear {
    weights: PackedMatrix,
    bias: Option<Vec<f32>>,
    activation: Option<Activation>,
}

impl Linear {
    /// Of `weight: [out_dim, in_dim]` and `bias: [out_dim]`.
    ///
    /// # Errors
    /// If `in_dim` is 0, `weight` is not whole rows of it, at least one, `bias` has another length, or there is no memory.
    pub fn new(weight: &[f32], bias: Option<&[f32]>, in_dim: usize) -> Result<Self, Error> {
        Self::new_on(Isa::active()?, weight, bias, in_dim)
    }

    /// As [`new`](Self::new), for a named instruction set.
    ///
    /// # Errors
    /// As [`new`](Self::new) and [`Isa::require`].
    pub fn new_on(isa: Isa, weight: &[f32], bias: Option<&[f32]>, in_dim: usize) -> Result<Self, Error> {
        let out_dim = some_rows("weight", weight.len(), ("in_dim", in_dim))?;
        if let Some(bias) = bias {
            length("bias", out_dim, bias.len())?;
        }
        let weights = PackedMatrix::from_transposed_on(isa, weight, out_dim, in_dim)?;
        Ok(Self { weights, bias: bias.map(<[f32]>::to_vec), activation: None })
    }

    /// With an activation of the result.
    pub fn activation(self, activation: Activation) -> Self {
        Self { activation: Some(activation), ..self }
    }

    /// The length of a row that it takes.
    #[must_use]
    pub const fn in_dim(&self) -> usize {
        self.weights.k()
    }

    /// The length of a row that it gives.
    #[must_use]
    pub const fn out_dim(&self) -> usize {
        self.weights.n()
    }

    /// The instruction set that it runs on.
    #[must_use]
    pub const fn isa(&self) -> Isa {
        self.weights.isa()
    }

    /// Takes `x: [tokens, in_dim]`, and writes `out: [tokens, out_dim]`. It needs no working memory.
    ///
    /// # Errors
    /// If `x` is not whole rows, at least one, or `out` has another length. It is then as it was.
    pub fn forward_into(&self, x: &[f32], out: &mut [f32], _: &mut Scratch) -> Result<(), Error> {
        self.run(x, None, out)
    }

    /// The same, and `residual: [tokens, out_dim]` added.
    pub(super) fn run(&self, x: &[f32], residual: Option<&[f32]>, out: &mut [f32]) -> Result<(), Error> {
        let tokens = rows(x, self.in_dim(), out, self.out_dim())?;
        let mut gemm = Gemm::new(&self.weights);
        if let Some(bias) = &self.bias {
            gemm = gemm.bias(bias);
        }
        if let Some(activation) = self.activation {
            gemm = gemm.activation(activation);
        }
        if let Some(residual) = residual {
            gemm = gemm.residual(residual);
        }
        gemm.run_into(x, tokens, out)
    }
}
