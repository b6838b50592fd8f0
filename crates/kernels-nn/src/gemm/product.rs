//! How the product is walked: in blocks of rows, in blocks along `k`, and panel by panel.

use super::epilogue::{Epilogue, Stripe};
use super::panels::{Matrix, shape};
use super::tile::{Ahead, Out, Rows, STEPS, pass, row_pass};
use simd_core::{Kernel, Simd};

/// Rows of a block: with [`STEPS`] steps they stay in the second-level cache while all panels pass over them.
pub(super) const BLOCK: usize = 128;

/// Rows of a tile at most.
const MOST_ROWS: usize = 6;

/// Columns of a panel at most.
pub(super) const MOST_COLUMNS: usize = 16;

/// Columns of B that are packed together where nobody has packed it before.
const COLUMNS: usize = 32;

/// What is multiplied, and where that goes.
pub(super) struct Operands<'a> {
    /// `[m, k]`
    pub(super) a: &'a [f32],
    pub(super) m: usize,
    pub(super) k: usize,
    pub(super) n: usize,
    /// `[m, n]`
    pub(super) out: &'a mut [f32],
}

/// A product with a matrix in panels.
pub(super) struct Packed<'a> {
    pub(super) operands: Operands<'a>,
    pub(super) panels: &'a [f32],
    pub(super) epilogue: Epilogue<'a>,
}

impl Kernel for Packed<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        shape!(S::ISA, |NR, NV, MR, NP| self.walk::<S, NR, NV, MR, NP>(simd));
    }
}

impl Packed<'_> {
    #[inline(always)]
    fn walk<S: Simd, const NR: usize, const NV: usize, const MR: usize, const NP: usize>(self, simd: S) {
        let Self { mut operands, panels, epilogue } = self;
        let Operands { m, k, n, .. } = operands;
        let panels = panels.as_chunks::<NR>().0;
        let count = n.div_ceil(NR);
        for block in blocks::<MR>(m) {
            for row in (0..k).step_by(STEPS) {
                let steps = STEPS.min(k - row);
                let panel = |p: usize| &panels[p * k + row..][..steps];
                let mut first = 0;
                if m == 1 {
                    let whole = n / (NR * NP) * NP;
                    for p in (0..whole).step_by(NP) {
                        let mut group = [panel(p); NP];
                        for (i, one) in group.iter_mut().enumerate() {
                            *one = panel(p + i);
                        }
                        operands.one_row::<S, NR, NV, NP>(simd, row, group, p * NR);
                    }
                    first = whole;
                }
                for p in first..count {
                    // The next one, or the first one of what comes next.
                    let next = match p + 1 {
                        p if p < count => p * k + row,
                        _ if row + steps < k => row + steps,
                        _ => 0,
                    };
                    let ahead = panels[next..].as_flattened();
                    operands.stripe::<S, NR, NV, MR>(simd, block, row, panel(p), p * NR, ahead);
                    if row + steps == k {
                        epilogue.apply::<S, NV>(simd, operands.finished::<NR>(block, p));
                    }
                }
                if row + steps == k {
                    for p in 0..first {
                        epilogue.apply::<S, NV>(simd, operands.finished::<NR>(block, p));
                    }
                }
            }
        }
    }
}

/// A product with a matrix that is packed on the way, a few columns at a time.
pub(super) struct Unpacked<'a> {
    pub(super) a: &'a [f32],
    pub(super) m: usize,
    pub(super) b: Matrix<'a>,
    pub(super) out: &'a mut [f32],
}

impl Kernel for Unpacked<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        shape!(S::ISA, |NR, NV, MR, NP| {
            // The stack that it takes is cleared first: less for less.
            match self.b.k.min(STEPS) * self.b.n.next_multiple_of(NR).min(COLUMNS) {
                0..=1024 => self.walk::<S, NR, NV, MR, 1024>(simd),
                _ => self.walk::<S, NR, NV, MR, { STEPS * COLUMNS }>(simd),
            }
        });
    }
}

impl Unpacked<'_> {
    #[inline(always)]
    fn walk<S: Simd, const NR: usize, const NV: usize, const MR: usize, const ROOM: usize>(self, simd: S) {
        let Self { a, m, b, out } = self;
        let mut operands = Operands { a, m, k: b.k, n: b.n, out };
        let mut room = Aligned([0.0; ROOM]);
        let room = room.0.as_chunks_mut::<NR>().0;
        for first in (0..b.n).step_by(COLUMNS) {
            let count = (b.n - first).min(COLUMNS).div_ceil(NR);
            for row in (0..b.k).step_by(STEPS) {
                let steps = STEPS.min(b.k - row);
                for (p, panel) in room[..count * steps].chunks_exact_mut(steps).enumerate() {
                    b.pack(simd, row, first + p * NR, panel);
                }
                for block in blocks::<MR>(m) {
                    for (p, panel) in room[..count * steps].chunks_exact(steps).enumerate() {
                        operands.stripe::<S, NR, NV, MR>(simd, block, row, panel, first + p * NR, &[]);
                    }
                }
            }
        }
    }
}

#[repr(align(64))]
pub(super) struct Aligned<T>(pub(super) T);

