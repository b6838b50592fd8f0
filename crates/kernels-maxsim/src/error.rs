//! What can be wrong with a call.

use simd_core::UnavailableIsa;
use simd_core::alias::SpanError;
use std::fmt;

/// Why a call did nothing. Each variant names the argument, what was expected, and what came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// `dim` is 0.
    ZeroDim,
    /// A slice is not a whole number of rows.
    PartialRow {
        /// The argument.
        what: &'static str,
        /// The length of a row.
        dim: usize,
        /// The length that came.
        got: usize,
    },
    /// A slice has another length than the other arguments call for.
    Length {
        /// The argument.
        what: &'static str,
        /// The length that the others call for.
        expected: usize,
        /// The length that came.
        got: usize,
    },
    /// The documents have another dimension than the query was packed with.
    Dim {
        /// The query's.
        expected: usize,
        /// The documents'.
        got: usize,
    },
    /// A padded document is longer than its padding.
    DocLen {
        /// Which document.
        index: usize,
        /// The rows that each document has room for.
        max_len: usize,
        /// The length that came.
        got: usize,
    },
    /// Lengths whose product or sum no memory holds.
    TooLarge {
        /// The argument.
        what: &'static str,
    },
    /// The allocator has too little.
    OutOfMemory {
        /// The argument that was to be packed.
        what: &'static str,
    },
    /// The instruction set that was asked for is unknown, or not available here.
    Isa(UnavailableIsa),
    /// The output lies over an input.
    Overlap {
        /// The output.
        what: &'static str,
        /// The input.
        with: &'static str,
    },
    /// No slice can lie at a pointer.
    Pointer {
        /// The argument.
        what: &'static str,
        /// Why.
        reason: SpanError,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ZeroDim => f.write_str("dim: expected at least 1, got 0"),
            Self::PartialRow { what, dim, got } => {
                write!(f, "{what}: expected whole rows of dim = {dim} values, got {got} values")
            }
            Self::Length { what, expected, got } => {
                write!(f, "{what}: expected a length of {expected}, got {got}")
            }
            Self::Dim { expected, got } => {
                write!(f, "docs: expected dim = {expected}, as in the query, got {got}")
            }
            Self::DocLen { index, max_len, got } => {
                write!(f, "doc_lens[{index}]: expected at most max_len = {max_len}, got {got}")
            }
            Self::TooLarge { what } => {
                write!(f, "{what}: expected lengths that memory can hold, got a product or sum beyond it")
            }
            Self::OutOfMemory { what } => write!(f, "{what}: expected memory to pack it into, got none"),
            Self::Isa(error) => error.fmt(f),
            Self::Overlap { what, with } => {
                write!(f, "{what}: expected memory apart from {with}, got an overlap")
            }
            Self::Pointer { what, reason } => write!(f, "{what}: {reason}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<UnavailableIsa> for Error {
    fn from(error: UnavailableIsa) -> Self {
        Self::Isa(error)
    }
}

/// How many rows of `dim` values there are.
pub(crate) fn rows(what: &'static str, values: &[f32], dim: usize) -> Result<usize, Error> {
    if dim == 0 {
        return Err(Error::ZeroDim);
    }
    let got = values.len();
    if got.is_multiple_of(dim) { Ok(got / dim) } else { Err(Error::PartialRow { what, dim, got }) }
}

/// That a slice has the length that the other arguments call for.
pub(crate) fn length(what: &'static str, expected: usize, got: usize) -> Result<(), Error> {
    if got == expected { Ok(()) } else { Err(Error::Length { what, expected, got }) }
}

/// The number of values in rows that `lens` counts.
pub(crate) fn total(what: &'static str, lens: &[usize], dim: usize) -> Result<usize, Error> {
    let rows = lens.iter().try_fold(0_usize, |sum, &len| sum.checked_add(len));
    rows.and_then(|rows| rows.checked_mul(dim)).ok_or(Error::TooLarge { what })
}
