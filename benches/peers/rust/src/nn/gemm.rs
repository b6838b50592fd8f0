//! [gemm](https://crates.io/crates/gemm): the products behind faer and candle.

use super::Peer;
use gemm::{Parallelism, gemm};

pub(super) struct Gemm;

impl Peer for Gemm {
    fn name(&self) -> &'static str {
        "gemm"
    }

    fn multiply(&self, a: &[f32], b: &[f32], [m, k, n]: [usize; 3], out: &mut [f32]) {
        assert!(a.len() == m * k && b.len() == k * n && out.len() == m * n);
        let row = |columns: usize| columns as isize;
        // SAFETY: the matrices have these shapes, row after row, as was just found. They are apart, since one of them is
        // borrowed mutably; what is written is not read.
        unsafe {
            gemm(
                m,
                n,
                k,
                out.as_mut_ptr(),
                1,
                row(n),
                false,
                a.as_ptr(),
                1,
                row(k),
                b.as_ptr(),
                1,
                row(n),
                0.0,
                1.0,
                false,
                false,
                false,
                Parallelism::None,
            );
        }
    }
}
