//! Late-interaction (ColBERT) scores at the machine's limit.
//!
//! `score(q, d) = sum over query tokens i of max over document tokens j of dot(q_i, d_j)`, from Khattab and
//! Zaharia, [ColBERT](https://arxiv.org/abs/2004.12832), 2020: the sum of each query token's best match.
//!
//! | to score | call |
//! |---|---|
//! | one document | [`maxsim`] |
//! | many documents, now and then | [`maxsim_batch`] |
//! | many documents, without allocating | [`maxsim_batch_into`] with [`PackedQuery`] and [`Docs`] |
//! | padded tensors | [`Docs::padded`]; for the query's padding, [`PackedQuery::with_mask`] |
//! | several queries against the same documents | [`maxsim_queries_into`] with [`PackedQueries`] |
//! | a document that comes in pieces | [`StreamedDoc`] |
//! | for the best documents alone | [`search`] |
//! | on all cores | the same functions in `parallel` (feature `parallel`) |
//!
//! [`maxsim_argmax`] tells what matched what, and [`top_k`] ranks. The functions with `mean` in their name divide
//! by the number of query tokens. Everything is `f32`, row-major, of any dimension from 1 on. It is no index: it
//! scores all documents that it is given.
//!
//! # Contract
//! - An empty document scores negative infinity. An empty or fully masked query scores 0, and so does its mean,
//!   whatever the documents hold.
//! - A NaN in a document makes that document's score NaN, and no other's. A NaN in a query token that counts makes
//!   every score NaN but those of empty documents. What masked tokens and padding hold has no effect.
//! - Infinities, and sums too large for `f32`, are as IEEE 754 has them: `0 * inf` is NaN, and so is a score to which
//!   one query token brings an infinity and another its opposite.
//! - Each dot product is within `(127 + dim / 128) 2^-24 |q_i| |d_j|` of exact arithmetic (the quotient rounded up),
//!   if nothing overflows or underflows; the sum over query tokens is rounded once. For vectors of length 1 and a
//!   dimension up to 4,992 that is |error| <= 1e-5 for each query token.
//! - Of equal similarities the first document token is the one that matched, and of equal scores the first document
//!   ranks first.
//! - Results depend on the instruction set (within that bound), but not on the number of threads, on the other
//!   documents or queries of the call, or on where they lie in memory.
//! - Bad lengths are errors that name the argument, what was expected and what came. Nothing panics, and on an
//!   error the output is as it was.
//!
//! # Instruction sets
//! AVX2 with FMA is detected at run time, NEON is part of AArch64, simd128 and relaxed-simd are chosen when a wasm
//! binary is compiled, and plain Rust runs elsewhere. The environment variable `KERNELS_ISA` (e.g. `scalar`)
//! forces a set, for tests and bug reports, unless the program asks for one itself ([`PackedQuery::on`]); where it
//! names none that is there, every call returns [`Error::Isa`].
//!
//! This crate uses the standard library.
#![deny(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod docs;
mod error;
mod kernel;
mod packed;
#[cfg(feature = "parallel")]
pub mod parallel;
mod query;
#[expect(unsafe_code, reason = "the form over pointers; everything else is safe")]
mod raw;
mod safe;
mod streamed;

pub use docs::Docs;
pub use error::Error;
pub use query::{PackedQueries, PackedQuery};
pub use raw::maxsim_batch_raw;
pub use safe::{
    Ranking, maxsim, maxsim_argmax, maxsim_argmax_into, maxsim_batch, maxsim_batch_into, maxsim_mean,
    maxsim_mean_batch, maxsim_mean_batch_into, maxsim_mean_queries_into, maxsim_queries_into, search,
};
pub use simd_core::{Isa, UnavailableIsa, top_k, top_k_into};
pub use streamed::StreamedDoc;

/// The README's examples, as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
