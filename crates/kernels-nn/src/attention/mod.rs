//! Scaled dot-product attention, a tile of queries and a block of keys at a time: the scores are never all there at once.

mod kernel;
mod layout;
mod pack;
mod tile;
mod visible;

use crate::error::{Error, between, length, positive, product, zeros};
use kernel::{Attend, Plan, Room};
use layout::Texts;
use simd_core::{Frame, Isa, Scratch, dispatch_on};
use visible::{PerScore, Visible};

/// `softmax(q k^T / sqrt(head_dim)) v`, for each head (Vaswani et al.,
/// [Attention Is All You Need](https://arxiv.org/abs/1706.03762), 2017).
///
/// - `q`: `[batch, heads, q_len, head_dim]`, row-major
/// - `k`, `v`: `[batch, kv_heads, kv_len, head_dim]`: `heads / kv_heads` heads of queries share one of keys
/// - `causal`: query `i` sees no key beyond key `i`
///
/// Returns the shape of `q`. A query that sees no key becomes zeros. What a query does not see has no effect on it, not even
/// NaN; NaN in its scores makes all of it NaN, and in a value the dimension that it is in. [`ScaledDotProduct`] knows more
/// masks, texts of several lengths without padding, and a form that allocates nothing.
///
/// With scores that are off by `e` (see [`gemm`](crate::gemm())), each result is within
/// `(2 e + (kv_len / 4 + 40) * 2^-24)` times the largest size of a value that its query sees.
///
/// ```
/// use kernels_nn::{AttentionShape, attention};
/// let shape = AttentionShape { batch: 1, heads: 1, kv_heads: 1, q_len: 2, kv_len: 2, head_dim: 1 };
/// assert_eq!(attention(&[0.0, 0.0], &[1.0, 2.0], &[3.0, 5.0], shape, true)?, [3.0, 4.0]);
/// # Ok::<(), kernels_nn::Error>(())
/// ```
///
/// # Errors
/// If a size is 0, `heads` is no multiple of `kv_heads`, a slice has another length, or there is no memory.
pub fn attention(
    q: &[f32],
    k: &[f32],
    v: &[f32],
    shape: AttentionShape,
    causal: bool,
) -> Result<Vec<f32>, Error> {
    let attention = ScaledDotProduct::new(shape)?;
    if causal { attention.causal() } else { attention }.run(q, k, v)
}

/// The sizes of attention of texts of one length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttentionShape {
    /// Texts.
    pub batch: usize,
    /// Heads of the queries.
    pub heads: usize,
    /// Heads of the keys and values: as many, or a divisor of it.
    pub kv_heads: usize,
    /// Queries of each text.
    pub q_len: usize,
    /// Keys of each text.
    pub kv_len: usize,
    /// Values of each query and of each key.
    pub head_dim: usize,
}

/// [`attention`] with masks, a bias, another scale; of texts of several lengths without padding; and in given memory.
///
/// ```
/// use kernels_nn::{ScaledDotProduct, Scratch};
/// // Two texts of one and of two tokens, with two heads.
/// let offsets = [0, 1, 3];
/// let attention = ScaledDotProduct::ragged(&offsets, &offsets, 2, 2, 1)?.causal();
/// let v = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
/// let (mut out, mut scratch) = ([0.0; 6], Scratch::with_limit(attention.scratch_bytes()));
/// attention.run_into(&[0.0; 6], &[0.0; 6], &v, &mut out, &mut scratch)?;
/// assert_eq!(out, [1.0, 2.0, 3.0, 4.0, 4.0, 5.0]);
/// # Ok::<(), kernels_nn::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ScaledDotProduct<'a> {
    isa: Option<Isa>,
    plan: Plan<'a>,
    /// The rows of `q`, and those of `k`, of all texts.
    lens: [usize; 2],
}

impl<'a> ScaledDotProduct<'a> {
    /// Of texts of one length: `q` and `out` are `[batch, heads, q_len, …]`, `k` and `v` `[batch, kv_heads, kv_len, …]`.
    ///
    /// # Errors
    /// If a size is 0, a product of sizes overflows, or `heads` is no multiple of `kv_heads`.
    pub fn new(shape: AttentionShape) -> Result<Self, Error> {
        let AttentionShape { batch, heads, kv_heads, q_len, kv_len, head_dim } = shape;
        positive(&[("batch", batch), ("q_len", q_len), ("kv_len", kv_len)])?;
        let lens = [product("q", &[batch, q_len])?, product("k", &[batch, kv_len])?];
        let texts = [Texts::Even { len: q_len }, Texts::Even { len: kv_len }];
        Self::of(batch, texts, lens, [heads, kv_heads, head_dim])
    }

