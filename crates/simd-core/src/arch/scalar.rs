//! Plain Rust over small arrays: runs everywhere, and the compiler may vectorise it for the target's baseline.

pub use columns::{ScalarPairs32x4, ScalarPairsI8x8};

use crate::{Isa, Kernel, Simd};

mod columns;

/// Proof of nothing: every machine runs plain Rust.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scalar;

impl crate::sealed::Sealed for Scalar {}

impl Simd for Scalar {
    const ISA: Isa = Isa::Scalar;
    const PREFETCHES: bool = false;
    type F32 = ScalarF32x4;
    type F64 = ScalarF64x2;
    type I32 = ScalarI32x4;
    type Sums = columns::ScalarPairs32x4;
    type NarrowSums = columns::ScalarPairs32x4;

    #[inline(never)]
    fn vectorize<R>(self, f: impl FnOnce() -> R) -> R {
        f()
    }

    #[inline(always)]
    fn prefetch<T>(self, _: &[T], _: usize) {}

    conversions! { integers, ScalarF32x4 = [f32; 4], ScalarF64x2 }
    plain_halves! {}
}

#[cfg_attr(target_arch = "wasm32", allow(dead_code, reason = "a binary with another set has only that"))]
pub(crate) fn is_available(isa: Isa) -> bool {
    isa == Isa::Scalar
}

#[cfg_attr(target_arch = "wasm32", allow(dead_code, reason = "a binary with another set has only that"))]
#[inline(always)]
pub(crate) const fn always() -> Scalar {
    Scalar
}

/// Runs `kernel` if `isa` is plain Rust; hands it back otherwise.
#[cfg_attr(target_arch = "wasm32", allow(dead_code, reason = "a binary with another set has only that"))]
#[inline]
pub(crate) fn run<K: Kernel>(isa: Isa, kernel: K) -> Result<K::Output, K> {
    if !is_available(isa) {
        return Err(kernel);
    }
    Ok(Scalar.vectorize(
        #[inline(always)]
        || kernel.run(Scalar),
    ))
}

vector! {
    /// Four `f32` in an array.
    ScalarF32x4 = [f32; 4] in [f32; 4],
    ScalarM32x4 in [bool; 4],
    token Scalar,
    instructions array
}

vector! {
    /// Two `f64` in an array.
    ScalarF64x2 = [f64; 2] in [f64; 2],
    ScalarM64x2 in [bool; 2],
    token Scalar,
    instructions array
}

byte_products! {
    /// Four `i32` in an array.
    ScalarI32x4 in [i32; 4],
    bytes ScalarI8x8 = [i8; 8] in [i8; 8],
    token Scalar,
    instructions integers
}

/// What goes from floats to other numbers and back, and products of bytes.
mod integers {
    #[inline(always)]
    pub(super) fn widen([a, b, c, d]: [f32; 4]) -> [[f64; 2]; 2] {
        [[a.into(), b.into()], [c.into(), d.into()]]
    }
    #[inline(always)]
    pub(super) fn narrow([a, b]: [f64; 2], [c, d]: [f64; 2]) -> [f32; 4] {
        [a as f32, b as f32, c as f32, d as f32]
    }
    #[inline(always)]
    pub(super) fn add_exponents(mut x: [f32; 4], powers: [f32; 4]) -> [f32; 4] {
        for (x, powers) in x.iter_mut().zip(powers) {
            *x = f32::from_bits(x.to_bits().wrapping_add(powers.to_bits() << 23));
        }
        x
    }
    #[inline(always)]
    pub(super) fn copy_signs(mut magnitudes: [f32; 4], signs: [f32; 4]) -> [f32; 4] {
        for (magnitude, sign) in magnitudes.iter_mut().zip(signs) {
            *magnitude = magnitude.copysign(sign);
        }
        magnitudes
    }
    #[inline(always)]
    pub(super) fn store_u8(xs: [[f32; 4]; 4], out: &mut [u8; 16]) -> bool {
        for (out, x) in out.iter_mut().zip(xs.as_flattened()) {
            *out = *x as u8;
        }
        true
    }
    #[inline(always)]
    pub(super) fn zero() -> [i32; 4] {
        [0; 4]
    }
    #[inline(always)]
    pub(super) fn load_i8(xs: &[i8; 8]) -> [i8; 8] {
        *xs
    }
    #[inline(always)]
    pub(super) fn add_products(mut sums: [i32; 4], bytes: [i8; 8], xs: &[i8; 8]) -> [i32; 4] {
        for (i, sum) in sums.iter_mut().enumerate() {
            let product = |i: usize| i32::from(bytes[i]) * i32::from(xs[i]);
            *sum = sum.wrapping_add(product(2 * i) + product(2 * i + 1));
        }
        sums
    }
    #[inline(always)]
    pub(super) fn total(sums: [i32; 4]) -> i32 {
        sums.iter().fold(0, |total, sum| total.wrapping_add(*sum))
    }
}

