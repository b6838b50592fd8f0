//! Indicators that go on from bar to bar with a state of constant size: a batch is the state advanced over all bars,
//! a stream the same state advanced by one.

use crate::error::Error;
use crate::formula::{Formula, InPlace, run_in_turn};
use crate::shape::{One, Shape};
use simd_core::{Element, Simd, always};
use std::fmt::Debug;
use std::slice;

/// Bars that are computed at a time where intermediate series are needed.
const PIECE: usize = 512;

/// The most intermediate series that one needs.
const SCRATCH: usize = 4;

/// Room for the intermediate series of a piece of bars.
pub(crate) type Scratch<'a, T> = [&'a mut [T]; SCRATCH];

/// An indicator whose state has a constant size.
pub trait Recursive: Clone + Debug + Send + Sync {
    /// What it reads at a bar.
    type Input: Shape;
    /// What it writes.
    type Output: Shape;
    /// What it remembers from bar to bar.
    type State<T: Element>: Copy + Debug + Send + Sync;
    /// Whether it needs room for intermediate series.
    const NEEDS_SCRATCH: bool;

    /// As [`Formula::check`].
    fn check(&self, bars: Option<usize>) -> Result<(), Error>;
    /// As [`Formula::lookback`].
    fn lookback(&self) -> usize;
    /// The state before the first bar.
    fn start<T: Element>(&self) -> Self::State<T>;
    /// As [`Formula::run_rows`], if there is a faster way than one setting after another: whether there is.
    #[inline(always)]
    fn run_side_by_side<S: Simd, T: Element>(
        _: S,
        _: &[Self],
        _: &Of<Self::Input, &[T]>,
        _: &mut Of<Self::Output, &mut [T]>,
    ) -> bool {
        false
    }
    /// Goes on over some bars. Each row of `scratch` has room for as many values.
    fn advance<S: Simd, T: Element>(
        &self,
        state: &mut Self::State<T>,
        simd: S,
        input: Of<Self::Input, &[T]>,
        out: Of<Self::Output, &mut [T]>,
        scratch: Scratch<'_, T>,
    );
}

/// Several things of a shape.
pub(crate) type Of<S, V> = <S as Shape>::Of<V>;

/// The number of bars.
pub(crate) fn bars<S: Shape, T: Element>(input: &Of<S, &[T]>) -> usize {
    let mut len = 0;
    S::map(S::each_ref(input), |xs| len = xs.len());
    len
}

/// [`Recursive::advance`] as a function of its own, which batch and stream share where they run on the same set.
#[inline(always)]
fn advance<R: Recursive, S: Simd, T: Element>(
    recursive: &R,
    state: &mut R::State<T>,
    simd: S,
    input: Of<R::Input, &[T]>,
    out: Of<R::Output, &mut [T]>,
    scratch: Scratch<'_, T>,
) {
    simd.vectorize(
        #[inline(always)]
        || recursive.advance(state, simd, input, out, scratch),
    );
}

impl<R: Recursive> Formula for R {
    type Input = R::Input;
    type Output = R::Output;
    type State<T: Element> = R::State<T>;

    fn check(&self, bars: Option<usize>) -> Result<(), Error> {
        Recursive::check(self, bars)
    }

    fn lookback(&self) -> usize {
        Recursive::lookback(self)
    }

    #[inline(always)]
    fn run<S: Simd, T: Element>(
        &self,
        simd: S,
        input: Of<Self::Input, &[T]>,
        mut out: Of<Self::Output, &mut [T]>,
    ) {
        let mut state = Recursive::start(self);
        if !R::NEEDS_SCRATCH {
            return advance(self, &mut state, simd, input, out, [&mut [], &mut [], &mut [], &mut []]);
        }
        let mut scratch = [[T::ZERO; PIECE]; SCRATCH];
        let bars = bars::<R::Input, T>(&input);
        for at in (0..bars).step_by(PIECE) {
            let piece = at..bars.min(at + PIECE);
            let input = R::Input::map(R::Input::each_ref(&input), |xs| &xs[piece.clone()]);
            let out = R::Output::map(R::Output::each_mut(&mut out), |out| &mut out[piece.clone()]);
            let scratch = scratch.each_mut().map(|row| &mut row[..piece.len()]);
            advance(self, &mut state, simd, input, out, scratch);
        }
    }

    #[inline(always)]
    fn run_rows<S: Simd, T: Element>(
        simd: S,
        settings: &[Self],
        input: Of<Self::Input, &[T]>,
        mut out: Of<Self::Output, &mut [T]>,
    ) {
        if settings.len() < 2 || !R::run_side_by_side(simd, settings, &input, &mut out) {
            run_in_turn(simd, settings, &input, out);
        }
    }

    fn start<T: Element>(&self) -> Result<Self::State<T>, Error> {
        Ok(Recursive::start(self))
    }

    fn restart<T: Element>(&self, state: &mut Self::State<T>) {
        *state = Recursive::start(self);
    }

    #[inline(never)]
    fn update<T: Element>(&self, state: &mut Self::State<T>, bar: Of<Self::Input, T>) -> Of<Self::Output, T> {
        let mut out = R::Output::from_fn(|_| T::NAN);
        let mut scratch = [[T::ZERO; 1]; SCRATCH];
        advance(
            self,
            state,
            always(),
            R::Input::map(R::Input::each_ref(&bar), slice::from_ref),
            R::Output::map(R::Output::each_mut(&mut out), slice::from_mut),
            scratch.each_mut().map(<[T; 1]>::as_mut_slice),
        );
        out
    }

    fn peek<T: Element>(&self, state: &Self::State<T>, bar: Of<Self::Input, T>) -> Of<Self::Output, T> {
        self.update(&mut state.clone(), bar)
    }
}

impl<R: Recursive<Input = One, Output = One>> InPlace for R {
    #[inline(always)]
    fn run_in_place<S: Simd, T: Element>(&self, simd: S, data: &mut [T]) {
        let mut state = Recursive::start(self);
        let mut scratch = [[T::ZERO; PIECE]; SCRATCH];
        let mut input = [T::ZERO; PIECE];
        for piece in data.chunks_mut(PIECE) {
            let scratch = scratch.each_mut().map(|row| &mut row[..piece.len()]);
            let input = &mut input[..piece.len()];
            input.copy_from_slice(piece);
            advance(self, &mut state, simd, input, piece, scratch);
        }
    }
}
