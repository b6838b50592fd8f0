//! How a document is walked: in blocks, panel by panel, prefetching.

use super::tile::{Ahead, Fold, SEGMENT, block};
use crate::docs::Rows;
use crate::packed::PANEL;
use simd_core::Simd;

/// Values of a document that all panels pass over before the next: 12 KB, which stay in the first-level cache.
const BLOCK: usize = 3 << 10;

/// Segments by which prefetching leads where there is a single panel: about 200 ns of arithmetic.
const LEAD: usize = 8;

/// How documents of one dimension are walked: in blocks, prefetching.
#[derive(Clone, Copy)]
pub(super) struct Scan<'a> {
    values: &'a [f32],
    dim: usize,
    /// Rows of a block, whole tiles.
    block_rows: usize,
    /// Segments of a tile.
    segments: usize,
    /// `LEAD` in values: whole tiles, and what is left of it.
    lead: (usize, usize),
}

impl<'a> Scan<'a> {
    #[inline(always)]
    pub(super) fn new<const ND: usize>(values: &'a [f32], dim: usize) -> Self {
        let block_rows = (BLOCK / (ND * dim)).max(1) * ND;
        let segments = dim.div_ceil(SEGMENT);
        let lead = (LEAD / segments * ND * dim, LEAD % segments * SEGMENT);
        Self { values, dim, block_rows, segments, lead }
    }

    /// What pass `p` of `passes` over the block from `start` on prefetches: every line once, evenly in time.
    #[inline(always)]
    fn ahead<const ND: usize>(self, start: usize, p: usize, passes: usize) -> Ahead<'a> {
        let Self { values, dim, block_rows, segments, lead } = self;
        if passes == 1 {
            // Each row a little further on: what is far from its use may be evicted by the panel, if that is long.
            let (base, offset) = (start + lead.0, lead.1);
            Ahead { values, base, offset, lines: ND, stride: dim, step: SEGMENT, wrap: dim }
        } else {
            // The first pass needs all rows of the next block, so the passes over this one share them out.
            let lines = ND.div_ceil(passes);
            let base = start + block_rows * dim + p * (block_rows / ND * segments * lines * SEGMENT);
            let step = lines * SEGMENT;
            Ahead { values, base, offset: 0, lines, stride: SEGMENT, step, wrap: usize::MAX }
        }
    }

    /// Folds the similarities of a document's rows with each panel of a group.
    #[inline(always)]
    pub(super) fn fold<S: Simd, const NV: usize, const ND: usize>(
        self,
        simd: S,
        group: &[[f32; PANEL]],
        doc: Rows,
        folds: &mut [impl Fold<S, NV>],
    ) {
        if doc.len == 1 {
            // A full tile would do the work of `ND` rows.
            self.tiles::<S, NV, 1, 4>(simd, group, doc, folds);
        } else {
            self.tiles::<S, NV, ND, 1>(simd, group, doc, folds);
        }
    }

    #[inline(always)]
    fn tiles<S: Simd, const NV: usize, const ND: usize, const C: usize>(
        self,
        simd: S,
        group: &[[f32; PANEL]],
        doc: Rows,
        folds: &mut [impl Fold<S, NV>],
    ) {
        let Self { values, dim, block_rows, .. } = self;
        let totals = &mut [[simd.splat(0.0_f32); NV]; ND];
        let passes = folds.len();
        for first in (0..doc.len).step_by(block_rows) {
            let start = doc.start + first * dim;
            let n = block_rows.min(doc.len - first);
            let rows = &values[start..start + n * dim];
            for (p, fold) in folds.iter_mut().enumerate() {
                let panel = &group[p * dim..][..dim];
                let ahead = self.ahead::<ND>(start, p, passes);
                simd.vectorize(
                    #[inline(always)]
                    || block::<S, NV, ND, C>(simd, panel, rows, n, ahead, fold, totals),
                );
                fold.end_block(simd, first);
            }
        }
    }
}
