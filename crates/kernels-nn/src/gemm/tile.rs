//! The hot loops: rows of A times panels of B.

use simd_core::{Simd, Vector, lockstep};

/// Steps along `k` that an accumulator adds up before it joins the output. The longer, the less often the output is read
/// and written again; but a panel of B, so long, is to stay in the caches' fast parts while the rows of a block pass over
/// it (32 KB; 256 steps are 4 % slower, 768 no faster). It also bounds the rounding. The same for every set and for every
/// split of the rows: the results depend on it.
pub(super) const STEPS: usize = 512;

/// Steps between prefetches.
const SEGMENT: usize = 16;

/// Values in a cache line.
const LINE: usize = 16;

/// Rows of A, from some column on.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    /// From the first value of the first row on.
    pub(super) values: &'a [f32],
    /// Values from one row to the next.
    pub(super) stride: usize,
}

/// Where rows of products go: as [`Rows`].
pub(super) struct Out<'a> {
    pub(super) values: &'a mut [f32],
    pub(super) stride: usize,
    /// Adds to what is there.
    pub(super) add: bool,
}

/// What is fetched while other panels are worked on: `lines` cache lines before each segment. Panels come from far
/// caches, or from memory, in leaps that no processor foresees.
#[derive(Clone, Copy)]
pub(super) struct Ahead<'a> {
    pub(super) values: &'a [f32],
    /// Where the next line is.
    pub(super) next: usize,
    pub(super) lines: usize,
}

impl<'a> Ahead<'a> {
    /// Fetches as many values as a panel has while it passes over so many tiles.
    #[inline(always)]
    pub(super) const fn new(values: &'a [f32], width: usize, tiles: usize) -> Self {
        let lines = if values.is_empty() { 0 } else { (SEGMENT * width / LINE).div_ceil(tiles) };
        Self { values, next: 0, lines }
    }

    /// Passes by what these tiles fetch, for others to go on from there.
    #[inline(always)]
    pub(super) fn skip(&mut self, tiles: usize, steps: usize) {
        self.next += tiles * steps.div_ceil(SEGMENT) * self.lines * LINE;
    }

    #[inline(always)]
    fn segment(&mut self, simd: impl Simd) {
        for _ in 0..self.lines {
            simd.prefetch(self.values, self.next);
            self.next += LINE;
        }
    }
}

/// Multiplies `tiles * MR` rows of A by a panel: `NR` columns of B, one group of them for each step along `k`.
///
/// A function of its own for each `MR`, which calls nothing: `MR * NV` accumulators stay in registers.
#[inline(always)]
pub(super) fn pass<S: Simd, const NR: usize, const NV: usize, const MR: usize>(
    simd: S,
    panel: &[[f32; NR]],
    a: Rows<'_>,
    tiles: usize,
    out: Out<'_>,
    ahead: Ahead<'_>,
) {
    simd.vectorize(
        #[inline(always)]
        || multiply::<S, NR, NV, MR>(simd, panel, a, tiles, out, ahead),
    );
}

#[inline(always)]
fn multiply<S: Simd, const NR: usize, const NV: usize, const MR: usize>(
    simd: S,
    panel: &[[f32; NR]],
    a: Rows<'_>,
    tiles: usize,
    out: Out<'_>,
    mut ahead: Ahead<'_>,
) {
    // Folds. (Not in a `const` block: tiles of other sets are compiled for this one too, and never called.)
    assert!(NV * S::F32::LANES == NR, "vectors that do not make a panel");
    // Without prefetches a pass is one loop.
    let segment = if S::PREFETCHES { SEGMENT } else { STEPS };
    for t in 0..tiles {
        let mut rows = [&a.values[..0]; MR];
        for (i, row) in rows.iter_mut().enumerate() {
            *row = &a.values[(t * MR + i) * a.stride..][..panel.len()];
            simd.prefetch(out.values, (t * MR + i) * out.stride);
        }
        let mut sums = [[simd.splat(0.0_f32); NV]; MR];
        for (s, panel) in panel.chunks(segment).enumerate() {
            if S::PREFETCHES {
                ahead.segment(simd);
            }
            let mut parts = rows;
            for i in 0..MR {
                parts[i] = &rows[i][segment * s..][..panel.len()];
            }
            lockstep(
                panel,
                parts,
                #[inline(always)]
                |b, a| {
                    let b = vectors::<S, NR, NV>(simd, b);
                    for i in 0..MR {
                        let a = simd.splat(a[i]);
                        for j in 0..NV {
                            sums[i][j] = a.mul_add(b[j], sums[i][j]);
                        }
                    }
                },
            );
        }
        for (i, sums) in sums.iter().enumerate() {
            let row = &mut out.values[(t * MR + i) * out.stride..][..NR];
            write(simd, sums, row, out.add);
        }
    }
}

/// Multiplies one row of A by `NP` panels. Each product is what [`pass`] makes it, to the bit; there are more of them in
/// flight.
#[inline(always)]
pub(super) fn row_pass<S: Simd, const NR: usize, const NV: usize, const NP: usize>(
    simd: S,
    panels: [&[[f32; NR]]; NP],
    a: &[f32],
    out: &mut [f32],
    add: bool,
) {
    simd.vectorize(
        #[inline(always)]
        || multiply_row::<S, NR, NV, NP>(simd, panels, a, out, add),
    );
}

#[inline(always)]
fn multiply_row<S: Simd, const NR: usize, const NV: usize, const NP: usize>(
    simd: S,
    panels: [&[[f32; NR]]; NP],
    a: &[f32],
    out: &mut [f32],
    add: bool,
) {
    assert!(NV * S::F32::LANES == NR, "vectors that do not make a panel");
    let mut sums = [[simd.splat(0.0_f32); NV]; NP];
    lockstep(
        a,
        panels,
        #[inline(always)]
        |a, groups| {
            let a = simd.splat(*a);
            for p in 0..NP {
                let b = vectors::<S, NR, NV>(simd, &groups[p]);
                for j in 0..NV {
                    sums[p][j] = a.mul_add(b[j], sums[p][j]);
                }
            }
        },
    );
    for (p, sums) in sums.iter().enumerate() {
        write(simd, sums, &mut out[p * NR..][..NR], add);
    }
}

#[inline(always)]
fn vectors<S: Simd, const NR: usize, const NV: usize>(simd: S, values: &[f32; NR]) -> [S::F32; NV] {
    let mut vectors = [simd.splat(0.0_f32); NV];
    for (vector, values) in vectors.iter_mut().zip(values.chunks_exact(S::F32::LANES)) {
        *vector = simd.load(values);
    }
    vectors
}

#[inline(always)]
pub(super) fn write<S: Simd, const NV: usize>(simd: S, sums: &[S::F32; NV], out: &mut [f32], add: bool) {
    for (sum, out) in sums.iter().zip(out.chunks_exact_mut(S::F32::LANES)) {
        let sum = if add { simd.load(out) + *sum } else { *sum };
        sum.store(out);
    }
}
