//! Fewer dimensions.

/// `W x + b` of each row of `x`, `[n, hidden]`, for weights `[k, hidden]` and a bias `[k]`: `[n, k]`.
#[must_use]
pub fn project<T: Copy + Into<f64>>(x: &[f32], weights: &[T], bias: Option<&[T]>, hidden: usize) -> Vec<f64> {
    let mut projected = Vec::new();
    for x in x.chunks_exact(hidden) {
        for (i, weights) in weights.chunks_exact(hidden).enumerate() {
            let dot: f64 = x.iter().zip(weights).map(|(&x, &w)| f64::from(x) * w.into()).sum();
            projected.push(dot + bias.map_or(0.0, |bias| bias[i].into()));
        }
    }
    projected
}

/// Principal components.
#[derive(Clone, Debug)]
pub struct Pca {
    /// Directions of length 1, that of the largest variance first: `[k, hidden]`.
    pub components: Vec<f64>,
    /// What the sample's mean has to be moved by to get to 0: `[k]`.
    pub bias: Vec<f64>,
    /// The variance along each: `[k]`.
    pub variances: Vec<f64>,
}

/// The principal components of a sample `[n, hidden]`. Of each the entry that is largest in size is positive.
#[must_use]
pub fn pca(sample: &[f32], hidden: usize, k: usize) -> Pca {
    let n = (sample.len() / hidden) as f64;
    let column = |i: usize| sample.iter().skip(i).step_by(hidden).map(|&x| f64::from(x));
    let mean: Vec<f64> = (0..hidden).map(|i| column(i).sum::<f64>() / n).collect();
    let covariance = |i: usize, j: usize| {
        column(i).zip(column(j)).map(|(a, b)| (a - mean[i]) * (b - mean[j])).sum::<f64>() / n
    };
    let matrix = (0..hidden).map(|i| (0..hidden).map(|j| covariance(i, j)).collect()).collect();

    let mut pairs = eigen(matrix);
    pairs.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let mut pca = Pca { components: Vec::new(), bias: Vec::new(), variances: Vec::new() };
    for (variance, mut component) in pairs.into_iter().take(k) {
        let largest = component.iter().fold(0.0, |max: f64, x| if x.abs() > max.abs() { *x } else { max });
        component.iter_mut().for_each(|x| *x *= largest.signum());
        pca.bias.push(-component.iter().zip(&mean).map(|(w, mean)| w * mean).sum::<f64>());
        pca.variances.push(variance);
        pca.components.extend(component);
    }
    pca
}

/// The eigenvalues of a symmetric matrix, each with its vector of length 1 (Jacobi, 1846): pairs of rows and columns are
/// turned until nothing is left beside the diagonal.
fn eigen(mut a: Vec<Vec<f64>>) -> Vec<(f64, Vec<f64>)> {
    let n = a.len();
    let mut vectors: Vec<Vec<f64>> =
        (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    // Each sweep about doubles the digits that are right: a dozen is more than enough.
    for _ in 0..12 {
        for p in 0..n {
            for q in p + 1..n {
                // The angle at which a[p][q] becomes 0.
                let angle = 0.5 * (2.0 * a[p][q]).atan2(a[q][q] - a[p][p]);
                let (sin, cos) = angle.sin_cos();
                turn(&mut a, p, q, sin, cos);
                for row in &mut a {
                    (row[p], row[q]) = (cos * row[p] - sin * row[q], sin * row[p] + cos * row[q]);
                }
                turn(&mut vectors, p, q, sin, cos);
            }
        }
    }
    (0..n).map(|i| a[i][i]).zip(vectors).collect()
}

fn turn(rows: &mut [Vec<f64>], p: usize, q: usize, sin: f64, cos: f64) {
    for i in 0..rows[p].len() {
        (rows[p][i], rows[q][i]) = (cos * rows[p][i] - sin * rows[q][i], sin * rows[p][i] + cos * rows[q][i]);
    }
}
