//! Products of bytes for four columns.

#[cfg(target_feature = "relaxed-simd")]
use super::{RelaxedF32x4, RelaxedSimd};
use super::{Simd128, WasmF32x4};

column_sums! {
    /// Four `i32` in a `v128`, which take bytes by twos.
    WasmPairs32x4 in core::arch::wasm32::v128,
    columns WasmPairsI8x8 = [i8; 8] in core::arch::wasm32::v128,
    row u8 - 0, column i8 + 0,
    token Simd128, floats WasmF32x4 = 4,
    instructions pairs
}

#[cfg(target_feature = "relaxed-simd")]
column_sums! {
    /// Four `i32` in a `v128`, which take bytes by twos, by the instructions of simd128.
    RelaxedPairs32x4 in core::arch::wasm32::v128,
    columns RelaxedPairsI8x8 = [i8; 8] in core::arch::wasm32::v128,
    row u8 - 0, column i8 + 0,
    token RelaxedSimd, floats RelaxedF32x4 = 4,
    instructions pairs
}

#[cfg(target_feature = "relaxed-simd")]
column_sums! {
    /// Four `i32` in a `v128`, which take bytes by fours, those of columns of seven bits.
    RelaxedFours32x4 in core::arch::wasm32::v128,
    columns RelaxedFoursI8x16 = [i8; 16] in core::arch::wasm32::v128,
    row u8 - 128, column i8 + 64,
    token RelaxedSimd, floats RelaxedF32x4 = 4,
    instructions fours
}

mod lanes {
    use core::arch::wasm32::*;

    instructions! { features = "simd128";
        pub(super) fn splat(x: i32) -> v128 { i32x4_splat(x) }
        pub(super) fn load(xs: &[i32; 4]) -> v128 {
            // SAFETY: `xs` is sixteen readable bytes; the load asks for no alignment.
            unsafe { v128_load(xs.as_ptr().cast()) }
        }
        pub(super) fn store(v: v128, out: &mut [i32; 4]) {
            // SAFETY: `out` is sixteen writable bytes; the store asks for no alignment.
            unsafe { v128_store(out.as_mut_ptr().cast(), v) }
        }
        pub(super) fn to_f32(v: v128) -> v128 { f32x4_convert_i32x4(v) }
        pub(super) fn add(a: v128, b: v128) -> v128 { i32x4_add(a, b) }
        pub(super) fn sub(a: v128, b: v128) -> v128 { i32x4_sub(a, b) }
        pub(super) fn mul(a: v128, b: v128) -> v128 { i32x4_mul(a, b) }
    }
}

mod pairs {
    pub(super) use super::lanes::*;
    use core::arch::wasm32::*;

    instructions! { features = "simd128";
        pub(super) fn columns(xs: &[i8; 8]) -> v128 {
            // SAFETY: `xs` is eight readable bytes; the load asks for no alignment.
            unsafe { i16x8_load_extend_i8x8(xs.as_ptr()) }
        }
        pub(super) fn add_products(sums: v128, row: u32, columns: v128) -> v128 {
            i32x4_add(sums, i32x4_dot_i16x8(u32x4_splat(row), columns))
        }
    }
}

#[cfg(target_feature = "relaxed-simd")]
mod fours {
    pub(super) use super::lanes::*;
    use core::arch::wasm32::*;

    instructions! { features = "relaxed-simd";
        pub(super) fn columns(xs: &[i8; 16]) -> v128 {
            // SAFETY: `xs` is sixteen readable bytes; the load asks for no alignment.
            unsafe { v128_load(xs.as_ptr().cast()) }
        }
        // With a second factor of seven bits, from 0 to 127, every engine gives the same. Not by the instruction that adds
        // four products and a summand, nor by `extadd_pairwise`, which LLVM makes it of: V8 11.3 (node 20) drops the summand,
        // and doubles the products.
        pub(super) fn add_products(sums: v128, row: u32, columns: v128) -> v128 {
            let twos = i16x8_relaxed_dot_i8x16_i7x16(u32x4_splat(row), columns);
            i32x4_add(sums, i32x4_dot_i16x8(twos, i16x8_splat(1)))
        }
    }
}
