//! exp, tanh, erf and what is made of them, for use inside kernels.
//!
//! Each takes `N` vectors, for which it computes every step before the next one: with four, none of them waits for its own
//! results, which is worth more than anything else. A lane's result depends on that lane only.
//!
//! Bounds hold for every `f32`, subnormal ones too; the second one without a fused multiply-add (plain Rust, simd128).
//! Coefficients are the work of `fit.py`.
//!
//! There are no tables and no approximate instructions, so that a set gives the same bits on every machine (but for
//! relaxed-simd, where the machine chooses whether to fuse).

mod erf;
mod exp;
mod function;
mod sigmoid;
mod softplus;
mod vectors;

pub use erf::{erf, gelu};
pub use exp::exp;
pub use sigmoid::{gelu_tanh, sigmoid, silu, tanh};
pub use softplus::softplus;
