//! Matrices that are packed once and multiplied by often.

use super::panels::{Matrix, Pack, packed_len};
use crate::error::{Error, length, positive, product};
use simd_core::{AlignedVec, Isa, dispatch_on};

/// A matrix, mostly of weights, as the kernel reads it: made once, multiplied by any number of times, refilled without
/// allocating.
///
/// It belongs to an instruction set, the one that multiplies by it: [`Isa::active`]'s unless it was made with an `_on`.
/// It takes the memory of the matrix, its columns rounded up to 16, or 8, and on another set it has another layout.
///
/// ```
/// use kernels_nn::{Gemm, PackedMatrix};
/// // [2, 3]
/// let mut b = PackedMatrix::new(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 2, 3)?;
/// assert_eq!(Gemm::new(&b).run(&[1.0, 10.0], 1)?, [41.0, 52.0, 63.0]);
///
/// b.repack(&[1.0, 0.0, 0.0, 0.0, 1.0, 0.0])?;
/// assert_eq!(Gemm::new(&b).run(&[1.0, 10.0], 1)?, [1.0, 10.0, 0.0]);
/// # Ok::<(), kernels_nn::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct PackedMatrix {
    panels: AlignedVec<f32>,
    k: usize,
    n: usize,
    isa: Isa,
}

impl PackedMatrix {
    /// Packs `b: [k, n]`, row-major.
    ///
    /// # Errors
    /// If `k` or `n` is 0, `b` has another length than they call for, it does not fit in memory, or `KERNELS_ISA` names a
    /// set that is not available.
    pub fn new(b: &[f32], k: usize, n: usize) -> Result<Self, Error> {
        Self::new_on(Isa::active()?, b, k, n)
    }

    /// As [`new`](Self::new), for a named instruction set.
    ///
    /// # Errors
    /// As [`new`](Self::new); if `isa` is not available here.
    pub fn new_on(isa: Isa, b: &[f32], k: usize, n: usize) -> Result<Self, Error> {
        Self::of(isa, Matrix { values: b, k, n, transposed: false })
    }

    /// Packs the transpose of `b: [n, k]`, row-major: the weights of a linear layer as most frameworks store them, a row for
    /// each output.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn from_transposed(b: &[f32], n: usize, k: usize) -> Result<Self, Error> {
        Self::from_transposed_on(Isa::active()?, b, n, k)
    }

    /// As [`from_transposed`](Self::from_transposed), for a named instruction set.
    ///
    /// # Errors
    /// As [`new_on`](Self::new_on).
    pub fn from_transposed_on(isa: Isa, b: &[f32], n: usize, k: usize) -> Result<Self, Error> {
        Self::of(isa, Matrix { values: b, k, n, transposed: true })
    }

    /// Takes another matrix of the same shape, `[k, n]`. Allocates nothing.
    ///
    /// # Errors
    /// If `b` has another length; the old matrix then stays.
    pub fn repack(&mut self, b: &[f32]) -> Result<(), Error> {
        self.fill(Matrix { values: b, k: self.k, n: self.n, transposed: false })
    }

    /// Takes the transpose of another matrix, `[n, k]`. Allocates nothing.
    ///
    /// # Errors
    /// As [`repack`](Self::repack).
    pub fn repack_transposed(&mut self, b: &[f32]) -> Result<(), Error> {
        self.fill(Matrix { values: b, k: self.k, n: self.n, transposed: true })
    }

    fn of(isa: Isa, matrix: Matrix<'_>) -> Result<Self, Error> {
        let Matrix { values, k, n, .. } = matrix;
        check("b", values, k, n)?;
        isa.require()?;
        let len = packed_len(isa, k, n).ok_or(Error::TooLarge { what: "b" })?;
        let mut packed = Self { panels: AlignedVec::new(), k, n, isa };
        packed.panels.try_resize(len).map_err(|_| Error::OutOfMemory { what: "b" })?;
        packed.fill(matrix)?;
        Ok(packed)
    }

    fn fill(&mut self, matrix: Matrix<'_>) -> Result<(), Error> {
        check("b", matrix.values, self.k, self.n)?;
        Ok(dispatch_on(self.isa, Pack { matrix, panels: &mut self.panels })?)
    }

    shape_and_set! {}

    /// The memory that it takes, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of_val(self.panels())
    }

    pub(super) fn panels(&self) -> &[f32] {
        &self.panels
    }
}

/// That a matrix has values for its shape.
pub(super) fn check(what: &'static str, values: &[f32], k: usize, n: usize) -> Result<(), Error> {
    positive(&[("k", k), ("n", n)])?;
    length(what, product(what, &[k, n])?, values.len())
}
