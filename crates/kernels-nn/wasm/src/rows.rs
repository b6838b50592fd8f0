//! Softmax and norms.

use crate::buffers::{change, input, output_or};
use crate::errors::failure;
use kernels_nn::{Error, RowNorm, Softmax};
use kernels_wasm::{F32Buffer, Failure, Float32Array, Input, Integer, Output, Result, Rows, float, integer};
use wasm_bindgen::prelude::*;

/// For softmax and its logarithm: over typed arrays, over buffers, in place.
macro_rules! softmaxes {
    ($(
        $(#[$doc:meta])*
        $name:ident $js:literal, $into:ident $js_into:literal, $in_place:ident $js_in_place:literal: $softmax:path;
    )*) => {$(
        $(#[$doc])*
        ///
        /// The results are written to `out` if it is given, and to a fresh array otherwise: `[rows, dim]`.
        ///
        /// # Errors
        /// If `dim` is no whole number from 1 on, `x` is no Float32Array, or not whole rows, at least one, or `out` has another
        /// length or lies over `x`. `out` is then as it was.
        #[wasm_bindgen(js_name = $js)]
        pub fn $name(x: &Float32Array, dim: &Integer, out: Option<Float32Array>) -> Result<Float32Array> {
            let dim = integer("dim", dim)?;
            let rows = Rows::<f32>::some("x", x, dim)?;
            rows.change(out, &mut |rows| $softmax(dim).run_in_place(rows).map_err(failure))
        }

        #[doc = concat!("As `", $js, "`, over buffers in the wasm memory: nothing is copied. `out` must be another buffer than")]
        #[doc = concat!("`x`; for the same one there is `", $js_in_place, "`.")]
        ///
        /// # Errors
        #[doc = concat!("As `", $js, "`.")]
        #[wasm_bindgen(js_name = $js_into)]
        pub fn $into(x: &F32Buffer, dim: &Integer, out: &F32Buffer) -> Result<()> {
            let (dim, x) = (integer("dim", dim)?, input(x)?);
            $softmax(dim).run_into(&x, &mut output_or(out, $js_in_place)?).map_err(failure)
        }

        #[doc = concat!("As `", $js, "`, in a buffer in the wasm memory.")]
        ///
        /// # Errors
        #[doc = concat!("As `", $js, "`. `x` is then as it was.")]
        #[wasm_bindgen(js_name = $js_in_place)]
        pub fn $in_place(x: &F32Buffer, dim: &Integer) -> Result<()> {
            let dim = integer("dim", dim)?;
            $softmax(dim).run_in_place(&mut change(x, "an output")?).map_err(failure)
        }
    )*};
}

softmaxes! {
    /// `exp(x) / sum of exp(x)`, for each row of `x: [rows, dim]`.
    ///
    /// A row of negative infinities becomes zeros; NaN and positive infinity make their row NaN, and no other.
    softmax "softmax", softmax_into "softmaxInto", softmax_in_place "softmaxInPlace": Softmax::new;
    /// `x - ln(sum of exp(x))`, for each row of `x: [rows, dim]`: the logarithm of `softmax`.
    ///
    /// A row of negative infinities stays one; NaN and positive infinity make their row NaN, and no other.
    log_softmax "logSoftmax", log_softmax_into "logSoftmaxInto", log_softmax_in_place "logSoftmaxInPlace": Softmax::log;
}

/// `(x - mean) / sqrt(variance + eps) * weight + bias`, for each row of `x: [rows, dim]`; `weight` and `bias` are `[dim]`.
///
/// The rows are written to `out` if it is given, and to a fresh array otherwise. NaN and infinities stay in their row.
///
/// # Errors
/// If an array is no Float32Array, `weight` is empty, `bias` has another length, `x` is not whole rows, at least one, `eps` is no
/// finite number from 0 on, or `out` has another length or lies over `x`. `out` is then as it was.
#[wasm_bindgen(js_name = layerNorm)]
pub fn layer_norm(
    x: &Float32Array,
    weight: &Float32Array,
    bias: &Float32Array,
    eps: &Integer,
    out: Option<Float32Array>,
) -> Result<Float32Array> {
    let (eps, x) = (float("eps", eps)?, Input::new("x", x)?);
    let (weight, bias) = (Input::<f32>::new("weight", weight)?, Input::<f32>::new("bias", bias)?);
    let (rows, out) = rows(x, &weight, out)?;
    let (weight, bias) = (weight.to_values()?, bias.to_values()?);
    run(RowNorm::layer(&weight, &bias, eps), &rows, out)
}

/// `x / sqrt(mean of squares + eps) * weight`, for each row of `x: [rows, dim]`; `weight` is `[dim]`.
///
/// As `layerNorm` in all else.
///
/// # Errors
/// As `layerNorm`.
#[wasm_bindgen(js_name = rmsNorm)]
pub fn rms_norm(
    x: &Float32Array,
    weight: &Float32Array,
    eps: &Integer,
    out: Option<Float32Array>,
) -> Result<Float32Array> {
    let (eps, x, weight) = (float("eps", eps)?, Input::new("x", x)?, Input::<f32>::new("weight", weight)?);
    let (rows, out) = rows(x, &weight, out)?;
    let weight = weight.to_values()?;
    run(RowNorm::rms(&weight, eps), &rows, out)
}

/// The rows of `x`, as long as `weight`, and where they go. Windows on the wasm memory end when that grows, so all arrays are
/// looked at before one is copied.
fn rows(x: Input<f32>, weight: &Input<f32>, out: Option<Float32Array>) -> Result<(Rows<f32>, Output<f32>)> {
    if weight.is_empty() {
        return Err(Failure::none("weight"));
    }
    let rows = Rows::new("x", x, weight.len() as usize)?;
    if rows.count() == 0 {
        return Err(Failure::none("x"));
    }
    let out = rows.output(out)?;
    Ok((rows, out))
}

fn run(
    norm: std::result::Result<RowNorm<'_>, Error>,
    rows: &Rows<f32>,
    out: Output<f32>,
) -> Result<Float32Array> {
    let norm = norm.map_err(failure)?;
    rows.change_to(out, &mut |rows| norm.run_in_place(rows).map_err(failure))
}

/// As `layerNorm`, over buffers in the wasm memory: nothing is copied. `out` must be another buffer than the inputs; for `x`
/// there is `layerNormInPlace`.
///
/// # Errors
/// As `layerNorm`.
#[wasm_bindgen(js_name = layerNormInto)]
pub fn layer_norm_into(
    x: &F32Buffer,
    weight: &F32Buffer,
    bias: &F32Buffer,
    eps: &Integer,
    out: &F32Buffer,
) -> Result<()> {
    let eps = float("eps", eps)?;
    let (x, weight, bias) = (input(x)?, input(weight)?, input(bias)?);
    let mut out = output_or(out, "layerNormInPlace")?;
    RowNorm::layer(&weight, &bias, eps).and_then(|norm| norm.run_into(&x, &mut out)).map_err(failure)
}

/// As `layerNorm`, in a buffer in the wasm memory.
///
/// # Errors
/// As `layerNorm`. `x` is then as it was.
#[wasm_bindgen(js_name = layerNormInPlace)]
pub fn layer_norm_in_place(x: &F32Buffer, weight: &F32Buffer, bias: &F32Buffer, eps: &Integer) -> Result<()> {
    let eps = float("eps", eps)?;
    let (weight, bias) = (input(weight)?, input(bias)?);
    let mut x = change(x, "weight and bias")?;
    RowNorm::layer(&weight, &bias, eps).and_then(|norm| norm.run_in_place(&mut x)).map_err(failure)
}

/// As `rmsNorm`, over buffers in the wasm memory: nothing is copied. `out` must be another buffer than the inputs; for `x` there
/// is `rmsNormInPlace`.
///
/// # Errors
/// As `layerNorm`.
#[wasm_bindgen(js_name = rmsNormInto)]
pub fn rms_norm_into(x: &F32Buffer, weight: &F32Buffer, eps: &Integer, out: &F32Buffer) -> Result<()> {
    let eps = float("eps", eps)?;
    let (x, weight) = (input(x)?, input(weight)?);
    let mut out = output_or(out, "rmsNormInPlace")?;
    RowNorm::rms(&weight, eps).and_then(|norm| norm.run_into(&x, &mut out)).map_err(failure)
}

/// As `rmsNorm`, in a buffer in the wasm memory.
///
/// # Errors
/// As `layerNorm`. `x` is then as it was.
#[wasm_bindgen(js_name = rmsNormInPlace)]
pub fn rms_norm_in_place(x: &F32Buffer, weight: &F32Buffer, eps: &Integer) -> Result<()> {
    let (eps, weight) = (float("eps", eps)?, input(weight)?);
    let mut x = change(x, "weight")?;
    RowNorm::rms(&weight, eps).and_then(|norm| norm.run_in_place(&mut x)).map_err(failure)
}
