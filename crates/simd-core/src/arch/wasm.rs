//! WebAssembly: a binary is compiled with simd128, or with relaxed-simd on top, and no instruction asks which. It
//! holds its kernels for that set alone: another one would only make it larger.

#[cfg(target_feature = "relaxed-simd")]
pub use columns::{RelaxedFours32x4, RelaxedFoursI8x16, RelaxedPairs32x4, RelaxedPairsI8x8};
pub use columns::{WasmPairs32x4, WasmPairsI8x8};

use crate::{Isa, Kernel, Simd};

mod columns;

macro_rules! token {
    ($(#[$doc:meta])* $token:ident, $f32:ident, $f64:ident, $i32:ident, $sums:ident, $narrow:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $token(());

        impl $token {
            /// The token: the set is part of this binary.
            #[inline]
            #[must_use]
            pub const fn detect() -> Option<Self> {
                Some(Self(()))
            }
        }

        impl crate::sealed::Sealed for $token {}

        impl Simd for $token {
            const ISA: Isa = Isa::$token;
            const PREFETCHES: bool = false;
            type F32 = $f32;
            type F64 = $f64;
            type I32 = $i32;
            type Sums = columns::$sums;
            type NarrowSums = columns::$narrow;

            #[inline(never)]
            fn vectorize<R>(self, f: impl FnOnce() -> R) -> R {
                f()
            }

            #[inline(always)]
            fn prefetch<T>(self, _: &[T], _: usize) {}

            conversions! { integers, $f32 = [f32; 4], $f64 }
            plain_halves! {}
        }
    };
}

token! {
    /// Proof of simd128.
    Simd128, WasmF32x4, WasmF64x2, WasmI32x4, WasmPairs32x4, WasmPairs32x4
}
#[cfg(target_feature = "relaxed-simd")]
token! {
    /// Proof of relaxed-simd, which fuses multiply and add where the machine can.
    RelaxedSimd, RelaxedF32x4, RelaxedF64x2, RelaxedI32x4, RelaxedPairs32x4, RelaxedFours32x4
}

cfg_if::cfg_if! {
    if #[cfg(target_feature = "relaxed-simd")] {
        use RelaxedSimd as Best;
    } else {
        use Simd128 as Best;
    }
}

#[inline(always)]
pub(crate) const fn always() -> Best {
    Best(())
}

pub(crate) fn is_available(isa: Isa) -> bool {
    isa == Best::ISA
}

/// Runs `kernel` if `isa` is the set of this binary; hands it back otherwise.
#[inline]
pub(crate) fn run<K: Kernel>(isa: Isa, kernel: K) -> Result<K::Output, K> {
    match Best::detect() {
        Some(token) if isa == Best::ISA => Ok(token.vectorize(
            #[inline(always)]
            || kernel.run(token),
        )),
        _ => Err(kernel),
    }
}

vector! {
    /// Four `f32` in a `v128`.
    WasmF32x4 = [f32; 4] in core::arch::wasm32::v128,
    WasmM32x4 in core::arch::wasm32::v128,
    token Simd128,
    instructions f32x4
}

vector! {
    /// Two `f64` in a `v128`.
    WasmF64x2 = [f64; 2] in core::arch::wasm32::v128,
    WasmM64x2 in core::arch::wasm32::v128,
    token Simd128,
    instructions f64x2
}

#[cfg(target_feature = "relaxed-simd")]
vector! {
    /// Four `f32` in a `v128`, multiplied and added in one instruction.
    RelaxedF32x4 = [f32; 4] in core::arch::wasm32::v128,
    RelaxedM32x4 in core::arch::wasm32::v128,
    token RelaxedSimd,
    instructions relaxed_f32x4
}

#[cfg(target_feature = "relaxed-simd")]
vector! {
    /// Two `f64` in a `v128`, multiplied and added in one instruction.
    RelaxedF64x2 = [f64; 2] in core::arch::wasm32::v128,
    RelaxedM64x2 in core::arch::wasm32::v128,
    token RelaxedSimd,
    instructions relaxed_f64x2
}

byte_products! {
    /// Four `i32` in a `v128`.
    WasmI32x4 in core::arch::wasm32::v128,
    bytes WasmI8x8 = [i8; 8] in core::arch::wasm32::v128,
    token Simd128,
    instructions integers
}

#[cfg(target_feature = "relaxed-simd")]
byte_products! {
    /// Four `i32` in a `v128`, by the instructions of simd128.
    RelaxedI32x4 in core::arch::wasm32::v128,
    bytes RelaxedI8x8 = [i8; 8] in core::arch::wasm32::v128,
    token RelaxedSimd,
    instructions integers
}

