//! How the product is walked: in blocks of rows, which are packed, panel by panel; and the hot loop.

use super::layout::{VECTORS, WeightBits};
use super::rows::{Rows, Terms};
use crate::gemm::{Epilogue, Stripe};
use simd_core::{ColumnSums, Kernel, Simd, Vector, lockstep};

/// Rows of a block: they stay in the second-level cache while all panels pass over them.
const BLOCK: usize = 16;

/// Rows of a tile: with two vectors of columns as many sums as leave registers for what is multiplied.
const TILE: usize = 4;

/// What the packed rows of a block take, `step` values in each.
pub(super) fn packed_len(m: usize, k: usize, step: usize) -> usize {
    m.min(BLOCK) * k.div_ceil(step)
}

/// What becomes of sums.
pub(super) trait Finish: Copy {
    type Element: Copy + Default;

    /// Writes what the sums of a row, and of columns from `column` on, are in the end.
    fn store<S: Simd, T: ColumnSums<Simd = S>>(
        self,
        simd: S,
        sums: T,
        row: Terms,
        column: usize,
        out: &mut [Self::Element],
    );

    /// What follows, once a stripe of the output is there.
    fn stripe<S: Simd, const NR: usize>(
        self,
        _: S,
        _: (usize, usize),
        _: usize,
        _: usize,
        _: &mut [Self::Element],
    ) {
    }
}

/// Floats: by both scales, and then the epilogue.
#[derive(Clone, Copy)]
pub(super) struct Scaled<'a> {
    /// Whole panels of them.
    pub(super) scales: &'a [f32],
    pub(super) epilogue: Epilogue<'a>,
}

impl Finish for Scaled<'_> {
    type Element = f32;

    #[inline(always)]
    fn store<S: Simd, T: ColumnSums<Simd = S>>(
        self,
        simd: S,
        sums: T,
        row: Terms,
        column: usize,
        out: &mut [f32],
    ) {
        // One after the other: their product may be no normal number.
        (sums.to_f32() * simd.load(&self.scales[column..]) * simd.splat(row.scale)).store(out);
    }

    #[inline(always)]
    fn stripe<S: Simd, const NR: usize>(
        self,
        simd: S,
        rows: (usize, usize),
        column: usize,
        n: usize,
        out: &mut [f32],
    ) {
        self.epilogue.apply::<S, VECTORS>(simd, Stripe { rows, column, n, out });
    }
}

/// Integers, less what the columns' zero points add.
#[derive(Clone, Copy)]
pub(super) struct Exact<'a> {
    /// Whole panels of them.
    pub(super) zero_points: &'a [i32],
}

impl Finish for Exact<'_> {
    type Element = i32;

    #[inline(always)]
    fn store<S: Simd, T: ColumnSums<Simd = S>>(
        self,
        simd: S,
        sums: T,
        row: Terms,
        column: usize,
        out: &mut [i32],
    ) {
        (sums - T::splat(simd, row.total) * T::load(simd, &self.zero_points[column..])).store(out);
    }
}

/// `m` rows times packed columns.
pub(super) struct Product<'a, R, F: Finish> {
    pub(super) rows: R,
    pub(super) m: usize,
    pub(super) k: usize,
    pub(super) n: usize,
    pub(super) bits: WeightBits,
    pub(super) panels: &'a [i8],
    /// Of each column.
    pub(super) sums: &'a [i32],
    pub(super) finish: F,
    /// `[m, n]`
    pub(super) out: &'a mut [F::Element],
    /// Room for the packed rows of a block.
    pub(super) packed: &'a mut [u32],
}

impl<R: Rows, F: Finish> Kernel for Product<'_, R, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        match self.bits {
            WeightBits::Eight => self.with::<S, S::Sums>(simd),
            WeightBits::Seven => self.with::<S, S::NarrowSums>(simd),
        }
    }
}

