//! Functions over buffers in the wasm memory: nothing is copied.

use crate::pieces::vec_of;
use crate::work::{Kind, Work};
use kernels_maxsim::{Docs, Error};
use kernels_wasm::{Counts, F32Buffer, Integer, Lengths, Result, integer};
use wasm_bindgen::prelude::*;

/// As `maxsimBatch`, over buffers: `query` is `[query tokens, dim]`, `docs` is `[sum of docLens, dim]`, and `scores` has
/// as many values as there are documents. `scores` must be another buffer than the inputs.
///
/// # Errors
/// As `maxsimBatch`; if `scores` is also an input. `scores` are then as they were.
#[wasm_bindgen(js_name = maxsimBatchInto)]
pub fn maxsim_batch_into(
    query: &F32Buffer,
    docs: &F32Buffer,
    #[wasm_bindgen(js_name = docLens)] doc_lens: &Lengths,
    dim: &Integer,
    scores: &F32Buffer,
) -> Result<()> {
    batch_into(Kind::Sum, query, docs, doc_lens, dim, scores)
}

/// As `maxsimBatchInto`, divided by the number of query tokens; 0 for a query of none.
///
/// # Errors
/// As `maxsimBatchInto`.
#[wasm_bindgen(js_name = maxsimMeanBatchInto)]
pub fn maxsim_mean_batch_into(
    query: &F32Buffer,
    docs: &F32Buffer,
    #[wasm_bindgen(js_name = docLens)] doc_lens: &Lengths,
    dim: &Integer,
    scores: &F32Buffer,
) -> Result<()> {
    batch_into(Kind::Mean, query, docs, doc_lens, dim, scores)
}

fn batch_into(
    kind: Kind,
    query: &F32Buffer,
    docs: &F32Buffer,
    doc_lens: &Lengths,
    dim: &Integer,
    scores: &F32Buffer,
) -> Result<()> {
    let (dim, counts) = (integer("dim", dim)?, Counts::new("docLens", doc_lens)?);
    let mut doc_lens = vec_of(0, counts.len())?;
    counts.read(0, &mut doc_lens)?;
    let (query, docs) = (query.input()?, docs.input()?);
    let mut scores = scores.output().map_err(|_| Error::Overlap { what: "scores", with: "an input" })?;
    let docs = Docs::new(&docs, &doc_lens, dim)?;
    kind.score(Work::lend().pack_values(&query, dim)?, docs, &mut scores)
}
