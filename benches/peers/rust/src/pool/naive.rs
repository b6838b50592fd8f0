//! What one writes by hand: plain loops, and the compiler's vectorisation.

use super::input::{DIM, Input};
use super::work::{Work, each_row, filling};
use super::{Job, Peer};
use std::hint::black_box;

pub(super) struct Naive;

impl Peer for Naive {
    fn name(&self) -> &'static str {
        "naive"
    }

    fn prepare<'a>(&self, job: Job, input: &'a Input) -> Option<Box<dyn Work + 'a>> {
        let Input { tokens, mask, batch, seq, query, rows, query_codes, codes, query_bits, bits } = input;
        Some(match job {
            Job::MeanPool => filling(batch * DIM, move |out| {
                let texts = black_box(tokens).chunks_exact(seq * DIM).zip(black_box(mask).chunks_exact(*seq));
                for ((tokens, mask), out) in texts.zip(out.chunks_exact_mut(DIM)) {
                    mean(tokens, mask, out);
                    normalize(out);
                }
            }),
            Job::Dot => each_row(query, rows, dot),
            Job::Cosine => each_row(query, rows, |a, b| dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()),
            Job::DotInt8 => each_row(query_codes, codes, |a, b| {
                a.iter().zip(b).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum::<i32>()
            }),
            Job::Hamming => each_row(query_bits, bits, |a, b| {
                a.iter().zip(b).map(|(a, b)| (a ^ b).count_ones()).sum::<u32>()
            }),
        })
    }
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Skips padding.
fn mean(tokens: &[f32], mask: &[i64], out: &mut [f32]) {
    out.fill(0.0);
    let mut count = 0.0;
    for (token, mask) in tokens.chunks_exact(DIM).zip(mask) {
        if *mask != 0 {
            count += 1.0;
            for (out, x) in out.iter_mut().zip(token) {
                *out += x;
            }
        }
    }
    out.iter_mut().for_each(|out| *out /= f32::max(count, 1e-9));
}

fn normalize(x: &mut [f32]) {
    let length = dot(x, x).sqrt().max(1e-12);
    x.iter_mut().for_each(|x| *x /= length);
}
