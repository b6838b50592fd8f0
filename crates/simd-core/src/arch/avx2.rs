//! x86-64 with AVX2, FMA, F16C, POPCNT and BMI2, detected together at run time.

pub use columns::{Fours32x8, FoursI8x32, Pairs32x8, PairsI8x16};

use super::scalar;
use crate::{Isa, Kernel, Simd};
use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};

mod columns;

/// Proof of AVX2, FMA, F16C, POPCNT and BMI2 (Intel from Haswell, AMD from Excavator on).
#[derive(Clone, Copy, Debug)]
pub struct Avx2(());

impl Avx2 {
    /// The token, if the CPU and the operating system have all five features.
    #[inline]
    #[must_use]
    pub fn detect() -> Option<Self> {
        macro_rules! all {
            ($($feature:tt)*) => {{
                #[cfg(feature = "std")]
                let found = $(std::is_x86_feature_detected!($feature))&&*;
                #[cfg(not(feature = "std"))]
                let found = cfg!(all($(target_feature = $feature),*));
                found
            }};
        }
        all!("avx2" "fma" "f16c" "popcnt" "bmi2").then_some(Self(()))
    }
}

impl crate::sealed::Sealed for Avx2 {}

impl Simd for Avx2 {
    const ISA: Isa = Isa::Avx2;
    const PREFETCHES: bool = true;
    type F32 = F32x8;
    type F64 = F64x4;
    type I32 = I32x16;
    type Sums = columns::Pairs32x8;
    type NarrowSums = columns::Fours32x8;

    // Of a function with features of its own, rustc 1.95 forgets that it is never to be inlined. It cannot be inlined
    // into this one, which has none.
    #[inline(never)]
    fn vectorize<R>(self, f: impl FnOnce() -> R) -> R {
        #[target_feature(enable = "avx2,fma,f16c,popcnt,bmi2")]
        fn vectorized<R>(f: impl FnOnce() -> R) -> R {
            f()
        }
        // SAFETY: `self` exists only where these features were detected.
        unsafe { vectorized(f) }
    }

    #[inline(always)]
    fn prefetch<T>(self, data: &[T], index: usize) {
        #[allow(unused_unsafe, reason = "the intrinsic became safe in a release after 1.89")]
        // SAFETY: a hint: it reads nothing and faults at no address.
        unsafe {
            _mm_prefetch::<_MM_HINT_T0>(data.as_ptr().wrapping_add(index).cast());
        }
    }

    conversions! { integers, F32x8 = [f32; 8], F64x4 }

    #[inline(always)]
    fn pack_bits(self, [a, b, c, d]: [M32x8; 4]) -> u32 {
        call!(integers::pack_bits([a.0, b.0, c.0, d.0]))
    }

    #[inline(always)]
    fn load_f16(self, xs: &[u16]) -> F32x8 {
        let Some(xs) = xs.first_chunk::<8>() else { crate::vector::too_short(8, xs.len()) };
        F32x8(call!(integers::load_f16(xs)))
    }

    #[inline(always)]
    fn store_f16(self, x: F32x8, out: &mut [u16]) {
        if cfg!(miri) {
            // It does not know the instruction.
            return crate::vector::store_by(x, out, crate::half::f32_to_f16);
        }
        let len = out.len();
        let Some(out) = out.first_chunk_mut::<8>() else { crate::vector::too_short(8, len) };
        call!(integers::store_f16(x.0, out));
    }

    #[inline(always)]
    fn load_u4(self, xs: &[u8]) -> [F32x8; 2] {
        let Some(xs) = xs.first_chunk::<8>() else { crate::vector::too_short(8, xs.len()) };
        let [low, high] = call!(integers::load_u4(xs));
        [F32x8(low), F32x8(high)]
    }
}

pub(crate) fn is_available(isa: Isa) -> bool {
    scalar::is_available(isa) || (isa == Isa::Avx2 && Avx2::detect().is_some())
}

pub(crate) use scalar::always;

/// Runs `kernel` if `isa` is a set of this platform and available; hands it back otherwise.
#[inline]
pub(crate) fn run<K: Kernel>(isa: Isa, kernel: K) -> Result<K::Output, K> {
    match Avx2::detect() {
        Some(token) if isa == Isa::Avx2 => Ok(token.vectorize(
            #[inline(always)]
            || kernel.run(token),
        )),
        _ => scalar::run(isa, kernel),
    }
}

