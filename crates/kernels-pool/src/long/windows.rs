//! Where a long document is cut.

use crate::error::{Error, between, positive};
use std::iter::FusedIterator;
use std::ops::Range;

/// Cuts `len` tokens into windows of `window` tokens, each of which begins with the last `overlap` tokens of the one
/// before.
///
/// Window `i` is `[i s, min(i s + window, len))` with `s = window - overlap`. The first one that reaches the end is
/// the last: it may be shorter, and none lies wholly in the one before. No tokens make no windows.
///
/// ```
/// use kernels_pool::windows;
///
/// let cuts: Vec<_> = windows(10, 4, 1)?.collect();
/// assert_eq!(cuts, [0..4, 3..7, 6..10]);
/// let cuts: Vec<_> = windows(9, 4, 0)?.collect();
/// assert_eq!(cuts, [0..4, 4..8, 8..9]);
/// # Ok::<(), kernels_pool::Error>(())
/// ```
///
/// # Errors
/// If `window` is 0, or `overlap` is not less than `window`.
pub fn windows(len: usize, window: usize, overlap: usize) -> Result<Windows, Error> {
    positive("window", window)?;
    between("overlap", 0, window - 1, overlap)?;
    let step = window - overlap;
    let count = match len {
        0 => 0,
        _ => 1 + len.saturating_sub(window).div_ceil(step),
    };
    Ok(Windows { left: 0..count, len, window, step })
}

/// The windows of a document, as ranges of token indices. Made by [`windows`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Windows {
    /// The numbers of the windows to come.
    left: Range<usize>,
    len: usize,
    window: usize,
    step: usize,
}

impl Windows {
    fn at(&self, i: usize) -> Range<usize> {
        // Less than `len`, for every window that there is.
        let start = i * self.step;
        start..start.saturating_add(self.window).min(self.len)
    }
}

impl Iterator for Windows {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left.next().map(|i| self.at(i))
    }

    fn nth(&mut self, n: usize) -> Option<Self::Item> {
        self.left.nth(n).map(|i| self.at(i))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.left.size_hint()
    }
}

impl DoubleEndedIterator for Windows {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.left.next_back().map(|i| self.at(i))
    }
}

impl ExactSizeIterator for Windows {}

impl FusedIterator for Windows {}
