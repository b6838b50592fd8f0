//! Which row of a document each query token matches best.

use super::scan::Scan;
use super::shape;
use super::tile::Fold;
use crate::docs::Rows;
use crate::packed::{GROUP, PANEL, View};
use simd_core::{Kernel, Mask, Simd, Vector};

/// The best row for each token that counts: the first of the largest similarity, or of the NaNs if there are any.
pub(crate) struct Argmax<'a> {
    pub(crate) query: View<'a>,
    /// `[rows, dim]`, at least one row.
    pub(crate) doc: &'a [f32],
    pub(crate) rows: usize,
    /// Where the query's tokens stand in `out`.
    pub(crate) places: &'a [usize],
    pub(crate) out: &'a mut [Option<usize>],
}

impl Kernel for Argmax<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        shape!(S::ISA, |NV, ND| self.tiled::<S, NV, ND>(simd));
    }
}

impl Argmax<'_> {
    #[inline(always)]
    fn tiled<S: Simd, const NV: usize, const ND: usize>(self, simd: S) {
        let Self { query, doc, rows, places, out } = self;
        let scan = Scan { values: doc, dim: query.dim };
        for ((group, panels), places) in query.groups().zip(places.chunks(GROUP * PANEL)) {
            let mut firsts = [First::<S, NV>::new(simd); GROUP];
            scan.fold::<S, _, NV, ND>(simd, group, Rows { start: 0, len: rows }, &mut firsts[..panels]);
            let rows = firsts.iter().flat_map(|first| first.rows);
            for (&place, row) in places.iter().zip(rows) {
                out[place] = Some(row);
            }
        }
    }
}

/// The first row of the largest similarity so far, in each lane of a panel.
///
/// `max` and `row` are of the block that passed last; where it had none better, they are what they were, which
/// `maxima` knows already. Within a block rows are counted in `f32` lanes, exactly: a block has far fewer than 2^24.
#[derive(Clone, Copy)]
struct First<S: Simd, const NV: usize> {
    max: [S::F32; NV],
    row: [S::F32; NV],
    maxima: [f32; PANEL],
    rows: [usize; PANEL],
}

impl<S: Simd, const NV: usize> First<S, NV> {
    #[inline(always)]
    fn new(simd: S) -> Self {
        Self {
            max: [simd.splat(f32::NEG_INFINITY); NV],
            row: [simd.splat(0.0_f32); NV],
            maxima: [f32::NEG_INFINITY; PANEL],
            rows: [0; PANEL],
        }
    }
}

impl<S: Simd, const NV: usize> Fold<S, NV> for First<S, NV> {
    const ANY_ORDER: bool = false;

    #[inline(always)]
    fn take<const ND: usize>(&mut self, simd: S, first: usize, rows: &[[S::F32; NV]; ND]) {
        for (j, row) in rows.iter().enumerate() {
            let index = simd.splat((first + j) as f32);
            for ((max, row), &x) in self.max.iter_mut().zip(&mut self.row).zip(row) {
                // A row that the tile has stepped back to is no larger than itself.
                let better = max.lt(x) | (x.unordered(x) & max.eq(*max));
                *max = better.select(x, *max);
                *row = better.select(index, *row);
            }
        }
    }

    #[inline(always)]
    fn end_block(&mut self, _: S, start: usize) {
        for i in 0..NV {
            let lanes = i * S::F32::LANES..;
            let (max, row) = (self.max[i].to_array(), self.row[i].to_array());
            let known = self.maxima[lanes.clone()].iter_mut().zip(&mut self.rows[lanes]);
            for ((known_max, known_row), (&max, &row)) in known.zip(max.as_ref().iter().zip(row.as_ref())) {
                if max > *known_max || (max.is_nan() && !known_max.is_nan()) {
                    (*known_max, *known_row) = (max, start + row as usize);
                }
            }
        }
    }
}
