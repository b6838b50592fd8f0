//! A linear layer.

use super::{Bytes, LinearWeights, rows};
use crate::activation::Activation;
use crate::error::{Error, between, elements, length, owned, some_rows};
use crate::gemm::{Epilogue, PackedMatrix};
use crate::int8::{Int8Matrix, WeightBits};
use simd_core::{Frame, Isa, Scratch};

/// `activation(x W^T + bias)`.
#[derive(Clone, Debug)]
#[must_use]
pub struct Linear {
    weights: LinearWeights,
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
        let out_dim = shape(weight, bias, in_dim)?;
        Self::with_weights(PackedMatrix::from_transposed_on(isa, weight, out_dim, in_dim)?, bias)
    }

    /// As [`new`](Self::new), with weights of eight bits or seven: [`Int8Matrix`].
    ///
    /// # Errors
    /// As [`new`](Self::new); if `in_dim` is more than 65,536, or a weight is not finite.
    pub fn int8(
        weight: &[f32],
        bias: Option<&[f32]>,
        in_dim: usize,
        bits: WeightBits,
    ) -> Result<Self, Error> {
        let isa = Isa::active()?;
        let out_dim = shape(weight, bias, in_dim)?;
        between("in_dim", 1, Int8Matrix::MOST_STEPS, in_dim)?;
        elements("weight", weight, "a finite number", f32::is_finite)?;
        Self::with_weights(Int8Matrix::from_transposed_on(isa, weight, out_dim, in_dim, bits)?, bias)
    }

    /// Of weights that are packed, perhaps in fewer bits: a matrix `[in_dim, out_dim]`.
    ///
    /// ```
    /// use kernels_nn::layers::Linear;
    /// use kernels_nn::{Int8Matrix, Scratch, WeightBits};
    /// // [out_dim, in_dim]
    /// let weights = Int8Matrix::from_transposed(&[0.5, -0.5, 0.25], 1, 3, WeightBits::Eight)?;
    /// let linear = Linear::with_weights(weights, Some(&[1.0]))?;
    /// let (mut out, mut scratch) = ([0.0], Scratch::with_limit(1 << 10));
    /// linear.forward_into(&[1.0, 2.0, 4.0], &mut out, &mut scratch)?;
    /// assert!((out[0] - 1.5).abs() < 0.02);
    /// # Ok::<(), kernels_nn::Error>(())
    /// ```
    ///
    /// # Errors
    /// If `bias` has another length than `out_dim`, or there is no memory.
    pub fn with_weights(weights: impl Into<LinearWeights>, bias: Option<&[f32]>) -> Result<Self, Error> {
        let weights = weights.into();
        if let Some(bias) = bias {
            length("bias", weights.n(), bias.len())?;
        }
        Ok(Self { weights, bias: bias.map(|bias| owned("bias", bias)).transpose()?, activation: None })
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

    /// The memory that its weights take, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.weights.bytes()
    }

    /// The working memory for so many tokens, in bytes: none, unless the weights have eight bits.
    #[must_use]
    pub fn scratch_bytes(&self, tokens: usize) -> usize {
        self.scratch(tokens).0
    }

    /// Takes `x: [tokens, in_dim]`, and writes `out: [tokens, out_dim]`.
    ///
    /// # Errors
    /// If `x` is not whole rows, at least one, `out` has another length, or `scratch` may not hold
    /// [`scratch_bytes`](Self::scratch_bytes). `out` is then as it was.
    pub fn forward_into(&self, x: &[f32], out: &mut [f32], scratch: &mut Scratch) -> Result<(), Error> {
        let tokens = rows(x, self.in_dim(), out, self.out_dim())?;
        self.run(x, None, out, &mut scratch.frame(self.scratch_bytes(tokens))?)
    }

    pub(super) fn scratch(&self, tokens: usize) -> Bytes {
        self.weights.scratch(tokens)
    }

    /// The same, and `residual: [tokens, out_dim]` added.
    pub(super) fn run(
        &self,
        x: &[f32],
        residual: Option<&[f32]>,
        out: &mut [f32],
        frame: &mut Frame<'_>,
    ) -> Result<(), Error> {
        let tokens = rows(x, self.in_dim(), out, self.out_dim())?;
        let epilogue = Epilogue { bias: self.bias.as_deref(), activation: self.activation, residual };
        self.weights.run(epilogue, x, tokens, out, frame)
    }
}

/// That weights and bias belong together: the length of a row that they give.
fn shape(weight: &[f32], bias: Option<&[f32]>, in_dim: usize) -> Result<usize, Error> {
    let out_dim = some_rows("weight", weight.len(), ("in_dim", in_dim))?;
    if let Some(bias) = bias {
        length("bias", out_dim, bias.len())?;
    }
    Ok(out_dim)
}