vector! {
    /// Eight `f32` in a 256-bit register.
    F32x8 = [f32; 8] in core::arch::x86_64::__m256,
    M32x8 in core::arch::x86_64::__m256,
    token Avx2,
    instructions ps
}

vector! {
    /// Four `f64` in a 256-bit register.
    F64x4 = [f64; 4] in core::arch::x86_64::__m256d,
    M64x4 in core::arch::x86_64::__m256d,
    token Avx2,
    instructions pd
}

byte_products! {
    /// Sixteen `i32` in two 256-bit registers.
    I32x16 in [core::arch::x86_64::__m256i; 2],
    bytes I8x32 = [i8; 32] in [core::arch::x86_64::__m256i; 2],
    token Avx2,
    instructions integers
}

/// The instructions for one element type: Intel names them by a suffix, and lists each operation twice.
macro_rules! float_instructions {
    (
        $module:ident, $shuffles:ident, $vector:ident, [$element:ty; $lanes:literal];
        $set1:ident $loadu:ident $storeu:ident $add:ident $sub:ident $mul:ident $div:ident $fmadd:ident
        $sqrt:ident $max:ident $min:ident $cmp:ident $and:ident $andnot:ident $or:ident $movemask:ident $blendv:ident
    ) => {
        mod $module {
            pub(super) use super::$shuffles::*;
            use core::arch::x86_64::*;

            instructions! { features = "avx2,fma,f16c,popcnt,bmi2";
                pub(super) fn splat(x: $element) -> $vector { $set1(x) }
                pub(super) fn load(xs: &[$element; $lanes]) -> $vector {
                    // SAFETY: `xs` is as many readable values; the load asks for no alignment.
                    unsafe { $loadu(xs.as_ptr()) }
                }
                pub(super) fn store(v: $vector, out: &mut [$element; $lanes]) {
                    // SAFETY: `out` is as many writable values; the store asks for no alignment.
                    unsafe { $storeu(out.as_mut_ptr(), v) }
                }
                pub(super) fn add(a: $vector, b: $vector) -> $vector { $add(a, b) }
                pub(super) fn sub(a: $vector, b: $vector) -> $vector { $sub(a, b) }
                pub(super) fn mul(a: $vector, b: $vector) -> $vector { $mul(a, b) }
                pub(super) fn div(a: $vector, b: $vector) -> $vector { $div(a, b) }
                pub(super) fn mul_add(a: $vector, b: $vector, c: $vector) -> $vector { $fmadd(a, b, c) }
                pub(super) fn sqrt(a: $vector) -> $vector { $sqrt(a) }
                pub(super) fn abs(a: $vector) -> $vector { $andnot($set1(-0.0), a) }
                pub(super) fn max(a: $vector, b: $vector) -> $vector { $max(a, b) }
                pub(super) fn min(a: $vector, b: $vector) -> $vector { $min(a, b) }
                pub(super) fn eq(a: $vector, b: $vector) -> $vector { $cmp::<_CMP_EQ_OQ>(a, b) }
                pub(super) fn lt(a: $vector, b: $vector) -> $vector { $cmp::<_CMP_LT_OQ>(a, b) }
                pub(super) fn le(a: $vector, b: $vector) -> $vector { $cmp::<_CMP_LE_OQ>(a, b) }
                pub(super) fn unordered(a: $vector, b: $vector) -> $vector { $cmp::<_CMP_UNORD_Q>(a, b) }
                pub(super) fn any(mask: $vector) -> bool { $movemask(mask) != 0 }
                pub(super) fn all(mask: $vector) -> bool { $movemask(mask) == (1 << $lanes) - 1 }
                pub(super) fn bits(mask: $vector) -> u32 { $movemask(mask).cast_unsigned() }
                pub(super) fn select(mask: $vector, set: $vector, clear: $vector) -> $vector {
                    $blendv(clear, set, mask)
                }
                pub(super) fn bitand(a: $vector, b: $vector) -> $vector { $and(a, b) }
                pub(super) fn bitor(a: $vector, b: $vector) -> $vector { $or(a, b) }
            }
        }
    };
}

