//! The best rows.

use kernels_wasm::{Element, Result, fresh, object, vec_of};
use simd_core::Best;
use std::cmp::Ordering;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** The best rows, the best first; of equal ones the first, and NaN last. */
export interface Ranking<Scores = Float32Array | Int32Array | Uint32Array> {
  /** Which rows. */
  indices: Uint32Array;
  /** Their dot products, cosines or distances. */
  scores: Scores;
}
"#;

/// What a comparison gives.
pub(crate) trait Score: Element + Default {
    /// The same number.
    fn to_number(self) -> f64;
    /// As it was before [`to_number`](Self::to_number).
    fn from_number(number: f64) -> Self;
}

macro_rules! score {
    ($($type:ty)*) => {$(
        impl Score for $type {
            fn to_number(self) -> f64 {
                self.into()
            }

            fn from_number(number: f64) -> Self {
                number as Self
            }
        }
    )*};
}
score!(f32 i32 u32);

/// A row and its score, whatever that was.
#[derive(Clone, Copy)]
struct Hit {
    index: usize,
    score: f64,
}

/// The better one first: the higher one, then NaN.
fn highest(a: &Hit, b: &Hit) -> Ordering {
    let by_score = b.score.partial_cmp(&a.score).unwrap_or_else(|| a.score.is_nan().cmp(&b.score.is_nan()));
    by_score.then(a.index.cmp(&b.index))
}

/// The same, where the lower one is the better.
fn lowest(a: &Hit, b: &Hit) -> Ordering {
    highest(&Hit { score: -a.score, ..*a }, &Hit { score: -b.score, ..*b })
}

/// Finds the `k` best of `count` rows: `scan` calls with some of them, and their scores.
pub(crate) fn best<S: Score>(
    k: usize,
    count: usize,
    lowest_first: bool,
    scan: impl FnOnce(&mut dyn FnMut(usize, S)) -> Result<()>,
) -> Result<Ranking> {
    let mut hits = vec_of("k", Hit { index: 0, score: 0.0 }, k.min(count))?;
    let order: fn(&Hit, &Hit) -> Ordering = if lowest_first { lowest } else { highest };
    let mut best = Best::new(&mut hits, order);
    scan(&mut |index, score: S| best.push(Hit { index, score: score.to_number() }))?;
    best.finish();
    Ranking::new::<S>(hits)
}

/// `{ indices, scores }`
pub(crate) struct Ranking {
    /// The object itself.
    pub(crate) value: JsValue,
    /// Which rows.
    pub(crate) indices: Vec<u32>,
}

impl Ranking {
    fn new<S: Score>(hits: Vec<Hit>) -> Result<Self> {
        let (mut indices, mut scores) = (vec_of("k", 0, hits.len())?, vec_of("k", S::default(), hits.len())?);
        for ((hit, index), score) in hits.iter().zip(&mut indices).zip(&mut scores) {
            (*index, *score) = (hit.index as u32, S::from_number(hit.score));
        }
        let (of, with) = (fresh(&indices)?, fresh(&scores)?);
        let value = object(&[("indices", of.into()), ("scores", with.into())]);
        Ok(Self { value, indices })
    }
}
