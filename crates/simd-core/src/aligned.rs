//! A vector of plain numbers that starts on a cache line.

use alloc::collections::TryReserveError;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;
use core::ops::{Deref, DerefMut};

/// Bytes in a [`Line`]: the widest register there is, and the cache line of most machines.
pub(crate) const LINE: usize = 64;

/// One cache line of memory: the unit in which aligned memory is allocated.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(crate) struct Line([u8; LINE]);

impl Line {
    pub(crate) const ZERO: Self = Self([0; LINE]);
}

/// A number that any bytes are a value of: the primitive integers and floats, which have no padding either.
pub trait Plain: Copy + fmt::Debug + Send + Sync + 'static + crate::sealed::Sealed {}

macro_rules! plain {
    ($($number:ty)*) => { $(impl Plain for $number {})* };
}
plain!(u8 i8 u16 i16 u32 i32 u64 i64 usize f32 f64);

/// Whole lines as numbers.
pub(crate) fn numbers<T: Plain>(lines: &[Line]) -> &[T] {
    // SAFETY: the lines are initialised memory of that many bytes, aligned for any number, and any bytes are
    // a value of a `Plain`, which is sealed. The result borrows them.
    unsafe { core::slice::from_raw_parts(lines.as_ptr().cast(), size_of_val(lines) / size_of::<T>()) }
}

/// As [`numbers`], to write.
pub(crate) fn numbers_mut<T: Plain>(lines: &mut [Line]) -> &mut [T] {
    // SAFETY: as in `numbers`; the result borrows the lines mutably, and leaves them initialised.
    unsafe { core::slice::from_raw_parts_mut(lines.as_mut_ptr().cast(), size_of_val(lines) / size_of::<T>()) }
}

/// A vector whose first element lies on a 64-byte line, so that aligned panels never straddle two.
///
/// It derefs to a slice.
///
/// ```
/// let mut xs = simd_core::AlignedVec::<f32>::new();
/// xs.try_resize(100)?;
/// assert_eq!((xs.len(), xs.as_ptr().addr() % 64), (100, 0));
/// # Ok::<(), std::collections::TryReserveError>(())
/// ```
#[derive(Clone)]
pub struct AlignedVec<T> {
    lines: Vec<Line>,
    len: usize,
    element: PhantomData<T>,
}

impl<T: Plain> AlignedVec<T> {
    /// An empty one, which holds no memory.
    #[must_use]
    pub const fn new() -> Self {
        Self { lines: Vec::new(), len: 0, element: PhantomData }
    }

    /// Makes it `len` long; allocates only to grow beyond the largest length so far. The values that it then
    /// holds are left over from before, or zero.
    ///
    /// # Errors
    /// If the memory cannot be had; nothing changes then.
    pub fn try_resize(&mut self, len: usize) -> Result<(), TryReserveError> {
        let lines = len.div_ceil(LINE / size_of::<T>());
        if let Some(more) = lines.checked_sub(self.lines.len()) {
            self.lines.try_reserve(more)?;
            self.lines.resize(lines, Line::ZERO);
        }
        self.len = len;
        Ok(())
    }

    /// How many values the memory that it holds has room for.
    #[must_use]
    pub const fn capacity(&self) -> usize {
        self.lines.capacity() * (LINE / size_of::<T>())
    }
}

impl<T: Plain> Default for AlignedVec<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Plain> Deref for AlignedVec<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &numbers(&self.lines)[..self.len]
    }
}

impl<T: Plain> DerefMut for AlignedVec<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut numbers_mut(&mut self.lines)[..self.len]
    }
}

impl<T: Plain> fmt::Debug for AlignedVec<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
