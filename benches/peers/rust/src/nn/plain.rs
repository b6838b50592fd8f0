//! What one writes by hand: iterators, and the compiler's vectorisation.

use super::{Norm, Product};
use crate::kernel::Outcome;
use crate::plain::dot;
use crate::work::filling;
use anyhow::Result;
use bench_contest::serve::{Case, Prepared};
use std::f32::consts::{FRAC_1_SQRT_2, FRAC_2_PI};

pub(super) fn prepare(case: &Case) -> Outcome<'_> {
    Ok(Some(match case.operation() {
        "gemm" | "gemv" => {
            let Some(Product { a, b, shape }) = Product::of(case)? else { return Ok(None) };
            filling(case.outputs(), move |out| multiply(a, b, shape, out))
        }
        "relu" => elementwise(case, |x| x.max(0.0))?,
        "exp" => elementwise(case, f32::exp)?,
        "tanh" => elementwise(case, f32::tanh)?,
        "sigmoid" => elementwise(case, |x| 1.0 / (1.0 + (-x).exp()))?,
        "gelu" => elementwise(case, |x| 0.5 * x * (1.0 + libm::erff(x * FRAC_1_SQRT_2)))?,
        "gelu_tanh" => {
            elementwise(case, |x| 0.5 * x * (1.0 + (FRAC_2_PI.sqrt() * (x + 0.044_715 * x * x * x)).tanh()))?
        }
        "softmax" => each_row(case, softmax)?,
        "layer_norm" | "rms_norm" => {
            let Norm { weight, bias, eps } = Norm::of(case)?;
            match bias {
                Some(bias) => each_row(case, move |x, out| layer_norm(x, weight, bias, eps, out))?,
                None => each_row(case, move |x, out| rms_norm(x, weight, eps, out))?,
            }
        }
        "attention" => attention(case)?,
        _ => return Ok(None),
    }))
}

/// Row by row of `b`, whose values lie side by side; of one column, that is the product of each row and it.
fn multiply(a: &[f32], b: &[f32], [_, k, n]: [usize; 3], out: &mut [f32]) {
    if n == 1 {
        out.iter_mut().zip(a.chunks_exact(k)).for_each(|(out, row)| *out = dot(row, b));
        return;
    }
    for (a, out) in a.chunks_exact(k).zip(out.chunks_exact_mut(n)) {
        weighted_sum(a, b, out);
    }
}

/// The rows of `b`, each times its weight.
fn weighted_sum(weights: &[f32], b: &[f32], out: &mut [f32]) {
    out.fill(0.0);
    for (weight, row) in weights.iter().zip(b.chunks_exact(out.len())) {
        out.iter_mut().zip(row).for_each(|(out, x)| *out += weight * x);
    }
}

fn elementwise<'a>(case: &'a Case, of: impl Fn(f32) -> f32 + 'a) -> Result<Prepared<'a>> {
    let x = case.f32("x")?;
    Ok(filling(x.len(), move |out| out.iter_mut().zip(x).for_each(|(out, x)| *out = of(*x))))
}

fn each_row<'a>(case: &'a Case, of: impl Fn(&[f32], &mut [f32]) + 'a) -> Result<Prepared<'a>> {
    let (x, [_, dim]) = (case.f32("x")?, case.shape("x")?);
    Ok(filling(x.len(), move |out| {
        out.chunks_exact_mut(dim).zip(x.chunks_exact(dim)).for_each(|(out, x)| of(x, out));
    }))
}

fn softmax(x: &[f32], out: &mut [f32]) {
    let largest = x.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    out.iter_mut().zip(x).for_each(|(out, x)| *out = (x - largest).exp());
    let sum: f32 = out.iter().sum();
    out.iter_mut().for_each(|out| *out /= sum);
}

fn layer_norm(x: &[f32], weight: &[f32], bias: &[f32], eps: f32, out: &mut [f32]) {
    let n = x.len() as f32;
    let mean = x.iter().sum::<f32>() / n;
    let variance = x.iter().map(|x| (x - mean) * (x - mean)).sum::<f32>() / n;
    let scale = 1.0 / (variance + eps).sqrt();
    for (((out, x), weight), bias) in out.iter_mut().zip(x).zip(weight).zip(bias) {
        *out = (x - mean) * scale * weight + bias;
    }
}

fn rms_norm(x: &[f32], weight: &[f32], eps: f32, out: &mut [f32]) {
    let scale = 1.0 / (dot(x, x) / x.len() as f32 + eps).sqrt();
    out.iter_mut().zip(x).zip(weight).for_each(|((out, x), weight)| *out = x * scale * weight);
}

fn attention(case: &Case) -> Result<Prepared<'_>> {
    let (q, k, v) = (case.f32("q")?, case.f32("k")?, case.f32("v")?);
    let [_, len, dim] = case.shape("q")?;
    let scale = 1.0 / (dim as f32).sqrt();
    let (mut scores, mut weights) = (vec![0.0; len], vec![0.0; len]);
    Ok(filling(q.len(), move |out| {
        let [q, k, v] = [q, k, v].map(|x| x.chunks_exact(len * dim));
        for (((q, k), v), out) in q.zip(k).zip(v).zip(out.chunks_exact_mut(len * dim)) {
            for (query, out) in q.chunks_exact(dim).zip(out.chunks_exact_mut(dim)) {
                scores.iter_mut().zip(k.chunks_exact(dim)).for_each(|(s, key)| *s = scale * dot(query, key));
                softmax(&scores, &mut weights);
                weighted_sum(&weights, v, out);
            }
        }
    }))
}
