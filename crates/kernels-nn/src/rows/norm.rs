//! Layer norm and RMS norm.

use super::{Rows, Sums, TOGETHER, each, read, update};
use crate::activation::Activation;
use crate::error::{Error, length, positive, zeros};
use simd_core::{Isa, Kernel, Simd, Vector, dispatch_on};

/// `(x - mean) / sqrt(variance + eps) * weight + bias`, for each row (Ba et al.,
/// [Layer Normalization](https://arxiv.org/abs/1607.06450), 2016). The variance is that of the values themselves: the mean
/// of the squares of their distances from the mean.
///
/// - `x`: `[rows, dim]`, row-major, `dim` being the length of `weight`
/// - `weight`, `bias`: `[dim]`
///
/// With `z = (x - mean) / sqrt(variance + eps)`, each result is within
/// `(dim / 16 + 20) * 2^-24 * ((1 + abs(z)) * abs(weight) + abs(bias))`, if no square of a distance overflows. NaN and
/// infinities make their row NaN, and no other.
///
/// ```
/// let y = kernels_nn::layer_norm(&[1.0, 3.0], &[1.0, 1.0], &[0.0, 0.5], 0.0)?;
/// assert_eq!(y, [-1.0, 1.5]);
/// # Ok::<(), kernels_nn::Error>(())
/// ```
///
/// # Errors
/// If `weight` is empty, `bias` has another length, `x` is not whole rows, at least one, `eps` is negative or not finite, or
/// there is no memory.
pub fn layer_norm(x: &[f32], weight: &[f32], bias: &[f32], eps: f32) -> Result<Vec<f32>, Error> {
    RowNorm::layer(weight, bias, eps)?.run(x)
}

/// As [`layer_norm`], into `out`: `[rows, dim]`. Allocates nothing.
///
/// # Errors
/// As [`layer_norm`]; if `out` has another length than `x`. It is then as it was.
pub fn layer_norm_into(
    x: &[f32],
    weight: &[f32],
    bias: &[f32],
    eps: f32,
    out: &mut [f32],
) -> Result<(), Error> {
    RowNorm::layer(weight, bias, eps)?.run_into(x, out)
}

/// As [`layer_norm`], in place. Allocates nothing.
///
/// # Errors
/// As [`layer_norm`]. `x` is then as it was.
pub fn layer_norm_in_place(x: &mut [f32], weight: &[f32], bias: &[f32], eps: f32) -> Result<(), Error> {
    RowNorm::layer(weight, bias, eps)?.run_in_place(x)
}

/// `x / sqrt(mean of x^2 + eps) * weight`, for each row (Zhang and Sennrich,
/// [Root Mean Square Layer Normalization](https://arxiv.org/abs/1910.07467), 2019).
///
/// - `x`: `[rows, dim]`, row-major, `dim` being the length of `weight`
/// - `weight`: `[dim]`
///
/// Each result is within `(dim / 32 + 12) * 2^-24` of itself, or within 2^-149, if no square overflows or, where `eps` does
/// not hide it, underflows. NaN and infinities as in [`layer_norm`].
///
/// ```
/// assert_eq!(kernels_nn::rms_norm(&[1.0, 7.0], &[1.0, 2.0], 0.0)?, [0.2, 2.8]);
/// # Ok::<(), kernels_nn::Error>(())
/// ```
///
/// # Errors
/// If `weight` is empty, `x` is not whole rows, at least one, `eps` is negative or not finite, or there is no memory.
pub fn rms_norm(x: &[f32], weight: &[f32], eps: f32) -> Result<Vec<f32>, Error> {
    RowNorm::rms(weight, eps)?.run(x)
}

/// As [`rms_norm`], into `out`: `[rows, dim]`. Allocates nothing.
///
/// # Errors
/// As [`rms_norm`]; if `out` has another length than `x`. It is then as it was.
pub fn rms_norm_into(x: &[f32], weight: &[f32], eps: f32, out: &mut [f32]) -> Result<(), Error> {
    RowNorm::rms(weight, eps)?.run_into(x, out)
}

