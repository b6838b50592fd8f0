//! Lengths of vectors, and vectors of length 1.

use crate::error::{Error, between, length, some_rows, vec_of};
use simd_core::{Isa, Kernel, Simd, Vector, dispatch_on, map, map_in_place};

/// Makes each row one of length 1. Rows of zeros stay zeros.
///
/// - `x`: `[n, dim]`, row-major
///
/// Each value is within `6 * 2^-24` of itself of `x / sqrt(sum of x^2)`, or within 2^-149, however small or large the row's
/// finite values are; the length that it is divided by is within 4 units in the last place. An infinite value becomes NaN, and the others of its
/// row 0; a NaN makes its row NaN, and no other.
///
/// ```
/// assert_eq!(kernels_pool::l2_normalize(&[3.0, 4.0, 0.0, 0.0], 2)?, [0.6, 0.8, 0.0, 0.0]);
/// # Ok::<(), kernels_pool::Error>(())
/// ```
///
/// # Errors
/// If `dim` is 0, `x` is not whole rows, at least one, or there is no memory.
pub fn l2_normalize(x: &[f32], dim: usize) -> Result<Vec<f32>, Error> {
    some_rows("x", x.len(), dim)?;
    let mut out = vec_of("out", 0.0, x.len())?;
    l2_normalize_into(x, dim, &mut out)?;
    Ok(out)
}

/// As [`l2_normalize`], into `out`: `[n, dim]`. Allocates nothing.
///
/// # Errors
/// As [`l2_normalize`]; if `out` has another length. It is then as it was.
pub fn l2_normalize_into(x: &[f32], dim: usize, out: &mut [f32]) -> Result<(), Error> {
    l2_normalize_into_on(Isa::active()?, x, dim, out)
}

/// As [`l2_normalize_into`], on a named instruction set.
///
/// # Errors
/// As [`l2_normalize_into`] and [`Isa::require`].
pub fn l2_normalize_into_on(isa: Isa, x: &[f32], dim: usize, out: &mut [f32]) -> Result<(), Error> {
    truncate_into_on(isa, x, dim, dim, out)
}

/// As [`l2_normalize`], in place. Allocates nothing.
///
/// # Errors
/// As [`l2_normalize`]. `x` is then as it was.
pub fn l2_normalize_in_place(x: &mut [f32], dim: usize) -> Result<(), Error> {
    l2_normalize_in_place_on(Isa::active()?, x, dim)
}

/// As [`l2_normalize_in_place`], on a named instruction set.
///
/// # Errors
/// As [`l2_normalize_in_place`] and [`Isa::require`].
pub fn l2_normalize_in_place_on(isa: Isa, x: &mut [f32], dim: usize) -> Result<(), Error> {
    some_rows("x", x.len(), dim)?;
    Ok(dispatch_on(isa, InPlace { x, dim })?)
}

/// The first `k` dimensions of each row, made one of length 1 again: the vectors of a model that was trained so (Kusupati
/// et al., [Matryoshka Representation Learning](https://arxiv.org/abs/2205.13147), 2022).
///
/// - `x`: `[n, dim]`, row-major
///
/// Returns `[n, k]`. Bound, infinities and NaN as in [`l2_normalize`]; what is cut off has no effect.
///
/// ```
/// assert_eq!(kernels_pool::truncate(&[3.0, 4.0, 12.0], 3, 2)?, [0.6, 0.8]);
/// # Ok::<(), kernels_pool::Error>(())
/// ```
///
/// # Errors
/// If `dim` is 0, `k` is 0 or more than `dim`, `x` is not whole rows, at least one, or there is no memory.
pub fn truncate(x: &[f32], dim: usize, k: usize) -> Result<Vec<f32>, Error> {
    let n = some_rows("x", x.len(), dim)?;
    between("k", 1, dim, k)?;
    let mut out = vec_of("out", 0.0, n * k)?;
    truncate_into(x, dim, k, &mut out)?;
    Ok(out)
}

