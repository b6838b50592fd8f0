//! What can be wrong with a call.

use simd_core::UnavailableIsa;
use simd_core::alias::SpanError;
use std::fmt;

/// Why a call did nothing. Each variant names the argument, what was expected, and what came.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// There are no bars.
    Empty {
        /// The argument.
        what: &'static str,
    },
    /// A period of 0.
    ZeroPeriod {
        /// The argument.
        what: &'static str,
    },
    /// A period that is longer than the input.
    Period {
        /// The argument.
        what: &'static str,
        /// The bars that there are.
        bars: usize,
        /// The period that came.
        got: usize,
    },
    /// Two periods in the wrong order.
    Order {
        /// The period that must be shorter.
        what: &'static str,
        /// The other one.
        than: &'static str,
        /// What that one is.
        expected: usize,
        /// The period that came.
        got: usize,
    },
    /// A number outside of its range.
    Range {
        /// The argument.
        what: &'static str,
        /// The range, in words.
        expected: &'static str,
        /// The number that came.
        got: f64,
    },
    /// An index that does not ascend, or that lies past the bars.
    Start {
        /// Its place among the starts.
        index: usize,
        /// The smallest bar that it could name.
        least: usize,
        /// The bars that there are.
        bars: usize,
        /// The bar that came.
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
    /// A slice does not divide into as many series.
    Series {
        /// The argument.
        what: &'static str,
        /// The number of series.
        series: usize,
        /// The length that came.
        got: usize,
    },
    /// Lengths whose product no memory holds, or that the allocator has too little for.
    TooLarge {
        /// What was to be made.
        what: &'static str,
        /// The rows of it.
        rows: usize,
        /// The values of a row.
        bars: usize,
    },
    /// The instruction set that was asked for is unknown, or not available here.
    Isa(UnavailableIsa),
    /// The output lies partly over the input.
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
            Self::Empty { what } => write!(f, "{what}: expected at least one bar, got none"),
            Self::ZeroPeriod { what } => write!(f, "{what}: expected at least 1, got 0"),
            Self::Period { what, bars, got } => {
                write!(f, "{what}: expected at most the number of bars, {bars}, got {got}")
            }
            Self::Order { what, than, expected, got } => {
                write!(f, "{what}: expected less than {than} = {expected}, got {got}")
            }
            Self::Range { what, expected, got } => write!(f, "{what}: expected {expected}, got {got}"),
            Self::Start { index, least, bars, got } => {
                write!(f, "starts[{index}]: expected a bar from {least} on and below {bars}, got {got}")
            }
            Self::Length { what, expected, got } => {
                write!(f, "{what}: expected a length of {expected}, got {got}")
            }
            Self::Series { what, series, got } => {
                write!(f, "{what}: expected {series} series of the same length, got {got} values")
            }
            Self::TooLarge { what, rows, bars } => {
                write!(f, "{what}: expected what memory can hold, got {rows} rows of {bars} values")
            }
            Self::Isa(error) => error.fmt(f),
            Self::Overlap { what, with } => {
                write!(f, "{what}: expected memory apart from {with}, or all of it, got a part")
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

/// That a period is one, and that the bars, if it is known how many there are, hold it.
pub(crate) fn period(what: &'static str, got: usize, bars: Option<usize>) -> Result<(), Error> {
    match bars {
        _ if got == 0 => Err(Error::ZeroPeriod { what }),
        Some(bars) if got > bars => Err(Error::Period { what, bars, got }),
        _ => Ok(()),
    }
}

/// That a number is one.
pub(crate) fn finite(what: &'static str, got: f64) -> Result<(), Error> {
    if got.is_finite() { Ok(()) } else { Err(Error::Range { what, expected: "a finite number", got }) }
}

/// That a slice has the length that the other arguments call for.
pub(crate) const fn length(what: &'static str, expected: usize, got: usize) -> Result<(), Error> {
    if got == expected { Ok(()) } else { Err(Error::Length { what, expected, got }) }
}
