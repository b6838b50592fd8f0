//! Two linear layers.

use super::{Bytes, Linear, rows, take};
use crate::error::{Error, length};
use simd_core::{Frame, Isa, Scratch};

/// `down(up(x))`: the activation is that of `up`.
#[derive(Clone, Debug)]
#[must_use]
pub struct Mlp {
    up: Linear,
    down: Linear,
}

impl Mlp {
    /// Of two layers.
    ///
    /// # Errors
    /// If `down` does not take what `up` gives.
    pub fn new(up: Linear, down: Linear) -> Result<Self, Error> {
        length("down", up.out_dim(), down.in_dim())?;
        Ok(Self { up, down })
    }

    /// The length of a row that it takes.
    #[must_use]
    pub const fn in_dim(&self) -> usize {
        self.up.in_dim()
    }

    /// The length of a row that it gives.
    #[must_use]
    pub const fn out_dim(&self) -> usize {
        self.down.out_dim()
    }

    /// The instruction set that it runs on.
    #[must_use]
    pub const fn isa(&self) -> Isa {
        self.up.isa()
    }

    /// The working memory for so many tokens, in bytes.
    #[must_use]
    pub fn scratch_bytes(&self, tokens: usize) -> usize {
        self.bytes(tokens).0
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

    pub(super) fn bytes(&self, tokens: usize) -> Bytes {
        self.up.scratch(tokens).or(self.down.scratch(tokens)).and(&[tokens, self.up.out_dim()])
    }

    /// The same, and `residual: [tokens, out_dim]` added.
    pub(super) fn run(
        &self,
        x: &[f32],
        residual: Option<&[f32]>,
        out: &mut [f32],
        frame: &mut Frame<'_>,
    ) -> Result<(), Error> {
        let hidden = take(frame, &[x.len() / self.in_dim(), self.up.out_dim()])?;
        self.up.run(x, None, hidden, frame)?;
        self.down.run(hidden, residual, out, frame)
    }
}
