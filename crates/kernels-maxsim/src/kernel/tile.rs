//! The hot loop: a few rows of a document against one panel of query tokens.

use crate::packed::PANEL;
use simd_core::{Simd, Vector, lockstep};
use std::hint::black_box;

/// Steps between prefetches: the values in a cache line.
pub(super) const SEGMENT: usize = 16;

/// Steps that an accumulator adds up before it joins the total. Keeps the error of long rows near that of short ones:
/// a product is rounded at most 128 times on its way to its run's sum, and once for each further run.
const RUN: usize = 128;

/// What becomes of the similarities of a tile.
pub(super) trait Fold<S: Simd, const NV: usize> {
    /// Takes `rows`: the similarities of the block's rows from `first` on, as vectors of query tokens.
    fn take<const ND: usize>(&mut self, simd: S, first: usize, rows: &[[S::F32; NV]; ND]);

    /// Rows are counted from 0 within a block. This one is over; it began at row `start` of the document.
    fn end_block(&mut self, simd: S, start: usize);
}

/// What one pass over a block prefetches: `lines` cache lines before each segment.
///
/// `values[base + offset + i * stride]` are the first of them. `offset` then grows by `step`; where it reaches
/// `wrap`, a tile is done: it starts over, and `base` moves on by a tile.
#[derive(Clone, Copy)]
pub(super) struct Ahead<'a> {
    pub(super) values: &'a [f32],
    pub(super) base: usize,
    pub(super) offset: usize,
    pub(super) lines: usize,
    pub(super) stride: usize,
    pub(super) step: usize,
    pub(super) wrap: usize,
}

impl Ahead<'_> {
    /// Prefetches for one segment; `tile` is the length of a tile in values.
    #[inline(always)]
    fn segment(&mut self, simd: impl Simd, tile: usize) {
        for line in 0..self.lines {
            simd.prefetch(self.values, self.base + self.offset + line * self.stride);
        }
        self.offset += self.step;
        if self.offset >= self.wrap {
            (self.base, self.offset) = (self.base + tile, 0);
        }
    }
}

/// Folds the similarities of `rows: [n, dim]`, n >= 1, with the tokens of `panel: [dim]`, `ND` rows at a time.
///
/// A maximum may see a row twice: the last tile steps back over rows already seen, and where there are fewer
/// than `ND`, it repeats the last one.
///
/// `fold`, and `totals` where a row is longer than a run, are kept in memory by `black_box`: the compiler would give
/// them registers across the innermost loop, and push accumulators out of theirs. Only speed depends on it.
#[inline(always)]
pub(super) fn block<S: Simd, const NV: usize, const ND: usize, const C: usize>(
    simd: S,
    panel: &[[f32; PANEL]],
    rows: &[f32],
    n: usize,
    mut ahead: Ahead<'_>,
    fold: &mut impl Fold<S, NV>,
    totals: &mut [[S::F32; NV]; ND],
) {
    // Folds. (Not in a `const` block: tiles of other sets are compiled for this one too, and never called.)
    assert!(NV * S::F32::LANES == PANEL, "vectors that do not make a panel");
    // A single row is over too soon to ask for more; without prefetches a run is one loop.
    let prefetches = S::PREFETCHES && ND > 1;
    let segment = if prefetches { SEGMENT } else { RUN };
    let dim = panel.len();
    for first in (0..n).step_by(ND) {
        let first = first.min(n.saturating_sub(ND));
        let mut tile = [&rows[..0]; ND];
        for (j, row) in tile.iter_mut().enumerate() {
            *row = &rows[(first + j).min(n - 1) * dim..][..dim];
        }
        let mut chains = [[[simd.splat(0.0_f32); NV]; ND]; C];
        for (r, run) in panel.chunks(RUN).enumerate() {
            if r > 0 {
                *black_box(&mut *totals) = chains[0];
                chains = [[[simd.splat(0.0_f32); NV]; ND]; C];
            }
            for (s, panel) in run.chunks(segment).enumerate() {
                if prefetches {
                    ahead.segment(simd, ND * dim);
                }
                // `C` steps at a time, a chain of additions each, and what is left over.
                let (steps, rest) = panel.as_chunks::<C>();
                let (mut row_steps, mut row_rests) = ([&[][..]; ND], [&[][..]; ND]);
                for j in 0..ND {
                    let row = &tile[j][RUN * r + segment * s..][..panel.len()];
                    (row_steps[j], row_rests[j]) = row.as_chunks::<C>();
                }
                lockstep(steps, row_steps, |qs, xs| {
                    for c in 0..C {
                        step(simd, &mut chains[c], &qs[c], |j| xs[j][c]);
                    }
                });
                lockstep(rest, row_rests, |q, xs| step(simd, &mut chains[0], q, |j| xs[j]));
            }
            for c in 1..C {
                let chain = chains[c];
                add(&mut chains[0], &chain);
            }
            if r > 0 {
                add(&mut chains[0], black_box(&*totals));
            }
        }
        black_box(&mut *fold).take(simd, first, &chains[0]);
    }
}

/// One step of all dot products: each row's value times the query tokens' values.
#[inline(always)]
fn step<S: Simd, const NV: usize, const ND: usize>(
    simd: S,
    acc: &mut [[S::F32; NV]; ND],
    q: &[f32; PANEL],
    x: impl Fn(usize) -> f32,
) {
    let mut vectors = [simd.splat(0.0_f32); NV];
    for (vector, q) in vectors.iter_mut().zip(q.chunks_exact(S::F32::LANES)) {
        *vector = simd.load(q);
    }
    for (j, acc) in acc.iter_mut().enumerate() {
        let x = simd.splat(x(j));
        for i in 0..NV {
            acc[i] = x.mul_add(vectors[i], acc[i]);
        }
    }
}

#[inline(always)]
fn add<V: Vector, const NV: usize, const ND: usize>(sum: &mut [[V; NV]; ND], more: &[[V; NV]; ND]) {
    for (sum, more) in sum.iter_mut().zip(more) {
        for i in 0..NV {
            sum[i] = sum[i] + more[i];
        }
    }
}
