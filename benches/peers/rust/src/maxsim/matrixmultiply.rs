//! [matrixmultiply](https://crates.io/crates/matrixmultiply): the products behind ndarray.

use super::{Input, Peer, Scorer, similarities};
use anyhow::Result;
use matrixmultiply::sgemm;

pub(super) struct MatrixMultiply;

impl Peer for MatrixMultiply {
    fn name(&self) -> &'static str {
        "matrixmultiply"
    }

    fn prepare<'a>(&self, input: &'a Input) -> Result<Scorer<'a>> {
        Ok(similarities::scorer(input, multiply))
    }
}

fn multiply(query: &[f32], document: &[f32], dim: usize, similarities: &mut [f32]) {
    let (m, n) = (document.len() / dim, query.len() / dim);
    assert_eq!(similarities.len(), m * n);
    let (row, column) = (dim as isize, 1);
    // SAFETY: `document` has m rows and `query` n rows of `dim`, `similarities` has m rows of n. They are apart, since
    // one of them is borrowed mutably; what is written is not read.
    unsafe {
        sgemm(
            m,
            dim,
            n,
            1.0,
            document.as_ptr(),
            row,
            column,
            query.as_ptr(),
            column,
            row,
            0.0,
            similarities.as_mut_ptr(),
            n as isize,
            1,
        );
    }
}
