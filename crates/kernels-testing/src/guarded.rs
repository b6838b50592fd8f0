//! A buffer that notices writes next to it.

use std::fmt::Debug;

/// Values before and after the middle.
const GUARDS: usize = 19;

/// A buffer whose middle can begin at any offset from an aligned address, between guard values.
#[derive(Clone, Debug)]
pub struct Guarded<T> {
    buffer: Vec<T>,
    guard: T,
    start: usize,
    len: usize,
}

impl<T: Copy + PartialEq + Debug> Guarded<T> {
    /// A middle of `len` guard values, `offset` values past the first guards. NaN is no guard: it equals nothing.
    pub fn new(len: usize, offset: usize, guard: T) -> Self {
        let start = GUARDS + offset;
        Self { buffer: vec![guard; start + len + GUARDS], guard, start, len }
    }

    /// As [`new`](Self::new), with a copy of `values` in the middle.
    pub fn copy(values: &[T], offset: usize, guard: T) -> Self {
        let mut guarded = Self::new(values.len(), offset, guard);
        guarded.middle().copy_from_slice(values);
        guarded
    }

    /// The middle, to read or write.
    pub fn middle(&mut self) -> &mut [T] {
        &mut self.buffer[self.start..][..self.len]
    }

    /// The middle, after a look at what surrounds it.
    ///
    /// # Panics
    /// If a guard has changed.
    #[track_caller]
    pub fn check(&self) -> &[T] {
        let (before, rest) = self.buffer.split_at(self.start);
        let (middle, after) = rest.split_at(self.len);
        for guard in before.iter().chain(after) {
            assert_eq!(*guard, self.guard, "written outside of the buffer");
        }
        middle
    }
}
