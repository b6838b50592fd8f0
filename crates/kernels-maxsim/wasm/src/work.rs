//! What the functions work in, kept from one call to the next.

use kernels_maxsim::{Docs, PackedQuery, maxsim_batch_into, maxsim_mean_batch_into};
use kernels_wasm::{Input, Result};
use simd_core::AlignedVec;
use std::cell::Cell;
use std::mem;
use std::ops::{Deref, DerefMut};

/// Values of a query that are kept from one call to the next: 4 MB. A larger one is given back.
const KEPT: f64 = (1 << 20) as f64;

/// A packed query, and memory into which the caller's values are copied.
#[derive(Debug, Default)]
pub(crate) struct Work {
    query: Option<PackedQuery>,
    values: AlignedVec<f32>,
    /// Whether there has been a query that is too large to be kept.
    oversized: bool,
}

thread_local! {
    static WORK: Cell<Option<Work>> = const { Cell::new(None) };
}

impl Work {
    /// Lends it to a call. A call from within another, as a subclass of `Float32Array` can make one, gets its own.
    pub(crate) fn lend() -> Lent {
        Lent(WORK.take().unwrap_or_default())
    }

    /// Packs the caller's query, in the memory of the one before if their dimensions agree; returns memory for other
    /// values too.
    pub(crate) fn pack(
        &mut self,
        query: &Input<f32>,
        dim: usize,
    ) -> Result<(&PackedQuery, &mut AlignedVec<f32>)> {
        let Self { query: packed, values, oversized } = self;
        *oversized |= query.len() > KEPT;
        query.read_all(values)?;
        Ok((repack(packed, values, dim)?, values))
    }

    /// Packs a query that lies in the wasm memory.
    pub(crate) fn pack_values(&mut self, query: &[f32], dim: usize) -> Result<&PackedQuery> {
        self.oversized |= query.len() as f64 > KEPT;
        repack(&mut self.query, query, dim)
    }
}

fn repack<'a>(packed: &'a mut Option<PackedQuery>, values: &[f32], dim: usize) -> Result<&'a PackedQuery> {
    let query = match packed.take() {
        Some(mut old) if old.dim() == dim => old.repack(values).map(|()| old),
        _ => PackedQuery::new(values, dim),
    };
    Ok(packed.insert(query?))
}

/// Goes back to where it was lent from.
#[derive(Debug)]
pub(crate) struct Lent(Work);

impl Drop for Lent {
    fn drop(&mut self) {
        if !self.0.oversized {
            WORK.set(Some(mem::take(&mut self.0)));
        }
    }
}

impl Deref for Lent {
    type Target = Work;

    fn deref(&self) -> &Work {
        &self.0
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut Work {
        &mut self.0
    }
}

/// What the score of a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The sum over the query tokens.
    Sum,
    /// That sum divided by the number of tokens.
    Mean,
}

impl Kind {
    /// Scores documents that lie in the wasm memory.
    pub(crate) fn score(self, query: &PackedQuery, docs: Docs<'_>, scores: &mut [f32]) -> Result<()> {
        Ok(match self {
            Self::Sum => maxsim_batch_into(query, docs, scores),
            Self::Mean => maxsim_mean_batch_into(query, docs, scores),
        }?)
    }
}