/// Rows: the first one, and how many.
pub(crate) type Block = (usize, usize);

/// Blocks of about the same number of rows, of whole tiles all but the last.
#[inline(always)]
pub(super) fn blocks<const MR: usize>(m: usize) -> impl Iterator<Item = Block> {
    let rows = m.div_ceil(m.div_ceil(BLOCK)).next_multiple_of(MR);
    (0..m).step_by(rows).map(move |first| (first, rows.min(m - first)))
}

/// Tiles that make so many rows: the rows of a tile, and how many tiles. Where tiles of six are the largest, five and four
/// keep the arithmetic busy too, and three or fewer do not.
#[inline(always)]
fn split<const MR: usize>(rows: usize) -> [(usize, usize); 3] {
    let (whole, rest) = (rows / MR, rows % MR);
    match (rest, whole) {
        (1, 1) if MR == 6 => [(4, 1), (3, 1), (0, 0)],
        (1, 2..) if MR == 6 => [(6, whole - 2), (5, 1), (4, 2)],
        (2, 1..) if MR == 6 => [(6, whole - 1), (4, 2), (0, 0)],
        (3, 1..) if MR == 6 => [(6, whole - 1), (5, 1), (4, 1)],
        _ => [(MR, whole), (rest, 1), (0, 0)],
    }
}

impl Operands<'_> {
    /// Multiplies the rows of a block by a panel: part of B's rows from `row` on, and its columns from `column` on.
    #[inline(always)]
    pub(super) fn stripe<S: Simd, const NR: usize, const NV: usize, const MR: usize>(
        &mut self,
        simd: S,
        (first, rows): Block,
        row: usize,
        panel: &[[f32; NR]],
        column: usize,
        ahead: &[f32],
    ) {
        let Self { a, k, n, ref mut out, .. } = *self;
        let columns = NR.min(n - column);
        let parts = split::<MR>(rows);
        let mut ahead = Ahead::new(ahead, NR, parts.iter().map(|(_, tiles)| tiles).sum());
        let mut first = first;
        for (height, tiles) in parts {
            if height * tiles == 0 {
                continue;
            }
            let from = |first: usize| Rows { values: &a[first * k + row..], stride: k };
            if columns == NR {
                let values = &mut out[first * n + column..];
                let out = Out { values, stride: n, add: row > 0 };
                tiles_of::<S, NR, NV, MR>(simd, height, panel, from(first), tiles, out, ahead);
                ahead.skip(tiles, panel.len());
                first += height * tiles;
                continue;
            }
            for _ in 0..tiles {
                let mut whole = Aligned([[0.0; MOST_COLUMNS]; MOST_ROWS]);
                let whole = &mut whole.0.as_flattened_mut()[..height * NR];
                for (i, whole) in whole.chunks_exact_mut(NR).enumerate() {
                    whole[..columns].copy_from_slice(&out[(first + i) * n + column..][..columns]);
                }
                let values = Out { values: whole, stride: NR, add: row > 0 };
                tiles_of::<S, NR, NV, MR>(simd, height, panel, from(first), 1, values, ahead);
                for (i, whole) in whole.chunks_exact(NR).enumerate() {
                    out[(first + i) * n + column..][..columns].copy_from_slice(&whole[..columns]);
                }
                first += height;
            }
        }
    }

    /// The output where a panel's columns are.
    #[inline(always)]
    pub(super) fn finished<const NR: usize>(&mut self, rows: Block, panel: usize) -> Stripe<'_> {
        Stripe { rows, column: panel * NR, n: self.n, out: self.out }
    }

    /// Multiplies the only row by some panels of whole columns.
    #[inline(always)]
    fn one_row<S: Simd, const NR: usize, const NV: usize, const NP: usize>(
        &mut self,
        simd: S,
        row: usize,
        panels: [&[[f32; NR]]; NP],
        column: usize,
    ) {
        let a = &self.a[row..][..panels[0].len()];
        let out = &mut self.out[column..][..NP * NR];
        row_pass::<S, NR, NV, NP>(simd, panels, a, out, row > 0);
    }
}

/// [`pass`] with tiles of `height` rows, `MR` at most.
#[inline(always)]
fn tiles_of<S: Simd, const NR: usize, const NV: usize, const MR: usize>(
    simd: S,
    height: usize,
    panel: &[[f32; NR]],
    a: Rows<'_>,
    tiles: usize,
    out: Out<'_>,
    ahead: Ahead<'_>,
) {
    match height {
        5 if MR > 5 => pass::<S, NR, NV, 5>(simd, panel, a, tiles, out, ahead),
        4 if MR > 4 => pass::<S, NR, NV, 4>(simd, panel, a, tiles, out, ahead),
        3 if MR > 3 => pass::<S, NR, NV, 3>(simd, panel, a, tiles, out, ahead),
        2 if MR > 2 => pass::<S, NR, NV, 2>(simd, panel, a, tiles, out, ahead),
        1 if MR > 1 => pass::<S, NR, NV, 1>(simd, panel, a, tiles, out, ahead),
        _ => pass::<S, NR, NV, MR>(simd, panel, a, tiles, out, ahead),
    }
}
