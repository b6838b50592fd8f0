//! [matrixmultiply](https://crates.io/crates/matrixmultiply): the products behind ndarray.

use super::Peer;
use matrixmultiply::sgemm;

pub(super) struct MatrixMultiply;

impl Peer for MatrixMultiply {
    fn name(&self) -> &'static str {
        "matrixmultiply"
    }

    fn multiply(&self, a: &[f32], b: &[f32], [m, k, n]: [usize; 3], out: &mut [f32]) {
        assert!(a.len() == m * k && b.len() == k * n && out.len() == m * n);
        let row = |columns: usize| columns as isize;
        // SAFETY: the matrices have these shapes, row after row, as was just found. They are apart, since one of them is
        // borrowed mutably; what is written is not read.
        unsafe {
            sgemm(
                m,
                k,
                n,
                1.0,
                a.as_ptr(),
                row(k),
                1,
                b.as_ptr(),
                row(n),
                1,
                0.0,
                out.as_mut_ptr(),
                row(n),
                1,
            );
        }
    }
}
