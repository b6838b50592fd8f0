//! Passages of one vector each, the mean of their tokens, and how well they are found by it.

use super::{Passage, Question, RustBook};
use kernels_pool::{
    Error, Hit, Pooler, Pooling, Ranges, Tokens, quantize_int8, quantize_ubinary, search_binary, search_dot,
    search_hamming, search_int8,
};
use std::fmt;

/// How a passage's vector is stored, and what a question's is compared with it as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// The numbers, by their dot product.
    F32,
    /// A byte a number, in the ranges that the passages have; the question's too.
    Int8,
    /// A bit a number, by how many are the same as the question's.
    Binary,
    /// A bit a number, by the dot product with the question's numbers.
    BinaryFloatQuery,
}

impl Stored {
    /// All of them, the largest first.
    pub const ALL: [Self; 4] = [Self::F32, Self::Int8, Self::Binary, Self::BinaryFloatQuery];

    /// What a passage takes.
    #[must_use]
    pub const fn bytes(self, dim: usize) -> usize {
        match self {
            Self::F32 => dim * size_of::<f32>(),
            Self::Int8 => dim,
            Self::Binary | Self::BinaryFloatQuery => dim.div_ceil(8),
        }
    }
}

impl fmt::Display for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::F32 => "f32",
            Self::Int8 => "int8",
            Self::Binary => "binary",
            Self::BinaryFloatQuery => "binary, f32 question",
        })
    }
}

/// All passages of a book, stored in every way.
#[derive(Debug)]
pub struct PooledRanker<'a> {
    passages: &'a [Passage],
    dim: usize,
    pooler: Pooler,
    vectors: Vec<f32>,
    ranges: Ranges,
    codes: Vec<i8>,
    bits: Vec<u8>,
}

impl<'a> PooledRanker<'a> {
    /// Pools the passages' tokens, normalises the means, and quantises them.
    ///
    /// # Errors
    /// If the environment asks for an instruction set that is not there.
    pub fn new(book: &'a RustBook) -> Result<Self, Error> {
        let (passages, dim) = (book.passages(), book.dim());
        let pooler = Pooler::new(Pooling::Mean).normalized();
        let vectors = pooler.pool(Tokens::ragged(&book.doc_embeddings, &book.doc_lens, dim)?)?;
        let ranges = Ranges::from_sample(&vectors, dim)?;
        let codes = quantize_int8(&vectors, dim, &ranges)?;
        let bits = quantize_ubinary(&vectors, dim)?;
        Ok(Self { passages, dim, pooler, vectors, ranges, codes, bits })
    }

    /// The `k` passages that are most like a question, the best first.
    ///
    /// # Errors
    /// If the question is of another book, whose embeddings have another dimension.
    pub fn rank(&self, stored: Stored, question: &Question, k: usize) -> Result<Vec<&'a Passage>, Error> {
        let (tokens, dim) = (question.embeddings(), self.dim);
        let query = self.pooler.pool(Tokens::ragged(tokens, &[tokens.len() / dim], dim)?)?;
        Ok(match stored {
            Stored::F32 => self.found(&search_dot(&query, &self.vectors, k)?),
            Stored::Int8 => {
                let query = quantize_int8(&query, dim, &self.ranges)?;
                self.found(&search_int8(&query, &self.codes, k)?)
            }
            Stored::Binary => {
                let query = quantize_ubinary(&query, dim)?;
                self.found(&search_hamming(&query, &self.bits, k)?)
            }
            Stored::BinaryFloatQuery => self.found(&search_binary(&query, &self.bits, k)?),
        })
    }

    fn found<S>(&self, hits: &[Hit<S>]) -> Vec<&'a Passage> {
        hits.iter().map(|hit| &self.passages[hit.index]).collect()
    }
}
