//! [ndarray](https://crates.io/crates/ndarray): arrays of any shape, whose products are matrixmultiply's, and of a matrix and a
//! vector its own.

use super::Product;
use crate::kernel::Outcome;
use crate::work::filling;
use bench_contest::serve::Case;
use ndarray::linalg::{general_mat_mul, general_mat_vec_mul};
use ndarray::{ArrayView1, ArrayView2, ArrayViewMut1, ArrayViewMut2};

pub(super) fn prepare(case: &Case) -> Outcome<'_> {
    let Some(Product { a, b, shape: [m, k, n] }) = Product::of(case)? else { return Ok(None) };
    let a = ArrayView2::from_shape((m, k), a)?;
    Ok(Some(if n == 1 {
        let x = ArrayView1::from(b);
        filling(m, move |out| general_mat_vec_mul(1.0, &a, &x, 0.0, &mut ArrayViewMut1::from(out)))
    } else {
        let b = ArrayView2::from_shape((k, n), b)?;
        filling(m * n, move |out| {
            let mut out = ArrayViewMut2::from_shape((m, n), out).expect("of that length");
            general_mat_mul(1.0, &a, &b, 0.0, &mut out);
        })
    }))
}
