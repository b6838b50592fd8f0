//! AArch64 with NEON, which every little-endian AArch64 target with an operating system has.

pub use columns::{NeonFours32x4, NeonFoursI8x16, NeonNarrowFours32x4, NeonNarrowFoursI8x16};

use super::scalar;
use crate::{Isa, Kernel, Simd};

mod columns;

/// Proof of NEON: this file is compiled only where the target includes it.
#[derive(Clone, Copy, Debug)]
pub struct Neon(());

impl Neon {
    /// The token: NEON is part of the target.
    #[inline]
    #[must_use]
    pub const fn detect() -> Option<Self> {
        Some(Self(()))
    }
}

impl crate::sealed::Sealed for Neon {}

impl Simd for Neon {
    const ISA: Isa = Isa::Neon;
    // The intrinsic is not stable, and nobody has measured yet whether these cores want it.
    const PREFETCHES: bool = false;
    type F32 = NeonF32x4;
    type F64 = NeonF64x2;
    type I32 = NeonI32x4;
    type Sums = columns::NeonFours32x4;
    type NarrowSums = columns::NeonNarrowFours32x4;

    #[inline(never)]
    fn vectorize<R>(self, f: impl FnOnce() -> R) -> R {
        f()
    }

    #[inline(always)]
    fn prefetch<T>(self, _: &[T], _: usize) {}

    conversions! { integers, NeonF32x4 = [f32; 4], NeonF64x2 }
    // The instructions for f16 are not stable.
    plain_halves! {}
}

pub(crate) fn is_available(isa: Isa) -> bool {
    scalar::is_available(isa) || isa == Isa::Neon
}

pub(crate) use scalar::always;

/// Runs `kernel` if `isa` is a set of this platform and available; hands it back otherwise.
#[inline]
pub(crate) fn run<K: Kernel>(isa: Isa, kernel: K) -> Result<K::Output, K> {
    match Neon::detect() {
        Some(token) if isa == Isa::Neon => Ok(token.vectorize(
            #[inline(always)]
            || kernel.run(token),
        )),
        _ => scalar::run(isa, kernel),
    }
}

vector! {
    /// Four `f32` in a 128-bit register.
    NeonF32x4 = [f32; 4] in core::arch::aarch64::float32x4_t,
    NeonM32x4 in core::arch::aarch64::uint32x4_t,
    token Neon,
    instructions f32x4
}

vector! {
    /// Two `f64` in a 128-bit register.
    NeonF64x2 = [f64; 2] in core::arch::aarch64::float64x2_t,
    NeonM64x2 in core::arch::aarch64::uint64x2_t,
    token Neon,
    instructions f64x2
}

byte_products! {
    /// Four `i32` in a 128-bit register.
    NeonI32x4 in core::arch::aarch64::int32x4_t,
    bytes NeonI8x8 = [i8; 8] in core::arch::aarch64::int16x8_t,
    token Neon,
    instructions integers
}

