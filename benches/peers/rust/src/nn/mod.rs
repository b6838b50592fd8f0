//! Layers of a transformer.

#[cfg(feature = "candle")]
mod candle;
#[cfg(feature = "ndarray")]
mod ndarray;
mod ours;
mod plain;

use crate::kernel::{Kernel, Outcome};
use crate::products::{self, Multiply, Right};
use crate::work::filling;
use anyhow::{Result, ensure};
use bench_contest::serve::Case;

pub(crate) const KERNEL: Kernel = Kernel {
    ours: ours::prepare,
    peers: &[
        ("plain loop", plain::prepare),
        #[cfg(feature = "gemm")]
        ("gemm", |case| product(case, products::by_gemm)),
        #[cfg(feature = "matrixmultiply")]
        ("matrixmultiply", |case| product(case, products::by_matrixmultiply)),
        #[cfg(feature = "ndarray")]
        ("ndarray", ndarray::prepare),
        #[cfg(feature = "candle")]
        ("candle", candle::prepare),
    ],
};

/// The product of `a: [m, k]` and `b: [k, n]`, row-major.
struct Product<'a> {
    a: &'a [f32],
    b: &'a [f32],
    shape: [usize; 3],
}

impl<'a> Product<'a> {
    /// That of `gemm`, or of `gemv`, where `b` has one column. None if the case is no product.
    fn of(case: &'a Case) -> Result<Option<Self>> {
        let (b, [rows, n]) = match case.operation() {
            "gemm" => (case.f32("b")?, case.shape("b")?),
            "gemv" => (case.f32("x")?, [case.shape::<1>("x")?[0], 1]),
            _ => return Ok(None),
        };
        let [m, k] = case.shape("a")?;
        ensure!(k == rows, "a matrix of {k} columns, and one of {rows} rows");
        Ok(Some(Self { a: case.f32("a")?, b, shape: [m, k, n] }))
    }
}

/// Work of those who have products only. The weights are not packed: they do that in each call.
fn product(case: &Case, multiply: Multiply) -> Outcome<'_> {
    let Some(Product { a, b, shape }) = Product::of(case)? else { return Ok(None) };
    Ok(Some(filling(case.outputs(), move |out| multiply(a, Right::Rows(b), shape, out))))
}

/// What the norms take beside the values.
struct Norm<'a> {
    weight: &'a [f32],
    /// That of layer norm.
    bias: Option<&'a [f32]>,
    eps: f32,
}

impl<'a> Norm<'a> {
    fn of(case: &'a Case) -> Result<Self> {
        let bias = (case.operation() == "layer_norm").then(|| case.f32("bias")).transpose()?;
        Ok(Self { weight: case.f32("weight")?, bias, eps: case.parameter("eps")? as f32 })
    }
}
