//! Documents as the caller holds them.

use crate::error::{Error, length, total};

/// A view of documents, each a number of rows of `dim` values, row-major. Validated once, in O(documents).
///
/// It copies nothing, and scoring reads nothing but the rows that the lengths count.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Docs<'a> {
    rows: &'a [f32],
    lens: &'a [usize],
    dim: usize,
    /// Where the documents are padded: the rows that each has room for.
    max_len: Option<usize>,
}

/// The rows of one document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rows {
    /// Where the first one begins, in values.
    pub(crate) start: usize,
    /// How many there are.
    pub(crate) len: usize,
}

impl<'a> Docs<'a> {
    /// Ragged documents, one after another.
    ///
    /// - `docs`: `[sum of doc_lens, dim]`
    /// - `doc_lens`: the rows of each document; 0 is an empty document
    ///
    /// ```
    /// use kernels_maxsim::Docs;
    /// let docs = Docs::new(&[0.0; 10], &[3, 0, 2], 2)?;
    /// assert_eq!((docs.len(), docs.dim()), (3, 2));
    /// # Ok::<(), kernels_maxsim::Error>(())
    /// ```
    ///
    /// # Errors
    /// If `dim` is 0, or `docs` has another length than `doc_lens` and `dim` call for.
    pub fn new(docs: &'a [f32], doc_lens: &'a [usize], dim: usize) -> Result<Self, Error> {
        if dim == 0 {
            return Err(Error::ZeroDim);
        }
        length("docs", total("doc_lens", doc_lens, dim)?, docs.len())?;
        Ok(Self { rows: docs, lens: doc_lens, dim, max_len: None })
    }

    /// Padded documents, as tensors hold them. The padding is never read: it neither wins nor counts.
    ///
    /// - `docs`: `[doc_lens.len(), max_len, dim]`
    /// - `doc_lens`: the valid rows of each document, its first ones
    ///
    /// ```
    /// use kernels_maxsim::{Docs, PackedQuery, maxsim_batch_into};
    /// let (query, mut scores) = (PackedQuery::new(&[1.0], 1)?, [0.0; 2]);
    /// let docs = Docs::padded(&[0.5, 9.0, 0.1, 0.2], 2, &[1, 2], 1)?;
    /// maxsim_batch_into(&query, docs, &mut scores)?;
    /// assert_eq!(scores, [0.5, 0.2]);
    /// # Ok::<(), kernels_maxsim::Error>(())
    /// ```
    ///
    /// # Errors
    /// If `dim` is 0, `docs` has another length than the shape calls for, or a length is over `max_len`.
    pub fn padded(docs: &'a [f32], max_len: usize, doc_lens: &'a [usize], dim: usize) -> Result<Self, Error> {
        if dim == 0 {
            return Err(Error::ZeroDim);
        }
        let shape = doc_lens.len().checked_mul(max_len).and_then(|rows| rows.checked_mul(dim));
        length("docs", shape.ok_or(Error::TooLarge { what: "max_len" })?, docs.len())?;
        if let Some(index) = doc_lens.iter().position(|&len| len > max_len) {
            return Err(Error::DocLen { index, max_len, got: doc_lens[index] });
        }
        Ok(Self { rows: docs, lens: doc_lens, dim, max_len: Some(max_len) })
    }

    /// How many documents there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.lens.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.lens.is_empty()
    }

    /// The length of a row.
    #[must_use]
    pub const fn dim(&self) -> usize {
        self.dim
    }

    /// All values, padding included.
    pub(crate) const fn values(&self) -> &'a [f32] {
        self.rows
    }

    /// Where in [`values`](Self::values) each document lies.
    #[inline(always)]
    pub(crate) fn rows(&self) -> impl Iterator<Item = Rows> + use<'a> {
        let (dim, max_len) = (self.dim, self.max_len);
        let mut next = 0;
        self.lens.iter().map(move |&len| {
            let start = next;
            next += max_len.unwrap_or(len) * dim;
            Rows { start, len }
        })
    }

    /// How many rows count.
    #[cfg(feature = "parallel")]
    pub(crate) fn valid_rows(&self) -> usize {
        self.lens.iter().sum()
    }

    /// The first documents, as many as hold about half of the rows, and the others. Neither part is empty if
    /// there are at least two.
    #[cfg(feature = "parallel")]
    pub(crate) fn split(&self) -> (Self, Self) {
        let (half, mut seen) = (self.valid_rows() / 2, 0);
        let full = self.lens.iter().take_while(|&&len| {
            seen += len;
            seen <= half
        });
        let mid = full.count().clamp(1, self.len() - 1);
        let (head, tail) = self.lens.split_at(mid);
        let rows = self.max_len.map_or_else(|| head.iter().sum(), |max_len| mid * max_len);
        let (head_rows, tail_rows) = self.rows.split_at(rows * self.dim);
        (Self { rows: head_rows, lens: head, ..*self }, Self { rows: tail_rows, lens: tail, ..*self })
    }
}
