//! Softmax and its logarithm.

use super::{Rows, Sums, each, read, update};
use crate::error::{Error, length, zeros};
use simd_core::math::exp;
use simd_core::{Isa, Kernel, Mask, Simd, Vector, dispatch_on, reduce};

/// `exp(x) / sum of exp(x)`, for each row.
///
/// - `x`: `[rows, dim]`, row-major
///
/// The largest value is subtracted first, so that nothing overflows. Each result is within
/// `(dim / 32 + 24 + abs(ln(result))) * 2^-24` of itself, or within 2^-125. A row of negative infinities becomes zeros; NaN and positive infinity make their row NaN, and
/// no other.
///
/// ```
/// assert_eq!(kernels_nn::softmax(&[7.0, 7.0, -100.0, 100.0], 2)?, [0.5, 0.5, 0.0, 1.0]);
/// # Ok::<(), kernels_nn::Error>(())
/// ```
///
/// # Errors
/// If `dim` is 0, `x` is not whole rows, at least one, or there is no memory.
pub fn softmax(x: &[f32], dim: usize) -> Result<Vec<f32>, Error> {
    Softmax::new(dim).run(x)
}

/// As [`softmax`], into `out`: `[rows, dim]`. Allocates nothing.
///
/// # Errors
/// As [`softmax`]; if `out` has another length than `x`. It is then as it was.
pub fn softmax_into(x: &[f32], dim: usize, out: &mut [f32]) -> Result<(), Error> {
    Softmax::new(dim).run_into(x, out)
}

/// As [`softmax`], in place. Allocates nothing.
///
/// # Errors
/// As [`softmax`]. `x` is then as it was.
pub fn softmax_in_place(x: &mut [f32], dim: usize) -> Result<(), Error> {
    Softmax::new(dim).run_in_place(x)
}

/// `x - ln(sum of exp(x))`, for each row: the logarithm of [`softmax`], where that is too small for `f32` too.
///
/// - `x`: `[rows, dim]`, row-major
///
/// Each result is within `(dim / 32 + 16 + 2 abs(result) + 2 ln(dim)) * 2^-24`. A row of negative infinities stays one; NaN
/// and positive infinity make their row NaN, and no other.
///
/// ```
/// assert_eq!(kernels_nn::log_softmax(&[1000.0, 0.0], 2)?, [0.0, -1000.0]);
/// # Ok::<(), kernels_nn::Error>(())
/// ```
///
/// # Errors
/// As [`softmax`].
pub fn log_softmax(x: &[f32], dim: usize) -> Result<Vec<f32>, Error> {
    Softmax::log(dim).run(x)
}

/// As [`log_softmax`], into `out`: `[rows, dim]`. Allocates nothing.
///
/// # Errors
/// As [`log_softmax`]; if `out` has another length than `x`. It is then as it was.
pub fn log_softmax_into(x: &[f32], dim: usize, out: &mut [f32]) -> Result<(), Error> {
    Softmax::log(dim).run_into(x, out)
}

/// As [`log_softmax`], in place. Allocates nothing.
///
/// # Errors
/// As [`log_softmax`]. `x` is then as it was.
pub fn log_softmax_in_place(x: &mut [f32], dim: usize) -> Result<(), Error> {
    Softmax::log(dim).run_in_place(x)
}

/// [`softmax`] or [`log_softmax`] of values that are multiplied by a factor, or of which some are masked.
///
/// ```
/// use kernels_nn::Softmax;
/// let softmax = Softmax::new(3).scale(0.5).mask(&[true, false, true]);
/// assert_eq!(softmax.run(&[7.0, f32::NAN, 7.0])?, [0.5, 0.0, 0.5]);
/// # Ok::<(), kernels_nn::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Softmax<'a> {
    isa: Option<Isa>,
    dim: usize,
    log: bool,
    scale: f32,
    mask: Option<&'a [bool]>,
}

impl<'a> Softmax<'a> {
    /// As [`softmax`], of rows of `dim` values.
    #[must_use]
    pub const fn new(dim: usize) -> Self {
        Self { isa: None, dim, log: false, scale: 1.0, mask: None }
    }

    /// As [`log_softmax`], of rows of `dim` values.
    #[must_use]
    pub const fn log(dim: usize) -> Self {
        Self { log: true, ..Self::new(dim) }
    }

    /// Multiplies the values by `scale` first, which is rounded once. It must be finite.
    #[must_use]
    pub const fn scale(self, scale: f32) -> Self {
        Self { scale, ..self }
    }

    /// Only values whose place in `mask: [rows, dim]` holds true count. Others have no effect, whatever they are: their
    /// results are those of negative infinity, and a row of them becomes zeros, or negative infinities if of logarithms.
    #[must_use]
    pub const fn mask(self, mask: &'a [bool]) -> Self {
        Self { mask: Some(mask), ..self }
    }

    /// Runs on a named instruction set.
    #[must_use]
    pub const fn on(self, isa: Isa) -> Self {
        Self { isa: Some(isa), ..self }
    }

