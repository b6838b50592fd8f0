//! The safe functions.

use crate::docs::Docs;
use crate::error::{Error, length, rows};
use crate::kernel::{Argmax, Layout, Score};
use crate::packed::View;
use crate::query::{PackedQueries, PackedQuery};
use simd_core::{dispatch_on, top_k};

/// The score of one document: for each query token the largest dot product with a token of the document, summed.
///
/// - `query`: `[query tokens, dim]`, row-major
/// - `doc`: `[document tokens, dim]`, row-major
///
/// Packs the query for this one document: for many, [`maxsim_batch`] or [`PackedQuery`] is faster.
///
/// ```
/// let query = [1.0, 0.0, 0.0, 1.0];
/// let doc = [0.6, 0.8, 1.0, 0.0];
/// assert_eq!(kernels_maxsim::maxsim(&query, &doc, 2)?, 1.0 + 0.8);
/// # Ok::<(), kernels_maxsim::Error>(())
/// ```
///
/// # Errors
/// As [`PackedQuery::new`]; if `doc` is not whole rows.
pub fn maxsim(query: &[f32], doc: &[f32], dim: usize) -> Result<f32, Error> {
    one(query, doc, dim, false)
}

/// As [`maxsim`], divided by the number of query tokens; 0 for a query of none.
///
/// - `query`: `[query tokens, dim]`; `doc`: `[document tokens, dim]`
///
/// ```
/// assert_eq!(kernels_maxsim::maxsim_mean(&[1.0, 0.0, 0.0, 1.0], &[0.5, 0.25], 2)?, 0.375);
/// # Ok::<(), kernels_maxsim::Error>(())
/// ```
///
/// # Errors
/// As [`maxsim`].
pub fn maxsim_mean(query: &[f32], doc: &[f32], dim: usize) -> Result<f32, Error> {
    one(query, doc, dim, true)
}

/// The score of each of several documents, as [`maxsim`].
///
/// - `query`: `[query tokens, dim]`, row-major
/// - `docs`: `[sum of doc_lens, dim]`: ragged documents, one after another
/// - `doc_lens`: the tokens of each document
///
/// ```
/// let scores = kernels_maxsim::maxsim_batch(&[1.0, 0.0], &[0.6, 0.8, 1.0, 0.0, 0.0, 1.0], &[2, 1], 2)?;
/// assert_eq!(scores, [1.0, 0.0]);
/// # Ok::<(), kernels_maxsim::Error>(())
/// ```
///
/// # Errors
/// As [`PackedQuery::new`] and [`Docs::new`].
pub fn maxsim_batch(query: &[f32], docs: &[f32], doc_lens: &[usize], dim: usize) -> Result<Vec<f32>, Error> {
    batch(query, docs, doc_lens, dim, false)
}

/// As [`maxsim_batch`], divided by the number of query tokens; 0 for a query of none.
///
/// - `query`: `[query tokens, dim]`; `docs`: `[sum of doc_lens, dim]`
///
/// # Errors
/// As [`maxsim_batch`].
pub fn maxsim_mean_batch(
    query: &[f32],
    docs: &[f32],
    doc_lens: &[usize],
    dim: usize,
) -> Result<Vec<f32>, Error> {
    batch(query, docs, doc_lens, dim, true)
}

/// Writes the score of each document to `scores: [documents]`. Allocates nothing, and works in a few kilobytes
/// of stack, however long the documents are.
///
/// See [`PackedQuery`] for an example.
///
/// # Errors
/// If the query and the documents differ in `dim`, `scores` has another length than queries times documents, or
/// `KERNELS_ISA` names a set that is not available; `scores` is then as it was.
pub fn maxsim_batch_into(query: &PackedQuery, docs: Docs<'_>, scores: &mut [f32]) -> Result<(), Error> {
    score(query.view(), docs, false, scores)
}

/// As [`maxsim_batch_into`], divided by the number of query tokens that count; 0 where none does.
///
/// # Errors
/// As [`maxsim_batch_into`].
pub fn maxsim_mean_batch_into(query: &PackedQuery, docs: Docs<'_>, scores: &mut [f32]) -> Result<(), Error> {
    score(query.view(), docs, true, scores)
}

/// Scores several queries against the same documents, to `scores: [queries, documents]`, row-major. Each score
/// is, bit for bit, what [`maxsim_batch_into`] gives for the query alone.
///
/// See [`PackedQueries`] for an example.
///
/// # Errors
/// As [`maxsim_batch_into`].
pub fn maxsim_queries_into(queries: &PackedQueries, docs: Docs<'_>, scores: &mut [f32]) -> Result<(), Error> {
    score(queries.view(), docs, false, scores)
}

