//! Token ids side by side, and documents that are longer than a model takes.

use std::ops::Range;

use super::{largest, weighted_mean};

/// Ragged token ids as rows that are as long as the longest, filled up on the right; and their mask.
#[must_use]
pub fn pack_padded(ids: &[i64], lens: &[usize], pad_id: i64) -> (Vec<i64>, Vec<i64>) {
    pack(ids, lens, pad_id, |_, _| 0)
}

/// As [`pack_padded`], filled up on the left.
#[must_use]
pub fn pack_padded_left(ids: &[i64], lens: &[usize], pad_id: i64) -> (Vec<i64>, Vec<i64>) {
    pack(ids, lens, pad_id, |seq, len| seq - len)
}

fn pack(
    ids: &[i64],
    lens: &[usize],
    pad_id: i64,
    start: impl Fn(usize, usize) -> usize,
) -> (Vec<i64>, Vec<i64>) {
    let seq = lens.iter().copied().max().unwrap_or(0);
    let (mut packed, mut mask) = (vec![pad_id; lens.len() * seq], vec![0; lens.len() * seq]);
    let mut ids = ids.iter();
    for (row, &len) in lens.iter().enumerate() {
        for token in start(seq, len)..start(seq, len) + len {
            packed[row * seq + token] = *ids.next().expect("as many ids as the lengths say");
            mask[row * seq + token] = 1;
        }
    }
    (packed, mask)
}

/// Where the windows over `len` tokens are: one begins every `window - overlap`, unless one has already got to the end.
#[must_use]
pub fn windows(len: usize, window: usize, overlap: usize) -> Vec<Range<usize>> {
    let step = window - overlap;
    let begins = |start: &usize| *start == 0 || start - step + window < len;
    (0..len).step_by(step).filter(begins).map(|start| start..len.min(start + window)).collect()
}

/// The mean of the embeddings of a document's chunks, `[n, dim]`.
#[must_use]
pub fn chunk_mean(x: &[f32], dim: usize) -> Vec<f64> {
    weighted(x, dim, |_| 1.0)
}

/// The largest of each dimension: NaN if any is.
#[must_use]
pub fn chunk_max(x: &[f32], dim: usize) -> Vec<f64> {
    (0..dim).map(|i| largest(x.iter().skip(i).step_by(dim).map(|&x| x.into()))).collect()
}

/// The mean in which a chunk weighs as much as it is long.
#[must_use]
pub fn chunk_length_weighted(x: &[f32], lens: &[usize], dim: usize) -> Vec<f64> {
    weighted(x, dim, |chunk| lens[chunk] as f64)
}

/// The mean in which chunk `i` of `n` weighs `(i + 1) (n - i)`.
#[must_use]
pub fn chunk_centre_weighted(x: &[f32], dim: usize) -> Vec<f64> {
    let n = x.len() / dim;
    weighted(x, dim, |chunk| ((chunk + 1) * (n - chunk)) as f64)
}

fn weighted(x: &[f32], dim: usize, weight: impl Fn(usize) -> f64) -> Vec<f64> {
    let column = |i: usize| x.iter().skip(i).step_by(dim).enumerate();
    (0..dim).map(|i| weighted_mean(column(i).map(|(chunk, &x)| (weight(chunk), x.into())))).collect()
}
