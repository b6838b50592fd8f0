//! What one writes by hand: iterators, and the compiler's vectorisation.

use super::{Input, each_document};
use crate::kernel::Outcome;
use crate::plain::dot;
use bench_contest::serve::Case;

pub(super) fn prepare(case: &Case) -> Outcome<'_> {
    let Some(input) = Input::of(case)? else { return Ok(None) };
    let (query, dim) = (input.query, input.dim);
    Ok(Some(each_document(input, move |document| maxsim(query, document, dim))))
}

fn maxsim(query: &[f32], document: &[f32], dim: usize) -> f32 {
    let best = |q| document.chunks_exact(dim).map(|d| dot(q, d)).fold(f32::NEG_INFINITY, f32::max);
    query.chunks_exact(dim).map(best).sum()
}
