//! Products of plain slices.

use super::gemv::{Gemv, is_cold};
use super::packed::check;
use super::panels::Matrix;
use super::product::Unpacked;
use crate::error::{Error, length, positive, product, zeros};
use simd_core::{Isa, dispatch_on};

/// The product of two matrices: `out[i, j] = sum over l of a[i, l] b[l, j]`.
///
/// - `a`: `[m, k]`; `b`: `[k, n]`; both row-major
///
/// Returns `[m, n]`. Packs `b` on the way: where the same matrix is multiplied by again and again,
/// [`PackedMatrix`](crate::PackedMatrix) is faster.
///
/// |error| <= k * 2^-23 * (|A| |B|) for each value, if nothing overflows or underflows. Mostly it is far less: up to 512
/// products are added up in one sum, and these sums are added up, so that no product is rounded more than
/// `512 + k / 512` times, each time by 2^-24 of the sum so far at most. A NaN or an infinity in row `i` of `a` has an effect
/// on row `i` of the product alone, and one in column `j` of `b` on column `j`; `0 * inf` is NaN.
///
/// ```
/// let product = kernels_nn::gemm(&[1.0, 2.0, 3.0, 4.0], &[1.0, 0.0, 1.0, 1.0], 2, 2, 2)?;
/// assert_eq!(product, [3.0, 2.0, 7.0, 4.0]);
/// # Ok::<(), kernels_nn::Error>(())
/// ```
///
/// # Errors
/// If `m`, `k` or `n` is 0, `a` or `b` has another length than they call for, or there is no memory.
pub fn gemm(a: &[f32], b: &[f32], m: usize, k: usize, n: usize) -> Result<Vec<f32>, Error> {
    Task::gemm(a, b, m, k, n, false).run()
}

/// As [`gemm`], into `out`: `[m, n]`. Allocates nothing, but takes up to 64 KB of stack.
///
/// # Errors
/// As [`gemm`]; if `out` has another length. It is then as it was.
pub fn gemm_into(a: &[f32], b: &[f32], m: usize, k: usize, n: usize, out: &mut [f32]) -> Result<(), Error> {
    gemm_into_on(Isa::active()?, a, b, m, k, n, out)
}

/// As [`gemm_into`], on a named instruction set.
///
/// # Errors
/// As [`gemm_into`] and [`Isa::require`].
pub fn gemm_into_on(
    isa: Isa,
    a: &[f32],
    b: &[f32],
    m: usize,
    k: usize,
    n: usize,
    out: &mut [f32],
) -> Result<(), Error> {
    Task::gemm(a, b, m, k, n, false).run_into(isa, out)
}

/// The product of a matrix and the transpose of another: `out[i, j] = sum over l of a[i, l] b[j, l]`.
///
/// - `a`: `[m, k]`; `b`: `[n, k]`; both row-major
///
/// Returns `[m, n]`. As [`gemm`] in all else.
///
/// ```
/// let product = kernels_nn::gemm_bt(&[1.0, 2.0, 3.0, 4.0], &[1.0, 0.0, 1.0, 1.0], 2, 2, 2)?;
/// assert_eq!(product, [1.0, 3.0, 3.0, 7.0]);
/// # Ok::<(), kernels_nn::Error>(())
/// ```
///
/// # Errors
/// As [`gemm`].
pub fn gemm_bt(a: &[f32], b: &[f32], m: usize, k: usize, n: usize) -> Result<Vec<f32>, Error> {
    Task::gemm(a, b, m, k, n, true).run()
}

/// As [`gemm_bt`], into `out`: `[m, n]`. Allocates nothing, but takes up to 64 KB of stack.
///
/// # Errors
/// As [`gemm_into`].
pub fn gemm_bt_into(
    a: &[f32],
    b: &[f32],
    m: usize,
    k: usize,
    n: usize,
    out: &mut [f32],
) -> Result<(), Error> {
    gemm_bt_into_on(Isa::active()?, a, b, m, k, n, out)
}

/// As [`gemm_bt_into`], on a named instruction set.
///
/// # Errors
/// As [`gemm_into_on`].
pub fn gemm_bt_into_on(
    isa: Isa,
    a: &[f32],
    b: &[f32],
    m: usize,
    k: usize,
    n: usize,
    out: &mut [f32],
) -> Result<(), Error> {
    Task::gemm(a, b, m, k, n, true).run_into(isa, out)
}