/// As [`rms_norm`], in place. Allocates nothing.
///
/// # Errors
/// As [`rms_norm`]. `x` is then as it was.
pub fn rms_norm_in_place(x: &mut [f32], weight: &[f32], eps: f32) -> Result<(), Error> {
    RowNorm::rms(weight, eps)?.run_in_place(x)
}

/// [`layer_norm`] or [`rms_norm`], and what is done in the same pass: the residual before it, and an activation after it.
///
/// ```
/// use kernels_nn::{Activation, RowNorm};
/// let norm = RowNorm::layer(&[1.0, 1.0], &[0.0, 0.5], 0.0)?.residual(&[0.5, 2.0]).activation(Activation::Relu);
/// assert_eq!(norm.run(&[0.5, 1.0])?, [0.0, 1.5]);
/// # Ok::<(), kernels_nn::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct RowNorm<'a> {
    isa: Option<Isa>,
    weight: &'a [f32],
    /// Of a layer norm.
    bias: Option<&'a [f32]>,
    eps: f32,
    residual: Option<&'a [f32]>,
    activation: Option<Activation>,
}

impl<'a> RowNorm<'a> {
    /// As [`layer_norm`].
    ///
    /// # Errors
    /// If `weight` is empty, `bias` has another length, or `eps` is negative or not finite.
    pub fn layer(weight: &'a [f32], bias: &'a [f32], eps: f32) -> Result<Self, Error> {
        let norm = Self::rms(weight, eps)?;
        length("bias", weight.len(), bias.len())?;
        Ok(Self { bias: Some(bias), ..norm })
    }

    /// As [`rms_norm`].
    ///
    /// # Errors
    /// If `weight` is empty, or `eps` is negative or not finite.
    pub fn rms(weight: &'a [f32], eps: f32) -> Result<Self, Error> {
        positive(&[("weight", weight.len())])?;
        if !(eps.is_finite() && eps >= 0.0) {
            return Err(Error::Number { what: "eps", expected: "a finite number, at least 0", got: eps });
        }
        Ok(Self { isa: None, weight, bias: None, eps, residual: None, activation: None })
    }

    /// Adds `residual: [rows, dim]` to `x` first.
    #[must_use]
    pub const fn residual(self, residual: &'a [f32]) -> Self {
        Self { residual: Some(residual), ..self }
    }

    /// Applies an activation to the result.
    #[must_use]
    pub const fn activation(self, activation: Activation) -> Self {
        Self { activation: Some(activation), ..self }
    }

    /// Runs on a named instruction set.
    #[must_use]
    pub const fn on(self, isa: Isa) -> Self {
        Self { isa: Some(isa), ..self }
    }

    /// The rows of `x: [rows, dim]`, made anew.
    ///
    /// # Errors
    /// If `x` is not whole rows, at least one, the residual has another length, or there is no memory; as
    /// [`Isa::require`].
    pub fn run(&self, x: &[f32]) -> Result<Vec<f32>, Error> {
        let mut out = zeros("out", x.len())?;
        self.run_into(x, &mut out)?;
        Ok(out)
    }

    /// As [`run`](Self::run), into `out`: `[rows, dim]`. Allocates nothing.
    ///
    /// # Errors
    /// As [`run`](Self::run); if `out` has another length than `x`. It is then as it was.
    pub fn run_into(&self, x: &[f32], out: &mut [f32]) -> Result<(), Error> {
        self.run_rows(Rows::new(x, out, self.weight.len())?)
    }

    /// As [`run`](Self::run), in place. Allocates nothing.
    ///
    /// # Errors
    /// As [`run`](Self::run). `x` is then as it was.
    pub fn run_in_place(&self, x: &mut [f32]) -> Result<(), Error> {
        self.run_rows(Rows::in_place(x, self.weight.len())?)
    }

