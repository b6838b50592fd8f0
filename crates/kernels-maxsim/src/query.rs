//! Queries, packed once and scored against many documents.

use crate::error::{Error, length, rows, total};
use crate::packed::{Packed, View};
use simd_core::Isa;

/// A query packed for the kernel: made once, used for any number of documents, refilled without allocating.
///
/// It belongs to an instruction set, the one that scores it: [`Isa::active`]'s unless it was made with
/// [`on`](Self::on).
///
/// ```
/// use kernels_maxsim::{Docs, PackedQuery, maxsim_batch_into};
///
/// let mut query = PackedQuery::new(&[1.0, 0.0, 0.0, 1.0], 2)?;
/// let (docs, doc_lens) = ([0.6, 0.8, 1.0, 0.0, 0.0, 1.0], [1, 2]);
/// let mut scores = [0.0; 2];
/// maxsim_batch_into(&query, Docs::new(&docs, &doc_lens, 2)?, &mut scores)?;
/// assert_eq!(scores, [0.6 + 0.8, 2.0]);
///
/// query.repack(&[1.0, 0.0])?;
/// maxsim_batch_into(&query, Docs::new(&docs, &doc_lens, 2)?, &mut scores)?;
/// assert_eq!(scores, [0.6, 1.0]);
/// # Ok::<(), kernels_maxsim::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct PackedQuery {
    packed: Packed,
    /// The tokens that count, by their place in the caller's query.
    counted: Vec<usize>,
    tokens: usize,
}

impl PackedQuery {
    /// Packs `query: [tokens, dim]`, row-major. A query of no tokens is fine: it scores 0.
    ///
    /// # Errors
    /// If `dim` is 0, `query` is not whole rows, it does not fit in memory, or `KERNELS_ISA` names a set that is
    /// not available.
    pub fn new(query: &[f32], dim: usize) -> Result<Self, Error> {
        Self::on(Isa::active()?, query, dim)
    }

    /// As [`new`](Self::new), for a named instruction set.
    ///
    /// # Errors
    /// As [`new`](Self::new); if `isa` is not available here.
    pub fn on(isa: Isa, query: &[f32], dim: usize) -> Result<Self, Error> {
        let mut packed = Self { packed: Packed::new(isa, dim)?, counted: Vec::new(), tokens: 0 };
        packed.repack(query)?;
        Ok(packed)
    }

    /// As [`new`](Self::new), counting only the tokens whose `mask: [tokens]` is true. What the others hold has
    /// no effect, NaN included.
    ///
    /// # Errors
    /// As [`new`](Self::new); if `mask` has another length than the query has tokens.
    pub fn with_mask(query: &[f32], mask: &[bool], dim: usize) -> Result<Self, Error> {
        let mut packed = Self::new(&[], dim)?;
        packed.repack_with_mask(query, mask)?;
        Ok(packed)
    }

    /// Takes another query of the same dimension; allocates only to grow.
    ///
    /// # Errors
    /// As [`new`](Self::new); the old query then stays.
    pub fn repack(&mut self, query: &[f32]) -> Result<(), Error> {
        self.fill(query, None)
    }

    /// Takes another query and mask of the same dimension; allocates only to grow.
    ///
    /// # Errors
    /// As [`with_mask`](Self::with_mask); the old query then stays.
    pub fn repack_with_mask(&mut self, query: &[f32], mask: &[bool]) -> Result<(), Error> {
        self.fill(query, Some(mask))
    }

    fn fill(&mut self, query: &[f32], mask: Option<&[bool]>) -> Result<(), Error> {
        let dim = self.dim();
        let tokens = rows("query", query, dim)?;
        if let Some(mask) = mask {
            length("mask", tokens, mask.len())?;
        }
        let counted = || (0..tokens).filter(|&i| mask.is_none_or(|mask| mask[i]));
        let count = counted().count();
        let more = count.saturating_sub(self.counted.len());
        self.counted.try_reserve(more).map_err(|_| Error::OutOfMemory { what: "query" })?;
        self.packed.fill("query", &[count], counted().map(|i| &query[i * dim..][..dim]))?;
        self.counted.clear();
        self.counted.extend(counted());
        self.tokens = tokens;
        Ok(())
    }

    /// The length of a token's row.
    #[must_use]
    pub const fn dim(&self) -> usize {
        self.packed.dim()
    }

    /// How many tokens there are, masked ones included.
    #[must_use]
    pub const fn tokens(&self) -> usize {
        self.tokens
    }

    /// How many tokens count.
    #[must_use]
    pub const fn counted(&self) -> usize {
        self.counted.len()
    }

    /// The instruction set that scores it.
    #[must_use]
    pub const fn isa(&self) -> Isa {
        self.packed.isa()
    }