float_instructions! { ps, ps_shuffles, __m256, [f32; 8];
    _mm256_set1_ps _mm256_loadu_ps _mm256_storeu_ps _mm256_add_ps _mm256_sub_ps _mm256_mul_ps _mm256_div_ps
    _mm256_fmadd_ps _mm256_sqrt_ps _mm256_max_ps _mm256_min_ps _mm256_cmp_ps _mm256_and_ps _mm256_andnot_ps _mm256_or_ps
    _mm256_movemask_ps _mm256_blendv_ps
}
float_instructions! { pd, pd_shuffles, __m256d, [f64; 4];
    _mm256_set1_pd _mm256_loadu_pd _mm256_storeu_pd _mm256_add_pd _mm256_sub_pd _mm256_mul_pd _mm256_div_pd
    _mm256_fmadd_pd _mm256_sqrt_pd _mm256_max_pd _mm256_min_pd _mm256_cmp_pd _mm256_and_pd _mm256_andnot_pd _mm256_or_pd
    _mm256_movemask_pd _mm256_blendv_pd
}

mod ps_shuffles {
    use core::arch::x86_64::*;

    instructions! { features = "avx2,fma,f16c,popcnt,bmi2";
        pub(super) fn load_columns(rows: [&[f32; 8]; 8]) -> [__m256; 8] {
            let mut vectors = [_mm256_setzero_ps(); 8];
            for (vector, row) in vectors.iter_mut().zip(rows) {
                // SAFETY: a row is as many readable values; the load asks for no alignment.
                *vector = unsafe { _mm256_loadu_ps(row.as_ptr()) };
            }
            transpose(vectors)
        }
        pub(super) fn transpose(rows: [__m256; 8]) -> [__m256; 8] {
            let [a, b, c, d, e, f, g, h] = rows;
            // Pairs of rows, then quadruples, within each half; then the halves.
            let (ab0, ab1) = (_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
            let (cd0, cd1) = (_mm256_unpacklo_ps(c, d), _mm256_unpackhi_ps(c, d));
            let (ef0, ef1) = (_mm256_unpacklo_ps(e, f), _mm256_unpackhi_ps(e, f));
            let (gh0, gh1) = (_mm256_unpacklo_ps(g, h), _mm256_unpackhi_ps(g, h));
            let top = [
                _mm256_shuffle_ps::<0x44>(ab0, cd0), _mm256_shuffle_ps::<0xEE>(ab0, cd0),
                _mm256_shuffle_ps::<0x44>(ab1, cd1), _mm256_shuffle_ps::<0xEE>(ab1, cd1),
            ];
            let bottom = [
                _mm256_shuffle_ps::<0x44>(ef0, gh0), _mm256_shuffle_ps::<0xEE>(ef0, gh0),
                _mm256_shuffle_ps::<0x44>(ef1, gh1), _mm256_shuffle_ps::<0xEE>(ef1, gh1),
            ];
            [
                _mm256_permute2f128_ps::<0x20>(top[0], bottom[0]),
                _mm256_permute2f128_ps::<0x20>(top[1], bottom[1]),
                _mm256_permute2f128_ps::<0x20>(top[2], bottom[2]),
                _mm256_permute2f128_ps::<0x20>(top[3], bottom[3]),
                _mm256_permute2f128_ps::<0x31>(top[0], bottom[0]),
                _mm256_permute2f128_ps::<0x31>(top[1], bottom[1]),
                _mm256_permute2f128_ps::<0x31>(top[2], bottom[2]),
                _mm256_permute2f128_ps::<0x31>(top[3], bottom[3]),
            ]
        }
        pub(super) fn lag(previous: __m256, current: __m256, by: usize) -> __m256 {
            let middle = _mm256_permute2f128_ps::<0x21>(previous, current);
            let [hi, lo] = [_mm256_castps_si256(current), _mm256_castps_si256(middle)];
            match by {
                1 => _mm256_castsi256_ps(_mm256_alignr_epi8::<12>(hi, lo)),
                2 => _mm256_castsi256_ps(_mm256_alignr_epi8::<8>(hi, lo)),
                _ => middle,
            }
        }
    }
}

mod pd_shuffles {
    use core::arch::x86_64::*;