/// As [`truncate`], into `out`: `[n, k]`. Allocates nothing.
///
/// # Errors
/// As [`truncate`]; if `out` has another length. It is then as it was.
pub fn truncate_into(x: &[f32], dim: usize, k: usize, out: &mut [f32]) -> Result<(), Error> {
    truncate_into_on(Isa::active()?, x, dim, k, out)
}

/// As [`truncate_into`], on a named instruction set.
///
/// # Errors
/// As [`truncate_into`] and [`Isa::require`].
pub fn truncate_into_on(isa: Isa, x: &[f32], dim: usize, k: usize, out: &mut [f32]) -> Result<(), Error> {
    let n = some_rows("x", x.len(), dim)?;
    between("k", 1, dim, k)?;
    length("out", n * k, out.len())?;
    Ok(dispatch_on(isa, Truncate { x, dim, k, out })?)
}

/// The length of each row: `sqrt(sum of x^2)`.
///
/// - `x`: `[n, dim]`, row-major
///
/// Within 4 units in the last place, however small or large the values are.
///
/// ```
/// assert_eq!(kernels_pool::l2_norm(&[3.0, 4.0, 0.0, 0.0], 2)?, [5.0, 0.0]);
/// # Ok::<(), kernels_pool::Error>(())
/// ```
///
/// # Errors
/// If `dim` is 0, `x` is not whole rows, at least one, or there is no memory.
pub fn l2_norm(x: &[f32], dim: usize) -> Result<Vec<f32>, Error> {
    let mut out = vec_of("out", 0.0, some_rows("x", x.len(), dim)?)?;
    l2_norm_into(x, dim, &mut out)?;
    Ok(out)
}

/// As [`l2_norm`], into `out`: `[n]`. Allocates nothing.
///
/// # Errors
/// As [`l2_norm`]; if `out` has another length. It is then as it was.
pub fn l2_norm_into(x: &[f32], dim: usize, out: &mut [f32]) -> Result<(), Error> {
    l2_norm_into_on(Isa::active()?, x, dim, out)
}

/// As [`l2_norm_into`], on a named instruction set.
///
/// # Errors
/// As [`l2_norm_into`] and [`Isa::require`].
pub fn l2_norm_into_on(isa: Isa, x: &[f32], dim: usize, out: &mut [f32]) -> Result<(), Error> {
    length("out", some_rows("x", x.len(), dim)?, out.len())?;
    Ok(dispatch_on(isa, Norms { x, dim, out })?)
}

struct Norms<'a> {
    x: &'a [f32],
    dim: usize,
    out: &'a mut [f32],
}

impl Kernel for Norms<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        simd.vectorize(
            #[inline(always)]
            || {
                for (row, norm) in self.x.chunks_exact(self.dim).zip(self.out) {
                    *norm = squared_norm(simd, row).sqrt() as f32;
                }
            },
        );
    }
}

struct Truncate<'a> {
    x: &'a [f32],
    dim: usize,
    k: usize,
    out: &'a mut [f32],
}

impl Kernel for Truncate<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { x, dim, k, out } = self;
        simd.vectorize(
            #[inline(always)]
            || {
                for (row, out) in x.chunks_exact(dim).zip(out.chunks_exact_mut(k)) {
                    Factor::of(simd, &row[..k]).scale(simd, &row[..k], out);
                }
            },
        );
    }
}

struct InPlace<'a> {
    x: &'a mut [f32],
    dim: usize,
}

impl Kernel for InPlace<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        simd.vectorize(
            #[inline(always)]
            || {
                for row in self.x.chunks_exact_mut(self.dim) {
                    normalize_row(simd, row);
                }
            },
        );
    }
}

/// Makes a row one of length 1.
#[inline(always)]
pub(crate) fn normalize_row<S: Simd>(simd: S, row: &mut [f32]) {
    Factor::of(simd, row).scale_in_place(simd, row);
}