    pub(crate) fn view(&self) -> View<'_> {
        self.packed.view()
    }

    /// The places of the tokens that count.
    pub(crate) fn places(&self) -> &[usize] {
        &self.counted
    }
}

/// Several queries packed together, to be scored against the same documents in one call. Short queries share
/// panels, and every document is read once for about 128 query tokens.
///
/// ```
/// use kernels_maxsim::{Docs, PackedQueries, maxsim_queries_into};
///
/// let queries = PackedQueries::new(&[1.0, 0.0, 0.0, 1.0, 0.6, 0.8], &[1, 2], 2)?;
/// let docs = Docs::new(&[1.0, 0.0, 0.0, 1.0], &[1, 1], 2)?;
/// let mut scores = [0.0; 4]; // [queries, documents]
/// maxsim_queries_into(&queries, docs, &mut scores)?;
/// assert_eq!(scores, [1.0, 0.0, 0.6, 1.8]);
/// # Ok::<(), kernels_maxsim::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct PackedQueries {
    packed: Packed,
}

impl PackedQueries {
    /// Packs ragged queries, one after another: `queries: [sum of query_lens, dim]`.
    ///
    /// # Errors
    /// If `dim` is 0, `queries` has another length than `query_lens` and `dim` call for, it does not fit in
    /// memory, or `KERNELS_ISA` names a set that is not available.
    pub fn new(queries: &[f32], query_lens: &[usize], dim: usize) -> Result<Self, Error> {
        Self::on(Isa::active()?, queries, query_lens, dim)
    }

    /// As [`new`](Self::new), counting only some tokens: see [`repack_with_mask`](Self::repack_with_mask).
    ///
    /// # Errors
    /// As [`repack_with_mask`](Self::repack_with_mask).
    pub fn with_mask(
        queries: &[f32],
        mask: &[bool],
        query_lens: &[usize],
        dim: usize,
    ) -> Result<Self, Error> {
        let mut packed = Self::new(&[], &[], dim)?;
        packed.repack_with_mask(queries, mask, query_lens)?;
        Ok(packed)
    }

    /// As [`new`](Self::new), for a named instruction set.
    ///
    /// # Errors
    /// As [`new`](Self::new); if `isa` is not available here.
    pub fn on(isa: Isa, queries: &[f32], query_lens: &[usize], dim: usize) -> Result<Self, Error> {
        let mut packed = Self { packed: Packed::new(isa, dim)? };
        packed.repack(queries, query_lens)?;
        Ok(packed)
    }

    /// Takes other queries of the same dimension; allocates only to grow.
    ///
    /// # Errors
    /// As [`new`](Self::new); the old queries then stay.
    pub fn repack(&mut self, queries: &[f32], query_lens: &[usize]) -> Result<(), Error> {
        self.validate(queries, query_lens)?;
        self.packed.fill("queries", query_lens, queries.chunks_exact(self.dim()))
    }

    /// Takes other queries of the same dimension, counting only the tokens whose `mask: [sum of query_lens]` is
    /// true. For a padded batch `[n, max_len, dim]`, `query_lens` is `max_len`, `n` times over. Allocates `n`
    /// lengths, and otherwise only to grow.
    ///
    /// # Errors
    /// As [`new`](Self::new); if `mask` has another length than the queries have tokens. The old queries then stay.
    pub fn repack_with_mask(
        &mut self,
        queries: &[f32],
        mask: &[bool],
        query_lens: &[usize],
    ) -> Result<(), Error> {
        self.validate(queries, query_lens)?;
        length("mask", queries.len() / self.dim(), mask.len())?;
        let mut rest = mask;
        let count = |len: &usize| {
            let (mask, others) = rest.split_at(*len);
            rest = others;
            mask.iter().filter(|counts| **counts).count()
        };
        let counted: Vec<usize> = query_lens.iter().map(count).collect();
        let rows = queries.chunks_exact(self.dim()).zip(mask).filter(|(_, counts)| **counts);
        self.packed.fill("queries", &counted, rows.map(|(row, _)| row))
    }

    /// That the lengths agree.
    fn validate(&self, queries: &[f32], query_lens: &[usize]) -> Result<(), Error> {
        length("queries", total("query_lens", query_lens, self.dim())?, queries.len())
    }

    /// How many queries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.packed.query_lens().len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.packed.query_lens().is_empty()
    }

    /// The length of a token's row.
    #[must_use]
    pub const fn dim(&self) -> usize {
        self.packed.dim()
    }

    /// The instruction set that scores them.
    #[must_use]
    pub const fn isa(&self) -> Isa {
        self.packed.isa()
    }

    pub(crate) fn view(&self) -> View<'_> {
        self.packed.view()
    }
}