    /// The rows of `x: [rows, dim]`, made anew.
    ///
    /// # Errors
    /// If `dim` is 0, `x` is not whole rows, at least one, the mask has another length, `scale` is not finite, or there is
    /// no memory; as [`Isa::require`].
    pub fn run(&self, x: &[f32]) -> Result<Vec<f32>, Error> {
        let mut out = zeros("out", x.len())?;
        self.run_into(x, &mut out)?;
        Ok(out)
    }

    /// As [`run`](Self::run), into `out`: `[rows, dim]`. Allocates nothing.
    ///
    /// # Errors
    /// As [`run`](Self::run); if `out` has another length than `x`. It is then as it was.
    pub fn run_into(&self, x: &[f32], out: &mut [f32]) -> Result<(), Error> {
        self.run_rows(Rows::new(x, out, self.dim)?)
    }

    /// As [`run`](Self::run), in place. Allocates nothing.
    ///
    /// # Errors
    /// As [`run`](Self::run). `x` is then as it was.
    pub fn run_in_place(&self, x: &mut [f32]) -> Result<(), Error> {
        self.run_rows(Rows::in_place(x, self.dim)?)
    }

    fn run_rows(&self, rows: Rows<'_>) -> Result<(), Error> {
        if let Some(mask) = self.mask {
            length("mask", rows.out.len(), mask.len())?;
        }
        if !self.scale.is_finite() {
            return Err(Error::Number { what: "scale", expected: "a finite number", got: self.scale });
        }
        let isa = self.isa.map_or_else(Isa::active, Isa::require)?;
        Ok(dispatch_on(isa, SoftmaxRows { softmax: *self, rows })?)
    }
}

struct SoftmaxRows<'a> {
    softmax: Softmax<'a>,
    rows: Rows<'a>,
}

impl Kernel for SoftmaxRows<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Softmax { log, scale, mask, .. } = self.softmax;
        self.rows.for_each(
            #[inline(always)]
            |range, x, row| {
                simd.vectorize(
                    #[inline(always)]
                    || {
                        let mut x = x;
                        if scale != 1.0 || mask.is_some() {
                            multiply(simd, x.take(), row, scale);
                        }
                        if let Some(mask) = mask {
                            for (value, counts) in row.iter_mut().zip(&mask[range]) {
                                *value = if *counts { *value } else { f32::NEG_INFINITY };
                            }
                        }
                        let largest = reduce::max(simd, x.unwrap_or(row));
                        if largest == f32::NEG_INFINITY {
                            return row.fill(if log { largest } else { 0.0 });
                        }
                        let largest = simd.splat(largest);
                        if log {
                            logarithms(simd, x, row, largest);
                        } else {
                            quotients(simd, x, row, largest);
                        }
                    },
                );
            },
        );
    }
}

#[inline(always)]
fn multiply<S: Simd>(simd: S, x: Option<&[f32]>, row: &mut [f32], factor: f32) {
    let factor = simd.splat(factor);
    update(
        simd,
        x,
        row,
        [],
        0.0,
        #[inline(always)]
        |x, []| {
            each(
                x,
                #[inline(always)]
                |_, x| x * factor,
            )
        },
    );
}

/// Softmax of a row whose largest value is known.
#[inline(always)]
fn quotients<S: Simd>(simd: S, x: Option<&[f32]>, row: &mut [f32], largest: S::F32) {
    let mut sums = Sums::new(simd);
    update(
        simd,
        x,
        row,
        [],
        f32::NEG_INFINITY,
        #[inline(always)]
        |x, []| {
            let powers = powers(simd, x, largest);
            sums.add([powers]);
            powers
        },
    );
    let [sum] = sums.totals();
    multiply(simd, None, row, (1.0 / sum) as f32);
}

/// Its logarithm.
#[inline(always)]
fn logarithms<S: Simd>(simd: S, x: Option<&[f32]>, row: &mut [f32], largest: S::F32) {
    let mut sums = Sums::new(simd);
    read(
        simd,
        x.unwrap_or(row),
        f32::NEG_INFINITY,
        #[inline(always)]
        |x| sums.add([powers(simd, x, largest)]),
    );
    let [sum] = sums.totals();
    let logarithm = simd.splat(sum.ln() as f32);
    update(
        simd,
        x,
        row,
        [],
        0.0,
        #[inline(always)]
        |x, []| {
            each(
                x,
                #[inline(always)]
                |_, x| (x - largest) - logarithm,
            )
        },
    );
}

/// Powers of less than this count as 0: they are at most [`LEAST`], and the largest power of a row is 1.
const LOWEST: f32 = -87.0;
/// A little more than `e^LOWEST`, which is 2^-125.5.
const LEAST: f32 = 1.646e-38;

/// `exp(x - largest)`.
#[inline(always)]
pub(crate) fn powers<S: Simd, const N: usize>(simd: S, x: [S::F32; N], largest: S::F32) -> [S::F32; N] {
    let exponents = each(
        x,
        // Within these limits `exp` takes its short way. NaN stays.
        #[inline(always)]
        |_, x| simd.splat(LOWEST).max(x - largest),
    );
    each(
        exp(simd, exponents),
        #[inline(always)]
        |_, power| power.le(simd.splat(LEAST)).select(simd.splat(0.0_f32), power),
    )
}
