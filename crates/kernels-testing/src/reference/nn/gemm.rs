//! Matrix products.

/// `sum over l of a[i, l] b[l, j]`, of `a: [m, k]` and `b: [k, n]`.
#[must_use]
pub fn gemm(a: &[f32], b: &[f32], m: usize, k: usize, n: usize) -> Vec<f64> {
    let mut out = vec![0.0; m * n];
    for i in 0..m {
        for l in 0..k {
            for j in 0..n {
                out[i * n + j] += f64::from(a[i * k + l]) * f64::from(b[l * n + j]);
            }
        }
    }
    out
}

/// `sum over l of abs(a[i, l] b[l, j])`: what the error of each value is measured by.
#[must_use]
pub fn gemm_of_sizes(a: &[f32], b: &[f32], m: usize, k: usize, n: usize) -> Vec<f64> {
    let sizes = |values: &[f32]| values.iter().map(|x| x.abs()).collect::<Vec<_>>();
    gemm(&sizes(a), &sizes(b), m, k, n)
}

/// The transpose of `x: [rows, columns]`.
#[must_use]
pub fn transpose<T: Copy>(x: &[T], rows: usize, columns: usize) -> Vec<T> {
    (0..rows * columns).map(|i| x[i % rows * columns + i / rows]).collect()
}