/// The instructions for one element type: wasm names them by a prefix.
macro_rules! float_instructions {
    (
        $module:ident, $relaxed:ident, $shuffles:ident, [$element:ty; $lanes:literal];
        $splat:ident $add:ident $sub:ident $mul:ident $div:ident $sqrt:ident $abs:ident $pmax:ident $pmin:ident
        $eq:ident $ne:ident $lt:ident $le:ident $madd:ident $laneselect:ident $all_true:ident $bitmask:ident
    ) => {
        mod $module {
            pub(super) use super::$shuffles::*;
            use core::arch::wasm32::*;

            instructions! { features = "simd128";
                pub(super) fn splat(x: $element) -> v128 { $splat(x) }
                pub(super) fn load(xs: &[$element; $lanes]) -> v128 {
                    // SAFETY: `xs` is sixteen readable bytes; the load asks for no alignment.
                    unsafe { v128_load(xs.as_ptr().cast()) }
                }
                pub(super) fn store(v: v128, out: &mut [$element; $lanes]) {
                    // SAFETY: `out` is sixteen writable bytes; the store asks for no alignment.
                    unsafe { v128_store(out.as_mut_ptr().cast(), v) }
                }
                pub(super) fn add(a: v128, b: v128) -> v128 { $add(a, b) }
                pub(super) fn sub(a: v128, b: v128) -> v128 { $sub(a, b) }
                pub(super) fn mul(a: v128, b: v128) -> v128 { $mul(a, b) }
                pub(super) fn div(a: v128, b: v128) -> v128 { $div(a, b) }
                // Two roundings: without relaxed-simd a fused one would be a call of a software routine.
                pub(super) fn mul_add(a: v128, b: v128, c: v128) -> v128 { $add($mul(a, b), c) }
                pub(super) fn sqrt(a: v128) -> v128 { $sqrt(a) }
                pub(super) fn abs(a: v128) -> v128 { $abs(a) }
                // `pmax(b, a)` is `b < a ? a : b`: the second where either is NaN, and one instruction on x86.
                pub(super) fn max(a: v128, b: v128) -> v128 { $pmax(b, a) }
                pub(super) fn min(a: v128, b: v128) -> v128 { $pmin(b, a) }
                pub(super) fn eq(a: v128, b: v128) -> v128 { $eq(a, b) }
                pub(super) fn lt(a: v128, b: v128) -> v128 { $lt(a, b) }
                pub(super) fn le(a: v128, b: v128) -> v128 { $le(a, b) }
                pub(super) fn unordered(a: v128, b: v128) -> v128 { v128_or($ne(a, a), $ne(b, b)) }
                pub(super) fn any(mask: v128) -> bool { v128_any_true(mask) }
                pub(super) fn all(mask: v128) -> bool { $all_true(mask) }
                pub(super) fn bits(mask: v128) -> u32 { $bitmask(mask).into() }
                pub(super) fn select(mask: v128, set: v128, clear: v128) -> v128 {
                    v128_bitselect(set, clear, mask)
                }
                pub(super) fn bitand(a: v128, b: v128) -> v128 { v128_and(a, b) }
                pub(super) fn bitor(a: v128, b: v128) -> v128 { v128_or(a, b) }
            }
        }

        #[cfg(target_feature = "relaxed-simd")]
        mod $relaxed {
            pub(super) use super::$module::*;
            use core::arch::wasm32::*;

            // Each hides the one above.
            instructions! { features = "relaxed-simd";
                pub(super) fn mul_add(a: v128, b: v128, c: v128) -> v128 { $madd(a, b, c) }
                // With relaxed-simd LLVM makes `relaxed_max` of `pmax`, and of NaN and zeros each engine makes what it
                // likes. A lane chosen by a comparison is the same in all of them; `bitselect` would be `pmax` again.
                pub(super) fn max(a: v128, b: v128) -> v128 { $laneselect(a, b, $lt(b, a)) }
                pub(super) fn min(a: v128, b: v128) -> v128 { $laneselect(a, b, $lt(a, b)) }
            }
        }
    };
}

float_instructions! { f32x4, relaxed_f32x4, f32x4_shuffles, [f32; 4];
    f32x4_splat f32x4_add f32x4_sub f32x4_mul f32x4_div f32x4_sqrt f32x4_abs f32x4_pmax f32x4_pmin
    f32x4_eq f32x4_ne f32x4_lt f32x4_le f32x4_relaxed_madd i32x4_relaxed_laneselect i32x4_all_true i32x4_bitmask
}
float_instructions! { f64x2, relaxed_f64x2, f64x2_shuffles, [f64; 2];
    f64x2_splat f64x2_add f64x2_sub f64x2_mul f64x2_div f64x2_sqrt f64x2_abs f64x2_pmax f64x2_pmin
    f64x2_eq f64x2_ne f64x2_lt f64x2_le f64x2_relaxed_madd i64x2_relaxed_laneselect i64x2_all_true i64x2_bitmask
}

mod f32x4_shuffles {
    use core::arch::wasm32::*;

