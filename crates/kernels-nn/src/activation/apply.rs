//! Activations of whole slices.

use super::Activation;
use super::formula::{Formula, WithFormula, has_no_vectors};
use crate::error::{Error, length, positive, zeros};
use simd_core::{Isa, Kernel, Simd, dispatch_on, map, map_in_place};

/// Vectors that a formula is applied to side by side.
const TOGETHER: usize = 4;

impl Activation {
    /// Its value of each of `x`, at least one.
    ///
    /// # Errors
    /// If `x` is empty, or there is no memory.
    pub fn apply(self, x: &[f32]) -> Result<Vec<f32>, Error> {
        positive(&[("x", x.len())])?;
        let mut out = zeros("out", x.len())?;
        self.apply_into(x, &mut out)?;
        Ok(out)
    }

    /// As [`apply`](Self::apply), into `out`, as long as `x`. Allocates nothing.
    ///
    /// # Errors
    /// If `x` is empty or `out` has another length. It is then as it was.
    pub fn apply_into(self, x: &[f32], out: &mut [f32]) -> Result<(), Error> {
        self.apply_into_on(Isa::active()?, x, out)
    }

    /// As [`apply_into`](Self::apply_into), on a named instruction set.
    ///
    /// # Errors
    /// As [`apply_into`](Self::apply_into) and [`Isa::require`].
    pub fn apply_into_on(self, isa: Isa, x: &[f32], out: &mut [f32]) -> Result<(), Error> {
        positive(&[("x", x.len())])?;
        length("out", x.len(), out.len())?;
        Ok(dispatch_on(isa, Into { activation: self, x, out })?)
    }

    /// As [`apply`](Self::apply), in place. Allocates nothing.
    ///
    /// # Errors
    /// If `x` is empty.
    pub fn apply_in_place(self, x: &mut [f32]) -> Result<(), Error> {
        self.apply_in_place_on(Isa::active()?, x)
    }

    /// As [`apply_in_place`](Self::apply_in_place), on a named instruction set.
    ///
    /// # Errors
    /// As [`apply_in_place`](Self::apply_in_place) and [`Isa::require`]. `x` is then as it was.
    pub fn apply_in_place_on(self, isa: Isa, x: &mut [f32]) -> Result<(), Error> {
        positive(&[("x", x.len())])?;
        Ok(dispatch_on(isa, InPlace { activation: self, x })?)
    }

    /// Replaces each value of a row by its own, inside a kernel.
    #[inline(always)]
    pub(crate) fn apply_row<S: Simd>(self, simd: S, row: &mut [f32]) {
        self.with_formula(Row { simd, row });
    }
}

struct Into<'a> {
    activation: Activation,
    x: &'a [f32],
    out: &'a mut [f32],
}

impl Kernel for Into<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        self.activation.with_formula(Copy { simd, x: self.x, out: self.out });
    }
}

struct InPlace<'a> {
    activation: Activation,
    x: &'a mut [f32],
}

impl Kernel for InPlace<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        self.activation.apply_row(simd, self.x);
    }
}

struct Copy<'a, S> {
    simd: S,
    x: &'a [f32],
    out: &'a mut [f32],
}

impl<S: Simd> WithFormula for Copy<'_, S> {
    type Output = ();

    #[inline(always)]
    fn run<F: Formula>(self, formula: F) {
        let Self { simd, x, out } = self;
        simd.vectorize(
            #[inline(always)]
            || {
                if has_no_vectors(S::ISA) {
                    map(simd, x, out, of::<F, S, 1>(simd, formula))
                } else {
                    map(simd, x, out, of::<F, S, TOGETHER>(simd, formula))
                }
            },
        );
    }
}

struct Row<'a, S> {
    simd: S,
    row: &'a mut [f32],
}

impl<S: Simd> WithFormula for Row<'_, S> {
    type Output = ();

    #[inline(always)]
    fn run<F: Formula>(self, formula: F) {
        let Self { simd, row } = self;
        simd.vectorize(
            #[inline(always)]
            || {
                if has_no_vectors(S::ISA) {
                    map_in_place(simd, row, of::<F, S, 1>(simd, formula))
                } else {
                    map_in_place(simd, row, of::<F, S, TOGETHER>(simd, formula))
                }
            },
        );
    }
}

#[inline(always)]
fn of<F: Formula, S: Simd, const N: usize>(simd: S, formula: F) -> impl Fn([S::F32; N]) -> [S::F32; N] {
    #[inline(always)]
    move |x| formula.of(simd, x)
}
