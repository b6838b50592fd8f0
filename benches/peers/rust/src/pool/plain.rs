//! What one writes by hand: iterators, and the compiler's vectorisation.

use super::{Texts, Vectors};
use crate::kernel::Outcome;
use crate::plain::dot;
use crate::work::{each_row, filling};
use bench_contest::serve::Case;

pub(super) fn prepare(case: &Case) -> Outcome<'_> {
    let n = case.outputs();
    let rows = || Ok::<_, anyhow::Error>((case.f32("x")?, case.shape::<2>("x")?[1]));
    Ok(Some(match case.operation() {
        "mean_pool" => {
            let Texts { tokens, mask, shape: [_, seq, dim] } = Texts::of(case)?;
            filling(n, move |out| {
                let texts = tokens.chunks_exact(seq * dim).zip(mask.chunks_exact(seq));
                for ((tokens, mask), out) in texts.zip(out.chunks_exact_mut(dim)) {
                    mean(tokens, mask, out);
                    normalize(out);
                }
            })
        }
        "l2_normalize" => {
            let (x, dim) = rows()?;
            filling(n, move |out| {
                for (x, out) in x.chunks_exact(dim).zip(out.chunks_exact_mut(dim)) {
                    out.copy_from_slice(x);
                    normalize(out);
                }
            })
        }
        "quantize_int8" => {
            let Vectors { x, min, max } = Vectors::of(case)?;
            filling(n, move |out: &mut [i8]| {
                for (x, out) in x.chunks_exact(min.len()).zip(out.chunks_exact_mut(min.len())) {
                    for (((out, x), min), max) in out.iter_mut().zip(x).zip(min).zip(max) {
                        let level = ((x - min) / ((max - min) / 255.0)).floor().clamp(0.0, 255.0);
                        *out = (level - 128.0) as i8;
                    }
                }
            })
        }
        "quantize_ubinary" => {
            let (x, _) = rows()?;
            filling(n, move |out: &mut [u8]| {
                for (x, out) in x.chunks_exact(8).zip(out) {
                    *out = x.iter().fold(0, |byte, x| byte << 1 | u8::from(*x > 0.0));
                }
            })
        }
        "dot" => each_row(case.f32("query")?, case.f32("rows")?, dot)?,
        "cosine" => {
            let cosine = |a: &[f32], b: &[f32]| dot(a, b) / (dot(a, a) * dot(b, b)).sqrt();
            each_row(case.f32("query")?, case.f32("rows")?, cosine)?
        }
        "dot_int8" => each_row(case.i8("query")?, case.i8("rows")?, |a, b| {
            a.iter().zip(b).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum::<i32>()
        })?,
        "hamming" => each_row(case.u8("query")?, case.u8("rows")?, |a, b| {
            a.iter().zip(b).map(|(a, b)| (a ^ b).count_ones()).sum::<u32>()
        })?,
        _ => return Ok(None),
    }))
}

/// Skips padding.
fn mean(tokens: &[f32], mask: &[i64], out: &mut [f32]) {
    out.fill(0.0);
    let mut count = 0.0;
    for (token, mask) in tokens.chunks_exact(out.len()).zip(mask) {
        if *mask != 0 {
            count += 1.0;
            out.iter_mut().zip(token).for_each(|(out, x)| *out += x);
        }
    }
    out.iter_mut().for_each(|out| *out /= f32::max(count, 1e-9));
}

fn normalize(x: &mut [f32]) {
    let length = dot(x, x).sqrt().max(1e-12);
    x.iter_mut().for_each(|x| *x /= length);
}
