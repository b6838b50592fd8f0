//! Quantisation in one line each.

use super::halves::ToHalf;
use super::{Decode, Encode, Ranges, ToBits, ToBytes};
use crate::error::{Error, length, product, some_rows, vec_of};
use half::{bf16, f16};
use simd_core::{Isa, Kernel, Simd, dispatch_on};

/// Encodes rows.
struct EncodeRows<'a, E: Encode> {
    encoder: E,
    x: &'a [f32],
    dim: usize,
    out: &'a mut [E::Code],
}

impl<E: Encode> Kernel for EncodeRows<'_, E> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { encoder, x, dim, out } = self;
        simd.vectorize(
            #[inline(always)]
            || encoder.encode(simd, x, dim, out),
        );
    }
}

/// Decodes rows.
struct DecodeRows<'a, D: Decode> {
    decoder: D,
    codes: &'a [D::Code],
    dim: usize,
    out: &'a mut [f32],
}

impl<D: Decode> Kernel for DecodeRows<'_, D> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { decoder, codes, dim, out } = self;
        simd.vectorize(
            #[inline(always)]
            || {
                for (codes, row) in codes.chunks_exact(decoder.codes(dim)).zip(out.chunks_exact_mut(dim)) {
                    decoder.decode(simd, codes, row);
                }
            },
        );
    }
}

fn encode<E: Encode>(encoder: E, x: &[f32], dim: usize) -> Result<Vec<E::Code>, Error> {
    let rows = some_rows("x", x.len(), dim)?;
    let mut out = vec_of("out", E::Code::default(), rows * encoder.codes(dim))?;
    encode_into(Isa::active()?, encoder, x, dim, &mut out)?;
    Ok(out)
}

fn encode_into<E: Encode>(
    isa: Isa,
    encoder: E,
    x: &[f32],
    dim: usize,
    out: &mut [E::Code],
) -> Result<(), Error> {
    let rows = some_rows("x", x.len(), dim)?;
    encoder.check(dim)?;
    length("out", rows * encoder.codes(dim), out.len())?;
    Ok(dispatch_on(isa, EncodeRows { encoder, x, dim, out })?)
}

fn decode<D: Decode>(decoder: D, codes: &[D::Code], dim: usize) -> Result<Vec<f32>, Error> {
    crate::error::positive("dim", dim)?;
    let rows = some_rows("codes", codes.len(), decoder.codes(dim))?;
    let mut out = vec_of("out", 0.0, product("codes", &[rows, dim])?)?;
    decode_into(Isa::active()?, decoder, codes, dim, &mut out)?;
    Ok(out)
}

fn decode_into<D: Decode>(
    isa: Isa,
    decoder: D,
    codes: &[D::Code],
    dim: usize,
    out: &mut [f32],
) -> Result<(), Error> {
    crate::error::positive("dim", dim)?;
    let rows = some_rows("codes", codes.len(), decoder.codes(dim))?;
    decoder.check(dim)?;
    length("out", product("codes", &[rows, dim])?, out.len())?;
    Ok(dispatch_on(isa, DecodeRows { decoder, codes, dim, out })?)
}

