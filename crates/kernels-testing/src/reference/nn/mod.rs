//! The layers of a transformer.

pub mod activations;
pub mod attention;
pub mod gemm;
pub mod int4;
pub mod quantization;
pub mod rows;
