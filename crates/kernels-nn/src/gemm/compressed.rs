//! How a product with weights in fewer bits is walked: as [`product`](super::product) does, but what a pass takes of a panel
//! is decoded before it, and where A has one row only, while it is multiplied.

use super::encoded::{Bf16, Encoding, F16, Halves, Int4, Steps};
use super::epilogue::Epilogue;
use super::panels::shape;
use super::product::{Aligned, MOST_COLUMNS, Operands, blocks};
use super::tile::STEPS;
use simd_core::{Kernel, Simd};

/// The panels of a matrix, in fewer bits.
#[derive(Clone, Copy, Debug)]
pub(super) enum Encoded<'a> {
    F16(Halves<'a, F16>),
    Bf16(Halves<'a, Bf16>),
    Int4(Int4<'a>),
}

impl Encoded<'_> {
    #[inline(always)]
    fn decode<S: Simd, const NR: usize, const NV: usize>(
        self,
        simd: S,
        steps: Steps,
        panel: usize,
        out: &mut [[f32; NR]],
    ) {
        match self {
            Self::F16(halves) => halves.decode::<S, NR, NV>(simd, steps, panel, out),
            Self::Bf16(halves) => halves.decode::<S, NR, NV>(simd, steps, panel, out),
            Self::Int4(int4) => int4.decode::<S, NR, NV>(simd, steps, panel, out),
        }
    }
}

/// A product with such a matrix.
pub(super) struct Compressed<'a> {
    pub(super) operands: Operands<'a>,
    pub(super) panels: Encoded<'a>,
    pub(super) epilogue: Epilogue<'a>,
}

impl Kernel for Compressed<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Operands { m, k, .. } = self.operands;
        shape!(S::ISA, |NR, NV, MR, NP| match self.panels {
            Encoded::F16(halves) if m == 1 => self.row::<S, NR, NV, NP>(simd, halves),
            Encoded::Bf16(halves) if m == 1 => self.row::<S, NR, NV, NP>(simd, halves),
            // Scales take registers as well.
            Encoded::Int4(int4) if m == 1 => self.row::<S, NR, NV, { NP.div_ceil(2) }>(simd, int4),
            // The stack that it takes is cleared first: less for less.
            _ if k.min(STEPS) * NR <= 1024 => self.walk::<S, NR, NV, MR, 1024>(simd),
            _ => self.walk::<S, NR, NV, MR, { STEPS * NR }>(simd),
        });
    }
}

impl Compressed<'_> {
    #[inline(always)]
    fn walk<S: Simd, const NR: usize, const NV: usize, const MR: usize, const ROOM: usize>(self, simd: S) {
        let Self { mut operands, panels, epilogue } = self;
        let Operands { m, k, n, .. } = operands;
        let mut room = Aligned([0.0; ROOM]);
        let room = room.0.as_chunks_mut::<NR>().0;
        for block in blocks::<MR>(m) {
            for row in (0..k).step_by(STEPS) {
                let steps = Steps { k, first: row, count: STEPS.min(k - row) };
                let panel = &mut room[..steps.count];
                for p in 0..n.div_ceil(NR) {
                    panels.decode::<S, NR, NV>(simd, steps, p, panel);
                    operands.stripe::<S, NR, NV, MR>(simd, block, row, panel, p * NR, &[]);
                    if row + steps.count == k {
                        epilogue.apply::<S, NV>(simd, operands.finished::<NR>(block, p));
                    }
                }
            }
        }
    }

    /// With the only row of A, panels are read from end to end.
    #[inline(always)]
    fn row<S: Simd, const NR: usize, const NV: usize, const NP: usize>(self, simd: S, panels: impl Encoding) {
        let Self { mut operands, epilogue, .. } = self;
        let Operands { a, n, ref mut out, .. } = operands;
        let (groups, rest) = out.split_at_mut(n / (NR * NP) * (NR * NP));
        for (i, out) in groups.chunks_exact_mut(NR * NP).enumerate() {
            panels.row::<S, NR, NV, NP>(simd, a, i * NP, out);
        }
        let first = groups.len() / NR;
        for (i, out) in rest.chunks_mut(NR).enumerate() {
            let mut whole = Aligned([0.0; MOST_COLUMNS]);
            let whole = &mut whole.0[..NR];
            panels.row::<S, NR, NV, 1>(simd, a, first + i, whole);
            out.copy_from_slice(&whole[..out.len()]);
        }
        for p in 0..n.div_ceil(NR) {
            epilogue.apply::<S, NV>(simd, operands.finished::<NR>((0, 1), p));
        }
    }
}

/// Decodes a whole matrix.
pub(super) struct Decode<'a> {
    pub(super) panels: Encoded<'a>,
    pub(super) k: usize,
    pub(super) n: usize,
    /// `[k, n]`
    pub(super) out: &'a mut [f32],
}

impl Kernel for Decode<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        shape!(S::ISA, |NR, NV, MR, NP| self.walk::<S, NR, NV>(simd));
    }
}

impl Decode<'_> {
    #[inline(always)]
    fn walk<S: Simd, const NR: usize, const NV: usize>(self, simd: S) {
        /// Rows decoded at a time.
        const ROWS: usize = 16;
        let Self { panels, k, n, out } = self;
        let mut room = Aligned([[0.0; NR]; ROWS]);
        for (i, rows) in out.chunks_mut(ROWS * n).enumerate() {
            let steps = Steps { k, first: i * ROWS, count: rows.len() / n };
            for p in 0..n.div_ceil(NR) {
                let panel = &mut room.0[..steps.count];
                panels.decode::<S, NR, NV>(simd, steps, p, panel);
                let columns = NR.min(n - p * NR);
                for (row, values) in rows.chunks_exact_mut(n).zip(panel) {
                    row[p * NR..][..columns].copy_from_slice(&values[..columns]);
                }
            }
        }
    }
}
