//! Lengths, and one query with many rows.

use std::cmp::Ordering;

fn length<T: Copy + Into<f64>>(x: &[T]) -> f64 {
    x.iter().map(|&x| x.into() * x.into()).sum::<f64>().sqrt()
}

/// Rows of length 1; those of length 0 stay.
#[must_use]
pub fn l2_normalize<T: Copy + Into<f64>>(x: &[T], dim: usize) -> Vec<f64> {
    truncate(x, dim, dim)
}

/// The first `k` of each row's `dim` values, made to length 1: `[n, k]`.
#[must_use]
pub fn truncate<T: Copy + Into<f64>>(x: &[T], dim: usize, k: usize) -> Vec<f64> {
    let mut rows = Vec::new();
    for row in x.chunks_exact(dim) {
        let first = &row[..k];
        let length = length(first);
        rows.extend(first.iter().map(|&x| if length == 0.0 { 0.0 } else { x.into() / length }));
    }
    rows
}

/// The sum of products with each row.
#[must_use]
pub fn dot<T: Copy + Into<f64>>(query: &[f32], rows: &[T]) -> Vec<f64> {
    let product = |(&q, &x): (&f32, &T)| f64::from(q) * x.into();
    rows.chunks_exact(query.len()).map(|row| query.iter().zip(row).map(product).sum()).collect()
}

/// The dot product by both lengths: 0 where either is.
#[must_use]
pub fn cosine(query: &[f32], rows: &[f32]) -> Vec<f64> {
    let lengths = rows.chunks_exact(query.len()).map(|row| length(query) * length(row));
    let cosine = |(dot, lengths): (f64, f64)| if lengths == 0.0 { 0.0 } else { dot / lengths };
    dot(query, rows).into_iter().zip(lengths).map(cosine).collect()
}

/// The sum of squared differences from each row.
#[must_use]
pub fn l2_squared(query: &[f32], rows: &[f32]) -> Vec<f64> {
    let square = |(&q, &x): (&f32, &f32)| (f64::from(q) - f64::from(x)) * (f64::from(q) - f64::from(x));
    rows.chunks_exact(query.len()).map(|row| query.iter().zip(row).map(square).sum()).collect()
}

/// The dot product with each row, exactly.
#[must_use]
pub fn dot_int8(query: &[i8], rows: &[i8]) -> Vec<i64> {
    let product = |(&q, &x): (&i8, &i8)| i64::from(q) * i64::from(x);
    rows.chunks_exact(query.len()).map(|row| query.iter().zip(row).map(product).sum()).collect()
}

/// How many bits differ from each row's.
#[must_use]
pub fn hamming(query: &[u8], rows: &[u8]) -> Vec<u32> {
    let bits = |byte: u8| (0..8).map(move |i| byte >> i & 1);
    let differing = |(&q, &x): (&u8, &u8)| bits(q).zip(bits(x)).map(|(a, b)| u32::from(a != b)).sum::<u32>();
    rows.chunks_exact(query.len()).map(|row| query.iter().zip(row).map(differing).sum()).collect()
}

/// The dot product with each row of -1 and 1, packed as bits.
#[must_use]
pub fn dot_binary(query: &[f32], rows: &[u8]) -> Vec<f64> {
    dot(query, &super::dequantize_ubinary(rows, query.len()))
}

/// The indices of the `k` largest, the largest first, equal ones in order. No score is NaN.
///
/// # Panics
/// If one is.
#[must_use]
pub fn top_k<T: PartialOrd>(scores: &[T], k: usize) -> Vec<usize> {
    first_k(scores, k, |a, b| b.partial_cmp(a))
}

/// The indices of the `k` smallest, the smallest first, equal ones in order. No distance is NaN.
///
/// # Panics
/// If one is.
#[must_use]
pub fn nearest<T: PartialOrd>(distances: &[T], k: usize) -> Vec<usize> {
    first_k(distances, k, T::partial_cmp)
}

fn first_k<T>(values: &[T], k: usize, order: impl Fn(&T, &T) -> Option<Ordering>) -> Vec<usize> {
    let mut indices: Vec<usize> = (0..values.len()).collect();
    // The sort is stable.
    indices.sort_by(|&a, &b| order(&values[a], &values[b]).expect("no NaN"));
    indices.truncate(k);
    indices
}
