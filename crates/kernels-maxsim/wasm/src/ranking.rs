//! The best documents.

use crate::pieces::vec_of;
use kernels_maxsim::top_k_into;
use kernels_wasm::{Failure, Result, Uint32Array, fresh, integer, object};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What is to be found. */
export interface SearchOptions {
  /** How many documents. */
  k: number;
}

/** The documents of the highest scores, the best first. */
export interface Ranking {
  /** Which documents. */
  indices: Uint32Array;
  /** Their scores. */
  scores: Float32Array;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// `{ k }`
    #[wasm_bindgen(typescript_type = "SearchOptions")]
    #[derive(Debug)]
    pub type SearchOptions;
    #[wasm_bindgen(method, getter, catch, js_name = k)]
    fn get_k(this: &SearchOptions) -> std::result::Result<JsValue, JsValue>;

    /// `{ indices, scores }`
    #[wasm_bindgen(typescript_type = "Ranking")]
    #[derive(Debug)]
    pub type Ranking;
}

impl SearchOptions {
    /// How many documents are asked for.
    pub(crate) fn k(&self) -> Result<usize> {
        integer("k", self.get_k().map_err(Failure::thrown)?)
    }
}

impl Ranking {
    /// The `k` best of these scores.
    pub(crate) fn of(scores: &[f32], k: usize) -> Result<Self> {
        let indices = best(scores, k)?;
        let mut of_best = vec_of(0.0, indices.len())?;
        for (score, &index) in of_best.iter_mut().zip(&indices) {
            *score = scores[index];
        }
        let (indices, scores) = (numbers(&indices)?.into(), fresh(&of_best)?.into());
        Ok(object(&[("indices", indices), ("scores", scores)]).unchecked_into())
    }
}

/// The indices of the `k` best of these scores.
pub(crate) fn top_k(scores: &[f32], k: usize) -> Result<Uint32Array> {
    numbers(&best(scores, k)?)
}

fn best(scores: &[f32], k: usize) -> Result<Vec<usize>> {
    let mut indices = vec_of(0, k.min(scores.len()))?;
    top_k_into(scores, &mut indices);
    Ok(indices)
}

/// Indices as JavaScript has them.
fn numbers(indices: &[usize]) -> Result<Uint32Array> {
    let mut numbers = vec_of(0, indices.len())?;
    for (number, &index) in numbers.iter_mut().zip(indices) {
        *number = index as u32;
    }
    fresh(&numbers)
}
