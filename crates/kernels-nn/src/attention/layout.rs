//! Where the rows of a head lie.

use std::ops::Range;

/// Where the tokens of each text lie in an array of rows.
#[derive(Clone, Copy, Debug)]
pub(super) enum Texts<'a> {
    /// `[batch, heads, len, dim]`
    Even { len: usize },
    /// `[tokens, heads, dim]`, text `i` being the tokens from `offsets[i]` up to `offsets[i + 1]`.
    Ragged { offsets: &'a [usize] },
}

impl Texts<'_> {
    /// The tokens of a text, as they are counted over all texts.
    pub(super) fn tokens(&self, text: usize) -> Range<usize> {
        match self {
            Self::Even { len } => text * len..(text + 1) * len,
            Self::Ragged { offsets } => offsets[text]..offsets[text + 1],
        }
    }

    /// The rows of `dim` values of one of `heads` heads.
    pub(super) fn head(&self, text: usize, head: usize, heads: usize, dim: usize) -> Rows {
        let Range { start, end } = self.tokens(text);
        let len = end - start;
        match self {
            Self::Even { .. } => Rows { start: (start * heads + head * len) * dim, stride: dim, len, dim },
            Self::Ragged { .. } => {
                Rows { start: (start * heads + head) * dim, stride: heads * dim, len, dim }
            }
        }
    }
}

/// Rows of an array.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows {
    start: usize,
    /// From one row to the next.
    pub(super) stride: usize,
    pub(super) len: usize,
    pub(super) dim: usize,
}

impl Rows {
    /// The values of a row.
    #[inline(always)]
    pub(super) fn range(&self, row: usize) -> Range<usize> {
        let start = self.start + row * self.stride;
        start..start + self.dim
    }

    /// Some of the rows.
    pub(super) fn part(&self, rows: Range<usize>) -> Self {
        Self { start: self.start + rows.start * self.stride, len: rows.len(), ..*self }
    }
}
