//! From an indicator to the forms in which it is called. All check first, and then nothing can fail.

use crate::engine::recursive::Of;
use crate::error::{self, Error};
use crate::formula::{Formula, InPlace};
use crate::shape::Shape;
use simd_core::{Element, Isa, Kernel, Simd, UnavailableIsa, dispatch_on};

/// Writes the bars of an input to vectors of its length.
pub(crate) fn batch<F: Formula, T: Element>(
    formula: &F,
    input: Of<F::Input, &[T]>,
) -> Result<Of<F::Output, Vec<T>>, Error> {
    let bars = check(None, formula, &input)?;
    let mut out = zeros::<F::Output, T>(1, bars)?;
    batch_into(None, formula, input, slices::<F::Output, T>(&mut out))?;
    Ok(out)
}

/// Writes the bars of an input to `out`.
pub(crate) fn batch_into<F: Formula, T: Element>(
    isa: Option<Isa>,
    formula: &F,
    input: Of<F::Input, &[T]>,
    out: Of<F::Output, &mut [T]>,
) -> Result<(), Error> {
    let bars = check(isa, formula, &input)?;
    lengths::<F::Output, T>(&out, bars)?;
    rows(isa, core::slice::from_ref(formula), input, out)
}

/// Writes the bars over their input.
pub(crate) fn in_place<F: InPlace, T: Element>(
    isa: Option<Isa>,
    formula: &F,
    data: &mut [T],
) -> Result<(), Error> {
    check(isa, formula, &&*data)?;
    Ok(dispatch_on(set(isa)?, RunInPlace { formula, data })?)
}

/// Writes a row of bars for each of several settings, all checked before.
pub(crate) fn rows<F: Formula, T: Element>(
    isa: Option<Isa>,
    settings: &[F],
    input: Of<F::Input, &[T]>,
    out: Of<F::Output, &mut [T]>,
) -> Result<(), Error> {
    Ok(dispatch_on(set(isa)?, Run { settings, input, out })?)
}

/// The instruction set to run on.
fn set(isa: Option<Isa>) -> Result<Isa, UnavailableIsa> {
    isa.map_or_else(Isa::active, Isa::require)
}

/// That the series are of one length, that the indicator can be computed of it, and that there is a set to do it on: the
/// number of bars.
pub(crate) fn check<F: Formula, T: Element>(
    isa: Option<Isa>,
    formula: &F,
    input: &Of<F::Input, &[T]>,
) -> Result<usize, Error> {
    set(isa)?;
    let bars = series::<F, T>(input)?;
    formula.check(Some(bars))?;
    Ok(bars)
}

/// That the series are of one length, which is not 0: the length.
pub(crate) fn series<F: Formula, T: Element>(input: &Of<F::Input, &[T]>) -> Result<usize, Error> {
    let mut names = F::Input::NAMES.iter();
    let mut bars = None;
    let mut result = Ok(());
    F::Input::map(F::Input::each_ref(input), |xs| {
        let what = names.next().copied().unwrap_or("data");
        let expected = *bars.get_or_insert(xs.len());
        let this =
            if xs.is_empty() { Err(Error::Empty { what }) } else { error::length(what, expected, xs.len()) };
        result = result.and(this);
    });
    result.map(|()| bars.unwrap_or(0))
}

/// That every output is as long as it must be.
pub(crate) fn lengths<S: Shape, T: Element>(out: &Of<S, &mut [T]>, expected: usize) -> Result<(), Error> {
    let mut names = S::NAMES.iter();
    let mut result = Ok(());
    S::map(S::each_ref(out), |out| {
        let name = names.next().copied().unwrap_or("out");
        let what = if S::NAMES.len() == 1 { "out" } else { name };
        result = result.and(error::length(what, expected, out.len()));
    });
    result
}

/// As many zeros as the rows of each output have bars.
pub(crate) fn zeros<S: Shape, T: Element>(rows: usize, bars: usize) -> Result<Of<S, Vec<T>>, Error> {
    let error = Error::TooLarge { what: "out", rows, bars };
    let len = rows.checked_mul(bars).ok_or(error)?;
    // The allocator, where it cannot give as much, says so here; `vec!` gets zeros without writing them.
    let mut fits = true;
    let rooms = S::from_fn(|_| {
        let mut room = Vec::<T>::new();
        fits &= room.try_reserve_exact(len).is_ok();
        room
    });
    drop(rooms);
    if fits { Ok(S::from_fn(|_| vec![T::ZERO; len])) } else { Err(error) }
}

/// The slices of vectors.
pub(crate) fn slices<S: Shape, T: Element>(out: &mut Of<S, Vec<T>>) -> Of<S, &mut [T]> {
    S::map(S::each_mut(out), Vec::as_mut_slice)
}

struct Run<'s, 'i, 'o, F: Formula, T: Element> {
    settings: &'s [F],
    input: Of<F::Input, &'i [T]>,
    out: Of<F::Output, &'o mut [T]>,
}

impl<F: Formula, T: Element> Kernel for Run<'_, '_, '_, F, T> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        F::run_rows(simd, self.settings, self.input, self.out);
    }
}

struct RunInPlace<'a, F, T> {
    formula: &'a F,
    data: &'a mut [T],
}

impl<F: InPlace, T: Element> Kernel for RunInPlace<'_, F, T> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        self.formula.run_in_place(simd, self.data);
    }
}
