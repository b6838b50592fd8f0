//! Late-interaction scores.

/// Every similarity of a query token with the document tokens, in order.
fn similarities<'a>(q: &'a [f32], doc: &'a [f32]) -> impl Iterator<Item = f64> + 'a {
    doc.chunks_exact(q.len()).map(|d| q.iter().zip(d).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum())
}

/// The sum over query tokens of the largest dot product with a document token: NaN where any is NaN, negative
/// infinity for an empty document.
#[must_use]
pub fn maxsim(query: &[f32], doc: &[f32], dim: usize) -> f64 {
    let largest = |max: f64, x: f64| if max.is_nan() || max > x { max } else { x };
    query.chunks_exact(dim).map(|q| similarities(q, doc).fold(f64::NEG_INFINITY, largest)).sum()
}

/// The scores of ragged documents.
#[must_use]
pub fn maxsim_batch(query: &[f32], docs: &[f32], doc_lens: &[usize], dim: usize) -> Vec<f64> {
    let mut rest = docs;
    doc_lens
        .iter()
        .map(|len| {
            let (doc, others) = rest.split_at(len * dim);
            rest = others;
            maxsim(query, doc, dim)
        })
        .collect()
}

/// For each query token the similarities with every document token: `[query tokens][document tokens]`.
#[must_use]
pub fn similarity_matrix(query: &[f32], doc: &[f32], dim: usize) -> Vec<Vec<f64>> {
    query.chunks_exact(dim).map(|q| similarities(q, doc).collect()).collect()
}

/// The largest difference of results from what they should be: NaN if any difference is.
#[must_use]
pub fn largest_difference(got: &[f32], want: &[f64]) -> f64 {
    let differences = got.iter().zip(want).map(|(&got, want)| (f64::from(got) - want).abs());
    differences.fold(0.0, |max, x| if max.is_nan() || max > x { max } else { x })
}
