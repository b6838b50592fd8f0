//! Eigenvectors of a symmetric matrix: Householder's reduction to a tridiagonal one, and the implicit symmetric QR
//! algorithm with Wilkinson's shift (Golub and Van Loan, "Matrix Computations", 4th edition, 8.3).

use crate::error::{Error, vec_of};
use simd_core::Best;

/// Steps of the QR algorithm for each eigenvalue, after which it is given up. About two are usual.
const MOST_STEPS: usize = 60;

/// All eigenvalues, and what makes their vectors.
pub(super) struct Eigen {
    n: usize,
    /// Row `l`, up to its diagonal: the vector of the reflection that freed the row of all but one value beside the
    /// diagonal.
    reflectors: Vec<f64>,
    /// The factor of each reflection `1 - factor v v^T`.
    factors: Vec<f64>,
    /// The eigenvectors of the tridiagonal matrix, as rows.
    vectors: Vec<f64>,
    /// Which vector belongs to the largest eigenvalue, to the second largest, and so on.
    order: Vec<usize>,
}

impl Eigen {
    /// Of `matrix: [n, n]`, finite, whose values on and below the diagonal count.
    pub(super) fn new(mut matrix: Vec<f64>, n: usize) -> Result<Self, Error> {
        scale(&mut matrix, n);
        let (mut diagonal, mut beside) = (vec_of("diagonal", 0.0, n)?, vec_of("diagonal", 0.0, n)?);
        let mut factors = vec_of("reflections", 0.0, n)?;
        let mut work = vec_of("reflections", 0.0, n)?;
        tridiagonalize(&mut matrix, &mut diagonal, &mut beside, &mut factors, &mut work);
        let mut vectors = vec_of("eigenvectors", 0.0, matrix.len())?;
        vectors.iter_mut().step_by(n + 1).for_each(|x| *x = 1.0);
        diagonalize(&mut diagonal, &mut beside, &mut vectors)?;
        let mut order = vec_of("eigenvectors", 0, n)?;
        // Equal ones in any order that is the same every time.
        let larger_first = |a: &usize, b: &usize| diagonal[*b].total_cmp(&diagonal[*a]).then(a.cmp(b));
        let mut largest = Best::new(&mut order, larger_first);
        (0..n).for_each(|i| largest.push(i));
        largest.finish();
        Ok(Self { n, reflectors: matrix, factors, vectors, order })
    }

    /// What [`vector`](Self::vector) is to be called with, the largest eigenvalue's first.
    pub(super) fn largest_first(&self) -> &[usize] {
        &self.order
    }

    /// Writes an eigenvector of length 1 to `out: [n]`: that of the tridiagonal matrix, with all reflections undone,
    /// the last one first.
    pub(super) fn vector(&self, which: usize, out: &mut [f64]) {
        out.copy_from_slice(&self.vectors[which * self.n..][..self.n]);
        for (l, (row, &factor)) in self.reflectors.chunks_exact(self.n).zip(&self.factors).enumerate() {
            if factor != 0.0 {
                let (v, out) = (&row[..l], &mut out[..l]);
                add_scaled(out, -factor * dot(v, out), v);
            }
        }
    }
}

/// Divides by the largest value, so that no square overflows or vanishes: it does not change the vectors.
fn scale(matrix: &mut [f64], n: usize) {
    let lower = || (0..n).map(|l| l * n..l * n + l + 1);
    let largest = lower().flat_map(|row| &matrix[row]).fold(0.0_f64, |max, x| max.max(x.abs()));
    if largest > 0.0 {
        for row in lower() {
            matrix[row].iter_mut().for_each(|x| *x /= largest);
        }
    }
}

/// Reduces a symmetric matrix to a tridiagonal one by reflections, from the last row up: each row is contiguous up to
/// its diagonal. Leaves the reflections in the rows; `beside[l]` is between `diagonal[l]` and the one after.
fn tridiagonalize(
    matrix: &mut [f64],
    diagonal: &mut [f64],
    beside: &mut [f64],
    factors: &mut [f64],
    work: &mut [f64],
) {
    let n = diagonal.len();
    for l in (1..n).rev() {
        let (rest, row) = matrix.split_at_mut(l * n);
        diagonal[l] = row[l];
        let v = &mut row[..l];
        (beside[l - 1], factors[l]) = reflector(v);
        let factor = factors[l];
        if factor == 0.0 {
            continue;
        }
        // p = factor A v, of the lower half of A.
        let p = &mut work[..l];
        p.fill(0.0);
        for (i, row) in rest.chunks_exact(n).enumerate() {
            add_scaled(&mut p[..i], v[i], &row[..i]);
            p[i] += dot(&row[..=i], &v[..=i]);
        }
        p.iter_mut().for_each(|x| *x *= factor);
        // w = p - (factor p^T v / 2) v, and A - v w^T - w v^T.
        let half = -0.5 * factor * dot(p, v);
        add_scaled(p, half, v);
        for (i, row) in rest.chunks_exact_mut(n).enumerate() {
            let (vi, wi) = (v[i], p[i]);
            for ((x, v), w) in row[..=i].iter_mut().zip(&*v).zip(&*p) {
                *x -= vi * w + wi * v;
            }
        }
    }
    diagonal[0] = matrix[0];
}

