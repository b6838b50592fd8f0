//! What one writes by hand: iterators, and the compiler's vectorisation.

use super::{Input, Peer, Scorer};
use anyhow::Result;

pub(super) struct Naive;

impl Peer for Naive {
    fn name(&self) -> &'static str {
        "naive"
    }

    fn prepare<'a>(&self, input: &'a Input) -> Result<Scorer<'a>> {
        Ok(Box::new(|scores| {
            for (score, document) in scores.iter_mut().zip(input.documents()) {
                *score = maxsim(&input.query, document, input.dim);
            }
        }))
    }
}

fn maxsim(query: &[f32], document: &[f32], dim: usize) -> f32 {
    let best = |q| document.chunks_exact(dim).map(|d| dot(q, d)).fold(f32::NEG_INFINITY, f32::max);
    query.chunks_exact(dim).map(best).sum()
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
