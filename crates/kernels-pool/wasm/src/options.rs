//! What comes as `{ … }`.

use kernels_pool::{Pooler, Pooling};
use kernels_wasm::{Options, Result, integer};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What becomes of a pooled vector. */
export interface PoolOptions {
  /** Keeps the first `k` dimensions; all of them without it. */
  k?: number;
  /** Makes the vector one of length 1, after it is cut. */
  normalize?: boolean;
}

/** How the tokens of a text become one vector: the names of sentence-transformers. */
export type Pooling = "cls" | "lasttoken" | "max" | "mean" | "mean_sqrt_len_tokens" | "weightedmean";

/** How texts without padding are pooled. */
export interface RaggedOptions extends PoolOptions {
  /** By their mean without it. */
  pooling?: Pooling;
}

/** What is to be found. */
export interface SearchOptions {
  /** How many rows. */
  k: number;
}

/** What is to be found, in two steps. */
export interface TwoStepOptions extends SearchOptions {
  /** How many rows the first step keeps. */
  candidates: number;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// `{ k?, normalize? }`
    #[wasm_bindgen(typescript_type = "PoolOptions")]
    #[derive(Debug)]
    pub type PoolOptions;

    /// `{ k?, normalize?, pooling? }`
    #[wasm_bindgen(typescript_type = "RaggedOptions")]
    #[derive(Debug)]
    pub type RaggedOptions;

    /// `{ k }`
    #[wasm_bindgen(typescript_type = "SearchOptions")]
    #[derive(Debug)]
    pub type SearchOptions;

    /// `{ candidates, k }`
    #[wasm_bindgen(typescript_type = "TwoStepOptions")]
    #[derive(Debug)]
    pub type TwoStepOptions;
}

/// What pools so: `k` is at most `hidden`. And how many dimensions are kept.
pub(crate) fn pooler(options: Options<'_>, pooling: Pooling, hidden: usize) -> Result<(Pooler, usize)> {
    let mut pooler = Pooler::new(pooling);
    if options.is_on("normalize")? {
        pooler = pooler.normalized();
    }
    let Some(k) = options.get("k")? else { return Ok((pooler, hidden)) };
    let k = crate::errors::check_k(integer("k", k)?, hidden)?;
    Ok((pooler.truncated(k), k))
}

/// The pooling that is asked for.
pub(crate) fn pooling(options: Options<'_>) -> Result<Pooling> {
    let names = Pooling::ALL.map(Pooling::name);
    let mean = Pooling::ALL.iter().position(|pooling| *pooling == Pooling::Mean);
    Ok(Pooling::ALL[options.name("pooling", &names, mean.unwrap_or_default())?])
}
