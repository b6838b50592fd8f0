//! Matrix products, on every instruction set.

mod allocations;
mod contract;
mod data;
mod fused;
mod packed;
#[cfg(feature = "parallel")]
mod parallel;
mod values;
mod weights;
