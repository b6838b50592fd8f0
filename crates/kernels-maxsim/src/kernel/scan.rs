//! How a document is walked: in blocks, panel by panel, prefetching.

use super::tile::{Ahead, Block, Fold, SEGMENT, fold_block};
use crate::docs::Rows;
use crate::packed::PANEL;
use simd_core::Simd;

/// Values of a document that all panels pass over before the next: 12 KB, which stay in the first-level cache.
const BLOCK: usize = 3 << 10;

/// Values from which documents are taken to come from memory, where nothing can be prefetched: 512 KB.
const COLD: usize = 128 << 10;

/// Segments by which prefetching leads where there is a single panel: about 200 ns of arithmetic.
const LEAD: usize = 8;

/// The values of some documents, and how they are walked: in blocks, prefetching.
#[derive(Clone, Copy)]
pub(super) struct Scan<'a> {
    pub(super) values: &'a [f32],
    pub(super) dim: usize,
}

impl<'a> Scan<'a> {
    /// Folds the similarities of a document's rows with each panel of a group, in tiles of up to `ND` rows.
    #[inline(always)]
    pub(super) fn fold<S: Simd, F: Fold<S, NV>, const NV: usize, const ND: usize>(
        self,
        simd: S,
        group: &[[f32; PANEL]],
        doc: Rows,
        folds: &mut [F],
    ) {
        match tile_rows::<ND>(doc.len) {
            1 if ND > 2 => self.tiles::<S, F, NV, 1, 4>(simd, group, doc, folds),
            4 if ND > 4 => self.tiles::<S, F, NV, 4, 1>(simd, group, doc, folds),
            5 if ND > 5 => self.tiles::<S, F, NV, 5, 1>(simd, group, doc, folds),
            _ => self.tiles::<S, F, NV, ND, 1>(simd, group, doc, folds),
        }
    }

    #[inline(always)]
    fn tiles<S: Simd, F: Fold<S, NV>, const NV: usize, const ND: usize, const C: usize>(
        self,
        simd: S,
        group: &[[f32; PANEL]],
        doc: Rows,
        folds: &mut [F],
    ) {
        let Self { values, dim } = self;
        let totals = &mut [[simd.splat(0.0_f32); NV]; ND];
        let passes = folds.len();
        let tiles = if C > 1 { 1 } else { (BLOCK / (ND * dim)).max(1) };
        // Where nothing can be prefetched, the processor itself fetches from memory best what is walked in long parts side
        // by side: 41 instead of 33 GF/s in wasm, with a single panel 41 instead of 22. In cache it costs 10 %.
        let strands = !S::PREFETCHES && F::ANY_ORDER && values.len() >= COLD;
        for first in (0..doc.len).step_by(tiles * ND) {
            let start = doc.start + first * dim;
            let n = (tiles * ND).min(doc.len - first);
            let block = if strands {
                Block::strands(&values[doc.start..doc.start + doc.len * dim], doc.len, dim, first / ND, tiles)
            } else {
                Block::neighbours(&values[start..start + n * dim], n, dim)
            };
            for (p, fold) in folds.iter_mut().enumerate() {
                let panel = &group[p * dim..][..dim];
                let ahead = self.ahead::<ND>(start, tiles, p, passes);
                simd.vectorize(
                    #[inline(always)]
                    || fold_block::<S, NV, ND, C>(simd, panel, block, ahead, fold, totals),
                );
                fold.end_block(simd, first);
            }
        }
    }

    /// What pass `p` of `passes` over a block prefetches: every line once, evenly in time.
    #[inline(always)]
    fn ahead<const ND: usize>(self, start: usize, tiles: usize, p: usize, passes: usize) -> Ahead<'a> {
        let Self { values, dim } = self;
        let segments = dim.div_ceil(SEGMENT);
        if passes == 1 {
            // Each row a little further on: what is far from its use may be evicted by the panel, if that is long.
            let (base, offset) = (start + LEAD / segments * ND * dim, LEAD % segments * SEGMENT);
            Ahead { values, base, offset, lines: ND, stride: dim, step: SEGMENT, wrap: dim }
        } else {
            // The first pass needs all rows of the next block, so the passes over this one share them out.
            let lines = ND.div_ceil(passes);
            let base = start + tiles * ND * dim + p * (tiles * segments * lines * SEGMENT);
            let step = lines * SEGMENT;
            Ahead { values, base, offset: 0, lines, stride: SEGMENT, step, wrap: usize::MAX }
        }
    }
}

/// Rows of a tile for a document of `n` rows. Where tiles of six are the largest, five and four keep the arithmetic
/// nearly as busy (96 and 94 %, measured), and short documents take those that waste least of the last tile.
#[inline(always)]
fn tile_rows<const ND: usize>(n: usize) -> usize {
    let time = |rows: usize| n.div_ceil(rows) * (8 * rows + 5);
    match n {
        1 => 1,
        2..64 if ND == 6 => {
            let best = if time(5) < time(6) { 5 } else { 6 };
            if time(4) < time(best) { 4 } else { best }
        }
        _ => ND,
    }
}
