//! The best rows.

use super::bytes::{DotInt8, Hamming};
use super::floats::Dot;
use super::{All, Metric};
use crate::error::{Error, length, product, vec_of};
use simd_core::{Best, Isa, Kernel, Simd, dispatch_on};
use std::cmp::Ordering;

/// A row, and what its comparison with the query gave.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Hit<S> {
    /// Which row.
    pub index: usize,
    /// Its dot product, cosine or distance.
    pub score: S,
}

/// Scores that are there before the best of them are kept.
const BLOCK: usize = 256;

/// Keeps the best of all rows.
struct Search<'a, M: Metric> {
    metric: M,
    rows: &'a [M::Value],
    hits: &'a mut [Hit<M::Score>],
}

impl<M: Metric> Kernel for Search<'_, M> {
    type Output = usize;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> usize {
        let Self { metric, rows, hits } = self;
        let mut best = Best::new(hits, order::<M>);
        let mut scores = [M::Score::default(); BLOCK];
        let mut index = 0;
        for rows in rows.chunks(BLOCK.saturating_mul(metric.dim())) {
            let scores = &mut scores[..rows.len() / metric.dim()];
            All { metric, rows, scores }.run(simd);
            for &mut score in scores {
                best.push(Hit { index, score });
                index += 1;
            }
        }
        best.finish()
    }
}

/// Keeps the best of some rows.
struct Rescore<'a, M: Metric> {
    metric: M,
    rows: &'a [M::Value],
    candidates: &'a [usize],
    hits: &'a mut [Hit<M::Score>],
}

impl<M: Metric> Kernel for Rescore<'_, M> {
    type Output = usize;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> usize {
        let Self { metric, rows, candidates, hits } = self;
        let dim = metric.dim();
        simd.vectorize(
            #[inline(always)]
            || {
                let mut best = Best::new(hits, order::<M>);
                for &index in candidates {
                    let mut scores = [M::Score::default()];
                    metric.scores(simd, &rows[index * dim..][..dim], &mut scores);
                    best.push(Hit { index, score: scores[0] });
                }
                best.finish()
            },
        )
    }
}

fn order<M: Metric>(a: &Hit<M::Score>, b: &Hit<M::Score>) -> Ordering {
    M::order(a.score, b.score).then(a.index.cmp(&b.index))
}

pub(super) fn search<M: Metric>(metric: M, rows: &[M::Value], k: usize) -> Result<Vec<Hit<M::Score>>, Error> {
    let mut hits = vec_of("hits", Hit::default(), k.min(metric.rows(rows)?))?;
    search_into(Isa::active()?, metric, rows, &mut hits)?;
    Ok(hits)
}

pub(super) fn search_into<M: Metric>(
    isa: Isa,
    metric: M,
    rows: &[M::Value],
    hits: &mut [Hit<M::Score>],
) -> Result<usize, Error> {
    metric.rows(rows)?;
    Ok(dispatch_on(isa, Search { metric, rows, hits })?)
}

pub(super) fn rescore<M: Metric>(
    metric: M,
    rows: &[M::Value],
    candidates: &[usize],
    k: usize,
) -> Result<Vec<Hit<M::Score>>, Error> {
    let mut hits = vec_of("hits", Hit::default(), k.min(candidates.len()))?;
    rescore_into(Isa::active()?, metric, rows, candidates, &mut hits)?;
    Ok(hits)
}

pub(super) fn rescore_into<M: Metric>(
    isa: Isa,
    metric: M,
    rows: &[M::Value],
    candidates: &[usize],
    hits: &mut [Hit<M::Score>],
) -> Result<usize, Error> {
    let n = metric.rows(rows)?;
    if n == 0 && !candidates.is_empty() {
        return Err(Error::Empty { what: "rows" });
    }
    if let Some(index) = candidates.iter().position(|&candidate| candidate >= n) {
        let (max, got) = (n.saturating_sub(1), candidates[index]);
        return Err(Error::Len { what: "candidates", index, max, got });
    }
    Ok(dispatch_on(isa, Rescore { metric, rows, candidates, hits })?)
}

/// The `candidates` nearest rows by their bits, and of those the `k` of the largest int8 dot product, the best first.
///
/// - `query_bits`: `[dim / 8]`, rounded up; `row_bits`: `[n, dim / 8]`
/// - `query`: `[dim]`; `rows`: `[n, dim]`, the same rows
///
/// ```
/// use kernels_pool::{Hit, two_step_int8};
/// let (bits, codes) = ([0b1100_0000, 0b1000_0000, 0], [90_i8, 80, 127, -1, -5, -6]);
/// let best = two_step_int8(&[0b1100_0000], &bits, &[100, 50], &codes, 2, 1)?;
/// assert_eq!(best, [Hit { index: 0, score: 13_000 }]);
/// # Ok::<(), kernels_pool::Error>(())
/// ```
///
/// # Errors
/// As [`search_hamming`](crate::search_hamming) and [`rescore_int8`](crate::rescore_int8); if the two queries, or the two sets of
/// rows, are of different sizes.
pub fn two_step_int8(
    query_bits: &[u8],
    row_bits: &[u8],
    query: &[i8],
    rows: &[i8],
    candidates: usize,
    k: usize,
) -> Result<Vec<Hit<i32>>, Error> {
    two_step(query_bits, row_bits, DotInt8(query), rows, candidates, k)
}

/// As [`two_step_int8`], with the dot product of `f32`.
///
/// # Errors
/// As [`search_hamming`](crate::search_hamming) and [`rescore_dot`](crate::rescore_dot).
pub fn two_step_dot(
    query_bits: &[u8],
    row_bits: &[u8],
    query: &[f32],
    rows: &[f32],
    candidates: usize,
    k: usize,
) -> Result<Vec<Hit<f32>>, Error> {
    two_step(query_bits, row_bits, Dot(query), rows, candidates, k)
}

fn two_step<M: Metric>(
    query_bits: &[u8],
    row_bits: &[u8],
    metric: M,
    rows: &[M::Value],
    candidates: usize,
    k: usize,
) -> Result<Vec<Hit<M::Score>>, Error> {
    let n = metric.rows(rows)?;
    length("query_bits", metric.dim().div_ceil(8), query_bits.len())?;
    length("row_bits", product("row_bits", &[n, query_bits.len()])?, row_bits.len())?;
    let nearest = search(Hamming(query_bits), row_bits, candidates)?;
    let mut indices = vec_of("candidates", 0, nearest.len())?;
    for (index, hit) in indices.iter_mut().zip(nearest) {
        *index = hit.index;
    }
    rescore(metric, rows, &indices, k)
}