/// For each kind of code: to it and back, each allocating, into a slice, and that on a named set.
macro_rules! codes {
    ($(
        $(#[$doc:meta])*
        $name:ident, $into:ident, $into_on:ident;
        $(#[$back_doc:meta])*
        $back:ident, $back_into:ident, $back_into_on:ident;
        ($($dim:ident)? $(, $ranges:ident)?) -> $code:ty = $coder:expr, $what:literal;
    )*) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        #[doc = concat!("If `x` is not whole rows, at least one, ", $what, "there is no memory.")]
        pub fn $name(x: &[f32] $(, $dim: usize)? $(, $ranges: &Ranges)?) -> Result<Vec<$code>, Error> {
            encode($coder, x, codes!(@dim x $($dim)?))
        }

        #[doc = concat!("As [`", stringify!($name), "`], into `out`. Allocates nothing.")]
        ///
        /// # Errors
        #[doc = concat!("As [`", stringify!($name), "`]; if `out` has another length. It is then as it was.")]
        pub fn $into(
            x: &[f32]
            $(, $dim: usize)?
            $(, $ranges: &Ranges)?,
            out: &mut [$code],
        ) -> Result<(), Error> {
            encode_into(Isa::active()?, $coder, x, codes!(@dim x $($dim)?), out)
        }

        #[doc = concat!("As [`", stringify!($into), "`], on a named instruction set.")]
        ///
        /// # Errors
        #[doc = concat!("As [`", stringify!($into), "`] and [`Isa::require`].")]
        pub fn $into_on(
            isa: Isa,
            x: &[f32]
            $(, $dim: usize)?
            $(, $ranges: &Ranges)?,
            out: &mut [$code],
        ) -> Result<(), Error> {
            encode_into(isa, $coder, x, codes!(@dim x $($dim)?), out)
        }

        $(#[$back_doc])*
        ///
        /// # Errors
        #[doc = concat!("As [`", stringify!($name), "`].")]
        pub fn $back(codes: &[$code] $(, $dim: usize)? $(, $ranges: &Ranges)?) -> Result<Vec<f32>, Error> {
            decode($coder, codes, codes!(@dim codes $($dim)?))
        }

        #[doc = concat!("As [`", stringify!($back), "`], into `out`. Allocates nothing.")]
        ///
        /// # Errors
        #[doc = concat!("As [`", stringify!($back), "`]; if `out` has another length. It is then as it was.")]
        pub fn $back_into(
            codes: &[$code]
            $(, $dim: usize)?
            $(, $ranges: &Ranges)?,
            out: &mut [f32],
        ) -> Result<(), Error> {
            decode_into(Isa::active()?, $coder, codes, codes!(@dim codes $($dim)?), out)
        }

        #[doc = concat!("As [`", stringify!($back_into), "`], on a named instruction set.")]
        ///
        /// # Errors
        #[doc = concat!("As [`", stringify!($back_into), "`] and [`Isa::require`].")]
        pub fn $back_into_on(
            isa: Isa,
            codes: &[$code]
            $(, $dim: usize)?
            $(, $ranges: &Ranges)?,
            out: &mut [f32],
        ) -> Result<(), Error> {
            decode_into(isa, $coder, codes, codes!(@dim codes $($dim)?), out)
        }
    )*};
    (@dim $values:ident $dim:ident) => { $dim };
    // One row of all values.
    (@dim $values:ident) => { $values.len().max(1) };
}

codes! {
    /// A code from 0 to 255 for each value: `clip(floor((x - min) / step), 0, 255)`, in `f32`, as sentence-transformers'
    /// `quantize_embeddings` computes it. NaN gets the code 0.
    ///
    /// - `x`: `[n, dim]`, row-major
    /// - `ranges`: of `dim` dimensions
    ///
    /// ```
    /// use kernels_pool::{Ranges, quantize_uint8};
    /// let ranges = Ranges::new(&[-1.0], &[254.0])?;
    /// assert_eq!(quantize_uint8(&[-7.0, -1.0, 0.9, 999.0], 1, &ranges)?, [0, 0, 1, 255]);
    /// # Ok::<(), kernels_pool::Error>(())
    /// ```
    quantize_uint8, quantize_uint8_into, quantize_uint8_into_on;
    /// The middle of what each code stands for, `(code + 0.5) * step + min`: within half a step of a value in its range, and a rounding of `f32`.
    dequantize_uint8, dequantize_uint8_into, dequantize_uint8_into_on;
    (dim, ranges) -> u8 = ToBytes::<u8>::new(ranges), "`ranges` are of another dimension, or ";

    /// As [`quantize_uint8`], less 128.
    ///
    /// ```
    /// use kernels_pool::{Ranges, quantize_int8};
    /// let ranges = Ranges::new(&[-1.0], &[254.0])?;
    /// assert_eq!(quantize_int8(&[-7.0, -1.0, 0.9, 999.0], 1, &ranges)?, [-128, -128, -127, 127]);
    /// # Ok::<(), kernels_pool::Error>(())
    /// ```
    quantize_int8, quantize_int8_into, quantize_int8_into_on;
    /// As [`dequantize_uint8`].
    dequantize_int8, dequantize_int8_into, dequantize_int8_into_on;
    (dim, ranges) -> i8 = ToBytes::<i8>::new(ranges), "`ranges` are of another dimension, or ";

    /// A bit for each value, 1 if it is positive: eight in a byte, the first one in the highest bit, as numpy's `packbits`
    /// and sentence-transformers' `quantize_embeddings` have it. The last byte of a row is filled with zeros.
    ///
    /// - `x`: `[n, dim]`, row-major
    ///
    /// Returns `[n, dim / 8]`, rounded up.
    ///
    /// ```
    /// let codes = kernels_pool::quantize_ubinary(&[1.0, -1.0, 0.0, 0.5, 0.1, -2.0, -3.0, f32::NAN, 9.0], 9)?;
    /// assert_eq!(codes, [0b1001_1000, 0b1000_0000]);
    /// # Ok::<(), kernels_pool::Error>(())
    /// ```
    quantize_ubinary, quantize_ubinary_into, quantize_ubinary_into_on;
    /// 1 for a bit that is set, and -1 for one that is not: `[n, dim]`.
    dequantize_ubinary, dequantize_ubinary_into, dequantize_ubinary_into_on;
    (dim) -> u8 = ToBits::<u8>::new(), "or ";

    /// As [`quantize_ubinary`], less 128.
    quantize_binary, quantize_binary_into, quantize_binary_into_on;
    /// As [`dequantize_ubinary`].
    dequantize_binary, dequantize_binary_into, dequantize_binary_into_on;
    (dim) -> i8 = ToBits::<i8>::new(), "or ";

    /// The nearest `f16` to each value, of two the even one; infinity beyond the largest.
    ///
    /// ```
    /// let halves = kernels_pool::quantize_f16(&[0.1, 1e6])?;
    /// assert_eq!([halves[0].to_f32(), halves[1].to_f32()], [0.099975586, f32::INFINITY]);
    /// # Ok::<(), kernels_pool::Error>(())
    /// ```
    quantize_f16, quantize_f16_into, quantize_f16_into_on;
    /// The same numbers in `f32`.
    dequantize_f16, dequantize_f16_into, dequantize_f16_into_on;
    () -> f16 = ToHalf::<f16>::new(), "or ";

    /// The nearest `bf16` to each value, of two the even one; infinity beyond the largest.
    quantize_bf16, quantize_bf16_into, quantize_bf16_into_on;
    /// The same numbers in `f32`.
    dequantize_bf16, dequantize_bf16_into, dequantize_bf16_into_on;
    () -> bf16 = ToHalf::<bf16>::new(), "or ";
}
