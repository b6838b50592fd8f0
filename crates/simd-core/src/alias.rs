//! Whether ranges of memory overlap: asked on addresses, before any slice is made from a pointer.
//!
//! ```
//! use simd_core::alias::{Overlap, Span, overlap};
//!
//! let xs = [0.0_f32; 8];
//! let [whole, head, tail] = [&xs[..], &xs[..4], &xs[4..]].map(Span::of);
//! assert_eq!(overlap(head, tail), Overlap::Disjoint);
//! assert_eq!(overlap(head, head), Overlap::Same);
//! assert_eq!(overlap(whole, tail), Overlap::Partial);
//! ```

use core::fmt;

/// How two ranges of memory lie to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlap {
    /// No byte in common. An empty range has none in common with any.
    Disjoint,
    /// The same bytes.
    Same,
    /// Some bytes in common.
    Partial,
}

/// A range of addresses that could be a slice: aligned, not null, and no larger than an object can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    start: usize,
    end: usize,
}

impl Span {
    /// The addresses of `len` values from `start` on. It reads nothing, and `start` may dangle.
    ///
    /// # Errors
    /// If no slice can lie there: see [`SpanError`].
    pub fn new<T>(start: *const T, len: usize) -> Result<Self, SpanError> {
        if start.is_null() {
            return Err(SpanError::Null);
        }
        if !start.is_aligned() {
            return Err(SpanError::Misaligned { align: align_of::<T>() });
        }
        let bytes = len.checked_mul(size_of::<T>()).filter(|&bytes| bytes <= isize::MAX as usize);
        let end = bytes.and_then(|bytes| start.addr().checked_add(bytes));
        end.map(|end| Self { start: start.addr(), end }).ok_or(SpanError::TooLarge { len })
    }

    /// The addresses of a slice.
    #[must_use]
    pub fn of<T>(slice: &[T]) -> Self {
        let bytes = slice.as_ptr_range();
        Self { start: bytes.start.addr(), end: bytes.end.addr() }
    }

    const fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// How `a` and `b` lie to each other.
#[must_use]
pub fn overlap(a: Span, b: Span) -> Overlap {
    if a.is_empty() || b.is_empty() || a.end <= b.start || b.end <= a.start {
        Overlap::Disjoint
    } else if a == b {
        Overlap::Same
    } else {
        Overlap::Partial
    }
}

/// Why no slice can lie at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SpanError {
    /// The pointer is null. An empty slice has an address too: that of any aligned value, or a dangling one.
    Null,
    /// The address is not a multiple of the type's alignment.
    Misaligned {
        /// The alignment in bytes.
        align: usize,
    },
    /// The range passes the end of the address space, or `isize::MAX` bytes.
    TooLarge {
        /// The number of values asked for.
        len: usize,
    },
}

impl fmt::Display for SpanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("expected a pointer to values, got null"),
            Self::Misaligned { align } => write!(f, "expected an address that is a multiple of {align}"),
            Self::TooLarge { len } => write!(f, "expected a range that memory can hold, got {len} values"),
        }
    }
}

impl core::error::Error for SpanError {}
