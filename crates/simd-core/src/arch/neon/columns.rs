//! Products of bytes for four columns.

use super::{Neon, NeonF32x4};

column_sums! {
    /// Four `i32` in a 128-bit register, which take bytes by fours.
    NeonFours32x4 in core::arch::aarch64::int32x4_t,
    columns NeonFoursI8x16 = [i8; 16] in core::arch::aarch64::int8x16_t,
    row u8 - 128, column i8 + 0,
    token Neon, floats NeonF32x4 = 4,
    instructions fours
}

column_sums! {
    /// Four `i32` in a 128-bit register, which take bytes by fours, those of columns of seven bits.
    NeonNarrowFours32x4 in core::arch::aarch64::int32x4_t,
    columns NeonNarrowFoursI8x16 = [i8; 16] in core::arch::aarch64::int8x16_t,
    row u8 - 128, column i8 + 0,
    token Neon, floats NeonF32x4 = 4,
    instructions narrow_fours
}

mod lanes {
    use core::arch::aarch64::*;

    instructions! { features = "neon";
        pub(super) fn splat(x: i32) -> int32x4_t { vdupq_n_s32(x) }
        pub(super) fn load(xs: &[i32; 4]) -> int32x4_t {
            // SAFETY: `xs` is four readable values, aligned for their type.
            unsafe { vld1q_s32(xs.as_ptr()) }
        }
        pub(super) fn store(v: int32x4_t, out: &mut [i32; 4]) {
            // SAFETY: `out` is four writable values, aligned for their type.
            unsafe { vst1q_s32(out.as_mut_ptr(), v) }
        }
        pub(super) fn to_f32(v: int32x4_t) -> float32x4_t { vcvtq_f32_s32(v) }
        pub(super) fn add(a: int32x4_t, b: int32x4_t) -> int32x4_t { vaddq_s32(a, b) }
        pub(super) fn sub(a: int32x4_t, b: int32x4_t) -> int32x4_t { vsubq_s32(a, b) }
        pub(super) fn mul(a: int32x4_t, b: int32x4_t) -> int32x4_t { vmulq_s32(a, b) }
        pub(super) fn columns(xs: &[i8; 16]) -> int8x16_t {
            // SAFETY: `xs` is sixteen readable bytes.
            unsafe { vld1q_s8(xs.as_ptr()) }
        }
        // Of the first two columns, and of the others.
        pub(super) fn products(row: u32, columns: int8x16_t) -> [int16x8_t; 2] {
            let row = vreinterpretq_s8_u32(vdupq_n_u32(row));
            [vmull_s8(vget_low_s8(row), vget_low_s8(columns)), vmull_high_s8(row, columns)]
        }
    }
}

mod fours {
    pub(super) use super::lanes::*;
    use core::arch::aarch64::*;

    instructions! { features = "neon";
        pub(super) fn add_products(sums: int32x4_t, row: u32, columns: int8x16_t) -> int32x4_t {
            let [low, high] = products(row, columns);
            vaddq_s32(sums, vpaddq_s32(vpaddlq_s16(low), vpaddlq_s16(high)))
        }
    }
}

mod narrow_fours {
    pub(super) use super::lanes::*;
    use core::arch::aarch64::*;

    instructions! { features = "neon";
        // Sums of two products, at most 2 * 128 * 64, in 16 bits.
        pub(super) fn add_products(sums: int32x4_t, row: u32, columns: int8x16_t) -> int32x4_t {
            let [low, high] = products(row, columns);
            vpadalq_s16(sums, vpaddq_s16(low, high))
        }
    }
}
