//! B as the hot loops read it.

use simd_core::{Isa, Kernel, Simd, Vector};

/// Calls with the tile of a set: `MR` rows of A times `NR` columns of B, which are `NV` vectors, and for a single row
/// `NP` times as many columns. As many accumulators as there are registers for, and as additions in flight.
///
/// The set is a constant where it matters, so the branch is decided at compile time.
macro_rules! shape {
    ($isa:expr, |$nr:ident, $nv:ident, $mr:ident, $np:ident| $call:expr) => {
        match $isa {
            simd_core::Isa::Avx2 => shape!(16, 2, 6, 4, |$nr, $nv, $mr, $np| $call),
            // A sixth row, with what it is multiplied by, would be more than 32 registers hold.
            simd_core::Isa::Neon => shape!(16, 4, 5, 4, |$nr, $nv, $mr, $np| $call),
            // Each lane is a local of its own there, and two rows would be more than engines keep in registers.
            simd_core::Isa::Scalar if cfg!(target_family = "wasm") => {
                shape!(8, 2, 1, 1, |$nr, $nv, $mr, $np| $call)
            }
            // Without a fused instruction it is the number of instructions that counts: two rows need fewer for their places, and
            // each vector of B is used at once.
            simd_core::Isa::Simd128 => shape!(16, 4, 2, 2, |$nr, $nv, $mr, $np| $call),
            _ => shape!(8, 2, 4, 4, |$nr, $nv, $mr, $np| $call),
        }
    };
    ($nr_is:literal, $nv_is:literal, $mr_is:literal, $np_is:literal, |$nr:ident, $nv:ident, $mr:ident, $np:ident| $call:expr) => {{
        #[allow(dead_code, reason = "not every call needs all of them")]
        {
            const $nr: usize = $nr_is;
            const $nv: usize = $nv_is;
            const $mr: usize = $mr_is;
            const $np: usize = $np_is;
            $call
        }
    }};
}
pub(super) use shape;

/// Rows by which fetching leads packing: they lie too far apart for the processor to foresee.
const AHEAD: usize = 16;

/// Columns of a panel.
pub(super) const fn width(isa: Isa) -> usize {
    shape!(isa, |NR, NV, MR, NP| NR)
}

/// How many values the panels of a `[k, n]` matrix hold.
pub(super) fn packed_len(isa: Isa, k: usize, n: usize) -> Option<usize> {
    let width = width(isa);
    n.div_ceil(width).checked_mul(width)?.checked_mul(k)
}

/// A matrix that is to be packed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Matrix<'a> {
    /// `[k, n]`, or, if it is transposed, `[n, k]`.
    pub(super) values: &'a [f32],
    pub(super) k: usize,
    pub(super) n: usize,
    pub(super) transposed: bool,
}

impl Matrix<'_> {
    /// Packs the columns from `column` on, of the rows from `row` on, as many as there is room for: `panel[i][j]` is row `i`
    /// and column `j`. Where the matrix has no such column, there are zeros; what comes of them is never read.
    #[inline(always)]
    pub(super) fn pack<S: Simd, const NR: usize>(
        self,
        simd: S,
        row: usize,
        column: usize,
        panel: &mut [[f32; NR]],
    ) {
        let columns = NR.min(self.n - column);
        if columns < NR {
            panel.fill([0.0; NR]);
        }
        if self.transposed {
            let values = &self.values[column * self.k + row..];
            self.transpose(simd, values, columns, panel);
            return;
        }
        for (i, group) in panel.iter_mut().enumerate() {
            let start = (row + i) * self.n + column;
            let later = start.wrapping_add(self.n.wrapping_mul(AHEAD));
            // They may lie in two cache lines.
            simd.prefetch(self.values, later);
            simd.prefetch(self.values, later.wrapping_add(NR - 1));
            let values = &self.values[start..][..columns];
            match values.first_chunk::<NR>() {
                Some(values) => *group = *values,
                None => group[..columns].copy_from_slice(values),
            }
        }
    }

    #[inline(always)]
    fn transpose<S: Simd, const NR: usize>(
        self,
        simd: S,
        values: &[f32],
        columns: usize,
        panel: &mut [[f32; NR]],
    ) {
        let lanes = S::F32::LANES;
        // Squares, and what is left of them at both ends.
        let (whole_columns, whole_rows) = (columns / lanes * lanes, panel.len() / lanes * lanes);
        for first in (0..whole_columns).step_by(lanes) {
            for row in (0..whole_rows).step_by(lanes) {
                let square = S::F32::load_columns(simd, &values[first * self.k + row..], self.k);
                for (group, column) in panel[row..].iter_mut().zip(square.as_ref()) {
                    column.store(&mut group[first..]);
                }
            }
        }
        for column in 0..columns {
            let done = if column < whole_columns { whole_rows } else { 0 };
            let values = &values[column * self.k..][..panel.len()];
            for (group, value) in panel[done..].iter_mut().zip(&values[done..]) {
                group[column] = *value;
            }
        }
    }
}

/// Packs a whole matrix.
pub(super) struct Pack<'a> {
    pub(super) matrix: Matrix<'a>,
    /// As many as [`packed_len`] says.
    pub(super) panels: &'a mut [f32],
}

impl Kernel for Pack<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        shape!(S::ISA, |NR, NV, MR, NP| self.panels::<S, NR>(simd));
    }
}

impl Pack<'_> {
    #[inline(always)]
    fn panels<S: Simd, const NR: usize>(self, simd: S) {
        let Self { matrix, panels } = self;
        let panels = panels.as_chunks_mut::<NR>().0.chunks_exact_mut(matrix.k);
        for (p, panel) in panels.enumerate() {
            matrix.pack(simd, 0, p * NR, panel);
        }
    }
}
