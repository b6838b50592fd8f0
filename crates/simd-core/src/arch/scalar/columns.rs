//! Products of bytes for four columns.

use super::{Scalar, ScalarF32x4};

column_sums! {
    /// Four `i32` in an array, which take bytes by twos.
    ScalarPairs32x4 in [i32; 4],
    columns ScalarPairsI8x8 = [i8; 8] in [i8; 8],
    row u8 - 0, column i8 + 0,
    token Scalar, floats ScalarF32x4 = 4,
    instructions pairs
}

mod pairs {
    macro_rules! lane_wise {
        ($($name:ident = $lane:path;)*) => {
            $(#[inline(always)]
            pub(super) fn $name(mut a: [i32; 4], b: [i32; 4]) -> [i32; 4] {
                for (a, b) in a.iter_mut().zip(b) {
                    *a = $lane(*a, b);
                }
                a
            })*
        };
    }

    lane_wise! {
        add = i32::wrapping_add;
        sub = i32::wrapping_sub;
        mul = i32::wrapping_mul;
    }

    #[inline(always)]
    pub(super) fn splat(x: i32) -> [i32; 4] {
        [x; 4]
    }
    #[inline(always)]
    pub(super) fn load(xs: &[i32; 4]) -> [i32; 4] {
        *xs
    }
    #[inline(always)]
    pub(super) fn store(v: [i32; 4], out: &mut [i32; 4]) {
        *out = v;
    }
    #[inline(always)]
    pub(super) fn to_f32([a, b, c, d]: [i32; 4]) -> [f32; 4] {
        [a as f32, b as f32, c as f32, d as f32]
    }
    #[inline(always)]
    pub(super) fn columns(xs: &[i8; 8]) -> [i8; 8] {
        *xs
    }
    #[inline(always)]
    pub(super) fn add_products(mut sums: [i32; 4], row: u32, columns: [i8; 8]) -> [i32; 4] {
        let (first, second) = ((row & 0xFFFF).cast_signed(), (row >> 16).cast_signed());
        for (i, sum) in sums.iter_mut().enumerate() {
            let products = first * i32::from(columns[2 * i]) + second * i32::from(columns[2 * i + 1]);
            *sum = sum.wrapping_add(products);
        }
        sums
    }
}