/// As [`maxsim_queries_into`], each score divided by the number of its query's tokens.
///
/// # Errors
/// As [`maxsim_batch_into`].
pub fn maxsim_mean_queries_into(
    queries: &PackedQueries,
    docs: Docs<'_>,
    scores: &mut [f32],
) -> Result<(), Error> {
    score(queries.view(), docs, true, scores)
}

/// The documents of the highest scores, the best first; of equal scores, the first document first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ranking {
    /// Which documents.
    pub indices: Vec<usize>,
    /// Their scores.
    pub scores: Vec<f32>,
}

/// The `k` documents that score highest, or all where there are fewer: [`maxsim_batch`] and [`top_k`].
///
/// - `query`: `[query tokens, dim]`; `docs`: `[sum of doc_lens, dim]`
///
/// ```
/// let best = kernels_maxsim::search(&[1.0, 0.0], &[0.0, 1.0, 0.6, 0.8, 1.0, 0.0], &[1, 1, 1], 2, 2)?;
/// assert_eq!((best.indices, best.scores), (vec![2, 1], vec![1.0, 0.6]));
/// # Ok::<(), kernels_maxsim::Error>(())
/// ```
///
/// # Errors
/// As [`maxsim_batch`].
pub fn search(
    query: &[f32],
    docs: &[f32],
    doc_lens: &[usize],
    dim: usize,
    k: usize,
) -> Result<Ranking, Error> {
    let scores = maxsim_batch(query, docs, doc_lens, dim)?;
    let indices = top_k(&scores, k);
    let scores = indices.iter().map(|&i| scores[i]).collect();
    Ok(Ranking { indices, scores })
}

/// For each query token, the document token that it matches best: the first one of the largest dot product.
///
/// `None` for every token if the document is empty. NaN counts as the largest: the first NaN is then the answer.
///
/// ```
/// let matches = kernels_maxsim::maxsim_argmax(&[1.0, 0.0, 0.0, 1.0], &[0.6, 0.8, 1.0, 0.0], 2)?;
/// assert_eq!(matches, [Some(1), Some(0)]);
/// # Ok::<(), kernels_maxsim::Error>(())
/// ```
///
/// # Errors
/// As [`maxsim`].
pub fn maxsim_argmax(query: &[f32], doc: &[f32], dim: usize) -> Result<Vec<Option<usize>>, Error> {
    let query = PackedQuery::new(query, dim)?;
    let mut out = vec![None; query.tokens()];
    maxsim_argmax_into(&query, doc, &mut out)?;
    Ok(out)
}

/// Writes what [`maxsim_argmax`] returns to `out: [query tokens]`; a token that is masked gets `None`. Allocates
/// nothing.
///
/// # Errors
/// If `doc` is not whole rows of the query's `dim`, or `out` has another length than the query; `out` is then as
/// it was.
pub fn maxsim_argmax_into(query: &PackedQuery, doc: &[f32], out: &mut [Option<usize>]) -> Result<(), Error> {
    let rows = rows("doc", doc, query.dim())?;
    length("out", query.tokens(), out.len())?;
    out.fill(None);
    if rows > 0 {
        dispatch_on(query.isa(), Argmax { query: query.view(), doc, rows, places: query.places(), out })?;
    }
    Ok(())
}

fn one(query: &[f32], doc: &[f32], dim: usize, mean: bool) -> Result<f32, Error> {
    let query = PackedQuery::new(query, dim)?;
    let doc_lens = [rows("doc", doc, dim)?];
    let mut scores = [0.0];
    score(query.view(), Docs::new(doc, &doc_lens, dim)?, mean, &mut scores)?;
    Ok(scores[0])
}

fn batch(query: &[f32], docs: &[f32], doc_lens: &[usize], dim: usize, mean: bool) -> Result<Vec<f32>, Error> {
    let query = PackedQuery::new(query, dim)?;
    let docs = Docs::new(docs, doc_lens, dim)?;
    let mut scores = vec![0.0; docs.len()];
    score(query.view(), docs, mean, &mut scores)?;
    Ok(scores)
}

#[inline(never)] // several functions are this one, which need not be there several times
fn score(query: View<'_>, docs: Docs<'_>, mean: bool, scores: &mut [f32]) -> Result<(), Error> {
    validate(query, docs, scores)?;
    Ok(dispatch_on(query.isa, Score { query, docs, mean, layout: Layout::QueryMajor, scores })?)
}

/// That the shapes of query, documents and scores agree.
pub(crate) fn validate(query: View<'_>, docs: Docs<'_>, scores: &[f32]) -> Result<(), Error> {
    if query.dim != docs.dim() {
        return Err(Error::Dim { expected: query.dim, got: docs.dim() });
    }
    let expected =
        query.query_lens.len().checked_mul(docs.len()).ok_or(Error::TooLarge { what: "scores" })?;
    length("scores", expected, scores.len())
}
