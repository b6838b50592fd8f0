//! Projections onto the directions in which a sample varies most.

use super::Projection;
use super::eigen::{Eigen, dot};
use super::kernel::{Products, Start};
use crate::error::{Error, between, positive, product, some_rows, vec_of};
use simd_core::{Isa, dispatch_on};

/// Rows of the sample that are centred and multiplied at a time.
const BLOCK: usize = 256;

/// Rows of the covariance that are computed at a time, as far as the diagonal reaches in any of them.
const STRIP: usize = 32;

impl Projection {
    /// The projection onto the `k` principal components of `sample: [n, hidden]`, the one of the largest variance
    /// first: `y = W (x - mean)`, whose weights are the eigenvectors of the sample's covariance (Jolliffe, "Principal
    /// Component Analysis", 2002, chapter 1), and whose bias is `-W mean`.
    ///
    /// The largest weight of a component, by magnitude, is positive; it is the first one of several. The components
    /// are orthonormal, also those of no variance, as where there are fewer rows than components; only the directions
    /// of distinct variances are determined by the sample.
    ///
    /// All is computed in `f64`, and then rounded: rows of W are orthonormal within 2^-23 + hidden 2^-50, and before
    /// rounding they are the eigenvectors of a matrix that is off the covariance by no more than about
    /// (n + 64 hidden) 2^-53 of the total variance. Another instruction set may round differently.
    ///
    /// Takes time of the order of `n hidden^2 + 5 hidden^3`, and working memory of `16 hidden^2 + 2048 hidden` bytes:
    /// some seconds and 18 MB for 1024 dimensions.
    ///
    /// ```
    /// use kernels_pool::Projection;
    ///
    /// let sample = [0.0, 1.0, 3.0, 5.0, 6.0, 9.0]; // on a line of slope 4 / 3
    /// let projection = Projection::pca(&sample, 2, 1)?;
    /// assert!((projection.weights()[0] - 0.6).abs() < 1e-6 && (projection.weights()[1] - 0.8).abs() < 1e-6);
    /// let y = projection.project(&sample)?;
    /// assert!((y[0] + 5.0).abs() < 1e-5 && y[1].abs() < 1e-5 && (y[2] - 5.0).abs() < 1e-5);
    /// # Ok::<(), kernels_pool::Error>(())
    /// ```
    ///
    /// # Errors
    /// If `hidden` is 0, `k` is not from 1 to `hidden`, `sample` is empty, not whole rows, or not finite; if there is
    /// no memory to work in, or `KERNELS_ISA` names a set that is not available.
    pub fn pca(sample: &[f32], hidden: usize, k: usize) -> Result<Self, Error> {
        positive("hidden", hidden)?;
        between("k", 1, hidden, k)?;
        let n = some_rows("sample", sample.len(), hidden)?;
        if let Some(&got) = sample.iter().find(|x| !x.is_finite()) {
            return Err(Error::Number { what: "sample", expected: "finite values", got: f64::from(got) });
        }
        let mut mean = vec_of("mean", 0.0_f64, hidden)?;
        for row in sample.chunks_exact(hidden) {
            mean.iter_mut().zip(row).for_each(|(sum, &x)| *sum += f64::from(x));
        }
        mean.iter_mut().for_each(|sum| *sum /= n as f64);

        let eigen = Eigen::new(covariance(sample, &mean)?, hidden)?;
        let mut weights = vec_of("weights", 0.0_f32, product("weights", &[k, hidden])?)?;
        let mut bias = vec_of("bias", 0.0_f32, k)?;
        let mut component = vec_of("component", 0.0_f64, hidden)?;
        for ((weights, bias), &which) in
            weights.chunks_exact_mut(hidden).zip(&mut bias).zip(eigen.largest_first())
        {
            eigen.vector(which, &mut component);
            let most = component.iter().fold(0.0_f64, |max, x| max.max(x.abs()));
            // Those that differ by rounding only are all the largest.
            let least = most * (1.0 - f64::from(f32::EPSILON));
            let largest = component.iter().copied().find(|x| x.abs() >= least).unwrap_or(1.0);
            for (weight, value) in weights.iter_mut().zip(&mut component) {
                *weight = (*value * largest.signum()) as f32;
                // The bias is that of the weights as they are: the mean goes to zero.
                *value = f64::from(*weight);
            }
            *bias = -dot(&component, &mean) as f32;
        }
        Ok(Self { weights, bias, hidden, k, isa: None })
    }
}

/// The sums of products of the centred dimensions: `n` times the covariance, `[hidden, hidden]`. On and below the
/// diagonal only: what is above is not for use.
fn covariance(sample: &[f32], mean: &[f64]) -> Result<Vec<f64>, Error> {
    let (hidden, isa) = (mean.len(), Isa::active()?);
    let mut covariance = vec_of("covariance", 0.0, product("hidden", &[hidden, hidden])?)?;
    let block = BLOCK.min(sample.len() / hidden);
    let mut centred = vec_of("centred sample", 0.0, product("hidden", &[hidden, block])?)?;
    for sample in sample.chunks(block * hidden) {
        let depth = sample.len() / hidden;
        let centred = &mut centred[..hidden * depth];
        for (r, row) in sample.chunks_exact(hidden).enumerate() {
            for ((values, &x), mean) in centred.chunks_exact_mut(depth).zip(row).zip(mean) {
                values[r] = f64::from(x) - mean;
            }
        }
        for (s, out) in covariance.chunks_mut(STRIP * hidden).enumerate() {
            let end = s * STRIP + out.len() / hidden;
            let (x, weights) = (&centred[s * STRIP * depth..end * depth], &centred[..end * depth]);
            dispatch_on(isa, Products { x, weights, depth, start: Start::Out, out, stride: hidden })?;
        }
    }
    Ok(covariance)
}
