//! Scaled dot-product attention.

use crate::buffers::{input, output};
use crate::errors::failure;
use kernels_nn::{AttentionShape, ScaledDotProduct, Scratch};
use kernels_wasm::{F32Buffer, Failure, Float32Array, Input, Options, Output, Result, positive, room, text};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** The sizes of attention. */
export interface AttentionOptions {
  /** Texts, 1 without it. */
  batch?: number;
  /** Heads of the queries. */
  heads: number;
  /** Heads of the keys and values: a divisor of `heads`, which it is without it. */
  kvHeads?: number;
  /** Queries of each text. */
  qLen: number;
  /** Keys of each text, `qLen` without it. */
  kvLen?: number;
  /** Values of each query and of each key. */
  headDim: number;
  /** Query `i` sees no key beyond key `i`. */
  causal?: boolean;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// `{ batch?, heads, kvHeads?, qLen, kvLen?, headDim, causal? }`
    #[wasm_bindgen(typescript_type = "AttentionOptions")]
    #[derive(Debug)]
    pub type AttentionOptions;
}

/// `softmax(q k^T / sqrt(headDim)) v`, for each head: `q` is `[batch, heads, qLen, headDim]`, and `k` and `v` are
/// `[batch, kvHeads, kvLen, headDim]`; `heads / kvHeads` heads of queries share one of keys.
///
/// The result, in the shape of `q`, is written to `out` if it is given, and to a fresh array otherwise. The arrays and the result
/// are copied whole; beyond that, it takes the same memory however long the texts are.
///
/// # Errors
/// If a size is no whole number from 1 on, `heads` is no multiple of `kvHeads`, an array is no Float32Array, or has another
/// length, or `out` has another length or lies over an input. `out` is then as it was.
#[wasm_bindgen]
pub fn attention(
    q: &Float32Array,
    k: &Float32Array,
    v: &Float32Array,
    options: &AttentionOptions,
    out: Option<Float32Array>,
) -> Result<Float32Array> {
    // First: an option of the caller's may do anything while it is read.
    let [q, k, v] = [Input::<f32>::new("q", q)?, Input::new("k", k)?, Input::new("v", v)?];
    let attention = Attention::new(options)?;
    q.check_len(attention.values_of_queries())?;
    k.check_len(attention.values_of_keys())?;
    v.check_len(attention.values_of_keys())?;
    let out = Output::<f32>::new("out", out, q.len() as usize, &[("q", &q), ("k", &k), ("v", &v)])?;
    let [q, k, v] = [q.to_values()?, k.to_values()?, v.to_values()?];
    let mut made = room("out", 1, q.len())?;
    attention.run(&q, &k, &v, &mut made)?;
    out.write(0, &made)?;
    Ok(out.into_array())
}

/// As `attention`, over buffers in the wasm memory: nothing is copied. `out` must be another buffer than the inputs.
///
/// # Errors
/// As `attention`.
#[wasm_bindgen(js_name = attentionInto)]
pub fn attention_into(
    q: &F32Buffer,
    k: &F32Buffer,
    v: &F32Buffer,
    options: &AttentionOptions,
    out: &F32Buffer,
) -> Result<()> {
    let attention = Attention::new(options)?;
    let (q, k, v) = (input(q)?, input(k)?, input(v)?);
    let mut out = output(out, "the inputs")?;
    attention.run(&q, &k, &v, &mut out)
}

struct Attention {
    shape: AttentionShape,
    causal: bool,
}

impl Attention {
    fn new(options: &AttentionOptions) -> Result<Self> {
        let options = Options::new(Some(options))?;
        let given = |name: &str| positive(name, options.number(name)?);
        let or = |name: &str, default: usize| match options.get(name)? {
            Some(_) => given(name),
            None => Ok(default),
        };
        let (heads, q_len) = (given("heads")?, given("qLen")?);
        let (batch, kv_heads, kv_len) = (or("batch", 1)?, or("kvHeads", heads)?, or("kvLen", q_len)?);
        if !heads.is_multiple_of(kv_heads) {
            return Err(Failure::range("heads", "a multiple of kvHeads", &text(heads as f64)));
        }
        let shape = AttentionShape { batch, heads, kv_heads, q_len, kv_len, head_dim: given("headDim")? };
        Ok(Self { shape, causal: options.is_on("causal")? })
    }

    /// As floats, since there may be more than wasm32 counts.
    fn values_of_queries(&self) -> f64 {
        let AttentionShape { batch, heads, q_len, head_dim, .. } = self.shape;
        batch as f64 * heads as f64 * q_len as f64 * head_dim as f64
    }

    fn values_of_keys(&self) -> f64 {
        let AttentionShape { batch, kv_heads, kv_len, head_dim, .. } = self.shape;
        batch as f64 * kv_heads as f64 * kv_len as f64 * head_dim as f64
    }

    fn run(&self, q: &[f32], k: &[f32], v: &[f32], out: &mut [f32]) -> Result<()> {
        let attention = ScaledDotProduct::new(self.shape).map_err(failure)?;
        let attention = if self.causal { attention.causal() } else { attention };
        attention.run_into(q, k, v, out, &mut Scratch::with_limit(usize::MAX)).map_err(failure)
    }
}
