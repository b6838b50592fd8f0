//! The matrices that a product can have on its right.

use super::half::HalfMatrix;
use super::int4::Int4Matrix;
use super::packed::PackedMatrix;
use simd_core::Isa;

/// The weights of a [`Gemm`](crate::Gemm): made once, in as many bits as their error allows.
///
/// | | bits for a weight | error of a weight |
/// |---|---|---|
/// | [`PackedMatrix`] | 32 | none |
/// | [`HalfMatrix`] | 16 | 2^-11 of its size in `f16`, 2^-8 in `bf16` |
/// | [`Int4Matrix`] | 4, and 32 to 36 for each group | half a step of its group |
///
/// The weights in fewer bits are widened on the way, and multiplied and added up in `f32`: the product is, to the bit, that
/// with a [`PackedMatrix`] of the numbers that they hold. Those of many rows take about as long as with `f32`. Those of one
/// row take what the weights take to be read, in 16 bits, or to be unpacked, in four: they save most where the matrix is
/// large, and those in four bits save memory more than time.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Weights<'a> {
    /// In `f32`.
    Packed(&'a PackedMatrix),
    /// In `f16` or `bf16`.
    Half(&'a HalfMatrix),
    /// In four bits.
    Int4(&'a Int4Matrix),
}

impl Weights<'_> {
    /// How many rows the matrix has: the length of a row of what it is multiplied with.
    #[must_use]
    pub const fn k(&self) -> usize {
        match self {
            Self::Packed(matrix) => matrix.k(),
            Self::Half(matrix) => matrix.k(),
            Self::Int4(matrix) => matrix.k(),
        }
    }

    /// How many columns the matrix has: the length of a row of the product.
    #[must_use]
    pub const fn n(&self) -> usize {
        match self {
            Self::Packed(matrix) => matrix.n(),
            Self::Half(matrix) => matrix.n(),
            Self::Int4(matrix) => matrix.n(),
        }
    }

    /// The instruction set that multiplies by the matrix.
    #[must_use]
    pub const fn isa(&self) -> Isa {
        match self {
            Self::Packed(matrix) => matrix.isa(),
            Self::Half(matrix) => matrix.isa(),
            Self::Int4(matrix) => matrix.isa(),
        }
    }

    /// The memory that the matrix takes, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        match self {
            Self::Packed(matrix) => matrix.bytes(),
            Self::Half(matrix) => matrix.bytes(),
            Self::Int4(matrix) => matrix.bytes(),
        }
    }
}

impl<'a> From<&'a PackedMatrix> for Weights<'a> {
    fn from(matrix: &'a PackedMatrix) -> Self {
        Self::Packed(matrix)
    }
}

impl<'a> From<&'a HalfMatrix> for Weights<'a> {
    fn from(matrix: &'a HalfMatrix) -> Self {
        Self::Half(matrix)
    }
}

impl<'a> From<&'a Int4Matrix> for Weights<'a> {
    fn from(matrix: &'a Int4Matrix) -> Self {
        Self::Int4(matrix)
    }
}