/// Makes of `x`, which is not empty, the `v` of a reflection `1 - factor v v^T` that takes it to (0, …, 0, value).
/// Returns value and factor, which is 0 where there is nothing to do.
fn reflector(x: &mut [f64]) -> (f64, f64) {
    let Some((last, others)) = x.split_last_mut() else { return (0.0, 0.0) };
    let tail = dot(others, others);
    // The matrix has been scaled: this is far below what rounding adds, and its inverse might overflow.
    if tail < f64::MIN_POSITIVE / f64::EPSILON {
        return (*last, 0.0);
    }
    // Away from `last`, so that nothing cancels.
    let value = -(*last * *last + tail).sqrt().copysign(*last);
    *last -= value;
    (value, 2.0 / (tail + *last * *last))
}

/// Turns a tridiagonal matrix into a diagonal one by rotations, which `vectors`, rows, take part in.
fn diagonalize(diagonal: &mut [f64], beside: &mut [f64], vectors: &mut [f64]) -> Result<(), Error> {
    let n = diagonal.len();
    let norm = diagonal.iter().zip(&*beside).fold(0.0_f64, |max, (d, e)| max.max(d.abs() + e.abs()));
    // What rounding has long added to it anyway.
    let negligible = f64::EPSILON * norm;
    let (mut end, mut steps) = (n - 1, MOST_STEPS.saturating_mul(n));
    while end > 0 {
        if is_negligible(beside[end - 1], negligible) {
            end -= 1;
            continue;
        }
        if steps == 0 {
            let expected = "a covariance whose eigenvectors can be found";
            return Err(Error::Number { what: "sample", expected, got: beside[end - 1] });
        }
        steps -= 1;
        let start = (1..end).rev().find(|&i| is_negligible(beside[i - 1], negligible)).unwrap_or(0);
        step(&mut diagonal[start..=end], &mut beside[start..end], &mut vectors[start * n..(end + 1) * n]);
    }
    Ok(())
}

/// Also of a NaN: nothing would come of it.
fn is_negligible(x: f64, negligible: f64) -> bool {
    x.is_nan() || x.abs() <= negligible
}

/// One step with Wilkinson's shift: each rotation moves the value that the one before has put two beside the diagonal
/// one row down.
fn step(d: &mut [f64], e: &mut [f64], vectors: &mut [f64]) {
    let (last, n) = (e.len() - 1, vectors.len() / d.len());
    let half = 0.5 * (d[last] - d[last + 1]);
    let root = (half * half + e[last] * e[last]).sqrt().copysign(half);
    // The eigenvalue of the last two rows that is nearer to the last.
    let shift = d[last + 1] - e[last] / (half + root) * e[last];
    let (mut x, mut z) = (d[0] - shift, e[0]);
    for i in 0..=last {
        let r = (x * x + z * z).sqrt();
        let (c, s) = if r > 0.0 { (x / r, z / r) } else { (1.0, 0.0) };
        if i > 0 {
            e[i - 1] = r;
        }
        let (a, b, g) = (d[i], e[i], d[i + 1]);
        // Of the form a + change, g - change: the trace is kept.
        let change = s * (s * (g - a) + 2.0 * c * b);
        (d[i], d[i + 1]) = (a + change, g - change);
        e[i] = c * s * (g - a) + (c - s) * (c + s) * b;
        if i < last {
            (x, z) = (e[i], s * e[i + 1]);
            e[i + 1] *= c;
        }
        let (first, second) = vectors[i * n..][..2 * n].split_at_mut(n);
        for (a, b) in first.iter_mut().zip(second) {
            (*a, *b) = (c * *a + s * *b, c * *b - s * *a);
        }
    }
}

/// In eight sums, so that vectors can compute them.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a, a_rest) = a.as_chunks::<8>();
    let (b, b_rest) = b.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for (a, b) in a.iter().zip(b) {
        for i in 0..8 {
            sums[i] += a[i] * b[i];
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f64>() + rest
}

fn add_scaled(sums: &mut [f64], factor: f64, values: &[f64]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += factor * value;
    }
}
