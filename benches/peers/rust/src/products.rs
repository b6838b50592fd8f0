//! Products of matrices, by the crates that have little else, for all kernels that are made of them.

#[cfg(feature = "gemm")]
use gemm::{Parallelism, gemm};
#[cfg(feature = "matrixmultiply")]
use matrixmultiply::sgemm;

/// Writes `a b` to the last: `[m, n]`, where `a` is `[m, k]`, row-major.
pub(crate) type Multiply = fn(&[f32], Right<'_>, [usize; 3], &mut [f32]);

/// The right factor.
#[derive(Clone, Copy)]
pub(crate) enum Right<'a> {
    /// `[k, n]`, row-major.
    Rows(&'a [f32]),
    /// `[n, k]`, row-major.
    Transposed(&'a [f32]),
}

impl<'a> Right<'a> {
    /// The values, and how far it is to the next row and column.
    fn strides(self, [_, k, n]: [usize; 3]) -> (&'a [f32], [isize; 2]) {
        match self {
            Self::Rows(b) => (b, [n as isize, 1]),
            Self::Transposed(b) => (b, [1, k as isize]),
        }
    }
}

/// By [gemm](https://crates.io/crates/gemm): the products behind faer and candle.
#[cfg(feature = "gemm")]
pub(crate) fn by_gemm(a: &[f32], b: Right<'_>, shape: [usize; 3], out: &mut [f32]) {
    let ([m, k, n], (b, [row, column])) = (shape, b.strides(shape));
    assert!(a.len() == m * k && b.len() == k * n && out.len() == m * n);
    // SAFETY: the matrices have these shapes, as was just found, and lie as the strides say. They are apart, since one of them
    // is borrowed mutably; what is written is not read.
    unsafe {
        gemm(
            m,
            n,
            k,
            out.as_mut_ptr(),
            1,
            n as isize,
            false,
            a.as_ptr(),
            1,
            k as isize,
            b.as_ptr(),
            column,
            row,
            0.0,
            1.0,
            false,
            false,
            false,
            Parallelism::None,
        );
    }
}

/// By [matrixmultiply](https://crates.io/crates/matrixmultiply): the products behind ndarray.
#[cfg(feature = "matrixmultiply")]
pub(crate) fn by_matrixmultiply(a: &[f32], b: Right<'_>, shape: [usize; 3], out: &mut [f32]) {
    let ([m, k, n], (b, [row, column])) = (shape, b.strides(shape));
    assert!(a.len() == m * k && b.len() == k * n && out.len() == m * n);
    // SAFETY: as in `by_gemm`.
    unsafe {
        sgemm(
            m,
            k,
            n,
            1.0,
            a.as_ptr(),
            k as isize,
            1,
            b.as_ptr(),
            row,
            column,
            0.0,
            out.as_mut_ptr(),
            n as isize,
            1,
        );
    }
}
