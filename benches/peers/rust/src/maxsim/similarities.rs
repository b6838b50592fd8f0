//! The usual way: a product of matrices for each document, then the maxima and their sum.

use super::{Input, Scorer};

/// A scorer on top of `multiply(query, document, dim, similarities)`, which fills `similarities: [document tokens,
/// query tokens]`. In this order the maxima vectorise, and both crates are faster than in the other.
pub(super) fn scorer<'a>(
    input: &'a Input,
    multiply: impl Fn(&[f32], &[f32], usize, &mut [f32]) + 'a,
) -> Scorer<'a> {
    let longest = input.doc_lens.iter().max().copied().unwrap_or(0);
    let mut similarities = vec![0.0; longest * input.tokens()];
    let mut best = vec![0.0; input.tokens()];
    Box::new(move |scores| {
        for (score, document) in scores.iter_mut().zip(input.documents()) {
            let similarities = &mut similarities[..document.len() / input.dim * best.len()];
            multiply(&input.query, document, input.dim, similarities);
            best.fill(f32::NEG_INFINITY);
            for row in similarities.chunks_exact(best.len()) {
                for (best, &similarity) in best.iter_mut().zip(row) {
                    *best = if similarity > *best { similarity } else { *best };
                }
            }
            *score = best.iter().sum();
        }
    })
}
