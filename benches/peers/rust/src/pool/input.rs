//! What is pooled, and what is compared.

use anyhow::Result;
pub(super) use kernels_benches::pool_input::DIM;
use kernels_benches::pool_input::{Texts, query_and_rows};
use kernels_pool::{Ranges, quantize_int8, quantize_ubinary};

/// Padded texts, and one query for many vectors.
pub(super) struct Input {
    /// `[batch, seq, DIM]`.
    pub(super) tokens: Vec<f32>,
    /// `[batch, seq]`: 1 for a token, 0 for padding, which is to the right.
    pub(super) mask: Vec<i64>,
    pub(super) batch: usize,
    pub(super) seq: usize,
    pub(super) query: Vec<f32>,
    pub(super) rows: Vec<f32>,
    pub(super) query_codes: Vec<i8>,
    pub(super) codes: Vec<i8>,
    pub(super) query_bits: Vec<u8>,
    pub(super) bits: Vec<u8>,
}

impl Input {
    /// 32 texts of up to 128 tokens, about 60 % of it no padding; 10,000 unit vectors.
    pub(super) fn new() -> Result<Self> {
        let (Texts { x: tokens, mask, lens, seq }, (query, rows)) = (Texts::batch(), query_and_rows());
        let ranges = Ranges::from_sample(&rows, DIM)?;
        Ok(Self {
            query_codes: quantize_int8(&query, DIM, &ranges)?,
            codes: quantize_int8(&rows, DIM, &ranges)?,
            query_bits: quantize_ubinary(&query, DIM)?,
            bits: quantize_ubinary(&rows, DIM)?,
            tokens,
            mask,
            batch: lens.len(),
            seq,
            query,
            rows,
        })
    }

    /// How many vectors the query is compared with.
    pub(super) fn n(&self) -> usize {
        self.rows.len() / DIM
    }
}
