//! x86-64 with AVX2, FMA, F16C, POPCNT and BMI2, detected together at run time.

use super::scalar;
use crate::{Isa, Kernel, Simd};
use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};

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

    #[inline]
    fn vectorize<R>(self, f: impl FnOnce() -> R) -> R {
        #[inline(never)]
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
}

pub(crate) fn is_available(isa: Isa) -> bool {
    scalar::is_available(isa) || (isa == Isa::Avx2 && Avx2::detect().is_some())
}

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

/// The instructions for one element type: Intel names them by a suffix, and lists each operation twice.
macro_rules! float_instructions {
    (
        $module:ident, $vector:ident, [$element:ty; $lanes:literal];
        $set1:ident $loadu:ident $storeu:ident $add:ident $sub:ident $mul:ident $div:ident $fmadd:ident
        $sqrt:ident $max:ident $min:ident $cmp:ident $and:ident $or:ident $movemask:ident $blendv:ident
    ) => {
        mod $module {
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
                pub(super) fn max(a: $vector, b: $vector) -> $vector { $max(a, b) }
                pub(super) fn min(a: $vector, b: $vector) -> $vector { $min(a, b) }
                pub(super) fn eq(a: $vector, b: $vector) -> $vector { $cmp::<_CMP_EQ_OQ>(a, b) }
                pub(super) fn lt(a: $vector, b: $vector) -> $vector { $cmp::<_CMP_LT_OQ>(a, b) }
                pub(super) fn le(a: $vector, b: $vector) -> $vector { $cmp::<_CMP_LE_OQ>(a, b) }
                pub(super) fn unordered(a: $vector, b: $vector) -> $vector { $cmp::<_CMP_UNORD_Q>(a, b) }
                pub(super) fn any(mask: $vector) -> bool { $movemask(mask) != 0 }
                pub(super) fn select(mask: $vector, set: $vector, clear: $vector) -> $vector {
                    $blendv(clear, set, mask)
                }
                pub(super) fn bitand(a: $vector, b: $vector) -> $vector { $and(a, b) }
                pub(super) fn bitor(a: $vector, b: $vector) -> $vector { $or(a, b) }
            }
        }
    };
}

float_instructions! { ps, __m256, [f32; 8];
    _mm256_set1_ps _mm256_loadu_ps _mm256_storeu_ps _mm256_add_ps _mm256_sub_ps _mm256_mul_ps _mm256_div_ps
    _mm256_fmadd_ps _mm256_sqrt_ps _mm256_max_ps _mm256_min_ps _mm256_cmp_ps _mm256_and_ps _mm256_or_ps
    _mm256_movemask_ps _mm256_blendv_ps
}
float_instructions! { pd, __m256d, [f64; 4];
    _mm256_set1_pd _mm256_loadu_pd _mm256_storeu_pd _mm256_add_pd _mm256_sub_pd _mm256_mul_pd _mm256_div_pd
    _mm256_fmadd_pd _mm256_sqrt_pd _mm256_max_pd _mm256_min_pd _mm256_cmp_pd _mm256_and_pd _mm256_or_pd
    _mm256_movemask_pd _mm256_blendv_pd
}
