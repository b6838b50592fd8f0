//! Matrix products.

use crate::buffers::{input, output};
use crate::errors::failure;
use kernels_nn::{Error, gemm_bt_into as bt_into, gemm_into as into, gemv_into as vector_into};
use kernels_wasm::{
    F32Buffer, Failure, Float32Array, Input, Integer, Output, Result, integer, positive, room,
};
use wasm_bindgen::prelude::*;

/// What multiplies slices: those of `a` and of `b`, `m`, `k`, `n`.
type Multiply = fn(&[f32], &[f32], [usize; 3], &mut [f32]) -> std::result::Result<(), Error>;

/// Which arguments are called how.
struct Product {
    multiply: Multiply,
    b: &'static str,
}

const GEMM: Product = Product { multiply: |a, b, [m, k, n], out| into(a, b, m, k, n, out), b: "b" };
const GEMM_BT: Product = Product { multiply: |a, b, [m, k, n], out| bt_into(a, b, m, k, n, out), b: "b" };
const GEMV: Product = Product { multiply: |a, x, [m, k, _], out| vector_into(a, x, m, k, out), b: "x" };

/// The product of two matrices: `out[i, j] = sum over l of a[i, l] b[l, j]`, of `a: [m, k]` and `b: [k, n]`, row-major.
///
/// The result, `[m, n]`, is written to `out` if it is given, and to a fresh array otherwise. Where the same matrix is
/// multiplied by again and again, `Linear` is faster. The matrices and the result are copied whole.
///
/// # Errors
/// If a size is no whole number from 1 on, `a` or `b` is no Float32Array, or has another length, or `out` has another length
/// or lies over one of them. `out` is then as it was.
#[wasm_bindgen]
pub fn gemm(
    a: &Float32Array,
    b: &Float32Array,
    m: &Integer,
    k: &Integer,
    n: &Integer,
    out: Option<Float32Array>,
) -> Result<Float32Array> {
    GEMM.of_arrays(a, b, sizes(m, k, Some(n))?, out)
}

/// The product of a matrix and the transpose of another: `a` is `[m, k]`, and `b` is `[n, k]`. As `gemm` in all else.
///
/// # Errors
/// As `gemm`.
#[wasm_bindgen(js_name = gemmBt)]
pub fn gemm_bt(
    a: &Float32Array,
    b: &Float32Array,
    m: &Integer,
    k: &Integer,
    n: &Integer,
    out: Option<Float32Array>,
) -> Result<Float32Array> {
    GEMM_BT.of_arrays(a, b, sizes(m, k, Some(n))?, out)
}

/// The product of a matrix and a vector: `a` is `[m, k]`, `x` is `[k]`, and the result is `[m]`. As `gemm` in all else.
///
/// # Errors
/// As `gemm`.
#[wasm_bindgen]
pub fn gemv(
    a: &Float32Array,
    x: &Float32Array,
    m: &Integer,
    k: &Integer,
    out: Option<Float32Array>,
) -> Result<Float32Array> {
    GEMV.of_arrays(a, x, sizes(m, k, None)?, out)
}

/// As `gemm`, over buffers in the wasm memory: nothing is copied. `out` must be another buffer than `a` and `b`.
///
/// # Errors
/// As `gemm`.
#[wasm_bindgen(js_name = gemmInto)]
pub fn gemm_into(
    a: &F32Buffer,
    b: &F32Buffer,
    m: &Integer,
    k: &Integer,
    n: &Integer,
    out: &F32Buffer,
) -> Result<()> {
    GEMM.of_buffers(a, b, sizes(m, k, Some(n))?, out)
}

/// As `gemmBt`, over buffers in the wasm memory: nothing is copied. `out` must be another buffer than `a` and `b`.
///
/// # Errors
/// As `gemm`.
#[wasm_bindgen(js_name = gemmBtInto)]
pub fn gemm_bt_into(
    a: &F32Buffer,
    b: &F32Buffer,
    m: &Integer,
    k: &Integer,
    n: &Integer,
    out: &F32Buffer,
) -> Result<()> {
    GEMM_BT.of_buffers(a, b, sizes(m, k, Some(n))?, out)
}

/// As `gemv`, over buffers in the wasm memory: nothing is copied. `out` must be another buffer than `a` and `x`.
///
/// # Errors
/// As `gemm`.
#[wasm_bindgen(js_name = gemvInto)]
pub fn gemv_into(a: &F32Buffer, x: &F32Buffer, m: &Integer, k: &Integer, out: &F32Buffer) -> Result<()> {
    GEMV.of_buffers(a, x, sizes(m, k, None)?, out)
}

/// `m`, `k` and `n`, which is 1 for a vector.
fn sizes(m: &Integer, k: &Integer, n: Option<&Integer>) -> Result<[usize; 3]> {
    let size = |what, size| positive(what, integer(what, size)?);
    Ok([size("m", m)?, size("k", k)?, n.map_or(Ok(1), |n| size("n", n))?])
}

impl Product {
    fn of_arrays(
        &self,
        a: &Float32Array,
        b: &Float32Array,
        [m, k, n]: [usize; 3],
        out: Option<Float32Array>,
    ) -> Result<Float32Array> {
        let (a, b) = (Input::<f32>::new("a", a)?, Input::<f32>::new(self.b, b)?);
        a.check_len(m as f64 * k as f64)?;
        b.check_len(k as f64 * n as f64)?;
        let len = m.checked_mul(n).ok_or_else(|| Failure::no_memory("out"))?;
        let out = Output::<f32>::new("out", out, len, &[("a", &a), (self.b, &b)])?;
        let (a, b, mut product) = (a.to_values()?, b.to_values()?, room("out", m, n)?);
        (self.multiply)(&a, &b, [m, k, n], &mut product).map_err(failure)?;
        out.write(0, &product)?;
        Ok(out.into_array())
    }

    fn of_buffers(&self, a: &F32Buffer, b: &F32Buffer, sizes: [usize; 3], out: &F32Buffer) -> Result<()> {
        let (a, b) = (input(a)?, input(b)?);
        let mut out = output(out, "the inputs")?;
        (self.multiply)(&a, &b, sizes, &mut out).map_err(failure)
    }
}
