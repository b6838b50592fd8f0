//! Working memory for kernels that need some: allocated once, aligned, and limited.

use crate::aligned::{LINE, Line, Plain, numbers_mut};
use alloc::vec::Vec;
use core::fmt;

/// A growable workspace with a limit in bytes.
///
/// A call opens a [`Frame`] as large as it needs and takes slices from it. Once the largest frame has been seen,
/// nothing is allocated any more.
///
/// ```
/// use simd_core::Scratch;
///
/// let mut scratch = Scratch::with_limit(1 << 20);
/// let mut frame = scratch.frame(Scratch::bytes::<f32>(100) + Scratch::bytes::<i32>(10))?;
/// let (scores, indices) = (frame.take::<f32>(100)?, frame.take::<i32>(10)?);
/// scores[99] = 1.0;
/// indices[9] = 1;
/// assert_eq!(frame.stats().in_use, 448 + 64);
/// drop(frame);
/// assert_eq!((scratch.stats().in_use, scratch.stats().high_water), (0, 448 + 64));
/// # Ok::<(), simd_core::ScratchError>(())
/// ```
#[derive(Clone)]
pub struct Scratch {
    lines: Vec<Line>,
    stats: ScratchStats,
}

/// What a [`Scratch`] holds and has held, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScratchStats {
    /// Held from the allocator.
    pub allocated: usize,
    /// Taken from the open frame, or from one that was leaked; 0 where there is none.
    pub in_use: usize,
    /// The largest `in_use` so far.
    pub high_water: usize,
    /// How often it grew.
    pub grows: usize,
    /// The most that it may hold.
    pub limit: usize,
}

impl Scratch {
    /// An empty workspace that grows up to `limit` bytes, rounded down to whole lines of 64.
    #[must_use]
    pub const fn with_limit(limit: usize) -> Self {
        let limit = limit / LINE * LINE;
        let stats = ScratchStats { allocated: 0, in_use: 0, high_water: 0, grows: 0, limit };
        Self { lines: Vec::new(), stats }
    }

    /// The bytes that a slice of `len` values takes in a frame: whole lines of 64. `usize::MAX`, which no
    /// allocator has, where that overflows.
    #[must_use]
    pub const fn bytes<T: Plain>(len: usize) -> usize {
        match len.checked_mul(size_of::<T>()) {
            Some(bytes) if bytes <= usize::MAX - LINE => bytes.next_multiple_of(LINE),
            _ => usize::MAX,
        }
    }

    /// Opens a frame of `bytes`, rounded up to whole lines of 64; grows if it holds less. The frame's values are
    /// left over from earlier frames, or zero.
    ///
    /// # Errors
    /// If that is over the limit; nothing changes then. If it is more than the allocator has; the workspace is empty
    /// then.
    pub fn frame(&mut self, bytes: usize) -> Result<Frame<'_>, ScratchError> {
        let (lines, limit) = (bytes.div_ceil(LINE), self.stats.limit);
        if bytes > limit {
            return Err(ScratchError::OverLimit { needed: bytes, limit });
        }
        if lines > self.lines.len() {
            // First gives back what it has: the limit is for both together.
            self.lines = Vec::new();
            self.stats.allocated = 0;
            self.lines.try_reserve_exact(lines).map_err(|_| ScratchError::OutOfMemory { needed: bytes })?;
            self.lines.resize(lines, Line::ZERO);
            self.stats.allocated = self.lines.capacity() * LINE;
            self.stats.grows += 1;
        }
        self.stats.in_use = 0;
        Ok(Frame { free: &mut self.lines[..lines], stats: &mut self.stats, before: 0 })
    }

    /// What it holds and has held.
    #[must_use]
    pub const fn stats(&self) -> ScratchStats {
        self.stats
    }
}

/// The working memory of one call: slices are taken from it one after another.
pub struct Frame<'a> {
    free: &'a mut [Line],
    stats: &'a mut ScratchStats,
    /// What was in use when it was opened.
    before: usize,
}

impl<'a> Frame<'a> {
    /// Takes `len` values from what is left, on a 64-byte boundary.
    ///
    /// # Errors
    /// If less than [`Scratch::bytes`] of them is left; nothing changes then.
    pub fn take<T: Plain>(&mut self, len: usize) -> Result<&'a mut [T], ScratchError> {
        let (needed, left) = (Scratch::bytes::<T>(len), size_of_val(self.free));
        if needed > left {
            return Err(ScratchError::FrameTooSmall { needed, left });
        }
        let (taken, rest) = core::mem::take(&mut self.free).split_at_mut(needed / LINE);
        self.free = rest;
        self.stats.in_use += needed;
        self.stats.high_water = self.stats.high_water.max(self.stats.in_use);
        Ok(&mut numbers_mut(taken)[..len])
    }

    /// A frame of what is left of this one, for one step of several: what is taken from it is free again when it is
    /// dropped.
    pub fn part(&mut self) -> Frame<'_> {
        let before = self.stats.in_use;
        Frame { free: &mut *self.free, stats: &mut *self.stats, before }
    }

    /// What the workspace holds and has held, this frame included.
    #[must_use]
    pub const fn stats(&self) -> ScratchStats {
        *self.stats
    }
}

impl Drop for Frame<'_> {
    fn drop(&mut self) {
        self.stats.in_use = self.before;
    }
}

impl fmt::Debug for Scratch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scratch").field("stats", &self.stats).finish_non_exhaustive()
    }
}

impl fmt::Debug for Frame<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frame").field("left", &size_of_val(self.free)).finish_non_exhaustive()
    }
}

/// Why there is no working memory, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScratchError {
    /// More than the workspace may hold.
    OverLimit {
        /// Asked for.
        needed: usize,
        /// The most that it may hold.
        limit: usize,
    },
    /// More than the allocator has.
    OutOfMemory {
        /// Asked for.
        needed: usize,
    },
    /// More than is left of the frame.
    FrameTooSmall {
        /// Asked for.
        needed: usize,
        /// What is left.
        left: usize,
    },
}

impl fmt::Display for ScratchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OverLimit { needed, limit } => {
                write!(f, "scratch: expected at most {limit} bytes, the limit; {needed} are needed")
            }
            Self::OutOfMemory { needed } => write!(f, "scratch: {needed} bytes cannot be allocated"),
            Self::FrameTooSmall { needed, left } => {
                write!(
                    f,
                    "scratch: expected at most {left} bytes, what is left of the frame; {needed} are needed"
                )
            }
        }
    }
}

impl core::error::Error for ScratchError {}
