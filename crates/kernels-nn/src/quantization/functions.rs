//! Quantising with one scale for all values.

use super::integer::{QuantizedCode, QuantizedInteger};
use super::linear::LinearQuantizer;
use super::params::QuantizationParams;
use crate::error::{Error, zeros};

/// `clamp(round(x / scale) + zero_point)`, to the range of `T`: ONNX's
/// [`QuantizeLinear`](https://onnx.ai/onnx/operators/onnx__QuantizeLinear.html).
///
/// - `x`: as many values as you like, in any shape; the result has the same one
/// - `scale`: what the step from one code to the next stands for, finite and positive
/// - `zero_point`: the code of 0
///
/// The quotient is rounded to `f32`, and then to a whole number, half to even: the same codes on every instruction set.
/// Infinities get the last codes, and NaN the smallest. A value that is not clamped comes back from [`dequantize_linear`]
/// within `scale / 2`, and the rounding of the two. [`LinearQuantizer`] knows a scale for each place of an axis, or for blocks.
///
/// ```
/// assert_eq!(kernels_nn::quantize_linear(&[0.0, 1.0, 3.0, 1000.0, -1000.0], 2.0, 128_u8)?, [128, 128, 130, 255, 0]);
/// # Ok::<(), kernels_nn::Error>(())
/// ```
///
/// # Errors
/// If `x` is empty, `scale` is not a positive number, or there is no memory.
pub fn quantize_linear<T: QuantizedCode>(x: &[f32], scale: f32, zero_point: T) -> Result<Vec<T>, Error> {
    let mut out = zeros("out", x.len())?;
    quantize_linear_into(x, scale, zero_point, &mut out)?;
    Ok(out)
}

/// As [`quantize_linear`], into `out`, as long as `x`. Allocates nothing.
///
/// # Errors
/// As [`quantize_linear`]; if `out` has another length. It is then as it was.
pub fn quantize_linear_into<T: QuantizedCode>(
    x: &[f32],
    scale: f32,
    zero_point: T,
    out: &mut [T],
) -> Result<(), Error> {
    LinearQuantizer::per_tensor(&QuantizationParams { scale, zero_point })?.quantize_into(x, out)
}

/// `(code - zero_point) * scale`: ONNX's
/// [`DequantizeLinear`](https://onnx.ai/onnx/operators/onnx__DequantizeLinear.html).
///
/// - `codes`: as many as you like, in any shape; the result has the same one
/// - `scale`, `zero_point`: as of [`quantize_linear`]
///
/// The difference is exact but of `i32`, where it is rounded to `f32`, and the product is rounded once.
///
/// ```
/// assert_eq!(kernels_nn::dequantize_linear(&[0_u8, 128, 255], 2.0, 128)?, [-256.0, 0.0, 254.0]);
/// # Ok::<(), kernels_nn::Error>(())
/// ```
///
/// # Errors
/// If `codes` is empty, `scale` is not a positive number, or there is no memory.
pub fn dequantize_linear<T: QuantizedInteger>(
    codes: &[T],
    scale: f32,
    zero_point: T,
) -> Result<Vec<f32>, Error> {
    let mut out = zeros("out", codes.len())?;
    dequantize_linear_into(codes, scale, zero_point, &mut out)?;
    Ok(out)
}

/// As [`dequantize_linear`], into `out`, as long as `codes`. Allocates nothing.
///
/// # Errors
/// As [`dequantize_linear`]; if `out` has another length. It is then as it was.
pub fn dequantize_linear_into<T: QuantizedInteger>(
    codes: &[T],
    scale: f32,
    zero_point: T,
    out: &mut [f32],
) -> Result<(), Error> {
    LinearQuantizer::per_tensor(&QuantizationParams { scale, zero_point })?.dequantize_into(codes, out)
}
