//! Matrices of which only the weights that are not zero are kept.

use crate::error::{Error, between, length, positive, product, zeros};
use simd_core::{Isa, Kernel, Simd, dispatch_on, lockstep};

/// A matrix in compressed rows: of each row the weights that are not zero, and in which columns they are.
///
/// A weight takes six bytes, or eight where there are more than 65,536 columns, and a row as many as a `usize`. It is not
/// refilled, as other set-up objects are: how much memory it takes depends on the weights. For others, make a new one.
///
/// ```
/// use kernels_nn::pruning::SparseMatrix;
/// let a = SparseMatrix::new(&[0.0, 2.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, -1.0], 3, 3)?;
/// assert_eq!(a.nonzeros(), 3);
/// assert_eq!(a.gemv(&[1.0, 10.0, 100.0])?, [20.0, 0.0, -99.0]);
/// # Ok::<(), kernels_nn::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct SparseMatrix {
    values: Vec<f32>,
    columns: Columns,
    /// Where each row starts, and where the last one ends.
    starts: Vec<usize>,
    k: usize,
}

/// In which column each value is.
#[derive(Clone, Debug, PartialEq)]
enum Columns {
    Short(Vec<u16>),
    Long(Vec<u32>),
}

/// Columns up to which their numbers have 16 bits.
const SHORT: usize = 1 << 16;

/// The memory that a matrix takes with so many weights other than zero, if that can be told.
pub(super) fn sparse_bytes(m: usize, k: usize, nonzeros: usize) -> usize {
    let column = if k <= SHORT { size_of::<u16>() } else { size_of::<u32>() };
    let weights = nonzeros.saturating_mul(size_of::<f32>() + column);
    weights.saturating_add((m + 1).saturating_mul(size_of::<usize>()))
}

impl SparseMatrix {
    /// Takes those of `a: [m, k]`, row-major, that are not zero.
    ///
    /// # Errors
    /// If `m` or `k` is 0 or `k` beyond 2^32 - 1, `a` has another length than they call for, or there is no memory.
    pub fn new(a: &[f32], m: usize, k: usize) -> Result<Self, Error> {
        check(a, m, k)?;
        let count = a.iter().filter(|x| **x != 0.0).count();
        let kept = || a.chunks_exact(k).flat_map(|row| row.iter().enumerate().filter(|(_, x)| **x != 0.0));
        let columns = if k <= SHORT {
            Columns::Short(collect(count, kept().map(|(column, _)| column as u16))?)
        } else {
            Columns::Long(collect(count, kept().map(|(column, _)| column as u32))?)
        };
        let mut end = 0;
        let ends = a.chunks_exact(k).map(|row| {
            end += row.iter().filter(|x| **x != 0.0).count();
            end
        });
        let starts = collect(m + 1, std::iter::once(0).chain(ends))?;
        Ok(Self { values: collect(count, kept().map(|(_, x)| *x))?, columns, starts, k })
    }

    /// Multiplies `x: [k]`: `out[i] = sum over j of a[i, j] x[j]`. Returns `[m]`.
    ///
    /// |error| <= 2^-23 c (|A| |x|) for each value, where `c` is the number of the row's weights that are not zero, if nothing
    /// overflows or underflows: no product is rounded more than `c / 4 + 6` times. The bits are the same on every instruction
    /// set. A NaN or an infinity in `x` has an effect where there is a weight for it, and none where the weight is zero.
    ///
    /// # Errors
    /// If `x` has another length, or there is no memory.
    pub fn gemv(&self, x: &[f32]) -> Result<Vec<f32>, Error> {
        let mut out = zeros("out", self.m())?;
        self.gemv_into(x, &mut out)?;
        Ok(out)
    }

    /// As [`gemv`](Self::gemv), into `out: [m]`. Allocates nothing.
    ///
    /// # Errors
    /// If `x` or `out` has another length. `out` is then as it was.
    pub fn gemv_into(&self, x: &[f32], out: &mut [f32]) -> Result<(), Error> {
        self.gemv_into_on(Isa::active()?, x, out)
    }

