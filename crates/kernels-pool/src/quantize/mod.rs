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

/// How a row of floats becomes codes.
pub(crate) trait Encode: Copy {
    /// A code, or some of them in one.
    type Code: Copy + Debug + Default;

    /// That it can encode rows of this dimension.
    fn check(&self, dim: usize) -> Result<(), Error>;

    /// How many of them a row has.
    fn codes(&self, dim: usize) -> usize;

    /// Encodes rows of `dim` values. Called within `vectorize`.
    fn encode<S: Simd>(&self, simd: S, x: &[f32], dim: usize, codes: &mut [Self::Code]);
}

/// How codes become a row of floats again.
pub(crate) trait Decode: Copy {
    /// As [`Encode::Code`].
    type Code: Copy + Debug;

    /// As [`Encode::check`].
    fn check(&self, dim: usize) -> Result<(), Error>;

    /// As [`Encode::codes`].
    fn codes(&self, dim: usize) -> usize;

    /// Decodes a row.
    fn decode<S: Simd>(&self, simd: S, codes: &[Self::Code], row: &mut [f32]);
}
