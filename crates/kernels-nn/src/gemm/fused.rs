//! Products with weights that are made once, and what is fused with them.

use super::compressed::Compressed;
use super::epilogue::Epilogue;
use super::product::{Operands, Packed};
use super::weights::Weights;
use crate::error::{Error, length, zeros};
use simd_core::dispatch_on;

/// A product with [`Weights`], and what is to become of it while it is in cache:
///
/// `out = activation(A B + bias) + residual`
///
/// - `A`: `[m, k]`, row-major; `B`: [`PackedMatrix`](crate::PackedMatrix), or in fewer bits [`HalfMatrix`](crate::HalfMatrix) or
///   [`Int4Matrix`](crate::Int4Matrix), `[k, n]`; `bias`: `[n]`; `residual`: `[m, n]`; `out`: `[m, n]`
///
/// The bias comes first, then the activation, and the residual, which is not activated, last. Each is left out where it is
/// not asked for. Bound, NaN and infinities of the product as in [`gemm`](crate::gemm()); each further step rounds as it does
/// on its own.
///
/// ```
/// use kernels_nn::{Activation, Gemm, PackedMatrix};
/// let weights = PackedMatrix::new(&[1.0, -1.0, 2.0, -2.0], 2, 2)?;
/// let layer = Gemm::new(&weights).bias(&[0.5, 0.5]).activation(Activation::Relu).residual(&[10.0, 20.0]);
/// assert_eq!(layer.run(&[1.0, 1.0], 1)?, [13.5, 20.0]);
/// # Ok::<(), kernels_nn::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Gemm<'a> {
    weights: Weights<'a>,
    epilogue: Epilogue<'a>,
}

impl<'a> Gemm<'a> {
    /// The product alone.
    pub fn new(weights: impl Into<Weights<'a>>) -> Self {
        Self { weights: weights.into(), epilogue: Epilogue::default() }
    }

    /// The product and all of this.
    pub(crate) fn with(weights: impl Into<Weights<'a>>, epilogue: Epilogue<'a>) -> Self {
        Self { weights: weights.into(), epilogue }
    }

    epilogue_setters! {}

    /// Multiplies `a: [m, k]`. Returns `[m, n]`.
    ///
    /// # Errors
    /// If `m` is 0, or `a`, the bias or the residual has another length than the shapes call for, or there is no memory.
    pub fn run(&self, a: &[f32], m: usize) -> Result<Vec<f32>, Error> {
        let mut out = zeros("out", self.check(a, m)?)?;
        self.run_into(a, m, &mut out)?;
        Ok(out)
    }

    /// As [`run`](Self::run), into `out: [m, n]`. Allocates nothing.
    ///
    /// # Errors
    /// As [`run`](Self::run); if `out` has another length. It is then as it was.
    pub fn run_into(&self, a: &[f32], m: usize, out: &mut [f32]) -> Result<(), Error> {
        length("out", self.check(a, m)?, out.len())?;
        self.dispatch(a, m, out)
    }

    /// That all shapes agree: the length of the output.
    pub(super) fn check(&self, a: &[f32], m: usize) -> Result<usize, Error> {
        self.epilogue.check(a, m, self.weights.k(), self.weights.n())
    }

    /// Multiplies what was checked.
    pub(super) fn dispatch(&self, a: &[f32], m: usize, out: &mut [f32]) -> Result<(), Error> {
        let Self { weights, epilogue } = *self;
        let operands = Operands { a, m, k: weights.k(), n: weights.n(), out };
        let panels = match weights {
            Weights::Packed(matrix) => {
                let panels = matrix.panels();
                return Ok(dispatch_on(weights.isa(), Packed { operands, panels, epilogue })?);
            }
            Weights::Half(matrix) => matrix.panels(),
            Weights::Int4(matrix) => matrix.panels(),
        };
        Ok(dispatch_on(weights.isa(), Compressed { operands, panels, epilogue })?)
    }

    /// Multiply-adds for each row.
    #[cfg(feature = "parallel")]
    pub(super) const fn work(&self) -> usize {
        self.weights.k() * self.weights.n()
    }

    /// The length of a row of the output.
    #[cfg(feature = "parallel")]
    pub(super) const fn columns(&self) -> usize {
        self.weights.n()
    }

    /// The same for the first rows, and for the rest.
    #[cfg(feature = "parallel")]
    pub(super) fn split(&self, rows: usize) -> [Self; 2] {
        let at = rows * self.columns();
        let residuals = self.epilogue.residual.map(|residual| residual.split_at(at));
        let with = |residual| Self { epilogue: Epilogue { residual, ..self.epilogue }, ..*self };
        [with(residuals.map(|(head, _)| head)), with(residuals.map(|(_, tail)| tail))]
    }
}
