//! One file per platform: its instructions, its tokens, and `run`, which turns a named set into a token.

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
        pub(crate) mod none;
        pub(crate) use none as platform;
    }
}