impl<R: Rows, F: Finish> Product<'_, R, F> {
    /// The lanes and the step are constants, so the branch is decided at compile time.
    #[inline(always)]
    fn with<S: Simd, T: ColumnSums<Simd = S>>(self, simd: S) {
        match (S::F32::LANES, T::STEP) {
            (8, 2) => self.walk::<S, T, 16, 32>(simd),
            (8, _) => self.walk::<S, T, 16, 64>(simd),
            (_, 2) => self.walk::<S, T, 8, 16>(simd),
            _ => self.walk::<S, T, 8, 32>(simd),
        }
    }

    #[inline(always)]
    fn walk<S: Simd, T: ColumnSums<Simd = S>, const NR: usize, const BYTES: usize>(self, simd: S) {
        let Self { rows, m, k, n, panels, sums, finish, out, packed, .. } = self;
        let steps = k.div_ceil(T::STEP);
        let panels = panels.as_chunks::<BYTES>().0;
        for first in (0..m).step_by(BLOCK) {
            let count = BLOCK.min(m - first);
            let mut terms = [Terms::default(); BLOCK];
            for (i, (packed, terms)) in packed.chunks_exact_mut(steps).zip(&mut terms[..count]).enumerate() {
                *terms = simd.vectorize(
                    #[inline(always)]
                    || rows.pack::<S, T>(simd, first + i, packed),
                );
            }
            for (p, panel) in panels.chunks_exact(steps).enumerate() {
                let part = Part {
                    panel,
                    packed,
                    terms: &terms[..count],
                    sums: &sums[p * NR..][..NR],
                    column: p * NR,
                    finish,
                };
                let whole = &mut out[first * n..][..count * n];
                simd.vectorize(
                    #[inline(always)]
                    || part.multiply::<S, T, NR>(simd, n, whole),
                );
                finish.stripe::<S, NR>(simd, (first, count), p * NR, n, out);
            }
        }
    }
}

/// The rows of a block and a panel.
struct Part<'a, F, const BYTES: usize> {
    panel: &'a [[i8; BYTES]],
    packed: &'a [u32],
    terms: &'a [Terms],
    /// Of the panel's columns.
    sums: &'a [i32],
    /// The first of them.
    column: usize,
    finish: F,
}

impl<F: Finish, const BYTES: usize> Part<'_, F, BYTES> {
    #[inline(always)]
    fn multiply<S: Simd, T: ColumnSums<Simd = S>, const NR: usize>(
        &self,
        simd: S,
        n: usize,
        out: &mut [F::Element],
    ) {
        let rows = self.terms.len();
        let whole = rows / TILE * TILE;
        for first in (0..whole).step_by(TILE) {
            self.tile::<S, T, NR, TILE>(simd, first, n, out);
        }
        for first in whole..rows {
            self.tile::<S, T, NR, 1>(simd, first, n, out);
        }
    }

    #[inline(always)]
    fn tile<S: Simd, T: ColumnSums<Simd = S>, const NR: usize, const MR: usize>(
        &self,
        simd: S,
        first: usize,
        n: usize,
        out: &mut [F::Element],
    ) {
        // Folds. (Not in a `const` block: those of other sets are compiled for this one too, and never called.)
        assert!(
            VECTORS * T::BYTES == BYTES && VECTORS * S::F32::LANES == NR,
            "columns that do not make a panel"
        );
        let steps = self.panel.len();
        let mut rows = [&self.packed[..0]; MR];
        let mut sums = [[T::splat(simd, 0); VECTORS]; MR];
        for (i, row) in rows.iter_mut().enumerate() {
            *row = &self.packed[(first + i) * steps..][..steps];
            sums[i] = [T::splat(simd, self.terms[first + i].start); VECTORS];
        }
        lockstep(
            self.panel,
            rows,
            #[inline(always)]
            |bytes, row| {
                for v in 0..VECTORS {
                    let columns = T::columns(simd, &bytes[v * T::BYTES..]);
                    for i in 0..MR {
                        sums[i][v] = sums[i][v].add_products(row[i], columns);
                    }
                }
            },
        );
        let columns = NR.min(n - self.column);
        for (i, sums) in sums.iter().enumerate() {
            let out = &mut out[(first + i) * n + self.column..][..columns];
            match out.first_chunk_mut::<NR>() {
                Some(out) => self.finish(simd, first + i, sums, out),
                None => {
                    let mut whole = [F::Element::default(); NR];
                    self.finish(simd, first + i, sums, &mut whole);
                    out.copy_from_slice(&whole[..columns]);
                }
            }
        }
    }

    #[inline(always)]
    fn finish<S: Simd, T: ColumnSums<Simd = S>>(
        &self,
        simd: S,
        row: usize,
        sums: &[T; VECTORS],
        out: &mut [F::Element],
    ) {
        let row = self.terms[row];
        for (v, sums) in sums.iter().enumerate() {
            let at = v * S::F32::LANES;
            let sums = *sums + T::splat(simd, row.offset) * T::load(simd, &self.sums[at..]);
            self.finish.store(simd, sums, row, self.column + at, &mut out[at..]);
        }
    }
}
