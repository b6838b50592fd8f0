//! From floats to codes of fewer bits, and back.

use crate::errors::failure;
use crate::ranges::Ranges;
use kernels_pool as kp;
use kernels_wasm::{Float32Array, Int8Array, Integer, Result, Rows, Uint8Array, integer};
use wasm_bindgen::prelude::*;

/// For each kind of bytes: to it and back.
macro_rules! bytes {
    ($($(#[$doc:meta])* $name:ident $js:literal, $into:ident, $back:ident $js_back:literal, $back_into:ident: $array:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// The codes are written to `out` if it is given, and to a fresh array otherwise.
        ///
        /// # Errors
        /// If `dim` is no whole number from 1 on, `x` is no Float32Array, or not whole rows, at least one, `ranges` are of
        /// another dimension, or `out` has another length or lies over `x`. `out` is then as it was.
        #[wasm_bindgen(js_name = $js)]
        pub fn $name(x: &Float32Array, dim: &Integer, ranges: &Ranges, out: Option<$array>) -> Result<$array> {
            let dim = integer("dim", dim)?;
            Rows::some("x", x, dim)?.map(dim, out, &mut |x, out| kp::$into(x, dim, ranges.get(), out).map_err(failure))
        }

        /// The middle of what each code stands for: within half a step of a value in its range.
        ///
        /// # Errors
        #[doc = concat!("As `", $js, "`.")]
        #[wasm_bindgen(js_name = $js_back)]
        pub fn $back(codes: &$array, dim: &Integer, ranges: &Ranges, out: Option<Float32Array>) -> Result<Float32Array> {
            let dim = integer("dim", dim)?;
            Rows::some("codes", codes, dim)?.map(dim, out, &mut |x, out| kp::$back_into(x, dim, ranges.get(), out).map_err(failure))
        }
    )*};
}

bytes! {
    /// A code from 0 to 255 for each value: `x` is `[n, dim]`, row-major. NaN gets the code 0.
    quantize_uint8 "quantizeUint8", quantize_uint8_into, dequantize_uint8 "dequantizeUint8", dequantize_uint8_into:
    Uint8Array;
    /// As `quantizeUint8`, less 128.
    quantize_int8 "quantizeInt8", quantize_int8_into, dequantize_int8 "dequantizeInt8", dequantize_int8_into: Int8Array;
}

/// The same for bits.
macro_rules! bits {
    ($($(#[$doc:meta])* $name:ident $js:literal, $into:ident, $back:ident $js_back:literal, $back_into:ident: $array:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        /// If `dim` is no whole number from 1 on, `x` is no Float32Array, or not whole rows, at least one, or `out` has
        /// another length or lies over `x`. `out` is then as it was.
        #[wasm_bindgen(js_name = $js)]
        pub fn $name(x: &Float32Array, dim: &Integer, out: Option<$array>) -> Result<$array> {
            let dim = integer("dim", dim)?;
            Rows::some("x", x, dim)?.map(dim.div_ceil(8), out, &mut |x, out| kp::$into(x, dim, out).map_err(failure))
        }

        /// 1 for a bit that is set, and -1 for one that is not: `[n, dim]`.
        ///
        /// # Errors
        #[doc = concat!("As `", $js, "`.")]
        #[wasm_bindgen(js_name = $js_back)]
        pub fn $back(codes: &$array, dim: &Integer, out: Option<Float32Array>) -> Result<Float32Array> {
            let dim = integer("dim", dim)?;
            let rows = Rows::some("codes", codes, dim.div_ceil(8))?;
            rows.map(dim, out, &mut |codes, out| kp::$back_into(codes, dim, out).map_err(failure))
        }
    )*};
}

bits! {
    /// A bit for each value, 1 if it is positive: eight in a byte, the first one in the highest bit, as numpy's
    /// `packbits` and sentence-transformers' `quantize_embeddings` have it. The last byte of a row is filled with zeros.
    /// `x` is `[n, dim]`, the result is `[n, dim / 8]`, rounded up.
    quantize_ubinary "quantizeUbinary", quantize_ubinary_into, dequantize_ubinary "dequantizeUbinary",
    dequantize_ubinary_into: Uint8Array;
    /// As `quantizeUbinary`, less 128.
    quantize_binary "quantizeBinary", quantize_binary_into, dequantize_binary "dequantizeBinary", dequantize_binary_into:
    Int8Array;
}
