//! From token embeddings to stored vectors: what stands between an encoder and a vector store.
//!
//! | to | call |
//! |---|---|
//! | pool the tokens of padded texts | [`mean_pool`], [`max_pool`], [`cls_pool`], [`last_token_pool`], [`mean_sqrt_len_pool`], [`weighted_mean_pool`] |
//! | pool, cut, normalise and quantise in one pass; ragged texts; `f16` and `bf16` | [`Pooler`] with [`Tokens`] |
//! | pad token ids | [`pack_padded`] |
//! | make vectors of length 1 | [`l2_normalize`]; [`l2_norm`] for the lengths |
//! | keep the first dimensions (Matryoshka) | [`truncate`] |
//! | store a byte a value | [`quantize_int8`], [`quantize_uint8`] with [`Ranges`]; [`Calibration`] for samples in batches |
//! | store a bit a value | [`quantize_ubinary`], [`quantize_binary`] |
//! | store half of the bits | [`quantize_f16`], [`quantize_bf16`] |
//! | get floats back | `dequantize_…` |
//! | compare a query with rows | [`dot()`], [`cosine()`], [`l2_squared()`], [`dot_int8()`], [`hamming()`], [`dot_binary()`] |
//! | find the best rows | `search_…`, as [`search_hamming`]; `rescore_…`, as [`rescore_int8`], for some of them |
//! | find candidates by their bits, and rank those finely | [`two_step_int8`], [`two_step_dot`] |
//! | embed texts longer than the model takes | [`windows()`], [`ChunkPooler`] |
//! | project to fewer dimensions | [`Projection`]: yours, random, or principal components |
//!
//! What returns a vector has a form that ends in `_into`, writes to the caller's memory and allocates nothing. [`BinaryQuery`],
//! [`Ranges`] and [`Projection`] are made once and refilled without allocating, by `repack`. Everything is row-major, of any
//! dimension from 1 on (of signed bytes, up to 131,071). There is no index here: a search looks at every row.
//!
//! # Contract
//! - Poolings and codes are those of sentence-transformers 6.2, under its names, but where it would return what padding
//!   holds, or NaN: a text without tokens that count becomes zeros, and [`Pooled::empty_rows`] counts such texts.
//! - What padding holds has no effect: it is not even read. A NaN in a token that counts makes its dimension NaN, and no
//!   other, before normalising.
//! - A mean is within `4 * 2^-24` of the mean of the values' sizes, for up to ten million tokens, if no sum of eight values
//!   overflows. The length of a vector is within
//!   4 units in the last place, however small or large its values are. Integer results are exact, and codes are those that
//!   `f32` arithmetic gives, bit for bit. The other bounds are with the functions.
//! - Fused results equal those of the steps, bit for bit.
//! - Integer results, codes, halves and bits are the same on every instruction set; floats agree within their bounds.
//! - Bad sizes, masks and ranges are errors that name the argument, what was expected and what came. Nothing panics, and on
//!   an error the output is as it was.
//!
//! # Instruction sets
//! AVX2 with FMA and F16C is detected at run time, NEON is part of AArch64, simd128 and relaxed-simd are chosen when a wasm
//! binary is compiled, and plain Rust runs elsewhere. The environment variable `KERNELS_ISA` (e.g. `scalar`) forces a
//! set, for tests and bug reports, unless the program asks for one itself (functions that end in `_on`, [`Pooler::on`]);
//! where it names none that is there, every call returns [`Error::Isa`].
//!
//! This crate uses the standard library.
#![deny(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod compare;
mod error;
mod long;
mod mask;
mod normalize;
mod pack;
mod pooling;
mod projection;
mod quantize;
#[expect(unsafe_code, reason = "the forms over pointers; everything else is safe")]
mod raw;
mod tokens;
mod value;

pub use compare::*;
pub use error::Error;
pub use long::{ChunkPooler, ChunkPooling, Windows, windows};
pub use mask::MaskValue;
pub use normalize::*;
pub use pack::{PaddingSide, pack_padded, pack_padded_into};
pub use pooling::functions::*;
pub use pooling::{Pooled, Pooler, Pooling, UnknownPooling};
pub use projection::Projection;
pub use quantize::functions::*;
pub use quantize::{Calibration, Ranges};
pub use raw::{l2_normalize_raw, pool_raw};
pub use simd_core::{Isa, UnavailableIsa, top_k, top_k_into};
pub use tokens::Tokens;
pub use value::Value;

/// The README's examples, as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
