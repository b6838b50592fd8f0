//! The kernels: from packed queries and documents to scores, written once for every instruction set.
//!
//! - [`score`] and [`argmax`] walk the documents; they differ in what they keep of the similarities
//! - [`scan`] cuts a document into blocks that stay in cache, and plans the prefetching
//! - [`tile`] is the hot loop
//!
//! From the outside in: a *document* is walked in *blocks* of rows. All *panels* of a *group* (16 query tokens each)
//! pass over a block. A pass takes the block in *tiles*: `NV` vectors of query tokens times `ND` rows, whose
//! `NV * ND` similarities are added up in registers, in `C` chains each. Along the dimension a tile goes in *runs* of
//! 128 steps, for the rounding, and those in *segments* of 16, for the prefetching.

mod argmax;
mod scan;
mod score;
mod tile;

pub(crate) use argmax::Argmax;
pub(crate) use score::{Layout, Score};

/// Calls with the tile of a set: vectors of query tokens x rows of a document, as many as its registers hold.
/// The set is a constant, so the branch is decided at compile time.
macro_rules! shape {
    ($isa:expr, |$nv:ident, $nd:ident| $call:expr) => {
        match $isa {
            simd_core::Isa::Avx2 => {
                const $nv: usize = 2;
                const $nd: usize = 6;
                $call
            }
            simd_core::Isa::Neon => {
                const $nv: usize = 4;
                const $nd: usize = 4;
                $call
            }
            // Each lane is a local of its own there, and two rows would be more than engines keep in registers.
            simd_core::Isa::Scalar if cfg!(target_family = "wasm") => {
                const $nv: usize = 4;
                const $nd: usize = 1;
                $call
            }
            _ => {
                const $nv: usize = 4;
                const $nd: usize = 2;
                $call
            }
        }
    };
}
use shape;
