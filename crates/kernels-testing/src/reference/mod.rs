//! Kernels in `f64` or finer, as plainly as their formulas: slow, and obviously right.

mod double;
pub mod indicators;
mod maxsim;
pub mod nn;
pub mod pool;

pub use double::{Double, ulps, ulps_f32};
pub use maxsim::{largest_difference, maxsim, maxsim_batch, similarity_matrix};