    /// Of texts of several lengths, one after another: `q` and `out` are `[tokens, heads, …]`, text `i` being the tokens from
    /// `q_offsets[i]` up to `q_offsets[i + 1]`; and `k` and `v` are `[tokens, kv_heads, …]`, by `kv_offsets`. A text without
    /// keys becomes zeros.
    ///
    /// # Errors
    /// If a size is 0, a product of sizes overflows, `heads` is no multiple of `kv_heads`, `q_offsets` is empty, does not
    /// begin with 0 or falls, or `kv_offsets` does, or has another length.
    pub fn ragged(
        q_offsets: &'a [usize],
        kv_offsets: &'a [usize],
        heads: usize,
        kv_heads: usize,
        head_dim: usize,
    ) -> Result<Self, Error> {
        let lens = [rows_of("q_offsets", q_offsets)?, rows_of("kv_offsets", kv_offsets)?];
        length("kv_offsets", q_offsets.len(), kv_offsets.len())?;
        let texts = [Texts::Ragged { offsets: q_offsets }, Texts::Ragged { offsets: kv_offsets }];
        Self::of(q_offsets.len() - 1, texts, lens, [heads, kv_heads, head_dim])
    }

    /// The same of texts that attend to themselves.
    pub(crate) fn of_texts(
        offsets: &'a [usize],
        heads: usize,
        kv_heads: usize,
        head_dim: usize,
    ) -> Result<Self, Error> {
        let (tokens, texts) = (rows_of("offsets", offsets)?, Texts::Ragged { offsets });
        Self::of(offsets.len() - 1, [texts; 2], [tokens; 2], [heads, kv_heads, head_dim])
    }

    fn of(
        texts: usize,
        [queries, keys]: [Texts<'a>; 2],
        lens: [usize; 2],
        [heads, kv_heads, head_dim]: [usize; 3],
    ) -> Result<Self, Error> {
        positive(&[("heads", heads), ("kv_heads", kv_heads), ("head_dim", head_dim)])?;
        if !heads.is_multiple_of(kv_heads) {
            return Err(Error::PartialRow { what: "heads", dim: kv_heads, got: heads });
        }
        let visible =
            Visible { first: 0, before: usize::MAX, after: usize::MAX, keys: None, mask: None, bias: None };
        let scale = 1.0 / (head_dim as f64).sqrt();
        let plan = Plan {
            texts,
            heads,
            kv_heads,
            queries,
            keys,
            head_dim,
            value_dim: head_dim,
            scale: scale as f32,
            visible,
        };
        Ok(Self { isa: None, plan, lens })
    }

    /// A query at position `i` sees no key beyond key `i`.
    #[must_use]
    pub fn causal(self) -> Self {
        let before = self.plan.visible.before;
        self.window(before, 0)
    }

    /// A query at position `i` sees the keys from `i - before` to `i + after` only.
    #[must_use]
    pub fn window(mut self, before: usize, after: usize) -> Self {
        (self.plan.visible.before, self.plan.visible.after) = (before, after);
        self
    }

    /// The position of a text's first query, where it is not 0: `kv_len - q_len`, for the last queries of a longer text.
    #[must_use]
    pub fn first_position(mut self, position: usize) -> Self {
        // Beyond that, no key is near.
        self.plan.visible.first = position.min(usize::MAX / 4);
        self
    }

    /// What scores are multiplied by, where it is not `1 / sqrt(head_dim)`.
    #[must_use]
    pub fn scale(mut self, scale: f32) -> Self {
        self.plan.scale = scale;
        self
    }

    /// The dimension of `v` and `out`, where it is not `head_dim`.
    ///
    /// # Errors
    /// If it is 0.
    pub fn value_dim(mut self, value_dim: usize) -> Result<Self, Error> {
        positive(&[("value_dim", value_dim)])?;
        self.plan.value_dim = value_dim;
        Ok(self)
    }

    /// Which keys are seen: `[batch, kv_len]`, or `[tokens]` of ragged texts.
    ///
    /// # Errors
    /// If it has another length.
    pub fn key_mask(mut self, mask: &'a [bool]) -> Result<Self, Error> {
        length("key_mask", self.lens[1], mask.len())?;
        self.plan.visible.keys = Some(mask);
        Ok(self)
    }

    /// Which keys each query sees: `[batches, heads, q_len, kv_len]`, each of `batches` and `heads` being 1, for all, or all
    /// there are.
    ///
    /// # Errors
    /// If it has another length, `batches` or `heads` are others, or the texts are ragged.
    pub fn mask(mut self, mask: &'a [bool], batches: usize, heads: usize) -> Result<Self, Error> {
        self.plan.visible.mask = Some(self.per_score("mask", mask, [batches, heads])?);
        Ok(self)
    }

    /// Is added to the scores, after they are scaled: a shape as that of [`mask`](Self::mask).
    ///
    /// # Errors
    /// As [`mask`](Self::mask).
    pub fn bias(mut self, bias: &'a [f32], batches: usize, heads: usize) -> Result<Self, Error> {
        self.plan.visible.bias = Some(self.per_score("bias", bias, [batches, heads])?);
        Ok(self)
    }

    fn per_score<T>(
        &self,
        what: &'static str,
        values: &'a [T],
        [batches, heads]: [usize; 2],
    ) -> Result<PerScore<'a, T>, Error> {
        let (Texts::Even { len: queries }, Texts::Even { len: keys }) = (self.plan.queries, self.plan.keys)
        else {
            return Err(Error::Ragged { what });
        };
        for (what, all, got) in [("batches", self.plan.texts, batches), ("heads", self.plan.heads, heads)] {
            if got != 1 {
                between(what, all, all, got)?;
            }
        }
        length(what, product(what, &[batches, heads, queries, keys])?, values.len())?;
        let head = queries * keys;
        let text_stride = if batches == 1 { 0 } else { heads * head };
        Ok(PerScore { values, text_stride, head_stride: if heads == 1 { 0 } else { head }, keys })
    }

