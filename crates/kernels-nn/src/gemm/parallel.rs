//! The same products by the threads of rayon's current pool, which share the rows out.

use super::functions::{Checked, Task};
use super::fused::Gemm;
use crate::error::{Error, length, zeros};
use simd_core::Isa;

/// Multiply-adds that are worth a task of their own: some twenty microseconds' work.
const GRAIN: usize = 1 << 20;

/// Rows are shared out by so many: whole tiles of every set.
const TILES: usize = 12;

/// As [`gemm`](crate::gemm()), on the threads of rayon's current pool. The results are the same, to the bit.
///
/// - `a`: `[m, k]`; `b`: `[k, n]`
///
/// # Errors
/// As [`gemm`](crate::gemm()).
pub fn gemm_parallel(a: &[f32], b: &[f32], m: usize, k: usize, n: usize) -> Result<Vec<f32>, Error> {
    run(Task::gemm(a, b, m, k, n, false))
}

/// As [`gemm_bt`](crate::gemm_bt), on the threads of rayon's current pool. The results are the same, to the bit.
///
/// - `a`: `[m, k]`; `b`: `[n, k]`
///
/// # Errors
/// As [`gemm`](crate::gemm()).
pub fn gemm_bt_parallel(a: &[f32], b: &[f32], m: usize, k: usize, n: usize) -> Result<Vec<f32>, Error> {
    run(Task::gemm(a, b, m, k, n, true))
}

/// As [`gemv`](crate::gemv), on the threads of rayon's current pool. The results are the same, to the bit.
///
/// - `a`: `[m, k]`; `x`: `[k]`
///
/// # Errors
/// As [`gemv`](crate::gemv).
pub fn gemv_parallel(a: &[f32], x: &[f32], m: usize, k: usize) -> Result<Vec<f32>, Error> {
    run(Task::gemv(a, x, m, k))
}

/// By the threads of rayon's current pool (feature `parallel`).
impl Gemm<'_> {
    /// As [`run`](Self::run), on the threads of rayon's current pool. The results are the same, to the bit.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn run_parallel(&self, a: &[f32], m: usize) -> Result<Vec<f32>, Error> {
        let mut out = zeros("out", self.check(a, m)?)?;
        halve(Part::Packed { gemm: *self, a, m }, Isa::active()?, &mut out)?;
        Ok(out)
    }

    /// As [`run_into`](Self::run_into), on the threads of rayon's current pool. The results are the same, to the bit.
    ///
    /// # Errors
    /// As [`run_into`](Self::run_into).
    pub fn run_parallel_into(&self, a: &[f32], m: usize, out: &mut [f32]) -> Result<(), Error> {
        length("out", self.check(a, m)?, out.len())?;
        halve(Part::Packed { gemm: *self, a, m }, Isa::active()?, out)
    }
}

fn run(task: Task<'_>) -> Result<Vec<f32>, Error> {
    let isa = Isa::active()?;
    let mut out = zeros("out", task.check()?)?;
    halve(Part::Plain(task.checked()), isa, &mut out)?;
    Ok(out)
}

/// Some rows of a product.
#[derive(Clone, Copy)]
enum Part<'a> {
    Plain(Checked<'a>),
    Packed { gemm: Gemm<'a>, a: &'a [f32], m: usize },
}

impl Part<'_> {
    /// How many rows there are, multiply-adds for each of them, and values that come of it.
    fn size(&self) -> (usize, usize, usize) {
        match self {
            Self::Plain(Checked::Vector { a, x, .. }) => (a.len() / x.len(), x.len(), 1),
            Self::Plain(Checked::Matrix { m, b, .. }) => (*m, b.values.len(), b.n),
            Self::Packed { gemm, m, .. } => (*m, gemm.work(), gemm.columns()),
        }
    }

    /// The first rows, and the rest.
    fn split(self, rows: usize) -> [Self; 2] {
        match self {
            Self::Plain(Checked::Vector { a, x, cold }) => {
                let (head, tail) = a.split_at(rows * x.len());
                [head, tail].map(|a| Self::Plain(Checked::Vector { a, x, cold }))
            }
            Self::Plain(Checked::Matrix { a, m, b }) => {
                let (head, tail) = a.split_at(rows * b.k);
                [(head, rows), (tail, m - rows)].map(|(a, m)| Self::Plain(Checked::Matrix { a, m, b }))
            }
            Self::Packed { gemm, a, m } => {
                let [first, second] = gemm.split(rows);
                let (head, tail) = a.split_at(a.len() / m * rows);
                [(first, head, rows), (second, tail, m - rows)].map(|(gemm, a, m)| Self::Packed {
                    gemm,
                    a,
                    m,
                })
            }
        }
    }

    fn dispatch(self, isa: Isa, out: &mut [f32]) -> Result<(), Error> {
        match self {
            Self::Plain(product) => product.dispatch(isa, out),
            Self::Packed { gemm, a, m } => gemm.dispatch(a, m, out),
        }
    }
}

/// Splits the rows until a part is small. `isa`: of what is not packed.
fn halve(part: Part<'_>, isa: Isa, out: &mut [f32]) -> Result<(), Error> {
    let (m, work, columns) = part.size();
    if m <= 2 * TILES || work.saturating_mul(m) <= GRAIN {
        return part.dispatch(isa, out);
    }
    let rows = (m / 2).next_multiple_of(TILES);
    let [head, tail] = part.split(rows);
    let (head_out, tail_out) = out.split_at_mut(rows * columns);
    let (head, tail) = rayon::join(|| halve(head, isa, head_out), || halve(tail, isa, tail_out));
    head.and(tail)
}