    /// As [`gemv_into`](Self::gemv_into), on a named instruction set.
    ///
    /// # Errors
    /// As [`gemv_into`](Self::gemv_into) and [`Isa::require`].
    pub fn gemv_into_on(&self, isa: Isa, x: &[f32], out: &mut [f32]) -> Result<(), Error> {
        length("x", self.k, x.len())?;
        length("out", self.m(), out.len())?;
        let Self { values, starts, .. } = self;
        Ok(match &self.columns {
            Columns::Short(columns) => dispatch_on(isa, Gemv { values, columns, starts, x, out }),
            Columns::Long(columns) => dispatch_on(isa, Gemv { values, columns, starts, x, out }),
        }?)
    }

    /// The whole matrix: `[m, k]`, row-major.
    ///
    /// # Errors
    /// If there is no memory.
    pub fn to_dense(&self) -> Result<Vec<f32>, Error> {
        let mut dense = zeros("out", product("out", &[self.m(), self.k])?)?;
        self.to_dense_into(&mut dense)?;
        Ok(dense)
    }

    /// As [`to_dense`](Self::to_dense), into `out: [m, k]`. Allocates nothing.
    ///
    /// # Errors
    /// If `out` has another length. It is then as it was.
    pub fn to_dense_into(&self, out: &mut [f32]) -> Result<(), Error> {
        length("out", product("out", &[self.m(), self.k])?, out.len())?;
        out.fill(0.0);
        let columns = |at: usize| match &self.columns {
            Columns::Short(columns) => usize::from(columns[at]),
            Columns::Long(columns) => columns[at] as usize,
        };
        for (row, part) in out.chunks_exact_mut(self.k).zip(self.starts.windows(2)) {
            for at in part[0]..part[1] {
                row[columns(at)] = self.values[at];
            }
        }
        Ok(())
    }

    /// How many rows it has.
    #[must_use]
    pub const fn m(&self) -> usize {
        self.starts.len() - 1
    }

    /// How many columns it has.
    #[must_use]
    pub const fn k(&self) -> usize {
        self.k
    }

    /// How many of its weights are not zero.
    #[must_use]
    pub const fn nonzeros(&self) -> usize {
        self.values.len()
    }

    /// The share of its weights that are not zero.
    #[must_use]
    pub fn density(&self) -> f64 {
        self.nonzeros() as f64 / (self.m() as f64 * self.k as f64)
    }

    /// The memory that it takes, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        sparse_bytes(self.m(), self.k, self.nonzeros())
    }
}

/// That a matrix has values for its shape, and columns whose numbers fit.
pub(super) fn check(a: &[f32], m: usize, k: usize) -> Result<(), Error> {
    positive(&[("m", m)])?;
    between("k", 1, u32::MAX as usize, k)?;
    length("a", product("a", &[m, k])?, a.len())
}

/// A vector of so many items.
fn collect<T>(count: usize, items: impl Iterator<Item = T>) -> Result<Vec<T>, Error> {
    let mut all = Vec::new();
    all.try_reserve_exact(count).map_err(|_| Error::OutOfMemory { what: "a" })?;
    all.extend(items);
    Ok(all)
}

/// `out[i] = sum over the values of row i of value x[column]`
struct Gemv<'a, C> {
    values: &'a [f32],
    columns: &'a [C],
    starts: &'a [usize],
    x: &'a [f32],
    out: &'a mut [f32],
}

impl<C: Copy + Into<u32>> Kernel for Gemv<'_, C> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        simd.vectorize(
            #[inline(always)]
            || self.rows(),
        );
    }
}

/// Sums side by side: as many as hide the latency of an addition.
const CHAINS: usize = 4;

impl<C: Copy + Into<u32>> Gemv<'_, C> {
    /// Single numbers: instructions that gather several take as long as the loads that they stand for.
    #[inline(always)]
    fn rows(self) {
        let Self { values, columns, starts, x, out } = self;
        for (out, part) in out.iter_mut().zip(starts.windows(2)) {
            let (values, columns) = (&values[part[0]..part[1]], &columns[part[0]..part[1]]);
            let (fours, rest) = values.as_chunks::<CHAINS>();
            let (fours_of_columns, rest_of_columns) = columns.as_chunks::<CHAINS>();
            let mut sums = [0.0; CHAINS];
            lockstep(
                fours,
                [fours_of_columns],
                #[inline(always)]
                |values, [columns]| {
                    for i in 0..CHAINS {
                        sums[i] += values[i] * x[columns[i].into() as usize];
                    }
                },
            );
            let mut sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
            for (value, column) in rest.iter().zip(rest_of_columns) {
                sum += value * x[(*column).into() as usize];
            }
            *out = sum;
        }
    }
}
