//! Vectors, their masks and their elements: what a kernel computes with.

use crate::half::{bf16_to_f32, f32_to_bf16};
use crate::{ColumnSums, Isa, sealed::Sealed};
use core::fmt::{Debug, Display};
use core::ops::{Add, BitAnd, BitOr, Div, Mul, Neg, Sub};

/// A zero-sized proof that an instruction set is there, and the door to its vectors.
///
/// A token can only be had from detection (`Avx2::detect()`, or [`dispatch`](crate::dispatch), which hands one
/// to a [`Kernel`](crate::Kernel)), and a vector only from a token, so that safe code can neither run an
/// instruction that the CPU lacks nor forget to ask.
///
/// The trait is sealed: its implementors are the tokens of this crate.
pub trait Simd: Copy + Debug + Send + Sync + 'static + Sealed {
    /// The set, for what a kernel decides per set: the branch folds at compile time.
    const ISA: Isa;
    /// Whether [`prefetch`](Self::prefetch) does anything.
    const PREFETCHES: bool;
    /// A register of `f32`.
    type F32: Vector<Simd = Self, Element = f32>;
    /// A register of `f64`.
    type F64: Vector<Simd = Self, Element = f64>;
    /// A register of sums of products of bytes.
    type I32: ByteProducts<Simd = Self>;
    /// A register of sums of products of bytes, a column in each lane.
    type Sums: ColumnSums<Simd = Self>;
    /// The same for columns of seven bits, from -64 to 63, which may be faster.
    type NarrowSums: ColumnSums<Simd = Self>;

    /// Compiles `f`, and all that is inlined into it, for this set, as a function of its own that is never
    /// inlined: round a hot loop it keeps the registers free of what surrounds it.
    ///
    /// Only what is inlined is compiled for the set. Mark `f` and every function below it `#[inline(always)]`:
    /// one that is not may run many times slower, with the same results.
    fn vectorize<R>(self, f: impl FnOnce() -> R) -> R;

    /// Hints that `data[index]` will be wanted soon. Any index is fine: a hint reads nothing.
    fn prefetch<T>(self, data: &[T], index: usize);

    /// The same numbers in `f64`: those of the first half of the lanes, and those of the second.
    fn widen(self, x: Self::F32) -> [Self::F64; 2];

    /// The nearest `f32` to the lanes of two vectors, one after the other.
    fn narrow(self, halves: [Self::F64; 2]) -> Self::F32;

    /// The first `F32::LANES` values of `xs`, which are the bits of `f16`.
    ///
    /// # Panics
    /// If `xs` is shorter than that.
    fn load_f16(self, xs: &[u16]) -> Self::F32;

    /// Writes the lanes as the bits of the nearest `f16`, of two the even one.
    ///
    /// # Panics
    /// If `out` has fewer than `F32::LANES` values.
    fn store_f16(self, x: Self::F32, out: &mut [u16]);

    /// Writes the lanes of four vectors, one after another, as bytes: without what is behind the point, 0 for what is
    /// less and for NaN, 255 for what is more. From 2^31 on, AVX2 writes 0 too.
    ///
    /// Returns false if it may have written a 0 for NaN, or for what is more: always where that was so with AVX2, and
    /// never elsewhere.
    ///
    /// # Panics
    /// If `out` has fewer than `4 * F32::LANES` bytes.
    fn store_u8(self, xs: [Self::F32; 4], out: &mut [u8]) -> bool;

    /// Adds `n` to the exponents of `x`, as bits: `x * 2^n`, as long as that is a normal number. `n` lies in the lowest
    /// nine bits of `powers`, where adding `1.5 * 2^23` to a small number puts it, rounded.
    ///
    /// Nothing checks for an exponent that is too large or too small: bits run over, into the sign too.
    fn add_exponents(self, x: Self::F32, powers: Self::F32) -> Self::F32;

    /// The numbers of `magnitudes`, zeros and NaN too, with the signs of those of `signs`.
    fn copy_signs(self, magnitudes: Self::F32, signs: Self::F32) -> Self::F32;

    /// A bit for each lane of four masks, one after another: eight in a byte, the first one in its highest bit, and the
    /// first byte the lowest of the result.
    #[inline(always)]
    fn pack_bits(self, masks: [<Self::F32 as Vector>::Mask; 4]) -> u32 {
        let mut bits = 0;
        for (i, mask) in masks.into_iter().enumerate() {
            bits |= mask.bits() << (i * Self::F32::LANES);
        }
        bits.reverse_bits().swap_bytes()
    }

    /// The first `F32::LANES` values of `xs`, which are the bits of `bf16`.
    ///
    /// # Panics
    /// If `xs` is shorter than that.
    #[inline(always)]
    fn load_bf16(self, xs: &[u16]) -> Self::F32 {
        load_by(self, xs, bf16_to_f32)
    }

    /// Writes the lanes as the bits of the nearest `bf16`, of two the even one.
    ///
    /// # Panics
    /// If `out` has fewer than `F32::LANES` values.
    #[inline(always)]
    fn store_bf16(self, x: Self::F32, out: &mut [u16]) {
        store_by(x, out, f32_to_bf16);
    }

    /// The first `F32::LANES` values of `xs`.
    ///
    /// # Panics
    /// If `xs` is shorter than that.
    #[inline(always)]
    fn load_u8(self, xs: &[u8]) -> Self::F32 {
        load_by(self, xs, f32::from)
    }

    /// The two numbers in each of the first `F32::LANES` bytes: those in the lower four bits, and those in the upper.
    ///
    /// # Panics
    /// If `xs` is shorter than that.
    #[inline(always)]
    fn load_u4(self, xs: &[u8]) -> [Self::F32; 2] {
        [load_by(self, xs, |x| f32::from(x & 15)), load_by(self, xs, |x| f32::from(x >> 4))]
    }

    /// A vector with `x` in every lane.
    #[inline(always)]
    fn splat<T: Element>(self, x: T) -> T::Vector<Self> {
        T::Vector::<Self>::splat(self, x)
    }

    /// The first [`Vector::LANES`] values of `xs`.
    ///
    /// # Panics
    /// If `xs` is shorter than that.
    #[inline(always)]
    fn load<T: Element>(self, xs: &[T]) -> T::Vector<Self> {
        T::Vector::<Self>::load(self, xs)
    }
}

