//! What can be wrong with a call.

use simd_core::UnavailableIsa;
use simd_core::alias::SpanError;
use std::fmt;

/// Why a call did nothing. Each variant names the argument, what was expected, and what came.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// A number is out of its range, e.g. a size that is 0, or a dimension to cut to that is beyond the one there is.
    OutOfRange {
        /// The argument.
        what: &'static str,
        /// The smallest that it may be.
        min: usize,
        /// The largest that it may be.
        max: usize,
        /// The number that came.
        got: usize,
    },
    /// There is nothing: no row, no text, no value.
    Empty {
        /// The argument.
        what: &'static str,
    },
    /// A slice is not a whole number of rows.
    PartialRow {
        /// The argument.
        what: &'static str,
        /// The length of a row.
        dim: usize,
        /// The length that came.
        got: usize,
    },
    /// A slice, or a set-up object, has another length than the other arguments call for.
    Length {
        /// The argument.
        what: &'static str,
        /// The length that the others call for.
        expected: usize,
        /// The length that came.
        got: usize,
    },
    /// One of several lengths is too large.
    Len {
        /// The argument.
        what: &'static str,
        /// Which of them.
        index: usize,
        /// The largest that it may be.
        max: usize,
        /// The length that came.
        got: usize,
    },
    /// A mask holds something else than 0 and 1.
    Mask {
        /// Where.
        index: usize,
        /// What.
        got: i64,
    },
    /// The values of a dimension cannot be divided into steps: an end that is not finite, ends in the wrong order, or
    /// ends too far apart for `f32`.
    Range {
        /// Which dimension.
        index: usize,
        /// Its lower end.
        min: f32,
        /// Its upper end.
        max: f32,
    },
    /// A number that must be finite, and perhaps positive, is not.
    Number {
        /// The argument.
        what: &'static str,
        /// What it must be.
        expected: &'static str,
        /// The number that came.
        got: f64,
    },
    /// Lengths whose product or sum no memory holds.
    TooLarge {
        /// The argument.
        what: &'static str,
    },
    /// The allocator has too little.
    OutOfMemory {
        /// What was to be made.
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
            Self::OutOfRange { what, min, max: usize::MAX, got } => {
                write!(f, "{what}: expected at least {min}, got {got}")
            }
            Self::OutOfRange { what, min, max, got } => {
                write!(f, "{what}: expected {min} to {max}, got {got}")
            }
            Self::Empty { what } => write!(f, "{what}: expected at least one, got none"),
            Self::PartialRow { what, dim, got } => {
                write!(f, "{what}: expected whole rows of {dim} values, got {got} values")
            }
            Self::Length { what, expected, got } => {
                write!(f, "{what}: expected a length of {expected}, got {got}")
            }
            Self::Len { what, index, max, got } => {
                write!(f, "{what}[{index}]: expected at most {max}, got {got}")
            }
            Self::Mask { index, got } => write!(f, "mask[{index}]: expected 0 or 1, got {got}"),
            Self::Range { index, min, max } => {
                write!(
                    f,
                    "ranges[{index}]: expected finite ends, the lower one first, not further apart than f32 holds, got {min} to {max}"
                )
            }
            Self::Number { what, expected, got } => write!(f, "{what}: expected {expected}, got {got}"),
            Self::TooLarge { what } => {
                write!(f, "{what}: expected lengths that memory can hold, got a product or sum beyond it")
            }
            Self::OutOfMemory { what } => write!(f, "{what}: expected memory to make it in, got none"),
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

/// That a size is at least 1.
pub(crate) const fn positive(what: &'static str, got: usize) -> Result<(), Error> {
    between(what, 1, usize::MAX, got)
}

/// That a number is from `min` to `max`.
pub(crate) const fn between(what: &'static str, min: usize, max: usize, got: usize) -> Result<(), Error> {
    if min <= got && got <= max { Ok(()) } else { Err(Error::OutOfRange { what, min, max, got }) }
}

/// How many rows of `dim` values there are: any number of whole ones.
pub(crate) fn rows(what: &'static str, len: usize, dim: usize) -> Result<usize, Error> {
    positive("dim", dim)?;
    if len.is_multiple_of(dim) { Ok(len / dim) } else { Err(Error::PartialRow { what, dim, got: len }) }
}

/// How many rows of `dim` values there are, at least one.
pub(crate) fn some_rows(what: &'static str, len: usize, dim: usize) -> Result<usize, Error> {
    match rows(what, len, dim)? {
        0 => Err(Error::Empty { what }),
        rows => Ok(rows),
    }
}

/// That a slice has the length that the other arguments call for.
pub(crate) const fn length(what: &'static str, expected: usize, got: usize) -> Result<(), Error> {
    if got == expected { Ok(()) } else { Err(Error::Length { what, expected, got }) }
}

/// The number of values in an array of these sizes.
pub(crate) fn product(what: &'static str, sizes: &[usize]) -> Result<usize, Error> {
    let product = sizes.iter().try_fold(1_usize, |product, &size| product.checked_mul(size));
    product.ok_or(Error::TooLarge { what })
}

/// A vector of `len` equal values, to write a result to.
pub(crate) fn vec_of<T: Clone>(what: &'static str, value: T, len: usize) -> Result<Vec<T>, Error> {
    let mut values = Vec::new();
    reserve(what, &mut values, len)?;
    values.resize(len, value);
    Ok(values)
}

/// Room for `len` values in all: allocates only where there is less.
pub(crate) fn reserve<T>(what: &'static str, values: &mut Vec<T>, len: usize) -> Result<(), Error> {
    let more = len.saturating_sub(values.len());
    values.try_reserve_exact(more).map_err(|_| Error::OutOfMemory { what })
}

/// Other values in place of those there are, where there is [room](reserve).
pub(crate) fn refill<T: Clone>(values: &mut Vec<T>, from: &[T]) {
    values.clear();
    values.extend_from_slice(from);
}
