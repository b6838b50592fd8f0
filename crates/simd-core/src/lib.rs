//! Instruction-set tokens, run-time dispatch and safe vectors: a kernel is written once, for every set.
//!
//! | to | use |
//! |---|---|
//! | write a kernel | [`Kernel`], over [`Simd`], [`Vector`], [`Mask`] and [`Element`] |
//! | run it on the best set, or on a named one | [`dispatch`], [`dispatch_on`], [`Isa`]; [`always`] for a single step |
//! | read several rows side by side | [`lockstep`](lockstep()) |
//! | apply a formula to each value of a slice | [`map`](map()), [`map_in_place`] |
//! | compute exp, tanh, erf and what is made of them | [`math`] |
//! | multiply matrices of bytes, exactly | [`ColumnSums`] |
//! | sum, or find an extreme of, a slice inside a kernel | [`reduce`] |
//! | find out whether ranges of memory overlap, before slices are made from pointers | [`alias`] |
//! | hold working memory: aligned, growing, limited | [`AlignedVec`], [`Scratch`] |
//! | rank | [`top_k`], [`Best`] |
//!
//! This crate holds the `unsafe` of the kernels above it, each block with its reason, so that they need none.
//! It is for code that is worth writing once for AVX2, NEON and WebAssembly. For one-off vector code on a single
//! platform, `core::arch` is shorter; for portable vectors without run-time dispatch, so is a vector library.
//!
//! # Choosing the instruction set
//! The environment variable `KERNELS_ISA` (`avx2`, `neon`, `relaxed-simd`, `simd128`, `scalar`) forces a set, for
//! tests and bug reports. It is read once; a set that is not there is an error of every [`dispatch`].
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

pub mod alias;
#[cfg(feature = "alloc")]
mod aligned;
mod arch;
mod columns;
mod dispatch;
mod half;
mod isa;
mod lockstep;
mod map;
pub mod math;
pub mod reduce;
#[cfg(feature = "alloc")]
mod scratch;
mod top_k;
mod vector;

#[cfg(feature = "alloc")]
pub use aligned::{AlignedVec, Plain};
pub use arch::scalar::{
    Scalar, ScalarF32x4, ScalarF64x2, ScalarI32x4, ScalarM32x4, ScalarM64x2, ScalarPairs32x4, ScalarPairsI8x8,
};
pub use columns::ColumnSums;
pub use dispatch::{Kernel, always, dispatch, dispatch_on};
pub use isa::{Isa, UnavailableIsa, UnknownIsa};
pub use lockstep::lockstep;
pub use map::{map, map_in_place};
#[cfg(feature = "alloc")]
pub use scratch::{Frame, Scratch, ScratchError, ScratchStats};
#[cfg(feature = "alloc")]
pub use top_k::top_k;
pub use top_k::{Best, larger_first, top_k_into};
pub use vector::{ByteProducts, Element, MAX_LANES, Mask, Simd, Vector};

cfg_if::cfg_if! {
    if #[cfg(target_arch = "x86_64")] {
        pub use arch::platform::{
            Avx2, F32x8, F64x4, Fours32x8, FoursI8x32, I32x16, M32x8, M64x4, Pairs32x8, PairsI8x16,
        };
    } else if #[cfg(all(target_arch = "aarch64", target_feature = "neon", target_endian = "little"))] {
        pub use arch::platform::{
            Neon, NeonF32x4, NeonF64x2, NeonFours32x4, NeonFoursI8x16, NeonI32x4, NeonM32x4, NeonM64x2,
            NeonNarrowFours32x4, NeonNarrowFoursI8x16,
        };
    } else if #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))] {
        pub use arch::platform::{
            Simd128, WasmF32x4, WasmF64x2, WasmI32x4, WasmM32x4, WasmM64x2, WasmPairs32x4, WasmPairsI8x8,
        };
        #[cfg(target_feature = "relaxed-simd")]
        pub use arch::platform::{
            RelaxedF32x4, RelaxedF64x2, RelaxedFours32x4, RelaxedFoursI8x16, RelaxedI32x4, RelaxedM32x4, RelaxedM64x2,
            RelaxedPairs32x4, RelaxedPairsI8x8, RelaxedSimd,
        };
    }
}

mod sealed {
    /// Bounds what can be a token, a vector, or a number, to the types of this crate and of the language.
    pub trait Sealed {}

    macro_rules! seal {
        ($($number:ty)*) => { $(impl Sealed for $number {})* };
    }
    seal!(u8 i8 u16 i16 u32 i32 u64 i64 usize f32 f64);
}

/// The README's examples, as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