/// A register of floats. Operators and methods work lane by lane.
pub trait Vector:
    Copy
    + Debug
    + Send
    + Sync
    + 'static
    + Sealed
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
{
    /// The token that this vector is made from.
    type Simd: Simd;
    /// What a lane holds.
    type Element: Element;
    /// What a comparison answers.
    type Mask: Mask<Vector = Self>;
    /// `[Element; LANES]`.
    type Array: AsRef<[Self::Element]> + Copy + Debug;
    /// `[Self; LANES]`: a square.
    type Block: AsRef<[Self]> + AsMut<[Self]> + Copy + Debug + Send + Sync;
    /// The number of lanes.
    const LANES: usize;

    /// As [`Simd::splat`].
    fn splat(simd: Self::Simd, x: Self::Element) -> Self;
    /// As [`Simd::load`].
    ///
    /// # Panics
    /// If `xs` has fewer than `LANES` values.
    fn load(simd: Self::Simd, xs: &[Self::Element]) -> Self;
    /// Writes the lanes to the first `LANES` values of `out`.
    ///
    /// # Panics
    /// If `out` has fewer than `LANES` values.
    fn store(self, out: &mut [Self::Element]);
    /// The lanes, in order.
    fn to_array(self) -> Self::Array;
    /// As many copies as it has lanes: a square to fill.
    fn block(self) -> Self::Block;
    /// The columns of a square of rows: the first row from the start of `xs` on, and each other one `stride` values
    /// after the one before.
    ///
    /// # Panics
    /// If `xs` does not reach that far.
    fn load_columns(simd: Self::Simd, xs: &[Self::Element], stride: usize) -> Self::Block;
    /// Writes the columns of a square as such rows.
    ///
    /// # Panics
    /// If `out` does not reach that far.
    fn store_columns(columns: Self::Block, out: &mut [Self::Element], stride: usize);
    /// Turns rows into columns: lane `j` of vector `i` goes to lane `i` of vector `j`.
    fn transpose(rows: Self::Block) -> Self::Block;
    /// The lanes of `previous` and then of `self`, `by` lanes earlier: the last `by` of `previous`, and
    /// all but the last `by` of `self`. Give `by` as a constant: 1, 2 or 4.
    ///
    /// # Panics
    /// If `by` is another number, or not less than `LANES`.
    fn lag(self, previous: Self, by: usize) -> Self;

    /// `self * factor + summand`: one rounding where the set has a fused instruction (AVX2, NEON, relaxed-simd
    /// on most machines), two elsewhere.
    fn mul_add(self, factor: Self, summand: Self) -> Self;
    /// The square root, correctly rounded.
    fn sqrt(self) -> Self;
    /// Without the sign, that of a NaN too.
    fn abs(self) -> Self;
    /// The larger lane; `other`'s where either is NaN, or both are zeros.
    fn max(self, other: Self) -> Self;
    /// The smaller lane; `other`'s where either is NaN, or both are zeros.
    fn min(self, other: Self) -> Self;

    /// Where the lanes are equal. False for NaN.
    fn eq(self, other: Self) -> Self::Mask;
    /// Where `self` is less. False for NaN.
    fn lt(self, other: Self) -> Self::Mask;
    /// Where `self` is less or equal. False for NaN.
    fn le(self, other: Self) -> Self::Mask;
    /// Where either lane is NaN.
    fn unordered(self, other: Self) -> Self::Mask;
}