/// What a row is multiplied by to have length 1.
#[derive(Clone, Copy, Debug)]
enum Factor {
    Single(f32),
    /// Where `f32` might not hold it, or holds fewer digits.
    Double(f64),
}

impl Factor {
    #[inline(always)]
    fn of<S: Simd>(simd: S, row: &[f32]) -> Self {
        let squared = squared_norm(simd, row);
        let factor = 1.0 / squared.sqrt();
        if (SMALL..LARGE).contains(&squared) {
            Self::Single(factor as f32)
        } else if squared == 0.0 {
            // As they are: the sign of a zero stays too.
            Self::Double(1.0)
        } else {
            Self::Double(factor)
        }
    }

    #[inline(always)]
    fn scale<S: Simd>(self, simd: S, row: &[f32], out: &mut [f32]) {
        match self {
            Self::Single(factor) => map(simd, row, out, multiply(simd.splat(factor))),
            Self::Double(factor) => {
                for (x, out) in row.iter().zip(out) {
                    *out = (f64::from(*x) * factor) as f32;
                }
            }
        }
    }

    #[inline(always)]
    fn scale_in_place<S: Simd>(self, simd: S, row: &mut [f32]) {
        match self {
            Self::Single(factor) => map_in_place(simd, row, multiply(simd.splat(factor))),
            Self::Double(factor) => {
                for x in row {
                    *x = (f64::from(*x) * factor) as f32;
                }
            }
        }
    }
}

#[inline(always)]
fn multiply<V: Vector>(factor: V) -> impl Fn([V; 1]) -> [V; 1] {
    #[inline(always)]
    move |[x]| [x * factor]
}

/// Between these, no square has overflowed, and those that have lost digits do not count: 2^-80 and 2^100.
pub(crate) const SMALL: f64 = 1.0 / (1_u128 << 80) as f64;
pub(crate) const LARGE: f64 = (1_u128 << 100) as f64;

/// Vectors whose squares are added in `f32` before they are in `f64`, in two chains.
const BLOCK: usize = 8;

/// The sum of the squares, within `6 * 2^-24` of itself: each square is rounded at most five times in `f32`.
#[inline(always)]
pub(crate) fn squared_norm<S: Simd>(simd: S, row: &[f32]) -> f64 {
    let lanes = S::F32::LANES;
    let mut sums = [simd.splat(0.0_f64); 2];
    let blocks = row.chunks_exact(BLOCK * lanes);
    let rest = blocks.remainder();
    for block in blocks {
        let mut chains = [simd.splat(0.0_f32); 2];
        for pair in block.chunks_exact(2 * lanes) {
            for (chain, x) in chains.iter_mut().zip(pair.chunks_exact(lanes)) {
                let x = simd.load(x);
                *chain = x.mul_add(x, *chain);
            }
        }
        for (sum, half) in sums.iter_mut().zip(simd.widen(chains[0] + chains[1])) {
            *sum = *sum + half;
        }
    }
    let vectors = rest.chunks_exact(lanes);
    let tail = vectors.remainder();
    for x in vectors {
        for (sum, half) in sums.iter_mut().zip(simd.widen(simd.load(x))) {
            *sum = half.mul_add(half, *sum);
        }
    }
    let sum = (sums[0] + sums[1]).to_array();
    let of_vectors: f64 = sum.as_ref().iter().sum();
    let squared = of_vectors + tail.iter().map(|x| f64::from(*x) * f64::from(*x)).sum::<f64>();
    if (SMALL..LARGE).contains(&squared) { squared } else { exactly(row) }
}

/// The same in `f64`, which holds the square of any `f32`.
#[cold]
#[inline(never)]
fn exactly(row: &[f32]) -> f64 {
    row.iter().map(|x| f64::from(*x) * f64::from(*x)).sum()
}
