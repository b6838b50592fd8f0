//! A layer of a transformer encoder.

use super::{Attention, LayerNorm, Mlp, rows, take};
use crate::error::{Error, length};
use simd_core::Scratch;

/// Attention and a perceptron, each with a residual and a norm.
#[derive(Clone, Debug)]
#[must_use]
pub struct EncoderLayer {
    attention: Attention,
    attention_norm: LayerNorm,
    mlp: Mlp,
    mlp_norm: LayerNorm,
    order: NormOrder,
}

/// Where the norms are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NormOrder {
    /// `h = norm(x + attention(x))`, `out = norm(h + mlp(h))`: as in BERT.
    #[default]
    Post,
    /// `h = x + attention(norm(x))`, `out = h + mlp(norm(h))`: as in GPT-2.
    Pre,
}

impl EncoderLayer {
    /// Of its parts, `attention_norm` being the norm that belongs to the attention, after or before it.
    ///
    /// # Errors
    /// If a part takes or gives rows of another length than the others.
    pub fn new(
        attention: Attention,
        attention_norm: LayerNorm,
        mlp: Mlp,
        mlp_norm: LayerNorm,
        order: NormOrder,
    ) -> Result<Self, Error> {
        let dim = attention.in_dim();
        length("attention", dim, attention.out_dim())?;
        length("attention_norm", dim, attention_norm.dim())?;
        length("mlp", dim, mlp.in_dim())?;
        length("mlp", dim, mlp.out_dim())?;
        length("mlp_norm", dim, mlp_norm.dim())?;
        Ok(Self { attention, attention_norm, mlp, mlp_norm, order })
    }

    /// The length of a row.
    #[must_use]
    pub const fn dim(&self) -> usize {
        self.attention.in_dim()
    }

    /// The working memory for so many tokens of all texts, in bytes.
    #[must_use]
    pub fn scratch_bytes(&self, tokens: usize) -> usize {
        let parts = self.attention.bytes(tokens).or(self.mlp.bytes(tokens));
        let normalized = if self.order == NormOrder::Pre { tokens } else { 0 };
        parts.and(&[tokens, self.dim()]).and(&[normalized, self.dim()]).0
    }

    /// Takes `x: [tokens, dim]`, and writes `out` of that shape. Text `i` is the tokens from `offsets[i]` up to
    /// `offsets[i + 1]`.
    ///
    /// # Errors
    /// If `x` is not whole rows, at least one, the offsets do not begin with 0, fall, or do not end with the number of
    /// tokens, `out` has another length, or `scratch` may not hold [`scratch_bytes`](Self::scratch_bytes). `out` is then as
    /// it was.
    pub fn forward_into(
        &self,
        x: &[f32],
        offsets: &[usize],
        out: &mut [f32],
        scratch: &mut Scratch,
    ) -> Result<(), Error> {
        let (dim, isa) = (self.dim(), self.attention.isa());
        let tokens = rows(x, dim, out, dim)?;
        self.attention.texts(offsets, tokens)?;
        let (attention_norm, mlp_norm) = (self.attention_norm.on(isa)?, self.mlp_norm.on(isa)?);
        let mut frame = scratch.frame(self.scratch_bytes(tokens))?;
        let hidden = take(&mut frame, &[tokens, dim])?;
        match self.order {
            NormOrder::Post => {
                self.attention.run(x, offsets, Some(x), hidden, &mut frame.part())?;
                attention_norm.run_in_place(hidden)?;
                self.mlp.run(hidden, Some(hidden), out, &mut frame)?;
                mlp_norm.run_in_place(out)
            }
            NormOrder::Pre => {
                let normalized = take(&mut frame, &[tokens, dim])?;
                attention_norm.run_into(x, normalized)?;
                self.attention.run(normalized, offsets, Some(x), hidden, &mut frame.part())?;
                mlp_norm.run_into(hidden, normalized)?;
                self.mlp.run(normalized, Some(hidden), out, &mut frame)
            }
        }
    }
}