mod array {
    use crate::Element;

    macro_rules! lane_wise {
        ($($name:ident($($arg:ident: $of:ty),*) -> $out:ty = $lane:expr;)*) => {
            $(#[inline(always)]
            pub(super) fn $name<T: Element, const N: usize>($($arg: [$of; N]),*) -> [$out; N] {
                // A loop, here and below: `array::from_fn` is not always inlined.
                let mut out = [<$out>::default(); N];
                for (i, out) in out.iter_mut().enumerate() {
                    $(let $arg = $arg[i];)*
                    *out = $lane;
                }
                out
            })*
        };
    }

    lane_wise! {
        add(a: T, b: T) -> T = a + b;
        sub(a: T, b: T) -> T = a - b;
        mul(a: T, b: T) -> T = a * b;
        div(a: T, b: T) -> T = a / b;
        // Two roundings: a fused one would be a function call on a CPU without the instruction.
        mul_add(a: T, b: T, c: T) -> T = a * b + c;
        sqrt(a: T) -> T = a.sqrt();
        abs(a: T) -> T = a.abs();
        // As the x86 instructions: the second where either is NaN.
        max(a: T, b: T) -> T = if a > b { a } else { b };
        min(a: T, b: T) -> T = if a < b { a } else { b };
        select(mask: bool, set: T, clear: T) -> T = if mask { set } else { clear };
    }

    macro_rules! compare {
        ($($name:ident($a:ident, $b:ident) = $lane:expr;)*) => {
            $(#[inline(always)]
            pub(super) fn $name<T: Element, const N: usize>(a: [T; N], b: [T; N]) -> [bool; N] {
                let mut out = [false; N];
                for (i, out) in out.iter_mut().enumerate() {
                    let ($a, $b) = (a[i], b[i]);
                    *out = $lane;
                }
                out
            })*
        };
    }

    compare! {
        eq(a, b) = a == b;
        lt(a, b) = a < b;
        le(a, b) = a <= b;
        unordered(a, b) = a.partial_cmp(&b).is_none();
    }

    #[inline(always)]
    pub(super) fn splat<T: Element, const N: usize>(x: T) -> [T; N] {
        [x; N]
    }
    #[inline(always)]
    pub(super) fn load<T: Element, const N: usize>(xs: &[T; N]) -> [T; N] {
        *xs
    }
    #[inline(always)]
    pub(super) fn store<T: Element, const N: usize>(v: [T; N], out: &mut [T; N]) {
        *out = v;
    }
    #[inline(always)]
    pub(super) fn load_columns<T: Element, const N: usize>(rows: [&[T; N]; N]) -> [[T; N]; N] {
        let mut columns = [[T::ZERO; N]; N];
        for (i, column) in columns.iter_mut().enumerate() {
            for (x, row) in column.iter_mut().zip(rows) {
                *x = row[i];
            }
        }
        columns
    }
    #[inline(always)]
    pub(super) fn transpose<T: Element, const N: usize>(rows: [[T; N]; N]) -> [[T; N]; N] {
        let mut columns = [[T::ZERO; N]; N];
        for (i, column) in columns.iter_mut().enumerate() {
            for (x, row) in column.iter_mut().zip(rows) {
                *x = row[i];
            }
        }
        columns
    }
    #[inline(always)]
    pub(super) fn lag<T: Element, const N: usize>(previous: [T; N], current: [T; N], by: usize) -> [T; N] {
        let mut out = current;
        for (i, out) in out.iter_mut().enumerate() {
            *out = if i < by { previous[N - by + i] } else { current[i - by] };
        }
        out
    }
    #[inline(always)]
    pub(super) fn any<const N: usize>(mask: [bool; N]) -> bool {
        mask.contains(&true)
    }
    #[inline(always)]
    pub(super) fn all<const N: usize>(mask: [bool; N]) -> bool {
        !mask.contains(&false)
    }
    #[inline(always)]
    pub(super) fn bits<const N: usize>(mask: [bool; N]) -> u32 {
        let mut bits = 0;
        for (i, lane) in mask.iter().enumerate() {
            bits |= u32::from(*lane) << i;
        }
        bits
    }
    #[inline(always)]
    pub(super) fn bitand<const N: usize>(a: [bool; N], b: [bool; N]) -> [bool; N] {
        both(a, b, |a, b| a & b)
    }
    #[inline(always)]
    pub(super) fn bitor<const N: usize>(a: [bool; N], b: [bool; N]) -> [bool; N] {
        both(a, b, |a, b| a | b)
    }
    #[inline(always)]
    fn both<const N: usize>(a: [bool; N], b: [bool; N], of: impl Fn(bool, bool) -> bool) -> [bool; N] {
        let mut out = a;
        for (out, b) in out.iter_mut().zip(b) {
            *out = of(*out, b);
        }
        out
    }
}
