//! From floats to codes of fewer bits, and back.

mod bits;
mod bytes;
pub(crate) mod functions;
mod halves;
mod ranges;

pub(crate) use bits::ToBits;
pub(crate) use bytes::ToBytes;
pub use ranges::{Calibration, Ranges};

use crate::error::Error;
use simd_core::Simd;
use std::fmt::Debug;

/// Codes of rows.
pub(crate) trait Codes: Copy {
    /// A code, or some of them in one.
    type Code: Copy + Debug + Default;

    /// That there are such codes for rows of this dimension.
    fn check(&self, _dim: usize) -> Result<(), Error> {
        Ok(())
    }

    /// How many of them a row has.
    #[inline(always)]
    fn codes(&self, dim: usize) -> usize {
        dim
    }
}

/// How rows of floats become codes.
pub(crate) trait Encode: Codes {
    /// Encodes rows of `dim` values. Called within `vectorize`.
    fn encode<S: Simd>(&self, simd: S, x: &[f32], dim: usize, codes: &mut [Self::Code]);
}

/// How codes become a row of floats again.
pub(crate) trait Decode: Codes {
    /// Decodes a row.
    fn decode<S: Simd>(&self, simd: S, codes: &[Self::Code], row: &mut [f32]);
}
