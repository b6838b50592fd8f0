//! [gemm](https://crates.io/crates/gemm): the products behind faer and candle.

use super::{Input, Peer, Scorer, similarities};
use anyhow::Result;
use gemm::{Parallelism, gemm};

pub(super) struct Gemm;

impl Peer for Gemm {
    fn name(&self) -> &'static str {
        "gemm"
    }

    fn prepare<'a>(&self, input: &'a Input) -> Result<Scorer<'a>> {
        Ok(similarities::scorer(input, multiply))
    }
}

fn multiply(query: &[f32], document: &[f32], dim: usize, similarities: &mut [f32]) {
    let (m, n) = (document.len() / dim, query.len() / dim);
    assert_eq!(similarities.len(), m * n);
    // SAFETY: `document` has m rows and `query` n rows of `dim`, `similarities` has m rows of n. They are apart, since
    // one of them is borrowed mutably; what is written is not read.
    unsafe {
        gemm(
            m,
            n,
            dim,
            similarities.as_mut_ptr(),
            1,
            n as isize,
            false,
            document.as_ptr(),
            1,
            dim as isize,
            query.as_ptr(),
            dim as isize,
            1,
            0.0,
            1.0,
            false,
            false,
            false,
            Parallelism::None,
        );
    }
}
