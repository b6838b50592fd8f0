//! What becomes of a product while it is in cache: a stripe of it at a time, a panel wide.

use super::product::Block;
use crate::activation::Activation;
use crate::activation::formula::{Formula, WithFormula, has_no_vectors};
use crate::error::{Error, length, positive, product};
use simd_core::{Simd, Vector};

/// Vectors that a formula is applied to side by side.
const TOGETHER: usize = 4;

/// Columns of a panel at most.
const MOST: usize = 16;

/// Rows by which fetching the residual leads: they lie too far apart for the processor to foresee.
const AHEAD: usize = 16;

/// `out = activation(out + bias) + residual`
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Epilogue<'a> {
    /// `[n]`
    pub(crate) bias: Option<&'a [f32]>,
    pub(crate) activation: Option<Activation>,
    /// `[m, n]`
    pub(crate) residual: Option<&'a [f32]>,
}

/// Part of the output, and what to do to it.
pub(crate) struct Stripe<'a, const NR: usize, const NV: usize> {
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

    #[inline(always)]
    pub(crate) fn apply<S: Simd, const NR: usize, const NV: usize>(
        self,
        simd: S,
        stripe: Stripe<'_, NR, NV>,
    ) {
        let update = Update { simd, epilogue: self, stripe };
        match self.activation {
            Some(activation) => activation.with_formula(update),
            None if self.bias.is_none() && self.residual.is_none() => {}
            None => update.run(Identity),
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

struct Update<'a, S, const NR: usize, const NV: usize> {
    simd: S,
    epilogue: Epilogue<'a>,
    stripe: Stripe<'a, NR, NV>,
}

impl<S: Simd, const NR: usize, const NV: usize> WithFormula for Update<'_, S, NR, NV> {
    type Output = ();

    #[inline(always)]
    fn run<F: Formula>(self, formula: F) {
        let Self { simd, epilogue, stripe } = self;
        simd.vectorize(
            #[inline(always)]
            || {
                if has_no_vectors(S::ISA) {
                    stripe.update::<S, NV>(simd, epilogue, formula)
                } else {
                    stripe.update::<S, TOGETHER>(simd, epilogue, formula)
                }
            },
        );
    }
}

impl<const NR: usize, const NV: usize> Stripe<'_, NR, NV> {
    /// One or two rows at a time, as many as fill `N` vectors; of an odd number the last one twice.
    #[inline(always)]
    fn update<S: Simd, const N: usize>(
        self,
        simd: S,
        Epilogue { bias, residual, .. }: Epilogue<'_>,
        formula: impl Formula,
    ) {
        assert!(NV * S::F32::LANES == NR && N.is_multiple_of(NV), "rows that do not fill the vectors");
        let Self { rows: (first, rows), column, n, out } = self;
        let columns = NR.min(n - column);
        // Added to any number, this zero leaves it as it is.
        let mut start = [simd.splat(-0.0_f32); NV];
        if let Some(bias) = bias {
            start = load::<S, NR, NV>(simd, &bias[column..][..columns]);
        }
        for row in (first..first + rows).step_by(N / NV) {
            let row_of = |v: usize| (row + v / NV).min(first + rows - 1) * n + column;
            let mut x = [simd.splat(0.0_f32); N];
            for v in (0..N).step_by(NV) {
                if let Some(residual) = residual {
                    simd.prefetch(residual, row_of(v).wrapping_add(n.wrapping_mul(AHEAD)));
                }
                let values = load::<S, NR, NV>(simd, &out[row_of(v)..][..columns]);
                for i in 0..NV {
                    x[v + i] = values[i] + start[i];
                }
            }
            let mut x = formula.of(simd, x);
            for v in (0..N).step_by(NV) {
                if let Some(residual) = residual {
                    let values = load::<S, NR, NV>(simd, &residual[row_of(v)..][..columns]);
                    for i in 0..NV {
                        x[v + i] = x[v + i] + values[i];
                    }
                }
                let out = &mut out[row_of(v)..][..columns];
                match out.first_chunk_mut::<NR>() {
                    Some(out) => store(&x[v..v + NV], out),
                    None => {
                        let mut whole = [0.0; MOST];
                        store(&x[v..v + NV], &mut whole);
                        out.copy_from_slice(&whole[..columns]);
                    }
                }
            }
        }
    }
}

/// A row of a stripe, filled up with zeros.
#[inline(always)]
fn load<S: Simd, const NR: usize, const NV: usize>(simd: S, row: &[f32]) -> [S::F32; NV] {
    let mut whole = [0.0; MOST];
    let row = match row.first_chunk::<NR>() {
        Some(row) => row,
        None => {
            whole[..row.len()].copy_from_slice(row);
            &whole[..]
        }
    };
    let mut vectors = [simd.splat(0.0_f32); NV];
    for (vector, row) in vectors.iter_mut().zip(row.chunks_exact(S::F32::LANES)) {
        *vector = simd.load(row);
    }
    vectors
}

#[inline(always)]
fn store<V: Vector<Element = f32>>(vectors: &[V], out: &mut [f32]) {
    for (vector, out) in vectors.iter().zip(out.chunks_exact_mut(V::LANES)) {
        vector.store(out);
    }
}
