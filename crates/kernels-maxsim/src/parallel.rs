//! The same functions over the threads of rayon's current pool. Every score is computed by one thread, in the
//! same order of operations: results equal those of one thread bit for bit.

use crate::docs::Docs;
use crate::error::Error;
use crate::kernel::Score;
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
    halve(Score { query, docs, mean, scores })
}

/// Splits the queries, then the documents, until a part is small or cannot be split.
fn halve(work: Score<'_>) -> Result<(), Error> {
    let Score { query, docs, mean, scores } = work;
    let (left, right) = if query.panels.as_flattened().len().saturating_mul(docs.valid_rows()) <= GRAIN {
        return Ok(dispatch_on(query.isa, Score { query, docs, mean, scores })?);
    } else if query.lens.len() > 1 {
        let (head, tail) = query.split();
        let (head_scores, tail_scores) = scores.split_at_mut(head.lens.len() * docs.len());
        (
            Score { query: head, docs, mean, scores: head_scores },
            Score { query: tail, docs, mean, scores: tail_scores },
        )
    } else if docs.len() > 1 {
        let (head, tail) = docs.split();
        let (head_scores, tail_scores) = scores.split_at_mut(head.len());
        (
            Score { query, docs: head, mean, scores: head_scores },
            Score { query, docs: tail, mean, scores: tail_scores },
        )
    } else {
        return Ok(dispatch_on(query.isa, Score { query, docs, mean, scores })?);
    };
    let (left, right) = rayon::join(|| halve(left), || halve(right));
    left.and(right)
}
