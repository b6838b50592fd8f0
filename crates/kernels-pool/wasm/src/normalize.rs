//! Vectors of length 1.

use crate::errors::{check_k, failure};
use kernels_pool::{l2_normalize_in_place as in_place, l2_normalize_into as into, truncate_into};
use kernels_wasm::{F32Buffer, Failure, Float32Array, Integer, Result, Rows, integer};
use wasm_bindgen::prelude::*;

/// Makes each row one of length 1: `x` is `[n, dim]`, row-major. Rows of zeros stay zeros.
///
/// The rows are written to `out` if it is given, and to a fresh array otherwise.
///
/// # Errors
/// If `dim` is no whole number from 1 on, `x` is no Float32Array, or not whole rows, at least one, or `out` has another
/// length or lies over `x`. `out` is then as it was.
#[wasm_bindgen(js_name = l2Normalize)]
pub fn l2_normalize(x: &Float32Array, dim: &Integer, out: Option<Float32Array>) -> Result<Float32Array> {
    let dim = integer("dim", dim)?;
    Rows::some("x", x, dim)?.change(out, &mut |rows| in_place(rows, dim).map_err(failure))
}

/// The first `k` dimensions of each row, made one of length 1 again: `x` is `[n, dim]`, the result is `[n, k]`.
///
/// # Errors
/// As `l2Normalize`; if `k` is not from 1 to `dim`.
#[wasm_bindgen]
pub fn truncate(
    x: &Float32Array,
    dim: &Integer,
    k: &Integer,
    out: Option<Float32Array>,
) -> Result<Float32Array> {
    let (dim, k) = (integer("dim", dim)?, integer("k", k)?);
    let rows = Rows::some("x", x, dim)?;
    check_k(k, dim)?;
    rows.map(k, out, &mut |rows, out| truncate_into(rows, dim, k, out).map_err(failure))
}

/// As `l2Normalize`, over buffers in the wasm memory: nothing is copied. `out` must be another buffer than `x`; for the
/// same one there is `l2NormalizeInPlace`.
///
/// # Errors
/// As `l2Normalize`.
#[wasm_bindgen(js_name = l2NormalizeInto)]
pub fn l2_normalize_into(x: &F32Buffer, dim: &Integer, out: &F32Buffer) -> Result<()> {
    let (dim, x) = (integer("dim", dim)?, x.input()?);
    let Ok(mut out) = out.output() else {
        return Err(Failure::range(
            "out",
            "another buffer than x (in place works l2NormalizeInPlace)",
            "the same",
        ));
    };
    into(&x, dim, &mut out).map_err(failure)
}

/// As `l2Normalize`, in a buffer in the wasm memory.
///
/// # Errors
/// As `l2Normalize`. `x` is then as it was.
#[wasm_bindgen(js_name = l2NormalizeInPlace)]
pub fn l2_normalize_in_place(x: &F32Buffer, dim: &Integer) -> Result<()> {
    let dim = integer("dim", dim)?;
    in_place(&mut x.output()?, dim).map_err(failure)
}
