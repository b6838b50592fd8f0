//! What numpy makes of published formulas: `data/pool`, whose README says how.
//!
//! Arrays are row-major, as the functions take them.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Goldens of what is done with token embeddings and with stored vectors.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// Padding on the right, on the left, gaps, nothing active.
    pub pooling: Vec<Pooling>,
    /// int8 and uint8.
    pub scalar: Scalar,
    /// Bits, of several dimensions.
    pub binary: Vec<Binary>,
    /// f16 and bf16.
    pub half: Half,
    /// `f32` with `f32`.
    pub similarity: Similarity,
    /// int8 with int8.
    pub int8: Int8,
    /// Bits with bits and with `f32`.
    pub bits: Bits,
    /// A document's chunks.
    pub chunks: Chunks,
    /// Principal components.
    pub pca: Pca,
}

/// Token embeddings, and every pooling of them by the name that it has in sentence-transformers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Pooling {
    pub name: String,
    pub batch: usize,
    pub seq: usize,
    pub hidden: usize,
    /// How many dimensions `truncated` has.
    pub k: usize,
    /// `[batch, seq, hidden]`. Padding is huge.
    pub x: Vec<f32>,
    /// `[batch, seq]` of 0 and 1.
    pub mask: Vec<u8>,
    /// `[batch, hidden]`.
    pub pooled: BTreeMap<String, Vec<f64>>,
    /// `[batch, hidden]`, of length 1.
    pub normalized: BTreeMap<String, Vec<f64>>,
    /// `[batch, k]`, of length 1.
    pub truncated: BTreeMap<String, Vec<f64>>,
}

impl Pooling {
    /// The mask as truth values.
    #[must_use]
    pub fn active(&self) -> Vec<bool> {
        self.mask.iter().map(|&mask| mask == 1).collect()
    }
}

/// Codes by the ranges of a sample, one of whose dimensions is constant; values are outside of them too.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Scalar {
    pub dim: usize,
    pub sample: Vec<f32>,
    pub min: Vec<f32>,
    pub max: Vec<f32>,
    pub x: Vec<f32>,
    pub uint8: Vec<u8>,
    pub int8: Vec<i8>,
    pub dequantized: Vec<f64>,
}

/// Packed signs, and what they are unpacked to.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Binary {
    pub dim: usize,
    pub x: Vec<f32>,
    pub ubinary: Vec<u8>,
    pub binary: Vec<i8>,
    pub signs: Vec<f64>,
}

/// Roundings, as bits. Where one is NaN, any NaN is right.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Half {
    pub x_bits: Vec<u32>,
    pub f16_bits: Vec<u16>,
    pub bf16_bits: Vec<u16>,
}

/// A query and rows, among them zeros and the query itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Similarity {
    pub query: Vec<f32>,
    pub rows: Vec<f32>,
    pub dot: Vec<f64>,
    pub cosine: Vec<f64>,
    pub l2_squared: Vec<f64>,
}

/// A query and rows of codes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Int8 {
    pub query: Vec<i8>,
    pub rows: Vec<i8>,
    pub dot: Vec<i64>,
}

/// A query, packed and not, and packed rows. The dimension is no multiple of 8.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Bits {
    pub query: Vec<f32>,
    pub ubinary_query: Vec<u8>,
    pub ubinary_rows: Vec<u8>,
    pub hamming: Vec<u32>,
    /// Of `query` with rows of -1 and 1.
    pub dot: Vec<f64>,
}

/// Embeddings of a document's chunks, how many tokens each has, and what they are pooled to.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Chunks {
    pub dim: usize,
    pub x: Vec<f32>,
    pub lens: Vec<usize>,
    pub mean: Vec<f64>,
    pub max: Vec<f64>,
    pub length_weighted: Vec<f64>,
    pub centre_weighted: Vec<f64>,
}

/// A sample, its components `[k, hidden]`, and what they make of its first rows.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Pca {
    pub hidden: usize,
    pub k: usize,
    pub sample: Vec<f32>,
    pub components: Vec<f64>,
    pub bias: Vec<f64>,
    pub variances: Vec<f64>,
    pub projected: Vec<f64>,
}

/// The goldens of `kernels-pool`.
///
/// # Panics
/// If the file is not what this module says.
#[must_use]
pub fn pool() -> Pool {
    serde_json::from_str(include_str!("../data/pool/goldens.json")).expect("goldens")
}