    fn run_rows(&self, rows: Rows<'_>) -> Result<(), Error> {
        if let Some(residual) = self.residual {
            length("residual", rows.out.len(), residual.len())?;
        }
        let isa = self.isa.map_or_else(Isa::active, Isa::require)?;
        Ok(dispatch_on(isa, NormRows { norm: *self, rows })?)
    }
}

struct NormRows<'a> {
    norm: RowNorm<'a>,
    rows: Rows<'a>,
}

impl Kernel for NormRows<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { norm, rows } = self;
        rows.for_each(
            #[inline(always)]
            |range, x, row| {
                simd.vectorize(
                    #[inline(always)]
                    || {
                        let mut x = x;
                        if let Some(residual) = norm.residual {
                            add(simd, x.take(), row, &residual[range]);
                        }
                        match norm.bias {
                            Some(bias) => layer(simd, x, row, norm.weight, bias, norm.eps),
                            None => rms(simd, x, row, norm.weight, norm.eps),
                        }
                    },
                );
                if let Some(activation) = norm.activation {
                    activation.apply_row(simd, row);
                }
            },
        );
    }
}

#[inline(always)]
fn add<S: Simd>(simd: S, x: Option<&[f32]>, row: &mut [f32], residual: &[f32]) {
    update(
        simd,
        x,
        row,
        [residual],
        0.0,
        #[inline(always)]
        |x, [residual]| {
            each(
                x,
                #[inline(always)]
                |i, x| x + residual[i],
            )
        },
    );
}

#[inline(always)]
fn layer<S: Simd>(simd: S, x: Option<&[f32]>, row: &mut [f32], weight: &[f32], bias: &[f32], eps: f32) {
    let (values, n) = (x.unwrap_or(row), row.len() as f64);
    let mut sums = Sums::new(simd);
    read(
        simd,
        values,
        0.0,
        #[inline(always)]
        |x| sums.add([x]),
    );
    let [sum] = sums.totals();
    let near = (sum / n) as f32;
    let center = simd.splat(near);
    let mut sums = Sums::new(simd);
    read(
        simd,
        values,
        near,
        #[inline(always)]
        |x| {
            let distances = each(
                x,
                #[inline(always)]
                |_, x| x - center,
            );
            sums.add([distances, squares(distances)]);
        },
    );
    let [rest, squares] = sums.totals();
    // What the first mean is off by: it was rounded, and so were the sums that it was made of.
    let rest = rest / n;
    let variance = squares / n - rest * rest;
    // Rounded, that of equal values may be less than 0. NaN stays.
    let variance = if variance < 0.0 { 0.0 } else { variance };
    let inverse = 1.0 / (variance + f64::from(eps)).sqrt();
    let (scale, shift) = (simd.splat(inverse as f32), simd.splat((-rest * inverse) as f32));
    update(
        simd,
        x,
        row,
        [weight, bias],
        0.0,
        #[inline(always)]
        |x, [weight, bias]| {
            each(
                x,
                #[inline(always)]
                |i, x| (x - center).mul_add(scale, shift).mul_add(weight[i], bias[i]),
            )
        },
    );
}

#[inline(always)]
fn rms<S: Simd>(simd: S, x: Option<&[f32]>, row: &mut [f32], weight: &[f32], eps: f32) {
    let (values, n) = (x.unwrap_or(row), row.len() as f64);
    let mut sums = Sums::new(simd);
    read(
        simd,
        values,
        0.0,
        #[inline(always)]
        |x| sums.add([squares(x)]),
    );
    let [squares] = sums.totals();
    let scale = simd.splat((1.0 / (squares / n + f64::from(eps)).sqrt()) as f32);
    update(
        simd,
        x,
        row,
        [weight],
        0.0,
        #[inline(always)]
        |x, [weight]| {
            each(
                x,
                #[inline(always)]
                |i, x| x * scale * weight[i],
            )
        },
    );
}

#[inline(always)]
fn squares<V: Vector>(block: [V; TOGETHER]) -> [V; TOGETHER] {
    each(
        block,
        #[inline(always)]
        |_, x| x * x,
    )
}