    instructions! { features = "simd128";
        pub(super) fn load_columns(rows: [&[f32; 4]; 4]) -> [v128; 4] {
            let mut vectors = [f32x4_splat(0.0); 4];
            for (vector, row) in vectors.iter_mut().zip(rows) {
                // SAFETY: a row is sixteen readable bytes; the load asks for no alignment.
                *vector = unsafe { v128_load(row.as_ptr().cast()) };
            }
            transpose(vectors)
        }
        pub(super) fn transpose(rows: [v128; 4]) -> [v128; 4] {
            let [a, b, c, d] = rows;
            let (ac0, ac1) = (i32x4_shuffle::<0, 4, 1, 5>(a, c), i32x4_shuffle::<2, 6, 3, 7>(a, c));
            let (bd0, bd1) = (i32x4_shuffle::<0, 4, 1, 5>(b, d), i32x4_shuffle::<2, 6, 3, 7>(b, d));
            [
                i32x4_shuffle::<0, 4, 1, 5>(ac0, bd0), i32x4_shuffle::<2, 6, 3, 7>(ac0, bd0),
                i32x4_shuffle::<0, 4, 1, 5>(ac1, bd1), i32x4_shuffle::<2, 6, 3, 7>(ac1, bd1),
            ]
        }
        pub(super) fn lag(previous: v128, current: v128, by: usize) -> v128 {
            if by == 1 {
                i32x4_shuffle::<3, 4, 5, 6>(previous, current)
            } else {
                i32x4_shuffle::<2, 3, 4, 5>(previous, current)
            }
        }
    }
}

mod f64x2_shuffles {
    use core::arch::wasm32::*;

    instructions! { features = "simd128";
        pub(super) fn load_columns(rows: [&[f64; 2]; 2]) -> [v128; 2] {
            let mut vectors = [f64x2_splat(0.0); 2];
            for (vector, row) in vectors.iter_mut().zip(rows) {
                // SAFETY: a row is sixteen readable bytes; the load asks for no alignment.
                *vector = unsafe { v128_load(row.as_ptr().cast()) };
            }
            transpose(vectors)
        }
        pub(super) fn transpose(rows: [v128; 2]) -> [v128; 2] {
            [i64x2_shuffle::<0, 2>(rows[0], rows[1]), i64x2_shuffle::<1, 3>(rows[0], rows[1])]
        }
        pub(super) fn lag(previous: v128, current: v128, _: usize) -> v128 {
            i64x2_shuffle::<1, 2>(previous, current)
        }
    }
}

/// What goes from floats to other numbers and back, and products of bytes.
mod integers {
    use core::arch::wasm32::*;

    instructions! { features = "simd128";
        pub(super) fn widen(x: v128) -> [v128; 2] {
            [f64x2_promote_low_f32x4(x), f64x2_promote_low_f32x4(i64x2_shuffle::<1, 1>(x, x))]
        }
        pub(super) fn narrow(low: v128, high: v128) -> v128 {
            i64x2_shuffle::<0, 2>(f32x4_demote_f64x2_zero(low), f32x4_demote_f64x2_zero(high))
        }
        pub(super) fn add_exponents(x: v128, powers: v128) -> v128 { i32x4_add(x, i32x4_shl(powers, 23)) }
        pub(super) fn copy_signs(magnitudes: v128, signs: v128) -> v128 {
            v128_bitselect(signs, magnitudes, i32x4_splat(i32::MIN))
        }
        pub(super) fn store_u8(xs: [v128; 4], out: &mut [u8; 16]) -> bool {
            let [a, b, c, d] = xs;
            let ab = i16x8_narrow_i32x4(i32x4_trunc_sat_f32x4(a), i32x4_trunc_sat_f32x4(b));
            let cd = i16x8_narrow_i32x4(i32x4_trunc_sat_f32x4(c), i32x4_trunc_sat_f32x4(d));
            // SAFETY: `out` is sixteen writable bytes; the store asks for no alignment.
            unsafe { v128_store(out.as_mut_ptr().cast(), u8x16_narrow_i16x8(ab, cd)) }
            true
        }
        pub(super) fn zero() -> v128 { i32x4_splat(0) }
        pub(super) fn load_i8(xs: &[i8; 8]) -> v128 {
            // SAFETY: `xs` is eight readable bytes; the load asks for no alignment.
            unsafe { i16x8_load_extend_i8x8(xs.as_ptr()) }
        }
        pub(super) fn add_products(sums: v128, bytes: v128, xs: &[i8; 8]) -> v128 {
            i32x4_add(sums, i32x4_dot_i16x8(bytes, load_i8(xs)))
        }
        pub(super) fn total(sums: v128) -> i32 {
            let two = i32x4_add(sums, i64x2_shuffle::<1, 1>(sums, sums));
            i32x4_extract_lane::<0>(two).wrapping_add(i32x4_extract_lane::<1>(two))
        }
    }
}
