//! kernels-maxsim for JavaScript: the functions of the crate under their names in camelCase, over typed arrays.
//!
//! | module | what |
//! |---|---|
//! | [`safe`] | functions over the caller's typed arrays |
//! | [`documents`] | documents that stay in the wasm memory |
//! | [`fast`] | functions over buffers in the wasm memory: nothing is copied |
//! | `pieces` | how documents of any size pass through a small buffer |
//! | `segments` | how documents stay |
//! | [`ranking`] | the best ones |
//! | `work` | what all of them work in |
#![deny(unsafe_code)]

pub mod documents;
pub mod fast;
mod pieces;
pub mod ranking;
pub mod safe;
mod segments;
mod work;