    instructions! { features = "avx2,fma,f16c,popcnt,bmi2";
        // A half of a register can come from memory: half as many shuffles as for a square in registers.
        pub(super) fn load_columns(rows: [&[f64; 4]; 4]) -> [__m256d; 4] {
            let [a, b, c, d] = rows;
            let (ac0, bd0) = (halves(a, c, 0), halves(b, d, 0));
            let (ac1, bd1) = (halves(a, c, 2), halves(b, d, 2));
            [
                _mm256_unpacklo_pd(ac0, bd0), _mm256_unpackhi_pd(ac0, bd0),
                _mm256_unpacklo_pd(ac1, bd1), _mm256_unpackhi_pd(ac1, bd1),
            ]
        }
        fn halves(low: &[f64; 4], high: &[f64; 4], from: usize) -> __m256d {
            let (low, high) = (&low[from..from + 2], &high[from..from + 2]);
            // SAFETY: two readable values each; the loads ask for no alignment.
            let (low, high) = unsafe { (_mm_loadu_pd(low.as_ptr()), _mm_loadu_pd(high.as_ptr())) };
            _mm256_insertf128_pd::<1>(_mm256_castpd128_pd256(low), high)
        }
        pub(super) fn transpose(rows: [__m256d; 4]) -> [__m256d; 4] {
            let [a, b, c, d] = rows;
            let (ab0, ab1) = (_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b));
            let (cd0, cd1) = (_mm256_unpacklo_pd(c, d), _mm256_unpackhi_pd(c, d));
            [
                _mm256_permute2f128_pd::<0x20>(ab0, cd0), _mm256_permute2f128_pd::<0x20>(ab1, cd1),
                _mm256_permute2f128_pd::<0x31>(ab0, cd0), _mm256_permute2f128_pd::<0x31>(ab1, cd1),
            ]
        }
        pub(super) fn lag(previous: __m256d, current: __m256d, by: usize) -> __m256d {
            let middle = _mm256_permute2f128_pd::<0x21>(previous, current);
            if by == 1 { _mm256_shuffle_pd::<0b0101>(middle, current) } else { middle }
        }
    }
}

/// What goes from floats to other numbers and back, and products of bytes.
mod integers {
    use core::arch::x86_64::*;

