//! kernels-nn for JavaScript: the functions of the crate under their names in camelCase, over typed arrays, and over buffers
//! in the wasm memory.
//!
//! | module | what |
//! |---|---|
//! | [`activation`] | functions of one value |
//! | [`gemm`] | matrix products |
//! | [`rows`] | softmax and norms |
//! | [`embedding`] | rows of a table |
//! | [`attention`] | scaled dot-product attention |
//! | [`linear`], [`encoder`] | layers with their weights |
//! | [`scratch`] | working memory for layers |
//! | `buffers` | inputs and outputs among buffers |
//! | `errors` | what the kernels say is wrong |
#![deny(unsafe_code)]

pub mod activation;
pub mod attention;
mod buffers;
pub mod embedding;
pub mod encoder;
mod errors;
pub mod gemm;
pub mod linear;
pub mod rows;
pub mod scratch;
