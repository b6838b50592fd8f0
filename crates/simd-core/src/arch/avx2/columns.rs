//! Products of bytes for eight columns.

use super::{Avx2, F32x8};

column_sums! {
    /// Eight `i32` in a 256-bit register, which take bytes by twos.
    Pairs32x8 in core::arch::x86_64::__m256i,
    columns PairsI8x16 = [i8; 16] in core::arch::x86_64::__m256i,
    row u8 - 0, column i8 + 0,
    token Avx2, floats F32x8 = 8,
    instructions pairs
}

column_sums! {
    /// Eight `i32` in a 256-bit register, which take bytes by fours, those of columns of seven bits.
    Fours32x8 in core::arch::x86_64::__m256i,
    columns FoursI8x32 = [i8; 32] in core::arch::x86_64::__m256i,
    row u8 - 0, column i8 + 0,
    token Avx2, floats F32x8 = 8,
    instructions fours
}

mod lanes {
    use core::arch::x86_64::*;

    instructions! { features = "avx2,fma,f16c,popcnt,bmi2";
        pub(super) fn splat(x: i32) -> __m256i { _mm256_set1_epi32(x) }
        pub(super) fn load(xs: &[i32; 8]) -> __m256i {
            // SAFETY: `xs` is 32 readable bytes; the load asks for no alignment.
            unsafe { _mm256_loadu_si256(xs.as_ptr().cast()) }
        }
        pub(super) fn store(v: __m256i, out: &mut [i32; 8]) {
            // SAFETY: `out` is 32 writable bytes; the store asks for no alignment.
            unsafe { _mm256_storeu_si256(out.as_mut_ptr().cast(), v) }
        }
        pub(super) fn to_f32(v: __m256i) -> __m256 { _mm256_cvtepi32_ps(v) }
        pub(super) fn add(a: __m256i, b: __m256i) -> __m256i { _mm256_add_epi32(a, b) }
        pub(super) fn sub(a: __m256i, b: __m256i) -> __m256i { _mm256_sub_epi32(a, b) }
        pub(super) fn mul(a: __m256i, b: __m256i) -> __m256i { _mm256_mullo_epi32(a, b) }
    }
}

mod pairs {
    pub(super) use super::lanes::*;
    use core::arch::x86_64::*;

    instructions! { features = "avx2,fma,f16c,popcnt,bmi2";
        pub(super) fn columns(xs: &[i8; 16]) -> __m256i {
            // SAFETY: `xs` is sixteen readable bytes; the load asks for no alignment.
            _mm256_cvtepi8_epi16(unsafe { _mm_loadu_si128(xs.as_ptr().cast()) })
        }
        pub(super) fn add_products(sums: __m256i, row: u32, columns: __m256i) -> __m256i {
            let row = _mm256_set1_epi32(row.cast_signed());
            _mm256_add_epi32(sums, _mm256_madd_epi16(row, columns))
        }
    }
}

mod fours {
    pub(super) use super::lanes::*;
    use core::arch::x86_64::*;

    instructions! { features = "avx2,fma,f16c,popcnt,bmi2";
        pub(super) fn columns(xs: &[i8; 32]) -> __m256i {
            // SAFETY: `xs` is 32 readable bytes; the load asks for no alignment.
            unsafe { _mm256_loadu_si256(xs.as_ptr().cast()) }
        }
        // Sums of two products of 16 bits, which are at most 2 * 255 * 64 and so never saturate, and then of two of these.
        pub(super) fn add_products(sums: __m256i, row: u32, columns: __m256i) -> __m256i {
            let twos = _mm256_maddubs_epi16(_mm256_set1_epi32(row.cast_signed()), columns);
            _mm256_add_epi32(sums, _mm256_madd_epi16(twos, _mm256_set1_epi16(1)))
        }
    }
}
