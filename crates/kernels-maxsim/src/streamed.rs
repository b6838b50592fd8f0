//! Documents that come in pieces.

use crate::docs::Docs;
use crate::error::{Error, rows};
use crate::kernel::{Layout, Score};
use crate::query::PackedQuery;
use simd_core::dispatch_on;

/// The score of one document whose tokens come in pieces, in memory that depends on the query alone: for documents
/// that lie in a file, or in another memory.
///
/// ```
/// use kernels_maxsim::{PackedQuery, StreamedDoc};
///
/// let query = PackedQuery::new(&[1.0, 0.0, 0.0, 1.0], 2)?;
/// let mut doc = StreamedDoc::new(&query)?;
/// assert_eq!(doc.score(), f32::NEG_INFINITY); // no token yet
/// doc.push(&[0.6, 0.8])?;
/// doc.push(&[1.0, 0.0])?;
/// assert_eq!(doc.score(), 1.0 + 0.8);
/// # Ok::<(), kernels_maxsim::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct StreamedDoc<'q> {
    query: &'q PackedQuery,
    /// Of each token that counts: the largest similarity so far, or NaN; and then the same of one piece.
    maxima: Vec<f32>,
    /// The lengths of queries of one token each: their scores are the maxima.
    ones: Vec<usize>,
}

impl<'q> StreamedDoc<'q> {
    /// A document of no tokens yet.
    ///
    /// # Errors
    /// If there is no memory for a value for each query token.
    pub fn new(query: &'q PackedQuery) -> Result<Self, Error> {
        let tokens = query.counted();
        let no_memory = |_| Error::OutOfMemory { what: "query" };
        let (mut maxima, mut ones) = (Vec::new(), Vec::new());
        maxima.try_reserve_exact(2 * tokens).map_err(no_memory)?;
        ones.try_reserve_exact(tokens).map_err(no_memory)?;
        maxima.resize(2 * tokens, f32::NEG_INFINITY);
        ones.resize(tokens, 1);
        Ok(Self { query, maxima, ones })
    }

    /// Adds the document's next tokens, `rows: [any, dim]`, row-major. Allocates nothing.
    ///
    /// # Errors
    /// If `rows` is not whole rows of the query's `dim`, or `KERNELS_ISA` names a set that is not available; the
    /// document is then as it was.
    pub fn push(&mut self, rows: &[f32]) -> Result<(), Error> {
        let dim = self.query.dim();
        let doc_lens = [self::rows("rows", rows, dim)?];
        let (docs, layout) = (Docs::new(rows, &doc_lens, dim)?, Layout::QueryMajor);
        let query = self.query.view().cut(&self.ones);
        let (known, scores) = self.maxima.split_at_mut(self.ones.len());
        dispatch_on(query.isa, Score { query, docs, mean: false, layout, scores })?;
        for (known, &new) in known.iter_mut().zip(&*scores) {
            if new > *known || new.is_nan() {
                *known = new;
            }
        }
        Ok(())
    }

    /// The score of the tokens so far: that of [`maxsim`](crate::maxsim), bit for bit if no piece is a single token.
    #[must_use]
    pub fn score(&self) -> f32 {
        self.sum() as f32
    }

    /// As [`score`](Self::score), divided by the number of query tokens that count; 0 where none does.
    #[must_use]
    pub fn mean(&self) -> f32 {
        (self.sum() / self.ones.len().max(1) as f64) as f32
    }

    /// For each token that counts the largest similarity so far, or NaN where there was one.
    #[must_use]
    pub fn maxima(&self) -> &[f32] {
        &self.maxima[..self.ones.len()]
    }

    /// Begins another document.
    pub fn clear(&mut self) {
        self.maxima.fill(f32::NEG_INFINITY);
    }

    /// One by one from zero on, as the other functions do it.
    fn sum(&self) -> f64 {
        self.maxima().iter().fold(0.0, |sum, &max| sum + f64::from(max))
    }
}
