//! What becomes of a product while it is in cache: a stripe of it at a time, a panel wide.

use super::product::{Aligned, BLOCK, Block, MOST_COLUMNS};
use crate::activation::Activation;
use crate::activation::formula::{Formula, WithFormula, has_no_vectors};
use crate::error::{Error, length, positive, product};
use simd_core::{Simd, Vector};

/// Vectors that a formula is applied to side by side.
const TOGETHER: usize = 4;

/// Rows of a stripe that is narrower than a panel that are filled up together.
const FILLED: usize = 8;

/// Rows by which fetching the residual leads: what the next block's stripe takes. From one row to the next the distance is too
/// long for the processor to foresee, and a stripe's time too short for memory.
const AHEAD: usize = BLOCK;

/// `out = activation(out + bias) + residual`
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Epilogue<'a> {
    /// `[n]`
    pub(crate) bias: Option<&'a [f32]>,
    pub(crate) activation: Option<Activation>,
    /// `[m, n]`
    pub(crate) residual: Option<&'a [f32]>,
}

/// Part of the output, as wide as a panel, or what is left of the columns.
pub(crate) struct Stripe<'a> {
    pub(crate) rows: Block,
    pub(crate) column: usize,
    pub(crate) n: usize,
    /// `[m, n]`
    pub(crate) out: &'a mut [f32],
}

impl Epilogue<'_> {
    /// That all shapes of a product of `a: [m, k]` and of this agree: the length of the output.
    pub(crate) fn check(&self, a: &[f32], m: usize, k: usize, n: usize) -> Result<usize, Error> {
        positive(&[("m", m)])?;
        length("a", product("a", &[m, k])?, a.len())?;
        let len = product("out", &[m, n])?;
        if let Some(bias) = self.bias {
            length("bias", n, bias.len())?;
        }
        if let Some(residual) = self.residual {
            length("residual", len, residual.len())?;
        }
        Ok(len)
    }

    /// To a stripe as wide as `NV` vectors, or narrower.
    #[inline(always)]
    pub(crate) fn apply<S: Simd, const NV: usize>(self, simd: S, stripe: Stripe<'_>) {
        if self.bias.is_none() && self.activation.is_none() && self.residual.is_none() {
            return;
        }
        let Stripe { rows: (first, rows), column, n, out } = stripe;
        let width = NV * S::F32::LANES;
        let columns = width.min(n - column);
        // Added to any number, this zero leaves it as it is.
        let mut bias = Aligned([-0.0; MOST_COLUMNS]);
        if let Some(from) = self.bias {
            bias.0[..columns].copy_from_slice(&from[column..][..columns]);
        }
        let bias = load::<S, NV>(simd, &bias.0[..width]);
        if columns == width {
            let at = first * n + column;
            let residual = self.residual.map(|residual| &residual[at..]);
            let update = Update { simd, rows, stride: n, bias, residual, out: &mut out[at..] };
            return update.with(self.activation);
        }
        // Some rows at a time, filled up with zeros.
        let end = first + rows;
        for first in (first..end).step_by(FILLED) {
            let rows = FILLED.min(end - first);
            let part = |row: usize| (first + row) * n + column..(first + row) * n + column + columns;
            let [mut whole, mut added] = [const { Aligned([[0.0; MOST_COLUMNS]; FILLED]) }; 2];
            for row in 0..rows {
                whole.0[row][..columns].copy_from_slice(&out[part(row)]);
                if let Some(residual) = self.residual {
                    added.0[row][..columns].copy_from_slice(&residual[part(row)]);
                }
            }
            let residual = self.residual.map(|_| added.0.as_flattened());
            let filled = whole.0.as_flattened_mut();
            Update { simd, rows, stride: MOST_COLUMNS, bias, residual, out: filled }.with(self.activation);
            for row in 0..rows {
                out[part(row)].copy_from_slice(&whole.0[row][..columns]);
            }
        }
    }
}

/// Where there is no activation.
#[derive(Clone, Copy, Debug)]
struct Identity;

impl Formula for Identity {
    #[inline(always)]
    fn of<S: Simd, const N: usize>(self, _: S, x: [S::F32; N]) -> [S::F32; N] {
        x
    }
}

/// Rows as wide as `NV` vectors, and what is done to them.
struct Update<'a, S: Simd, const NV: usize> {
    simd: S,
    rows: usize,
    /// From one row to the next.
    stride: usize,
    bias: [S::F32; NV],
    residual: Option<&'a [f32]>,
    out: &'a mut [f32],
}

impl<S: Simd, const NV: usize> Update<'_, S, NV> {
    #[inline(always)]
    fn with(self, activation: Option<Activation>) {
        match activation {
            Some(activation) => activation.with_formula(self),
            None => self.run(Identity),
        }
    }

    /// One or two rows at a time, as many as fill `N` vectors; of an odd number the last one twice.
    #[inline(always)]
    fn rows<const N: usize>(self, formula: impl Formula) {
        assert!(N.is_multiple_of(NV), "rows that do not fill the vectors");
        let Self { simd, rows, stride, bias, residual, out } = self;
        let width = NV * S::F32::LANES;
        for row in (0..rows).step_by(N / NV) {
            let at = |v: usize| (row + v / NV).min(rows - 1) * stride;
            let mut x = [simd.splat(0.0_f32); N];
            for v in (0..N).step_by(NV) {
                if let Some(residual) = residual {
                    simd.prefetch(residual, at(v).wrapping_add(AHEAD.wrapping_mul(stride)));
                }
                let values = load::<S, NV>(simd, &out[at(v)..][..width]);
                for i in 0..NV {
                    x[v + i] = values[i] + bias[i];
                }
            }
            let mut x = formula.of(simd, x);
            for v in (0..N).step_by(NV) {
                if let Some(residual) = residual {
                    let values = load::<S, NV>(simd, &residual[at(v)..][..width]);
                    for i in 0..NV {
                        x[v + i] = x[v + i] + values[i];
                    }
                }
                let out = &mut out[at(v)..][..width];
                for (x, out) in x[v..][..NV].iter().zip(out.chunks_exact_mut(S::F32::LANES)) {
                    x.store(out);
                }
            }
        }
    }
}

impl<S: Simd, const NV: usize> WithFormula for Update<'_, S, NV> {
    type Output = ();

    #[inline(always)]
    fn run<F: Formula>(self, formula: F) {
        let simd = self.simd;
        simd.vectorize(
            #[inline(always)]
            || {
                if has_no_vectors(S::ISA) { self.rows::<NV>(formula) } else { self.rows::<TOGETHER>(formula) }
            },
        );
    }
}

#[inline(always)]
fn load<S: Simd, const N: usize>(simd: S, values: &[f32]) -> [S::F32; N] {
    let mut vectors = [simd.splat(0.0_f32); N];
    for (vector, values) in vectors.iter_mut().zip(values.chunks_exact(S::F32::LANES)) {
        *vector = simd.load(values);
    }
    vectors
}
