//! One file per platform: its instructions, its tokens, and `run`, which turns a named set into a token. Where the
//! set is found at run time, plain Rust is the other one; a wasm binary is compiled for one set and has no other.

#[macro_use]
mod columns;
#[macro_use]
mod vector;
pub(crate) mod scalar;

cfg_if::cfg_if! {
    if #[cfg(target_arch = "x86_64")] {
        pub(crate) mod avx2;
        pub(crate) use avx2 as platform;
    } else if #[cfg(all(target_arch = "aarch64", target_feature = "neon", target_endian = "little"))] {
        pub(crate) mod neon;
        pub(crate) use neon as platform;
    } else if #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))] {
        pub(crate) mod wasm;
        pub(crate) use wasm as platform;
    } else {
        pub(crate) use scalar as platform;
    }
}
