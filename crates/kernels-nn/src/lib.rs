//! The layers of a small transformer.
//!
//! | to | call |
//! |---|---|
//! | multiply matrices, or a matrix and a vector | [`gemm()`], [`gemm_bt`], [`gemv()`] |
//! | multiply by the same weights often, with bias, activation and residual | [`PackedMatrix`], [`Gemm`] |
//! | hold these weights in 16 or 4 bits | [`HalfMatrix`], [`Int4Matrix`] |
//! | multiply by weights in 8 or 7 bits, or integers, exactly | [`Int8Matrix`], [`Int8Gemm`], [`matmul_integer`] |
//! | turn floats into integers and back, as ONNX does; find the range of activations | [`quantize_linear`], [`dequantize_linear`], [`dynamic_quantize_linear`], [`LinearQuantizer`], [`Calibration`] |
//! | leave weights out, and multiply by what is left | [`pruning`] |
//! | apply a function to each value | [`relu`], [`leaky_relu`], [`gelu`], [`gelu_tanh`], [`silu`], [`sigmoid`], [`tanh`], [`exp`], [`erf`], [`softplus`]; [`Activation`] |
//! | make weights of scores, masked or scaled | [`softmax`], [`log_softmax`]; [`Softmax`] |
//! | normalise rows, with the residual before and an activation after | [`layer_norm`], [`rms_norm`]; [`RowNorm`] |
//! | look tokens up, and place them | [`embedding()`], [`embedding_add_into`]; [`Rotary`] |
//! | attend: grouped heads, causal, in a window, masked, biased, ragged | [`attention()`]; [`ScaledDotProduct`] |
//! | have these with their weights | [`layers`] |
//!
//! What returns a vector has a form that ends in `_into`, writes to the caller's memory and allocates nothing, and, where the
//! shape stays, one that ends in `_in_place`; those of set-up objects are `run`, `run_into` and `run_in_place`. Everything is
//! row-major, and `f32` but for what is named after its bits. It is for models of some tens of millions of weights on a CPU; there is no training, and no graph.
//!
//! # Contract
//! - Error bounds are with the functions; those of activations hold for every `f32`.
//! - NaN and infinities have an effect on what depends on them, and on nothing else: not on other rows, nor, behind a mask, on
//!   anything. Rows and queries that see nothing become zeros.
//! - On the same instruction set results are the same bits, however many threads there are.
//! - Sizes that are 0, do not fit or overflow are errors that name the argument, what was expected and what came. Nothing
//!   panics, and on an error the output is as it was.
//!
//! # Instruction sets
//! AVX2 with FMA is detected at run time, NEON is part of AArch64, simd128 and relaxed-simd are chosen when a wasm binary is
//! compiled, and plain Rust runs elsewhere. The environment variable `KERNELS_ISA` (e.g. `scalar`) forces a set, for tests and
//! bug reports, unless the program asks for one itself (functions that end in `_on`, and methods of that name); where it names
//! none that is there, every call returns [`Error::Isa`].
//!
//! # Features
//! `parallel` splits matrix products over the threads of rayon's current pool: functions with `parallel` in their name.
//!
//! This crate uses the standard library.
#![deny(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[macro_use]
mod common;

mod activation;
mod attention;
mod embedding;
mod error;
mod gemm;
mod int8;
pub mod layers;
pub mod pruning;
mod quantization;
#[expect(unsafe_code, reason = "the pointer forms")]
mod raw;
mod rotary;
mod rows;

pub use activation::functions::*;
pub use activation::{Activation, UnknownActivation};
pub use attention::{AttentionShape, ScaledDotProduct, attention};
pub use embedding::*;
pub use error::Error;
pub use gemm::*;
pub use int8::*;
pub use quantization::*;
pub use raw::activation_raw;
pub use rotary::{Rotary, RotaryShape};
pub use rows::*;
pub use simd_core::{Isa, Scratch, ScratchError, ScratchStats, UnavailableIsa};

/// The README's examples, as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
