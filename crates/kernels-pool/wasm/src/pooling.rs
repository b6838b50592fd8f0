//! From the token embeddings of a text to one vector.

use crate::errors::failure;
use crate::options::{PoolOptions, RaggedOptions, pooler, pooling};
use crate::texts::{self, Texts};
use kernels_pool::{Error, Pooler, Pooling};
use kernels_pool_batch::pool_masked;
use kernels_wasm::{
    Counts, F32Buffer, Failure, Float32Array, Input, Integer, Lengths, Options, Output, Result, integer,
    positive, vec_of,
};
use simd_core::AlignedVec;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// An attention mask, as signatures name it.
    #[wasm_bindgen(typescript_type = "Uint8Array | BigInt64Array")]
    #[derive(Debug)]
    pub type Mask;
}

/// For each pooling: over typed arrays, and over buffers.
macro_rules! pools {
    ($($(#[$doc:meta])* $name:ident $js:literal, $into:ident $js_into:literal: $pooling:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// `x` is `[batch, seq, hidden]`, row-major, and `mask` is `[batch, seq]`: 1 for a token that counts and 0 for
        /// padding, which has no effect, whatever it holds, and is not copied. A text without tokens that count gives
        /// zeros.
        ///
        /// The vectors are written to `out` if it is given, and to a fresh array otherwise: `[batch, hidden]`, or
        /// `[batch, k]`.
        ///
        /// # Errors
        /// If a size is no whole number from 1 on, an array is of another class or length, `mask` has something else than 0
        /// and 1, an option is none, or `out` has another length or lies over `x`. `out` is then as it was.
        #[wasm_bindgen(js_name = $js)]
        pub fn $name(
            x: &Float32Array,
            mask: &Mask,
            batch: &Integer,
            seq: &Integer,
            hidden: &Integer,
            options: Option<PoolOptions>,
            out: Option<Float32Array>,
        ) -> Result<Float32Array> {
            let shape = Shape::new(batch, seq, hidden)?;
            arrays(Pooling::$pooling, x, mask, shape, options.as_deref(), out)
        }

        #[doc = concat!("As `", $js, "`, over buffers in the wasm memory: nothing but the mask is copied. `out` must be")]
        /// another buffer than `x`.
        ///
        /// # Errors
        #[doc = concat!("As `", $js, "`.")]
        #[wasm_bindgen(js_name = $js_into)]
        pub fn $into(
            x: &F32Buffer,
            mask: &Mask,
            batch: &Integer,
            seq: &Integer,
            hidden: &Integer,
            options: Option<PoolOptions>,
            out: &F32Buffer,
        ) -> Result<()> {
            let shape = Shape::new(batch, seq, hidden)?;
            buffers(Pooling::$pooling, x, mask, shape, options.as_deref(), out)
        }
    )*};
}

pools! {
    /// The embedding of the first token that counts.
    cls_pool "clsPool", cls_pool_into "clsPoolInto": Cls;
    /// The embedding of the last token that counts.
    last_token_pool "lastTokenPool", last_token_pool_into "lastTokenPoolInto": LastToken;
    /// The largest value of each dimension; NaN if one is NaN.
    max_pool "maxPool", max_pool_into "maxPoolInto": Max;
    /// The mean of the tokens' embeddings.
    mean_pool "meanPool", mean_pool_into "meanPoolInto": Mean;
    /// The sum of the tokens' embeddings, divided by the square root of their number.
    mean_sqrt_len_pool "meanSqrtLenPool", mean_sqrt_len_pool_into "meanSqrtLenPoolInto": MeanSqrtLen;
    /// The mean of the tokens' embeddings, each weighted by its position from 1 on, which is that of the first token
    /// that counts.
    weighted_mean_pool "weightedMeanPool", weighted_mean_pool_into "weightedMeanPoolInto": WeightedMean;
}

/// Pools texts without padding, one after another in `x`: `[sum of lens, hidden]`, `lens[i]` tokens each.
///
/// `options.pooling` says how, in the names of sentence-transformers: by the mean if it does not. An empty text gives
/// zeros.
///
/// # Errors
/// If `hidden` is no whole number from 1 on, `lens` has something else than whole numbers, or none at all, or calls for
/// another length of `x`, an option is none, or `out` has another length or lies over `x`. `out` is then as it was.
#[wasm_bindgen(js_name = poolRagged)]
pub fn pool_ragged(
    x: &Float32Array,
    lens: &Lengths,
    hidden: &Integer,
    options: Option<RaggedOptions>,
    out: Option<Float32Array>,
) -> Result<Float32Array> {
    let hidden = positive("hidden", integer("hidden", hidden)?)?;
    let options = Options::new(options.as_deref())?;
    let pooling = pooling(options)?;
    let pooler = pooler(options, pooling, hidden)?;
    let (x, counts) = (Input::new("x", x)?, Counts::new("lens", lens)?);
    if counts.is_empty() {
        return Err(failure(Error::Empty { what: "lens" }));
    }
    let mut lens = vec_of("lens", 0, counts.len())?;
    counts.read(0, &mut lens)?;
    let tokens: f64 = lens.iter().map(|&len| len as f64).sum();
    if tokens * hidden as f64 != x.len() {
        return Err(Failure::length("x", tokens * hidden as f64, x.len()));
    }
    finish(&x, out, lens.len(), pooler.1, || Texts::new(&x, pooling, &pooler, hidden).ragged(&lens))
}

/// The sizes of padded texts.
struct Shape {
    batch: usize,
    seq: usize,
    hidden: usize,
}

impl Shape {
    fn new(batch: &Integer, seq: &Integer, hidden: &Integer) -> Result<Self> {
        let size = |what, size| positive(what, integer(what, size)?);
        Ok(Self { batch: size("batch", batch)?, seq: size("seq", seq)?, hidden: size("hidden", hidden)? })
    }

    /// How many there are: as a float, since there may be more than wasm32 counts.
    fn tokens(&self) -> f64 {
        self.batch as f64 * self.seq as f64
    }

    fn check(&self, len: f64) -> Result<()> {
        let expected = self.tokens() * self.hidden as f64;
        if len == expected { Ok(()) } else { Err(Failure::length("x", expected, len)) }
    }
}

fn arrays(
    pooling: Pooling,
    x: &Float32Array,
    mask: &Mask,
    shape: Shape,
    options: Option<&JsValue>,
    out: Option<Float32Array>,
) -> Result<Float32Array> {
    let pooler = pooler(Options::new(options)?, pooling, shape.hidden)?;
    let x = Input::new("x", x)?;
    shape.check(x.len())?;
    let mask = texts::mask(mask, shape.tokens())?;
    finish(&x, out, shape.batch, pooler.1, || {
        Texts::new(&x, pooling, &pooler, shape.hidden).masked(&mask, shape.seq)
    })
}

/// Puts `batch` vectors of `k` values where they belong.
fn finish(
    x: &Input<f32>,
    out: Option<Float32Array>,
    batch: usize,
    k: usize,
    pool: impl FnOnce() -> Result<AlignedVec<f32>>,
) -> Result<Float32Array> {
    let len = batch.checked_mul(k).ok_or_else(|| Failure::no_memory("out"))?;
    let out = Output::<f32>::new("out", out, len, &[("x", x)])?;
    out.write(0, &pool()?)?;
    Ok(out.into_array())
}

fn buffers(
    pooling: Pooling,
    x: &F32Buffer,
    mask: &Mask,
    shape: Shape,
    options: Option<&JsValue>,
    out: &F32Buffer,
) -> Result<()> {
    let (pooler, _): (Pooler, _) = pooler(Options::new(options)?, pooling, shape.hidden)?;
    shape.check(x.length() as f64)?;
    let mask = texts::mask(mask, shape.tokens())?;
    // Borrowed when nothing of JavaScript runs any more.
    let x = x.input()?;
    let Ok(mut out) = out.output() else {
        return Err(Failure::range("out", "another buffer than x", "the same"));
    };
    pool_masked(&pooler, &x, &mask, [shape.batch, shape.seq, shape.hidden], &mut out).map_err(failure)
}
