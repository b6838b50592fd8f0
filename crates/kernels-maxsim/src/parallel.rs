//! The same functions over the threads of rayon's current pool, which share the documents out. Every score is
//! computed by one thread, in the same order of operations: results equal those of one thread bit for bit.
//!
//! Those for several queries allocate one array, as large as the scores.

use crate::docs::Docs;
use crate::error::Error;
use crate::kernel::{Layout, Score};
use crate::packed::View;
use crate::query::{PackedQueries, PackedQuery};
use crate::safe::validate;
use simd_core::dispatch_on;

/// Multiply-adds that are worth a task of their own: about ten microseconds' work.
const GRAIN: usize = 1 << 19;

/// As [`crate::maxsim_batch_into`].
///
/// # Errors
/// As [`crate::maxsim_batch_into`].
pub fn maxsim_batch_into(query: &PackedQuery, docs: Docs<'_>, scores: &mut [f32]) -> Result<(), Error> {
    score(query.view(), docs, false, scores)
}

/// As [`crate::maxsim_mean_batch_into`].
///
/// # Errors
/// As [`crate::maxsim_batch_into`].
pub fn maxsim_mean_batch_into(query: &PackedQuery, docs: Docs<'_>, scores: &mut [f32]) -> Result<(), Error> {
    score(query.view(), docs, true, scores)
}

/// As [`crate::maxsim_queries_into`].
///
/// # Errors
/// As [`crate::maxsim_batch_into`].
pub fn maxsim_queries_into(queries: &PackedQueries, docs: Docs<'_>, scores: &mut [f32]) -> Result<(), Error> {
    score(queries.view(), docs, false, scores)
}

/// As [`crate::maxsim_mean_queries_into`].
///
/// # Errors
/// As [`crate::maxsim_batch_into`].
pub fn maxsim_mean_queries_into(
    queries: &PackedQueries,
    docs: Docs<'_>,
    scores: &mut [f32],
) -> Result<(), Error> {
    score(queries.view(), docs, true, scores)
}

fn score(query: View<'_>, docs: Docs<'_>, mean: bool, scores: &mut [f32]) -> Result<(), Error> {
    validate(query, docs, scores)?;
    let queries = query.query_lens.len();
    if queries <= 1 {
        return halve(query, docs, mean, scores);
    }
    // Parts of the documents are then parts of the scores; put in order when all are there.
    let mut by_doc = vec![0.0; scores.len()];
    halve(query, docs, mean, &mut by_doc)?;
    for (d, row) in by_doc.chunks_exact(queries).enumerate() {
        for (q, score) in row.iter().enumerate() {
            scores[q * docs.len() + d] = *score;
        }
    }
    Ok(())
}

/// Splits the documents until a part is small, or a single one. Not the queries: they share panels, and what the
/// cache holds of a document.
fn halve(query: View<'_>, docs: Docs<'_>, mean: bool, scores: &mut [f32]) -> Result<(), Error> {
    if docs.len() <= 1 || query.work().saturating_mul(docs.valid_rows()) <= GRAIN {
        return Ok(dispatch_on(query.isa, Score { query, docs, mean, layout: Layout::DocMajor, scores })?);
    }
    let (head, tail) = docs.split();
    let (head_scores, tail_scores) = scores.split_at_mut(head.len() * query.query_lens.len());
    let (head, tail) =
        rayon::join(|| halve(query, head, mean, head_scores), || halve(query, tail, mean, tail_scores));
    head.and(tail)
}
