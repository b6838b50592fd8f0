//! A query of floats against documents of bits.

use super::{Metric, some_query};
use crate::error::{Error, reserve};
use simd_core::{Simd, larger_first};
use std::cmp::Ordering;

/// A query of floats, prepared for documents of bits: each bit stands for 1 or -1.
///
/// Four bits of a document have 16 sums of the query's values, which are computed once. For `dim` values these take
/// `16 * dim` bytes. Made once, used for any number of documents, refilled without allocating.
///
/// ```
/// use kernels_pool::{BinaryQuery, dot_binary, dot_binary_into};
/// let (query, rows) = ([1.0, 0.5, -2.0], [0b1010_0000, 0b0100_0000]);
/// let (mut prepared, mut scores) = (BinaryQuery::new(&query)?, [0.0; 2]);
/// dot_binary_into(&prepared, &rows, &mut scores)?;
/// assert_eq!(scores, [1.0 - 0.5 - 2.0, -1.0 + 0.5 + 2.0]);
/// assert_eq!(dot_binary(&query, &rows)?, scores);
///
/// prepared.repack(&[4.0])?;
/// dot_binary_into(&prepared, &rows, &mut scores)?;
/// assert_eq!(scores, [4.0, -4.0]);
/// # Ok::<(), kernels_pool::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct BinaryQuery {
    /// For each byte of a document, its higher four bits' sums and its lower four bits' ones.
    sums: Vec<[[f32; 16]; 2]>,
    dim: usize,
}

impl BinaryQuery {
    /// - `query`: `[dim]`
    ///
    /// # Errors
    /// If it is empty, or there is no memory.
    pub fn new(query: &[f32]) -> Result<Self, Error> {
        let mut prepared = Self { sums: Vec::new(), dim: 0 };
        prepared.repack(query)?;
        Ok(prepared)
    }

    /// Takes another query, of any dimension; allocates only to grow.
    ///
    /// # Errors
    /// As [`new`](Self::new); the old query then stays.
    pub fn repack(&mut self, query: &[f32]) -> Result<(), Error> {
        some_query(query.len())?;
        let bytes = query.len().div_ceil(8);
        reserve("query", &mut self.sums, bytes)?;
        self.sums.clear();
        self.sums.resize(bytes, [[0.0; 16]; 2]);
        for (values, sums) in query.chunks(4).zip(self.sums.as_flattened_mut()) {
            for (bits, sum) in sums.iter_mut().enumerate() {
                let terms = values.iter().enumerate();
                let signed = terms.map(|(i, x)| f64::from(if bits << i & 8 == 0 { -x } else { *x }));
                *sum = signed.sum::<f64>() as f32;
            }
        }
        self.dim = query.len();
        Ok(())
    }

    /// How many values it has.
    #[must_use]
    pub const fn dim(&self) -> usize {
        self.dim
    }
}

/// The dot product with 1 and -1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DotBinary<'a>(pub(crate) &'a BinaryQuery);

impl Metric for DotBinary<'_> {
    type Value = u8;
    type Score = f32;

    fn dim(&self) -> usize {
        self.0.sums.len()
    }

    fn check(&self) -> Result<(), Error> {
        Ok(())
    }

    fn order(a: f32, b: f32) -> Ordering {
        larger_first(a, b)
    }

    #[inline(always)]
    fn scores<S: Simd>(&self, _: S, rows: &[u8], scores: &mut [f32]) {
        for (row, score) in rows.chunks_exact(self.dim()).zip(scores) {
            let (pairs, rest) = row.as_chunks::<2>();
            let (sums, sums_rest) = self.0.sums.as_chunks::<2>();
            let mut chains = [0.0_f32; 4];
            for (bytes, sums) in pairs.iter().zip(sums) {
                for (i, byte) in bytes.iter().enumerate() {
                    chains[2 * i] += sums[i][0][usize::from(byte >> 4)];
                    chains[2 * i + 1] += sums[i][1][usize::from(byte & 15)];
                }
            }
            for (byte, sums) in rest.iter().zip(sums_rest) {
                chains[0] += sums[0][usize::from(byte >> 4)];
                chains[1] += sums[1][usize::from(byte & 15)];
            }
            *score = (chains[0] + chains[1]) + (chains[2] + chains[3]);
        }
    }
}
