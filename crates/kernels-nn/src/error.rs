//! What can be wrong with a call.

use simd_core::alias::SpanError;
use simd_core::{ScratchError, UnavailableIsa};
use std::fmt;

/// Why a call did nothing. Each variant names the argument, what was expected, and what came.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// A number is out of its range, e.g. a size that is 0.
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
    /// A size is no multiple of another one.
    Multiple {
        /// The argument.
        what: &'static str,
        /// What it must be a multiple of.
        of: usize,
        /// The size that came.
        got: usize,
    },
    /// An index points beyond what it is one into.
    Index {
        /// The argument.
        what: &'static str,
        /// Which of them.
        index: usize,
        /// How many things there are.
        count: usize,
        /// The index that came.
        got: i128,
    },
    /// An offset is less than the one before it.
    Offset {
        /// The argument.
        what: &'static str,
        /// Which of them.
        index: usize,
        /// The one before it.
        min: usize,
        /// The offset that came.
        got: usize,
    },
    /// One of some names is none that there is.
    Unknown {
        /// The argument.
        what: &'static str,
        /// Which of them.
        index: usize,
        /// What it must be.
        expected: &'static str,
    },
    /// Something has a value for each pair of tokens, and the texts are of several lengths.
    Ragged {
        /// The argument.
        what: &'static str,
    },
    /// A number that must be finite, and perhaps positive, is not.
    Number {
        /// The argument.
        what: &'static str,
        /// What it must be.
        expected: &'static str,
        /// The number that came.
        got: f32,
    },
    /// A share of things, a ratio or a percentile, is out of its range.
    Share {
        /// The argument.
        what: &'static str,
        /// What it must be.
        expected: &'static str,
        /// The number that came.
        got: f64,
    },
    /// One of some numbers that must be finite, and perhaps positive, is not.
    Element {
        /// The argument.
        what: &'static str,
        /// Which of them.
        index: usize,
        /// What it must be.
        expected: &'static str,
        /// The number that came.
        got: f32,
    },
    /// Sizes whose product or sum no memory holds.
    TooLarge {
        /// The argument.
        what: &'static str,
    },
    /// The allocator has too little.
    OutOfMemory {
        /// What was to be made.
        what: &'static str,
    },
    /// There is no working memory.
    Scratch(ScratchError),
    /// The instruction set that was asked for is unknown, or not available here.
    Isa(UnavailableIsa),
    /// The output lies over an input, in another way than the call allows.
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
            Self::PartialRow { what, dim, got } => {
                write!(f, "{what}: expected whole rows of {dim} values, got {got} values")
            }
            Self::Length { what, expected, got } => {
                write!(f, "{what}: expected a length of {expected}, got {got}")
            }
            Self::Multiple { what, of, got } => write!(f, "{what}: expected a multiple of {of}, got {got}"),
            Self::Index { what, index, count, got } => {
                write!(f, "{what}[{index}]: expected 0 to {}, got {got}", count - 1)
            }
            Self::Offset { what, index, min, got } => {
                write!(f, "{what}[{index}]: expected at least {min}, as the one before, got {got}")
            }
            Self::Unknown { what, index, expected } => {
                write!(f, "{what}[{index}]: expected {expected}, got another")
            }
            Self::Ragged { what } => write!(f, "{what}: expected texts of one length, got ragged texts"),
            Self::Number { what, expected, got } => write!(f, "{what}: expected {expected}, got {got}"),
            Self::Share { what, expected, got } => write!(f, "{what}: expected {expected}, got {got}"),
            Self::Element { what, index, expected, got } => {
                write!(f, "{what}[{index}]: expected {expected}, got {got}")
            }
            Self::TooLarge { what } => {
                write!(f, "{what}: expected sizes that memory can hold, got a product or sum beyond it")
            }
            Self::OutOfMemory { what } => write!(f, "{what}: expected memory to make it in, got none"),
            Self::Scratch(error) => error.fmt(f),
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

impl From<ScratchError> for Error {
    fn from(error: ScratchError) -> Self {
        Self::Scratch(error)
    }
}

/// That a number is from `min` to `max`.
pub(crate) const fn between(what: &'static str, min: usize, max: usize, got: usize) -> Result<(), Error> {
    if min <= got && got <= max { Ok(()) } else { Err(Error::OutOfRange { what, min, max, got }) }
}

/// That each of some sizes, with their names, is at least 1.
pub(crate) fn positive(sizes: &[(&'static str, usize)]) -> Result<(), Error> {
    sizes.iter().try_for_each(|&(what, got)| between(what, 1, usize::MAX, got))
}

/// That a slice has the length that the other arguments call for.
pub(crate) const fn length(what: &'static str, expected: usize, got: usize) -> Result<(), Error> {
    if got == expected { Ok(()) } else { Err(Error::Length { what, expected, got }) }
}

/// That a size is a multiple of another one.
pub(crate) const fn multiple(what: &'static str, of: usize, got: usize) -> Result<(), Error> {
    if got.is_multiple_of(of) { Ok(()) } else { Err(Error::Multiple { what, of, got }) }
}

/// That all of some numbers are as they should be.
pub(crate) fn elements(
    what: &'static str,
    values: &[f32],
    expected: &'static str,
    is_good: impl Fn(f32) -> bool,
) -> Result<(), Error> {
    match values.iter().position(|x| !is_good(*x)) {
        Some(index) => Err(Error::Element { what, index, expected, got: values[index] }),
        None => Ok(()),
    }
}

/// The number of values in an array of these sizes.
pub(crate) fn product(what: &'static str, sizes: &[usize]) -> Result<usize, Error> {
    let product = sizes.iter().try_fold(1_usize, |product, &size| product.checked_mul(size));
    product.ok_or(Error::TooLarge { what })
}

/// How many rows of `dim` values there are, at least one; `name` is what `dim` is called.
pub(crate) fn some_rows(what: &'static str, len: usize, dim: (&'static str, usize)) -> Result<usize, Error> {
    positive(&[dim])?;
    if len == 0 || !len.is_multiple_of(dim.1) {
        return Err(Error::PartialRow { what, dim: dim.1, got: len });
    }
    Ok(len / dim.1)
}

/// The same values, owned.
pub(crate) fn owned(what: &'static str, values: &[f32]) -> Result<Vec<f32>, Error> {
    let mut owned = Vec::new();
    owned.try_reserve_exact(values.len()).map_err(|_| Error::OutOfMemory { what })?;
    owned.extend_from_slice(values);
    Ok(owned)
}

/// A vector of zeros to write a result to.
pub(crate) fn zeros<T: Copy + Default>(what: &'static str, len: usize) -> Result<Vec<T>, Error> {
    let mut values = Vec::new();
    values.try_reserve_exact(len).map_err(|_| Error::OutOfMemory { what })?;
    values.resize(len, T::default());
    Ok(values)
}
