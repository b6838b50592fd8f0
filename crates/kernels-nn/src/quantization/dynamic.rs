//! Quantising by the range of the values themselves.

use super::{QuantizationParams, extent, linear::LinearQuantizer};
use crate::error::{Error, length, positive, zeros};
use simd_core::Isa;

/// [`quantize_linear`](crate::quantize_linear) to `u8` by the range of `x` itself, widened to include 0: ONNX's
/// [`DynamicQuantizeLinear`](https://onnx.ai/onnx/operators/onnx__DynamicQuantizeLinear.html).
///
/// - `x`: as many values as you like, in any shape; the codes have the same one
///
/// Returns the codes, and what they stand for: [`QuantizationParams::affine`] of the least and the largest value. The same on
/// every instruction set.
///
/// ```
/// let (codes, params) = kernels_nn::dynamic_quantize_linear(&[-1.0, 0.0, 4.1])?;
/// assert_eq!(codes, [0, 50, 255]);
/// assert_eq!((params.scale, params.zero_point), (0.02, 50));
/// # Ok::<(), kernels_nn::Error>(())
/// ```
///
/// # Errors
/// If `x` is empty, a value is not finite, or there is no memory.
pub fn dynamic_quantize_linear(x: &[f32]) -> Result<(Vec<u8>, QuantizationParams<u8>), Error> {
    let mut out = zeros("out", x.len())?;
    let params = dynamic_quantize_linear_into(x, &mut out)?;
    Ok((out, params))
}

/// As [`dynamic_quantize_linear`], into `out`, as long as `x`. Allocates nothing.
///
/// # Errors
/// As [`dynamic_quantize_linear`]; if `out` has another length. It is then as it was.
pub fn dynamic_quantize_linear_into(x: &[f32], out: &mut [u8]) -> Result<QuantizationParams<u8>, Error> {
    dynamic_quantize_linear_into_on(Isa::active()?, x, out)
}

/// As [`dynamic_quantize_linear_into`], on a named instruction set.
///
/// # Errors
/// As [`dynamic_quantize_linear_into`]; as [`Isa::require`].
pub fn dynamic_quantize_linear_into_on(
    isa: Isa,
    x: &[f32],
    out: &mut [u8],
) -> Result<QuantizationParams<u8>, Error> {
    positive(&[("x", x.len())])?;
    length("out", x.len(), out.len())?;
    let [min, max] = extent(isa, x)?;
    let params = QuantizationParams::affine(min, max)?;
    LinearQuantizer::per_tensor(&params)?.on(isa).quantize_into(x, out)?;
    Ok(params)
}
