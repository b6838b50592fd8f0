//! Documents that are longer than a model reads at once: cut into windows, and the windows' embeddings pooled again.

use crate::errors::{failure, made_for};
use kernels_pool::ChunkPooling;
use kernels_pool_batch::add_chunk;
use kernels_wasm::{
    Failure, Float32Array, Input, Integer, List, Options, Output, Result, integer, one_of, room, text,
};
use simd_core::AlignedVec;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** How the embeddings of a document's chunks become one. */
export type ChunkPooling = "mean" | "max" | "lengthWeighted" | "centreWeighted";

/** What becomes of a document's embedding. */
export interface ChunkOptions {
  /** Makes it one of length 1. */
  normalize?: boolean;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// How chunks are pooled, as signatures name it.
    #[wasm_bindgen(typescript_type = "ChunkPooling")]
    #[derive(Debug)]
    pub type Name;

    /// `{ normalize? }`
    #[wasm_bindgen(typescript_type = "ChunkOptions")]
    #[derive(Debug)]
    pub type ChunkOptions;
}

/// The most windows that are made: each is an object.
const WINDOWS: usize = 1 << 20;

/// Cuts `len` tokens into windows of `window` tokens, each of which begins with the last `overlap` tokens of the one
/// before: `[start, end]`, without the token at `end`.
///
/// The first one that reaches the end is the last: it may be shorter, and none lies wholly in the one before. No tokens
/// make no windows.
///
/// # Errors
/// If one is no whole number, `window` is 0, or `overlap` is not less than `window`; if there would be more than 1048576
/// windows.
#[wasm_bindgen(unchecked_return_type = "[start: number, end: number][]")]
pub fn windows(len: &Integer, window: &Integer, overlap: &Integer) -> Result<JsValue> {
    let [len, window, overlap] =
        [integer("len", len)?, integer("window", window)?, integer("overlap", overlap)?];
    let windows = kernels_pool::windows(len, window, overlap).map_err(failure)?;
    if windows.len() > WINDOWS {
        return Err(Failure::range("len", "at most 1048576 windows", &text(windows.len() as f64)));
    }
    let list = List::empty();
    for window in windows {
        let pair = List::empty();
        pair.push(JsValue::from(window.start))?;
        pair.push(JsValue::from(window.end))?;
        list.push(pair)?;
    }
    Ok(list.into())
}

const NAMES: [&str; 4] = ["mean", "max", "lengthWeighted", "centreWeighted"];
const POOLINGS: [ChunkPooling; 4] =
    [ChunkPooling::Mean, ChunkPooling::Max, ChunkPooling::LengthWeighted, ChunkPooling::CentreWeighted];

/// Pools the embeddings of a document's chunks as they come, in memory that does not grow.
///
/// `"mean"`: all chunks count alike. `"max"`: the largest value of each dimension. `"lengthWeighted"`: a chunk counts by
/// its tokens. `"centreWeighted"`: chunk `i` of `n`, from 0 on, has the weight `(i + 1)(n - i)`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct ChunkPooler {
    pooler: kernels_pool::ChunkPooler,
    row: AlignedVec<f32>,
}

#[wasm_bindgen]
impl ChunkPooler {
    /// For embeddings of `dim` values. Free it with `free()`, or by `using`.
    ///
    /// # Errors
    /// If `pooling` is none, `dim` is no whole number from 1 on, or an option is none.
    #[wasm_bindgen(constructor)]
    pub fn new(pooling: &Name, dim: &Integer, options: Option<ChunkOptions>) -> Result<Self> {
        let pooling = POOLINGS[one_of("pooling", &NAMES, pooling)?];
        let dim = integer("dim", dim)?;
        let is_normalized = Options::new(options.as_deref())?.is_on("normalize")?;
        let mut pooler = kernels_pool::ChunkPooler::new(pooling, dim).map_err(made_for("dim"))?;
        if is_normalized {
            pooler = pooler.normalized();
        }
        Ok(Self { pooler, row: room("dim", 1, dim)? })
    }

    /// Takes the next chunk: its embedding, made of `tokens` tokens. Only `"lengthWeighted"` asks for these.
    ///
    /// # Errors
    /// If `embedding` is no Float32Array of `dim` values, or `tokens` is no whole number and is asked for. The chunk is not
    /// taken then.
    pub fn add(
        &mut self,
        embedding: &Float32Array,
        #[wasm_bindgen(unchecked_optional_param_type = "number")] tokens: &JsValue,
    ) -> Result<()> {
        let is_asked_for = self.pooler.pooling() == ChunkPooling::LengthWeighted;
        let tokens = if tokens.is_undefined() && !is_asked_for { 1 } else { integer("tokens", tokens)? };
        let (embedding, dim) = (Input::<f32>::new("embedding", embedding)?, self.row.len() as f64);
        if embedding.len() != dim {
            return Err(Failure::length("embedding", dim, embedding.len()));
        }
        embedding.read(0.0, &mut self.row)?;
        add_chunk(&mut self.pooler, &self.row, tokens).map_err(failure)
    }

    /// The embedding of the chunks so far, in `out` if it is given, and in a fresh array otherwise. Nothing changes: more
    /// may follow.
    ///
    /// # Errors
    /// If there are no chunks, or `out` has another length. It is then as it was.
    pub fn finish(&self, out: Option<Float32Array>) -> Result<Float32Array> {
        let out = Output::<f32>::new("out", out, self.dim(), &[])?;
        let mut row = room("out", 1, self.dim())?;
        self.pooler.finish_into(&mut row).map_err(failure)?;
        out.write(0, &row)?;
        Ok(out.into_array())
    }

    /// Back to no chunks, in the memory that there is.
    pub fn reset(&mut self) {
        self.pooler.reset();
    }

    /// How many chunks there are so far.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn chunks(&self) -> usize {
        self.pooler.chunks()
    }

    /// The length of an embedding.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn dim(&self) -> usize {
        self.pooler.dim()
    }
}