/// The product of a matrix and a vector: `out[i] = sum over l of a[i, l] x[l]`.
///
/// - `a`: `[m, k]`, row-major; `x`: `[k]`
///
/// Returns `[m]`. Bound, NaN and infinities as in [`gemm`]; no product is rounded more than `k / 4 + 16` times.
///
/// ```
/// assert_eq!(kernels_nn::gemv(&[1.0, 2.0, 3.0, 4.0], &[1.0, -1.0], 2, 2)?, [-1.0, -1.0]);
/// # Ok::<(), kernels_nn::Error>(())
/// ```
///
/// # Errors
/// If `m` or `k` is 0, `a` or `x` has another length than they call for, or there is no memory.
pub fn gemv(a: &[f32], x: &[f32], m: usize, k: usize) -> Result<Vec<f32>, Error> {
    Task::gemv(a, x, m, k).run()
}

/// As [`gemv`], into `out`: `[m]`. Allocates nothing.
///
/// # Errors
/// As [`gemv`]; if `out` has another length. It is then as it was.
pub fn gemv_into(a: &[f32], x: &[f32], m: usize, k: usize, out: &mut [f32]) -> Result<(), Error> {
    gemv_into_on(Isa::active()?, a, x, m, k, out)
}

/// As [`gemv_into`], on a named instruction set.
///
/// # Errors
/// As [`gemv_into`] and [`Isa::require`].
pub fn gemv_into_on(
    isa: Isa,
    a: &[f32],
    x: &[f32],
    m: usize,
    k: usize,
    out: &mut [f32],
) -> Result<(), Error> {
    Task::gemv(a, x, m, k).run_into(isa, out)
}

/// A product of slices, before anything is checked.
#[derive(Clone, Copy)]
pub(super) struct Task<'a> {
    a: &'a [f32],
    m: usize,
    b: Matrix<'a>,
    /// What `b` is called.
    name: &'static str,
}

impl<'a> Task<'a> {
    pub(super) const fn gemm(
        a: &'a [f32],
        b: &'a [f32],
        m: usize,
        k: usize,
        n: usize,
        transposed: bool,
    ) -> Self {
        Self { a, m, b: Matrix { values: b, k, n, transposed }, name: "b" }
    }

    /// A product with a matrix of one column.
    pub(super) const fn gemv(a: &'a [f32], x: &'a [f32], m: usize, k: usize) -> Self {
        Self { a, m, b: Matrix { values: x, k, n: 1, transposed: false }, name: "x" }
    }

    pub(super) fn run(self) -> Result<Vec<f32>, Error> {
        let isa = Isa::active()?;
        let mut out = zeros("out", self.check()?)?;
        self.run_into(isa, &mut out)?;
        Ok(out)
    }

    pub(super) fn run_into(self, isa: Isa, out: &mut [f32]) -> Result<(), Error> {
        length("out", self.check()?, out.len())?;
        self.checked().dispatch(isa, out)
    }

    /// That the shapes agree: the length of the output.
    pub(super) fn check(self) -> Result<usize, Error> {
        let Self { a, m, b: Matrix { values, k, n, .. }, name } = self;
        positive(&[("m", m)])?;
        check(name, values, k, n)?;
        length("a", product("a", &[m, k])?, a.len())?;
        product("out", &[m, n])
    }

    /// How it is computed, which is decided for the whole, and not again for parts of it.
    pub(super) const fn checked(self) -> Checked<'a> {
        let Self { a, m, b, .. } = self;
        if b.n == 1 {
            return Checked::Vector { a, x: b.values, cold: is_cold(a) };
        }
        if m == 1 && b.transposed {
            return Checked::Vector { a: b.values, x: a, cold: is_cold(b.values) };
        }
        Checked::Matrix { a, m, b }
    }
}

/// A product, or some rows of one, whose shapes agree.
#[derive(Clone, Copy)]
pub(super) enum Checked<'a> {
    Vector { a: &'a [f32], x: &'a [f32], cold: bool },
    Matrix { a: &'a [f32], m: usize, b: Matrix<'a> },
}

impl Checked<'_> {
    pub(super) fn dispatch(self, isa: Isa, out: &mut [f32]) -> Result<(), Error> {
        Ok(match self {
            Self::Vector { a, x, cold } => dispatch_on(isa, Gemv { a, x, out, cold }),
            Self::Matrix { a, m, b } => dispatch_on(isa, Unpacked { a, m, b, out }),
        }?)
    }
}
