//! kernels-pool for JavaScript: the functions of the crate under their names in camelCase, over typed arrays.
//!
//! | module | what |
//! |---|---|
//! | [`pooling`] | pooling, over typed arrays and over buffers in the wasm memory |
//! | [`normalize`] | vectors of length 1, likewise |
//! | [`ranges`], [`quantize`] | codes of fewer bits |
//! | [`compare`] | one query against many rows |
//! | [`vectors`] | rows that stay in the wasm memory, for many queries |
//! | [`long`] | windows of long documents, and their chunks |
//! | [`projection`] | fewer dimensions, by a matrix |
//! | `options` | what comes as `{ … }` |
//! | `texts` | how texts of any size pass through a small buffer |
//! | `metric`, `ranking`, `segments` | how rows are compared, which are best, how they stay |
//! | `errors` | what the kernels say is wrong |
#![deny(unsafe_code)]

pub mod compare;
mod errors;
pub mod long;
mod metric;
pub mod normalize;
pub mod options;
pub mod pooling;
pub mod projection;
pub mod quantize;
pub mod ranges;
pub mod ranking;
mod segments;
mod texts;
pub mod vectors;
