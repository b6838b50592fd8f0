//! [candle](https://crates.io/crates/candle-core): tensors, and with candle-nn the layers of networks. Each result is a tensor of
//! its own; the inputs are tensors once. Its products are gemm's.
//!
//! GELU by the error function is its `gelu_erf`, and by tanh its `gelu`. Attention is two products and a softmax, as in its models.

use super::{Norm, Product};
use crate::kernel::Outcome;
use crate::work::making;
use anyhow::Result;
use bench_contest::serve::{Case, Prepared};
use candle_core::{Device, Tensor};
use candle_nn::ops::{layer_norm, rms_norm, sigmoid, softmax_last_dim};
use rayon::{ThreadPool, ThreadPoolBuilder};

pub(super) fn prepare(case: &Case) -> Outcome<'_> {
    Ok(Some(match case.operation() {
        "gemm" | "gemv" => {
            let Some(Product { a, b, shape: [m, k, n] }) = Product::of(case)? else { return Ok(None) };
            let (a, b) = (tensor(a, &[m, k])?, tensor(b, &[k, n])?);
            one_thread(move || a.matmul(&b))?
        }
        "relu" => of_rows(case, Tensor::relu)?,
        "exp" => of_rows(case, Tensor::exp)?,
        "tanh" => of_rows(case, Tensor::tanh)?,
        "sigmoid" => of_rows(case, sigmoid)?,
        "gelu" => of_rows(case, Tensor::gelu_erf)?,
        "gelu_tanh" => of_rows(case, Tensor::gelu)?,
        "softmax" => of_rows(case, softmax_last_dim)?,
        "layer_norm" | "rms_norm" => {
            let Norm { weight, bias, eps } = Norm::of(case)?;
            let of_row = |values: &[f32]| tensor(values, &[values.len()]);
            let (weight, bias) = (of_row(weight)?, bias.map(of_row).transpose()?);
            of_rows(case, move |x| match &bias {
                Some(bias) => layer_norm(x, &weight, bias, eps),
                None => rms_norm(x, &weight, eps),
            })?
        }
        "attention" => {
            let shape = case.shape::<3>("q")?;
            let [q, k, v] = [case.f32("q")?, case.f32("k")?, case.f32("v")?];
            let (q, k, v) = (tensor(q, &shape)?, tensor(k, &shape)?.t()?, tensor(v, &shape)?);
            let scale = 1.0 / (shape[2] as f64).sqrt();
            one_thread(move || softmax_last_dim(&(q.matmul(&k)? * scale)?)?.matmul(&v))?
        }
        _ => return Ok(None),
    }))
}

fn tensor(values: &[f32], shape: &[usize]) -> candle_core::Result<Tensor> {
    Tensor::from_slice(values, shape, &Device::Cpu)
}

fn of_rows<'a>(
    case: &'a Case,
    of: impl Fn(&Tensor) -> candle_core::Result<Tensor> + 'a,
) -> Result<Prepared<'a>> {
    let x = tensor(case.f32("x")?, &case.shape::<2>("x")?)?;
    one_thread(move || of(&x))
}

/// Work in the thread that this is called in, which is all that rayon finds there. Into how many parts it divides products, candle
/// asks `RAYON_NUM_THREADS`, which is 1 in a comparison.
fn one_thread<'a>(make: impl Fn() -> candle_core::Result<Tensor> + 'a) -> Result<Prepared<'a>> {
    let pool = ThreadPoolBuilder::new().num_threads(1).use_current_thread().build()?;
    let numbers = |tensor: &Tensor| {
        let values = tensor.flatten_all().and_then(|flat| flat.to_vec1::<f32>());
        values.map(|values| values.into_iter().map(f64::from).collect()).unwrap_or_default()
    };
    making(move || in_pool(&pool, &make), numbers)
}

/// The pool lasts as long as what needs it.
fn in_pool<T>(_: &ThreadPool, make: impl Fn() -> T) -> T {
    make()
}