/// The instructions for one element type: Arm names them by a suffix.
macro_rules! float_instructions {
    (
        $module:ident, $shuffles:ident, $vector:ident, $mask:ident, [$element:ty; $lanes:literal];
        $dup:ident $ld1:ident $st1:ident $add:ident $sub:ident $mul:ident $div:ident $fma:ident $sqrt:ident $abs:ident
        $ceq:ident $clt:ident $cgt:ident $cle:ident $bsl:ident $and:ident $orr:ident $orn:ident
        $to_words:path, $zero:ident, $places:ident $addv:ident [$($place:literal),*]
    ) => {
        mod $module {
            pub(super) use super::$shuffles::*;
            use core::arch::aarch64::*;

            instructions! { features = "neon";
                pub(super) fn splat(x: $element) -> $vector { $dup(x) }
                pub(super) fn load(xs: &[$element; $lanes]) -> $vector {
                    // SAFETY: `xs` is as many readable values, aligned for their type.
                    unsafe { $ld1(xs.as_ptr()) }
                }
                pub(super) fn store(v: $vector, out: &mut [$element; $lanes]) {
                    // SAFETY: `out` is as many writable values, aligned for their type.
                    unsafe { $st1(out.as_mut_ptr(), v) }
                }
                pub(super) fn add(a: $vector, b: $vector) -> $vector { $add(a, b) }
                pub(super) fn sub(a: $vector, b: $vector) -> $vector { $sub(a, b) }
                pub(super) fn mul(a: $vector, b: $vector) -> $vector { $mul(a, b) }
                pub(super) fn div(a: $vector, b: $vector) -> $vector { $div(a, b) }
                pub(super) fn mul_add(a: $vector, b: $vector, c: $vector) -> $vector { $fma(c, a, b) }
                pub(super) fn sqrt(a: $vector) -> $vector { $sqrt(a) }
                pub(super) fn abs(a: $vector) -> $vector { $abs(a) }
                // Arm's own maximum answers NaN where either is NaN; here it is the second, as on x86.
                pub(super) fn max(a: $vector, b: $vector) -> $vector { $bsl($cgt(a, b), a, b) }
                pub(super) fn min(a: $vector, b: $vector) -> $vector { $bsl($clt(a, b), a, b) }
                pub(super) fn eq(a: $vector, b: $vector) -> $mask { $ceq(a, b) }
                pub(super) fn lt(a: $vector, b: $vector) -> $mask { $clt(a, b) }
                pub(super) fn le(a: $vector, b: $vector) -> $mask { $cle(a, b) }
                pub(super) fn unordered(a: $vector, b: $vector) -> $mask {
                    // A NaN does not equal itself; not (a = a and b = b).
                    $orn($zero(0), $and($ceq(a, a), $ceq(b, b)))
                }
                pub(super) fn any(mask: $mask) -> bool { vmaxvq_u32($to_words(mask)) != 0 }
                pub(super) fn all(mask: $mask) -> bool { vminvq_u32($to_words(mask)) != 0 }
                pub(super) fn bits(mask: $mask) -> u32 {
                    // SAFETY: as many readable values as a register has lanes.
                    let places = unsafe { $places([$($place),*].as_ptr()) };
                    $addv($and(mask, places)) as u32
                }
                pub(super) fn select(mask: $mask, set: $vector, clear: $vector) -> $vector {
                    $bsl(mask, set, clear)
                }
                pub(super) fn bitand(a: $mask, b: $mask) -> $mask { $and(a, b) }
                pub(super) fn bitor(a: $mask, b: $mask) -> $mask { $orr(a, b) }
            }
        }
    };
}

float_instructions! { f32x4, f32x4_shuffles, float32x4_t, uint32x4_t, [f32; 4];
    vdupq_n_f32 vld1q_f32 vst1q_f32 vaddq_f32 vsubq_f32 vmulq_f32 vdivq_f32 vfmaq_f32 vsqrtq_f32 vabsq_f32
    vceqq_f32 vcltq_f32 vcgtq_f32 vcleq_f32 vbslq_f32 vandq_u32 vorrq_u32 vornq_u32
    core::convert::identity, vdupq_n_u32, vld1q_u32 vaddvq_u32 [1, 2, 4, 8]
}
float_instructions! { f64x2, f64x2_shuffles, float64x2_t, uint64x2_t, [f64; 2];
    vdupq_n_f64 vld1q_f64 vst1q_f64 vaddq_f64 vsubq_f64 vmulq_f64 vdivq_f64 vfmaq_f64 vsqrtq_f64 vabsq_f64
    vceqq_f64 vcltq_f64 vcgtq_f64 vcleq_f64 vbslq_f64 vandq_u64 vorrq_u64 vornq_u64
    vreinterpretq_u32_u64, vdupq_n_u64, vld1q_u64 vaddvq_u64 [1, 2]
}

mod f32x4_shuffles {
    use core::arch::aarch64::*;

