//! From a kernel written once to the instruction set that runs it.

use crate::arch::platform;
use crate::{Isa, Simd, UnavailableIsa};

/// An operation written once for every instruction set.
///
/// A closure cannot be generic over the token, so a kernel is a struct of its arguments with one generic method.
/// Mark `run`, and every generic function below it, `#[inline(always)]`: see [`Simd::vectorize`].
///
/// ```
/// use simd_core::{Kernel, Simd, Vector, dispatch};
///
/// /// `y[i] = a * x[i] + y[i]`.
/// struct Axpy<'a> {
///     a: f32,
///     x: &'a [f32],
///     y: &'a mut [f32],
/// }
///
/// impl Kernel for Axpy<'_> {
///     type Output = ();
///     #[inline(always)]
///     fn run<S: Simd>(self, simd: S) {
///         let a = simd.splat(self.a);
///         let mut y = self.y.chunks_exact_mut(S::F32::LANES);
///         let mut x = self.x.chunks_exact(S::F32::LANES);
///         for (y, x) in (&mut y).zip(&mut x) {
///             simd.load(x).mul_add(a, simd.load(y)).store(y);
///         }
///         for (y, x) in y.into_remainder().iter_mut().zip(x.remainder()) {
///             *y += self.a * x;
///         }
///     }
/// }
///
/// let mut y = [1.0; 11];
/// dispatch(Axpy { a: 2.0, x: &[3.0; 11], y: &mut y })?;
/// assert_eq!(y, [7.0; 11]);
/// # Ok::<(), simd_core::UnavailableIsa>(())
/// ```
pub trait Kernel {
    /// What it returns.
    type Output;

    /// Runs it with the vectors of `simd`.
    fn run<S: Simd>(self, simd: S) -> Self::Output;
}

/// Runs `kernel` on [`Isa::active`]. Call it once per public call, not once per row.
///
/// # Errors
/// If `KERNELS_ISA` names a set that is unknown or not available here.
#[inline]
pub fn dispatch<K: Kernel>(kernel: K) -> Result<K::Output, UnavailableIsa> {
    dispatch_on(Isa::active()?, kernel)
}

/// The token that needs no detection: of plain Rust, or, in a wasm binary, of the set that it is compiled for.
///
/// For work too small to be worth a [`dispatch`].
#[inline(always)]
#[must_use]
pub fn always() -> impl Simd {
    platform::always()
}

/// Runs `kernel` on a named set.
///
/// # Errors
/// As [`Isa::require`].
#[inline]
pub fn dispatch_on<K: Kernel>(isa: Isa, kernel: K) -> Result<K::Output, UnavailableIsa> {
    Isa::active()?;
    platform::run(isa, kernel).map_err(|_| isa.into())
}
