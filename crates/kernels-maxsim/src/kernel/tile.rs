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
    /// Whether rows may come in any order.
    const ANY_ORDER: bool;

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

/// The rows of a block: a tile takes one of each stream.
#[derive(Clone, Copy)]
pub(super) struct Block<'a, const ND: usize> {
    /// Where the rows of each stream lie, the first one at the beginning, the last one at the end.
    streams: [&'a [f32]; ND],
    /// Values from one row of a stream to the next.
    step: usize,
    /// How many tiles there are: steps beyond a stream's last row take that one again.
    tiles: usize,
}

impl<'a, const ND: usize> Block<'a, ND> {
    /// `rows: [n, dim]`, n >= 1, `ND` neighbours at a time. The last tile steps back over rows already seen, and where
    /// there are fewer than `ND`, it repeats the last one.
    #[inline(always)]
    pub(super) fn neighbours(rows: &'a [f32], n: usize, dim: usize) -> Self {
        let last = n.saturating_sub(ND);
        let mut streams = [&rows[..0]; ND];
        for (j, stream) in streams.iter_mut().enumerate() {
            *stream = &rows[j.min(n - 1) * dim..][..(last + 1) * dim];
        }
        Self { streams, step: ND * dim, tiles: n.div_ceil(ND) }
    }

    /// `rows: [n, dim]`, n >= 1, cut into `ND` parts that are walked side by side: up to `tiles` tiles from tile `first`
    /// on, of which there are `n / ND`, rounded up.
    #[inline(always)]
    pub(super) fn strands(rows: &'a [f32], n: usize, dim: usize, first: usize, tiles: usize) -> Self {
        let part = n.div_ceil(ND);
        let mut streams = [&rows[..0]; ND];
        for (j, stream) in streams.iter_mut().enumerate() {
            let end = ((j + 1) * part).min(n);
            let start = (j * part + first).min(end - 1);
            *stream = &rows[start * dim..(start + tiles).min(end) * dim];
        }
        Self { streams, step: dim, tiles: tiles.min(part - first) }
    }
}

/// Folds the similarities of a block's rows with the tokens of `panel: [dim]`. A maximum may see a row twice.
///
/// `fold`, and `totals` where a row is longer than a run, are kept in memory by `black_box`: the compiler would give
/// them registers across the innermost loop, and push accumulators out of theirs. Only speed depends on it.
#[inline(always)]
pub(super) fn fold_block<S: Simd, const NV: usize, const ND: usize, const C: usize>(
    simd: S,
    panel: &[[f32; PANEL]],
    block: Block<'_, ND>,
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
    let mut streams = block.streams;
    for t in 0..block.tiles {
        let mut tile = streams;
        for (row, stream) in tile.iter_mut().zip(&mut streams) {
            *row = &stream[..dim];
            *stream = &stream[block.step.min(stream.len() - dim)..];
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
        let first = (t * block.step).min(block.streams[0].len() - dim) / dim;
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
