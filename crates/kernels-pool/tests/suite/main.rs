//! The tests of kernels-pool: one program, which shares its inputs and is linked once.

mod bounds;
mod codes;
mod compare;
mod contract;
mod data;
mod forced_isa;
mod fused;
mod goldens;
mod halves;
// Miri: the same memory accesses as in pooling.
#[cfg(not(miri))]
mod layouts;
// Miri: safe loops without vectors.
#[cfg(not(miri))]
mod long;
mod norms;
mod pack;
mod pooling;
mod projection;
mod properties;
mod ranges;
mod raw;
mod repack;
mod search;
// Miri: other numbers, but the same memory accesses.
#[cfg(not(miri))]
mod special;
mod vector_contract;
