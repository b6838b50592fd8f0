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
mod layouts;
mod long;
mod norms;
mod pack;
mod pooling;
mod projection;
mod properties;
mod ranges;
mod raw;
mod search;
mod special;
mod vector_contract;
