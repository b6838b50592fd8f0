//! Products with weights of eight bits, exact in 32-bit integers.
//!
//! - [`matrix`]: weights, quantised and packed once; [`layout`]: how they lie
//! - [`fused`]: products of floats with them, and what is done with these at once
//! - [`integer`]: products of integers
//! - [`rows`]: how rows of the other operand are quantised; [`product`]: how a product is walked, and its hot loop
//!
//! A row of floats becomes `u8`, `x ~ scale (q - zero_point)`, by its own range; a column of weights `i8`, `w ~ scale q`. So
//! the product is a sum of products of integers, less what the zero points add to it, and one multiplication by both scales.

mod fused;
mod integer;
mod layout;
mod matrix;
mod product;
mod rows;

pub use fused::Int8Gemm;
pub use integer::{Byte, matmul_integer, matmul_integer_into, matmul_integer_into_on};
pub use matrix::{Int8Matrix, WeightBits};