    instructions! { features = "avx2,fma,f16c,popcnt,bmi2";
        pub(super) fn widen(x: __m256) -> [__m256d; 2] {
            [_mm256_cvtps_pd(_mm256_castps256_ps128(x)), _mm256_cvtps_pd(_mm256_extractf128_ps::<1>(x))]
        }
        pub(super) fn narrow(low: __m256d, high: __m256d) -> __m256 {
            _mm256_set_m128(_mm256_cvtpd_ps(high), _mm256_cvtpd_ps(low))
        }
        pub(super) fn add_exponents(x: __m256, powers: __m256) -> __m256 {
            let powers = _mm256_slli_epi32::<23>(_mm256_castps_si256(powers));
            _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(x), powers))
        }
        pub(super) fn copy_signs(magnitudes: __m256, signs: __m256) -> __m256 {
            let sign = _mm256_set1_ps(-0.0);
            _mm256_or_ps(_mm256_andnot_ps(sign, magnitudes), _mm256_and_ps(sign, signs))
        }
        pub(super) fn load_f16(xs: &[u16; 8]) -> __m256 {
            // SAFETY: `xs` is sixteen readable bytes; the load asks for no alignment.
            _mm256_cvtph_ps(unsafe { _mm_loadu_si128(xs.as_ptr().cast()) })
        }
        pub(super) fn store_f16(x: __m256, out: &mut [u16; 8]) {
            let halves = _mm256_cvtps_ph::<_MM_FROUND_TO_NEAREST_INT>(x);
            // SAFETY: `out` is sixteen writable bytes; the store asks for no alignment.
            unsafe { _mm_storeu_si128(out.as_mut_ptr().cast(), halves) }
        }
        pub(super) fn load_u4(xs: &[u8; 8]) -> [__m256; 2] {
            // SAFETY: `xs` is eight readable bytes; the load asks for no alignment.
            let bytes = _mm256_cvtepu8_epi32(unsafe { _mm_loadl_epi64(xs.as_ptr().cast()) });
            let low = _mm256_and_si256(bytes, _mm256_set1_epi32(15));
            [_mm256_cvtepi32_ps(low), _mm256_cvtepi32_ps(_mm256_srli_epi32::<4>(bytes))]
        }
        pub(super) fn store_u8(xs: [__m256; 4], out: &mut [u8; 32]) -> bool {
            let [a, b, c, d] = xs;
            let ab = _mm256_packs_epi32(_mm256_cvttps_epi32(a), _mm256_cvttps_epi32(b));
            let cd = _mm256_packs_epi32(_mm256_cvttps_epi32(c), _mm256_cvttps_epi32(d));
            // Each half of a register is packed by itself: groups of four bytes are to be put in order.
            let order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
            let bytes = _mm256_permutevar8x32_epi32(_mm256_packus_epi16(ab, cd), order);
            // SAFETY: `out` is 32 writable bytes; the store asks for no alignment.
            unsafe { _mm256_storeu_si256(out.as_mut_ptr().cast(), bytes) }
            // What has no 32-bit integer becomes the smallest, and then the smallest of 16 bits.
            let smallest = _mm256_set1_epi16(i16::MIN);
            let none = _mm256_or_si256(_mm256_cmpeq_epi16(ab, smallest), _mm256_cmpeq_epi16(cd, smallest));
            _mm256_movemask_epi8(none) == 0
        }
        pub(super) fn pack_bits(masks: [__m256; 4]) -> u32 {
            let [a, b, c, d] = masks;
            let ab = _mm256_packs_epi32(_mm256_castps_si256(a), _mm256_castps_si256(b));
            let cd = _mm256_packs_epi32(_mm256_castps_si256(c), _mm256_castps_si256(d));
            // As in `store_u8`; then each eight the other way round, since the first of them is to have the highest bit.
            let order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
            let bytes = _mm256_permutevar8x32_epi32(_mm256_packs_epi16(ab, cd), order);
            let (low, high) = (0x0001_0203_0405_0607, 0x0809_0A0B_0C0D_0E0F);
            let reversed = _mm256_shuffle_epi8(bytes, _mm256_setr_epi64x(low, high, low, high));
            _mm256_movemask_epi8(reversed).cast_unsigned()
        }
        pub(super) fn zero() -> [__m256i; 2] { [_mm256_setzero_si256(); 2] }
        // Bytes at even places and those at odd ones, as numbers of 16 bits. To make those of neighbours, the registers'
        // halves would have to be crossed, which takes as long as all else.
        pub(super) fn load_i8(xs: &[i8; 32]) -> [__m256i; 2] {
            let xs = load_bytes(xs);
            [_mm256_srai_epi16::<8>(_mm256_slli_epi16::<8>(xs)), _mm256_srai_epi16::<8>(xs)]
        }
        fn load_bytes(xs: &[i8; 32]) -> __m256i {
            // SAFETY: `xs` is 32 readable bytes; the load asks for no alignment.
            unsafe { _mm256_loadu_si256(xs.as_ptr().cast()) }
        }
        // The sums of the even places are 256 times what they should be, which saves a shift each time.
        pub(super) fn add_products(sums: [__m256i; 2], bytes: [__m256i; 2], xs: &[i8; 32]) -> [__m256i; 2] {
            let xs = load_bytes(xs);
            let even = _mm256_madd_epi16(bytes[0], _mm256_slli_epi16::<8>(xs));
            let odd = _mm256_madd_epi16(bytes[1], _mm256_srai_epi16::<8>(xs));
            [_mm256_add_epi32(sums[0], even), _mm256_add_epi32(sums[1], odd)]
        }
        pub(super) fn total(sums: [__m256i; 2]) -> i32 {
            let eight = _mm256_add_epi32(_mm256_srai_epi32::<8>(sums[0]), sums[1]);
            let four = _mm_add_epi32(_mm256_castsi256_si128(eight), _mm256_extracti128_si256::<1>(eight));
            let two = _mm_add_epi32(four, _mm_shuffle_epi32::<0b1110>(four));
            _mm_cvtsi128_si32(_mm_add_epi32(two, _mm_shuffle_epi32::<0b01>(two)))
        }
    }
}
