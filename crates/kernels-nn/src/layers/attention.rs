//! Multi-head attention of texts to themselves.

use super::{Bytes, Linear, rows, take};
use crate::attention::ScaledDotProduct;
use crate::error::{Error, length, multiple, positive};
use simd_core::{Frame, Isa, Scratch};

/// Self-attention: `output(attention(query(x), key(x), value(x)))`.
#[derive(Clone, Debug)]
#[must_use]
pub struct Attention {
    query: Linear,
    key: Linear,
    value: Linear,
    output: Linear,
    heads: usize,
    kv_heads: usize,
    head_dim: usize,
    causal: bool,
}

impl Attention {
    /// Of the layers before and after it; `query` gives `[tokens, heads, head_dim]`, and `key` and `value` give
    /// `[tokens, kv_heads, head_dim]`.
    ///
    /// # Errors
    /// If `heads` is 0, what `query` gives is not that many parts, what `key` gives is not some of these, a divisor of
    /// `heads`, or a layer takes or gives other rows than the others call for.
    pub fn new([query, key, value, output]: [Linear; 4], heads: usize) -> Result<Self, Error> {
        positive(&[("heads", heads)])?;
        multiple("query", heads, query.out_dim())?;
        let head_dim = query.out_dim() / heads;
        multiple("key", head_dim, key.out_dim())?;
        let kv_heads = key.out_dim() / head_dim;
        multiple("heads", kv_heads, heads)?;
        length("key", query.in_dim(), key.in_dim())?;
        length("value", query.in_dim(), value.in_dim())?;
        length("value", key.out_dim(), value.out_dim())?;
        length("output", query.out_dim(), output.in_dim())?;
        Ok(Self { query, key, value, output, heads, kv_heads, head_dim, causal: false })
    }

    /// With tokens that see none after themselves.
    pub fn causal(self) -> Self {
        Self { causal: true, ..self }
    }

    /// The length of a row that it takes.
    #[must_use]
    pub const fn in_dim(&self) -> usize {
        self.query.in_dim()
    }

    /// The length of a row that it gives.
    #[must_use]
    pub const fn out_dim(&self) -> usize {
        self.output.out_dim()
    }

    /// The instruction set that it runs on.
    #[must_use]
    pub const fn isa(&self) -> Isa {
        self.query.isa()
    }

    /// The working memory for so many tokens of all texts, in bytes.
    #[must_use]
    pub fn scratch_bytes(&self, tokens: usize) -> usize {
        self.bytes(tokens).0
    }

    /// Takes `x: [tokens, in_dim]`, and writes `out: [tokens, out_dim]`. Text `i` is the tokens from `offsets[i]` up to
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
        let tokens = rows(x, self.in_dim(), out, self.out_dim())?;
        self.texts(offsets, tokens)?;
        self.run(x, offsets, None, out, &mut scratch.frame(self.scratch_bytes(tokens))?)
    }

    pub(super) fn bytes(&self, tokens: usize) -> Bytes {
        let (dim, kv_dim) = (self.query.out_dim(), self.key.out_dim());
        let rows = Bytes::NONE.and(&[2, tokens, dim]).and(&[tokens, kv_dim]).and(&[tokens, kv_dim]);
        // However long the texts are.
        let of_no_text = ScaledDotProduct::of_texts(&[0], self.heads, self.kv_heads, self.head_dim);
        let attention =
            Bytes::NONE.plus(of_no_text.map_or(usize::MAX, |attention| attention.scratch_bytes()));
        let layers = [&self.query, &self.key, &self.value, &self.output];
        rows.plus(layers.iter().fold(attention, |most, layer| most.or(layer.scratch(tokens))).0)
    }

    /// Attention of these texts, which are to be all tokens.
    pub(super) fn texts<'a>(
        &self,
        offsets: &'a [usize],
        tokens: usize,
    ) -> Result<ScaledDotProduct<'a>, Error> {
        let attention = ScaledDotProduct::of_texts(offsets, self.heads, self.kv_heads, self.head_dim)?;
        length("offsets", tokens, offsets[offsets.len() - 1])?;
        Ok(if self.causal { attention.causal() } else { attention }.on(self.isa()))
    }

    /// The same, and `residual: [tokens, out_dim]` added.
    pub(super) fn run(
        &self,
        x: &[f32],
        offsets: &[usize],
        residual: Option<&[f32]>,
        out: &mut [f32],
        frame: &mut Frame<'_>,
    ) -> Result<(), Error> {
        let tokens = x.len() / self.in_dim();
        let (query, context) =
            take(frame, &[2, tokens, self.query.out_dim()])?.split_at_mut(tokens * self.query.out_dim());
        let key = take(frame, &[tokens, self.key.out_dim()])?;
        let value = take(frame, &[tokens, self.value.out_dim()])?;
        self.query.run(x, None, query, frame)?;
        self.key.run(x, None, key, frame)?;
        self.value.run(x, None, value, frame)?;
        self.texts(offsets, tokens)?.run_in(query, key, value, context, &mut frame.part())?;
        self.output.run(context, residual, out, frame)
    }
}
