//! Ours: weights are packed once, but by the functions of one line.

use super::{Norm, Product};
use crate::kernel::{Form, Outcome};
use crate::work::{allocating, trying};
use anyhow::Result;
use bench_contest::serve::{Case, Prepared};
use kernels_nn::{
    Activation, AttentionShape, Gemm, PackedMatrix, RowNorm, ScaledDotProduct, Scratch, Softmax, attention,
    gemm, gemv, gemv_into_on, layer_norm, rms_norm, softmax,
};

pub(super) fn prepare(form: Form, case: &Case) -> Outcome<'_> {
    Ok(Some(match case.operation() {
        "gemm" | "gemv" => product(form, case)?,
        "relu" => activation(form, case, Activation::Relu)?,
        "exp" => activation(form, case, Activation::Exp)?,
        "tanh" => activation(form, case, Activation::Tanh)?,
        "sigmoid" => activation(form, case, Activation::Sigmoid)?,
        "gelu" => activation(form, case, Activation::Gelu)?,
        "gelu_tanh" => activation(form, case, Activation::GeluTanh)?,
        "softmax" => {
            let (x, [_, dim]) = (case.f32("x")?, case.shape("x")?);
            match form {
                Form::Allocating => allocating(move || softmax(x, dim))?,
                Form::Into | Form::Scalar => {
                    let softmax = Softmax::new(dim).on(form.isa()?);
                    trying(x.len(), move |out| softmax.run_into(x, out))?
                }
            }
        }
        "layer_norm" | "rms_norm" => norm(form, case)?,
        "attention" => attend(form, case)?,
        _ => return Ok(None),
    }))
}

fn product(form: Form, case: &Case) -> Result<Prepared<'_>> {
    let Some(Product { a, b, shape: [m, k, n] }) = Product::of(case)? else {
        unreachable!("it is a product")
    };
    match (form, n) {
        (Form::Allocating, 1) => allocating(move || gemv(a, b, m, k)),
        (Form::Allocating, _) => allocating(move || gemm(a, b, m, k, n)),
        (Form::Into | Form::Scalar, 1) => {
            let isa = form.isa()?;
            trying(m, move |out| gemv_into_on(isa, a, b, m, k, out))
        }
        (Form::Into | Form::Scalar, _) => {
            let packed = PackedMatrix::new_on(form.isa()?, b, k, n)?;
            let work = trying(m * n, move |out| Gemm::new(&packed).run_into(a, m, out))?;
            Ok(Prepared { note: Some("b is packed before".to_owned()), ..work })
        }
    }
}

fn activation(form: Form, case: &Case, activation: Activation) -> Result<Prepared<'_>> {
    let (x, isa) = (case.f32("x")?, form.isa()?);
    match form {
        Form::Allocating => allocating(move || activation.apply(x)),
        Form::Into | Form::Scalar => trying(x.len(), move |out| activation.apply_into_on(isa, x, out)),
    }
}

fn norm(form: Form, case: &Case) -> Result<Prepared<'_>> {
    let (x, Norm { weight, bias, eps }) = (case.f32("x")?, Norm::of(case)?);
    match (form, bias) {
        (Form::Allocating, Some(bias)) => allocating(move || layer_norm(x, weight, bias, eps)),
        (Form::Allocating, None) => allocating(move || rms_norm(x, weight, eps)),
        (Form::Into | Form::Scalar, _) => {
            let norm = match bias {
                Some(bias) => RowNorm::layer(weight, bias, eps)?,
                None => RowNorm::rms(weight, eps)?,
            };
            let norm = norm.on(form.isa()?);
            trying(x.len(), move |out| norm.run_into(x, out))
        }
    }
}

fn attend(form: Form, case: &Case) -> Result<Prepared<'_>> {
    let (q, k, v) = (case.f32("q")?, case.f32("k")?, case.f32("v")?);
    let [heads, len, head_dim] = case.shape("q")?;
    let shape = AttentionShape { batch: 1, heads, kv_heads: heads, q_len: len, kv_len: len, head_dim };
    match form {
        Form::Allocating => allocating(move || attention(q, k, v, shape, false)),
        Form::Into | Form::Scalar => {
            let attention = ScaledDotProduct::new(shape)?.on(form.isa()?);
            let mut scratch = Scratch::with_limit(attention.scratch_bytes());
            trying(q.len(), move |out| attention.run_into(q, k, v, out, &mut scratch))
        }
    }
}