    /// Runs on a named instruction set.
    #[must_use]
    pub fn on(self, isa: Isa) -> Self {
        Self { isa: Some(isa), ..self }
    }

    /// The working memory that it takes, in bytes: the same for texts of any length.
    #[must_use]
    pub fn scratch_bytes(&self) -> usize {
        self.plan.scratch_bytes()
    }

    /// Attention of `q`, `k` and `v`, in the shapes that it was made for.
    ///
    /// # Errors
    /// If a slice has another length, the scale is not finite, or there is no memory; as [`Isa::require`].
    pub fn run(&self, q: &[f32], k: &[f32], v: &[f32]) -> Result<Vec<f32>, Error> {
        let mut out = zeros("out", self.len("out", 0, self.plan.value_dim)?)?;
        self.run_into(q, k, v, &mut out, &mut Scratch::with_limit(usize::MAX))?;
        Ok(out)
    }

    /// As [`run`](Self::run), into `out`. Once `scratch` has held [`scratch_bytes`](Self::scratch_bytes), it allocates nothing.
    ///
    /// # Errors
    /// As [`run`](Self::run); if `out` has another length, or `scratch` may not hold what it takes. `out` is then as it was.
    pub fn run_into(
        &self,
        q: &[f32],
        k: &[f32],
        v: &[f32],
        out: &mut [f32],
        scratch: &mut Scratch,
    ) -> Result<(), Error> {
        let isa = self.check(q, k, v, out)?;
        self.dispatch(isa, [q, k, v], out, &mut scratch.frame(self.scratch_bytes())?)
    }

    /// As [`run_into`](Self::run_into), in part of a workspace.
    pub(crate) fn run_in(
        &self,
        q: &[f32],
        k: &[f32],
        v: &[f32],
        out: &mut [f32],
        frame: &mut Frame<'_>,
    ) -> Result<(), Error> {
        let isa = self.check(q, k, v, out)?;
        self.dispatch(isa, [q, k, v], out, frame)
    }

    fn check(&self, q: &[f32], k: &[f32], v: &[f32], out: &[f32]) -> Result<Isa, Error> {
        let Plan { head_dim, value_dim, scale, .. } = self.plan;
        length("q", self.len("q", 0, head_dim)?, q.len())?;
        length("k", self.len("k", 1, head_dim)?, k.len())?;
        length("v", self.len("v", 1, value_dim)?, v.len())?;
        length("out", self.len("out", 0, value_dim)?, out.len())?;
        if !scale.is_finite() {
            return Err(Error::Number { what: "scale", expected: "a finite number", got: scale });
        }
        Ok(self.isa.map_or_else(Isa::active, Isa::require)?)
    }

    fn dispatch(
        &self,
        isa: Isa,
        [q, k, v]: [&[f32]; 3],
        out: &mut [f32],
        frame: &mut Frame<'_>,
    ) -> Result<(), Error> {
        let room = Room::new(&self.plan, frame)?;
        Ok(dispatch_on(isa, Attend { plan: self.plan, q, k, v, out, room })?)
    }

    /// How many values rows of the queries, or of the keys, have in all heads.
    fn len(&self, what: &'static str, of_keys: usize, dim: usize) -> Result<usize, Error> {
        let heads = [self.plan.heads, self.plan.kv_heads][of_keys];
        product(what, &[self.lens[of_keys], heads, dim])
    }
}

/// How many rows there are by the offsets of the texts.
fn rows_of(what: &'static str, offsets: &[usize]) -> Result<usize, Error> {
    positive(&[(what, offsets.len())])?;
    between(what, 0, 0, offsets[0])?;
    for (index, pair) in offsets.windows(2).enumerate() {
        if pair[1] < pair[0] {
            return Err(Error::Offset { what, index: index + 1, min: pair[0], got: pair[1] });
        }
    }
    Ok(offsets[offsets.len() - 1])
}