    instructions! { features = "neon";
        pub(super) fn load_columns(rows: [&[f32; 4]; 4]) -> [float32x4_t; 4] {
            let mut vectors = [vdupq_n_f32(0.0); 4];
            for (vector, row) in vectors.iter_mut().zip(rows) {
                // SAFETY: a row is as many readable values, aligned for their type.
                *vector = unsafe { vld1q_f32(row.as_ptr()) };
            }
            transpose(vectors)
        }
        pub(super) fn transpose(rows: [float32x4_t; 4]) -> [float32x4_t; 4] {
            let [a, b, c, d] = rows;
            let (ac0, ac1) = (vzip1q_f32(a, c), vzip2q_f32(a, c));
            let (bd0, bd1) = (vzip1q_f32(b, d), vzip2q_f32(b, d));
            [vzip1q_f32(ac0, bd0), vzip2q_f32(ac0, bd0), vzip1q_f32(ac1, bd1), vzip2q_f32(ac1, bd1)]
        }
        pub(super) fn lag(previous: float32x4_t, current: float32x4_t, by: usize) -> float32x4_t {
            if by == 1 { vextq_f32::<3>(previous, current) } else { vextq_f32::<2>(previous, current) }
        }
    }
}

mod f64x2_shuffles {
    use core::arch::aarch64::*;

    instructions! { features = "neon";
        pub(super) fn load_columns(rows: [&[f64; 2]; 2]) -> [float64x2_t; 2] {
            let mut vectors = [vdupq_n_f64(0.0); 2];
            for (vector, row) in vectors.iter_mut().zip(rows) {
                // SAFETY: a row is as many readable values, aligned for their type.
                *vector = unsafe { vld1q_f64(row.as_ptr()) };
            }
            transpose(vectors)
        }
        pub(super) fn transpose(rows: [float64x2_t; 2]) -> [float64x2_t; 2] {
            [vzip1q_f64(rows[0], rows[1]), vzip2q_f64(rows[0], rows[1])]
        }
        pub(super) fn lag(previous: float64x2_t, current: float64x2_t, _: usize) -> float64x2_t {
            vextq_f64::<1>(previous, current)
        }
    }
}

/// What goes from floats to other numbers and back, and products of bytes.
mod integers {
    use core::arch::aarch64::*;

    instructions! { features = "neon";
        pub(super) fn widen(x: float32x4_t) -> [float64x2_t; 2] {
            [vcvt_f64_f32(vget_low_f32(x)), vcvt_high_f64_f32(x)]
        }
        pub(super) fn narrow(low: float64x2_t, high: float64x2_t) -> float32x4_t {
            vcvt_high_f32_f64(vcvt_f32_f64(low), high)
        }
        pub(super) fn add_exponents(x: float32x4_t, powers: float32x4_t) -> float32x4_t {
            let powers = vshlq_n_u32::<23>(vreinterpretq_u32_f32(powers));
            vreinterpretq_f32_u32(vaddq_u32(vreinterpretq_u32_f32(x), powers))
        }
        pub(super) fn copy_signs(magnitudes: float32x4_t, signs: float32x4_t) -> float32x4_t {
            vbslq_f32(vdupq_n_u32(1 << 31), signs, magnitudes)
        }
        pub(super) fn store_u8(xs: [float32x4_t; 4], out: &mut [u8; 16]) -> bool {
            let [a, b, c, d] = xs;
            let ab = vqmovn_high_u32(vqmovn_u32(vcvtq_u32_f32(a)), vcvtq_u32_f32(b));
            let cd = vqmovn_high_u32(vqmovn_u32(vcvtq_u32_f32(c)), vcvtq_u32_f32(d));
            // SAFETY: `out` is sixteen writable bytes.
            unsafe { vst1q_u8(out.as_mut_ptr(), vqmovn_high_u16(vqmovn_u16(ab), cd)) }
            true
        }
        pub(super) fn zero() -> int32x4_t { vdupq_n_s32(0) }
        pub(super) fn load_i8(xs: &[i8; 8]) -> int16x8_t {
            // SAFETY: `xs` is eight readable bytes.
            vmovl_s8(unsafe { vld1_s8(xs.as_ptr()) })
        }
        pub(super) fn add_products(sums: int32x4_t, bytes: int16x8_t, xs: &[i8; 8]) -> int32x4_t {
            let xs = load_i8(xs);
            vmlal_high_s16(vmlal_s16(sums, vget_low_s16(bytes), vget_low_s16(xs)), bytes, xs)
        }
        pub(super) fn total(sums: int32x4_t) -> i32 { vaddvq_s32(sums) }
    }
}
