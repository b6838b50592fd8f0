//! The faster of the two forms.

use super::sparse::{SparseMatrix, check};
use crate::error::{Error, owned, zeros};
use crate::gemm::{COLD, gemv_into_on};
use simd_core::Isa;

/// A matrix in the form that multiplies a vector faster: a [`SparseMatrix`] where the share of weights that are not zero is
/// below [`break_even`], and a plain one from there on.
///
/// It is not refilled, as other set-up objects are: which form it has depends on the weights. For others, make a new one.
///
/// `x` should be finite: in the plain form zero times an infinity is NaN, and in the other one it is nothing.
///
/// ```
/// use kernels_nn::pruning::PrunedMatrix;
/// let mut a = vec![0.0; 100 * 100];
/// a[305] = 2.0;
/// assert!(PrunedMatrix::new(&a, 100, 100)?.is_sparse());
/// assert!(!PrunedMatrix::new(&[1.0; 100 * 100], 100, 100)?.is_sparse());
/// # Ok::<(), kernels_nn::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct PrunedMatrix {
    form: Form,
    isa: Isa,
}

#[derive(Clone, Debug)]
enum Form {
    Sparse(SparseMatrix),
    /// `[m, k]`
    Dense {
        a: Vec<f32>,
        m: usize,
        k: usize,
    },
}

/// The density of an `[m, k]` matrix below which the sparse form multiplies a vector faster.
///
/// | | up to 2 M weights | from there on |
/// |---|---|---|
/// | AVX2 | 0.1 | 0.25 |
/// | plain Rust | 0.5 | 0.4 |
/// | others | 0.2 | 0.3 |
///
/// Measured on an AMD Zen 4 at 768x768 and 1024x4096, those of AVX2 and plain Rust; the others are between these by the width
/// of their registers. The dense form takes several weights in an instruction, and the sparse one takes them one by one: the
/// wider the registers, the sooner the dense one wins. Of a matrix that comes from memory it is the bytes that count.
#[must_use]
pub const fn break_even(isa: Isa, m: usize, k: usize) -> f64 {
    let cold = m.saturating_mul(k) >= COLD;
    match isa {
        Isa::Avx2 if cold => 0.25,
        Isa::Avx2 => 0.1,
        Isa::Scalar if cold => 0.4,
        Isa::Scalar => 0.5,
        _ if cold => 0.3,
        _ => 0.2,
    }
}

impl PrunedMatrix {
    /// Takes `a: [m, k]`, row-major.
    ///
    /// # Errors
    /// If `m` or `k` is 0 or `k` beyond 2^32 - 1, `a` has another length than they call for, there is no memory, or `KERNELS_ISA` names a set that is
    /// not available.
    pub fn new(a: &[f32], m: usize, k: usize) -> Result<Self, Error> {
        Self::new_on(Isa::active()?, a, m, k)
    }

    /// As [`new`](Self::new), for a named instruction set.
    ///
    /// # Errors
    /// As [`new`](Self::new); if `isa` is not available here.
    pub fn new_on(isa: Isa, a: &[f32], m: usize, k: usize) -> Result<Self, Error> {
        check(a, m, k)?;
        isa.require()?;
        let nonzeros = a.iter().filter(|x| **x != 0.0).count();
        let sparse = (nonzeros as f64) < break_even(isa, m, k) * a.len() as f64;
        let form = if sparse {
            Form::Sparse(SparseMatrix::new(a, m, k)?)
        } else {
            Form::Dense { a: owned("a", a)?, m, k }
        };
        Ok(Self { form, isa })
    }

    /// Multiplies `x: [k]`: `out[i] = sum over j of a[i, j] x[j]`. Returns `[m]`.
    ///
    /// |error| as in [`gemv`](crate::gemv()).
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
        match &self.form {
            Form::Sparse(sparse) => sparse.gemv_into_on(self.isa, x, out),
            Form::Dense { a, m, k } => gemv_into_on(self.isa, a, x, *m, *k, out),
        }
    }

    /// Whether it is in the sparse form.
    #[must_use]
    pub const fn is_sparse(&self) -> bool {
        matches!(self.form, Form::Sparse(_))
    }

    /// How many rows it has.
    #[must_use]
    pub const fn m(&self) -> usize {
        match &self.form {
            Form::Sparse(sparse) => sparse.m(),
            Form::Dense { m, .. } => *m,
        }
    }

    /// How many columns it has.
    #[must_use]
    pub const fn k(&self) -> usize {
        match &self.form {
            Form::Sparse(sparse) => sparse.k(),
            Form::Dense { k, .. } => *k,
        }
    }

    /// The instruction set that multiplies by it.
    #[must_use]
    pub const fn isa(&self) -> Isa {
        self.isa
    }

    /// The memory that it takes, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        match &self.form {
            Form::Sparse(sparse) => sparse.bytes(),
            Form::Dense { a, .. } => size_of_val(&a[..]),
        }
    }
}
