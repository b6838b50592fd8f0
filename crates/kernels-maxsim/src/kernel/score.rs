//! Scores: the largest similarity of each query token, added up.

use super::scan::Scan;
use super::shape;
use super::tile::Fold;
use crate::docs::Docs;
use crate::packed::{GROUP, PANEL, View};
use simd_core::{Kernel, Mask, Simd, Vector};

/// The sums, or means, of the tokens' maxima.
pub(crate) struct Score<'a> {
    pub(crate) query: View<'a>,
    pub(crate) docs: Docs<'a>,
    pub(crate) mean: bool,
    pub(crate) layout: Layout,
    /// As many as queries times documents.
    pub(crate) scores: &'a mut [f32],
}

/// How scores lie in memory, row-major.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Layout {
    /// `[queries, documents]`
    QueryMajor,
    /// `[documents, queries]`
    #[cfg(feature = "parallel")]
    DocMajor,
}

impl Kernel for Score<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        shape!(S::ISA, |NV, ND| self.tiled::<S, NV, ND>(simd));
    }
}

impl Score<'_> {
    #[inline(always)]
    fn tiled<S: Simd, const NV: usize, const ND: usize>(self, simd: S) {
        let Self { query, docs, mean, layout, scores } = self;
        let (query_step, doc_step) = match layout {
            Layout::QueryMajor => (docs.len(), 1),
            #[cfg(feature = "parallel")]
            Layout::DocMajor => (1, query.query_lens.len()),
        };
        let scan = Scan { values: docs.values(), dim: query.dim };
        let mut best = [Best::<S, NV>::new(simd); GROUP];
        for (d, doc) in docs.rows().enumerate() {
            let mut sums = Sums { query_lens: query.query_lens, query: 0, seen: 0, sum: 0.0 };
            let mut emit = |q: usize, sum: f64| {
                let score = if mean { sum / query.query_lens[q].max(1) as f64 } else { sum };
                scores[q * query_step + d * doc_step] = score as f32;
            };
            for (group, panels) in query.groups() {
                let best = &mut best[..panels];
                scan.fold::<S, _, NV, ND>(simd, group, doc, best);
                for best in best {
                    sums.take(&best.take_maxima(simd), &mut emit);
                }
            }
            sums.take(&[], &mut emit);
        }
    }
}

/// Adds the tokens' maxima up, query by query.
struct Sums<'a> {
    query_lens: &'a [usize],
    query: usize,
    seen: usize,
    /// In `f64`: its rounding vanishes in the result's, however many tokens there are.
    sum: f64,
}

impl Sums<'_> {
    #[inline(always)]
    fn take(&mut self, mut maxima: &[f32], emit: &mut impl FnMut(usize, f64)) {
        while let Some(&len) = self.query_lens.get(self.query) {
            let (mine, rest) = maxima.split_at(maxima.len().min(len - self.seen));
            // One by one: in whatever panels a query lies, its score is the same.
            for &max in mine {
                self.sum += f64::from(max);
            }
            self.seen += mine.len();
            maxima = rest;
            if self.seen < len {
                return;
            }
            emit(self.query, self.sum);
            (self.query, self.seen, self.sum) = (self.query + 1, 0, 0.0);
        }
    }
}

/// The largest similarity so far in each lane of a panel, and whether one was NaN.
#[derive(Clone, Copy, Debug)]
struct Best<S: Simd, const NV: usize> {
    max: [S::F32; NV],
    nan: [<S::F32 as Vector>::Mask; NV],
}

impl<S: Simd, const NV: usize> Best<S, NV> {
    #[inline(always)]
    fn new(simd: S) -> Self {
        let zero = simd.splat(0.0_f32);
        let none = zero.unordered(zero);
        Self { max: [simd.splat(f32::NEG_INFINITY); NV], nan: [none; NV] }
    }

    /// The maxima, or NaN; and begins anew.
    #[inline(always)]
    fn take_maxima(&mut self, simd: S) -> [f32; PANEL] {
        let nan = simd.splat(f32::NAN);
        let mut maxima = [0.0; PANEL];
        for ((max, is_nan), lanes) in
            self.max.iter().zip(self.nan).zip(maxima.chunks_exact_mut(S::F32::LANES))
        {
            is_nan.select(nan, *max).store(lanes);
        }
        *self = Self::new(simd);
        maxima
    }
}

impl<S: Simd, const NV: usize> Fold<S, NV> for Best<S, NV> {
    const ANY_ORDER: bool = true;

    #[inline(always)]
    fn take<const ND: usize>(&mut self, _: S, _: usize, rows: &[[S::F32; NV]; ND]) {
        for i in 0..NV {
            for row in rows {
                self.max[i] = row[i].max(self.max[i]);
            }
            // A maximum forgets a NaN: one comparison finds it in two rows.
            for pair in rows.chunks(2) {
                self.nan[i] = self.nan[i] | pair[0][i].unordered(pair[pair.len() - 1][i]);
            }
        }
    }

    #[inline(always)]
    fn end_block(&mut self, _: S, _: usize) {}
}
