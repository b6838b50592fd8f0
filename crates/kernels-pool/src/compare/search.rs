//! The best rows.

use super::{All, Metric};
use crate::error::{Error, vec_of};
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

/// Keeps the best of some rows, which must be there.
pub(super) struct Rescore<'a, M: Metric, C> {
    pub(super) metric: M,
    pub(super) rows: &'a [M::Value],
    pub(super) candidates: C,
    pub(super) hits: &'a mut [Hit<M::Score>],
}

impl<M: Metric, C: Iterator<Item = usize>> Kernel for Rescore<'_, M, C> {
    type Output = usize;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> usize {
        let Self { metric, rows, candidates, hits } = self;
        let dim = metric.dim();
        simd.vectorize(
            #[inline(always)]
            || {
                let mut best = Best::new(hits, order::<M>);
                for index in candidates {
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
    let candidates = candidates.iter().copied();
    Ok(dispatch_on(isa, Rescore { metric, rows, candidates, hits })?)
}