/// A truth value per lane.
pub trait Mask:
    Copy + Debug + Send + Sync + 'static + Sealed + BitAnd<Output = Self> + BitOr<Output = Self>
{
    /// The vectors that it selects from.
    type Vector;

    /// Whether any lane is set.
    fn any(self) -> bool;
    /// Whether all lanes are set.
    fn all(self) -> bool;
    /// A bit for each lane, that of the first lane the lowest.
    fn bits(self) -> u32;
    /// The lanes of `set` where the mask is set, those of `clear` elsewhere.
    fn select(self, set: Self::Vector, clear: Self::Vector) -> Self::Vector;
}

/// Sums of products of bytes, exact.
pub trait ByteProducts: Copy + Debug + Send + Sync + 'static + Sealed {
    /// The token that it is made from.
    type Simd: Simd;
    /// Bytes, as they are multiplied with several others.
    type Bytes: Copy + Debug;
    /// How many bytes those are.
    const BYTES: usize;
    /// How many times something may be added: beyond that, sums may wrap around.
    const MAX_STEPS: usize = 128;

    /// Sums of nothing.
    fn zero(simd: Self::Simd) -> Self;
    /// The first [`BYTES`](Self::BYTES) values of `xs`, to be multiplied.
    ///
    /// # Panics
    /// If `xs` is shorter than that.
    fn load(simd: Self::Simd, xs: &[i8]) -> Self::Bytes;
    /// Adds the products of each of some bytes with that of the first [`BYTES`](Self::BYTES) values of `xs`, to one sum or
    /// another.
    ///
    /// # Panics
    /// If `xs` is shorter than that.
    fn add(self, bytes: Self::Bytes, xs: &[i8]) -> Self;
    /// All sums together.
    fn total(self) -> i32;
}

/// What a lane of a vector can be: `f32` or `f64`. Kernels generic over it are written once for both.
pub trait Element:
    Copy
    + Debug
    + Display
    + PartialEq
    + PartialOrd
    + Send
    + Sync
    + 'static
    + Sealed
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + Default
{
    /// The vector of this element on a given set.
    type Vector<S: Simd>: Vector<Simd = S, Element = Self>;
    /// Zero.
    const ZERO: Self;
    /// One.
    const ONE: Self;
    /// Positive infinity.
    const INFINITY: Self;
    /// A NaN.
    const NAN: Self;

    /// The nearest value to `x`.
    #[must_use]
    fn from_f64(x: f64) -> Self;
    /// The same number.
    #[must_use]
    fn to_f64(self) -> f64;
    /// Whether it is neither infinite nor NaN.
    #[must_use]
    fn is_finite(self) -> bool;

    /// The square root, correctly rounded.
    #[must_use]
    fn sqrt(self) -> Self;
    /// Without the sign, that of a NaN too.
    #[must_use]
    fn abs(self) -> Self;
}

macro_rules! element {
    ($element:ident, $vector:ident, $sqrt:path) => {
        impl Element for $element {
            type Vector<S: Simd> = S::$vector;
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const INFINITY: Self = $element::INFINITY;
            const NAN: Self = $element::NAN;

            #[inline(always)]
            fn from_f64(x: f64) -> Self {
                x as Self
            }
            #[inline(always)]
            fn to_f64(self) -> f64 {
                f64::from(self)
            }
            #[inline(always)]
            fn is_finite(self) -> bool {
                self.is_finite()
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                $sqrt(self)
            }
            #[inline(always)]
            fn abs(self) -> Self {
                self.abs()
            }
        }
    };
}
element!(f32, F32, libm::sqrtf);
element!(f64, F64, libm::sqrt);

/// A vector of what `convert` makes of the first values of `xs`. The compiler makes instructions for all lanes of it.
#[inline(always)]
pub(crate) fn load_by<S: Simd, T: Copy>(simd: S, xs: &[T], convert: impl Fn(T) -> f32) -> S::F32 {
    let (mut lanes, n) = ([0.0; MAX_LANES], S::F32::LANES);
    let Some(xs) = xs.get(..n) else { too_short(n, xs.len()) };
    for (lane, x) in lanes[..n].iter_mut().zip(xs) {
        *lane = convert(*x);
    }
    simd.load(&lanes[..n])
}

/// Writes what `convert` makes of the lanes.
#[inline(always)]
pub(crate) fn store_by<V: Vector, T>(x: V, out: &mut [T], convert: impl Fn(V::Element) -> T) {
    let (lanes, len) = (x.to_array(), out.len());
    let Some(out) = out.get_mut(..V::LANES) else { too_short(V::LANES, len) };
    for (out, lane) in out.iter_mut().zip(lanes.as_ref()) {
        *out = convert(*lane);
    }
}

/// The most lanes that a vector has, in any set: those of `f32` in the widest.
pub const MAX_LANES: usize = 8;

/// That a square of rows lies within `len` values.
#[inline(always)]
pub(crate) fn check_rows(lanes: usize, stride: usize, len: usize) {
    let end = stride.checked_mul(lanes - 1).and_then(|start| start.checked_add(lanes));
    if end.is_none_or(|end| end > len) {
        too_far(lanes, stride, len);
    }
}

/// The panic of squares, out of line.
#[cold]
#[inline(never)]
fn too_far(lanes: usize, stride: usize, len: usize) -> ! {
    panic!("{lanes} rows of {lanes} values, {stride} apart, need a longer slice than one of {len} values")
}

/// The panic of loads and stores, out of line.
#[cold]
#[inline(never)]
pub(crate) fn too_short(lanes: usize, len: usize) -> ! {
    panic!("a vector of {lanes} lanes needs a slice of {lanes} values, got {len}")
}
