//! What an indicator is made of: the one thing that each has to say for itself. All forms are made from it.

use crate::engine::recursive::{Of, bars};
use crate::error::Error;
use crate::shape::{One, Shape};
use simd_core::{Element, Simd};
use std::fmt::Debug;

/// An indicator with its parameters.
pub trait Formula: Clone + Debug + Send + Sync {
    /// What it reads at a bar.
    type Input: Shape;
    /// What it writes.
    type Output: Shape;
    /// What a stream remembers from bar to bar.
    type State<T: Element>: Clone + Debug + Send + Sync;

    /// That the parameters are in their range, and that `bars` are enough for them.
    fn check(&self, bars: Option<usize>) -> Result<(), Error>;
    /// The bar that the first value is at.
    fn lookback(&self) -> usize;
    /// Writes all bars. Every slice has the same length.
    fn run<S: Simd, T: Element>(
        &self,
        simd: S,
        input: Of<Self::Input, &[T]>,
        out: Of<Self::Output, &mut [T]>,
    );
    /// A stream's state before the first bar.
    fn start<T: Element>(&self) -> Result<Self::State<T>, Error>;
    /// Back to that, in the memory that there is.
    fn restart<T: Element>(&self, state: &mut Self::State<T>);
    /// The values at the next bar: NaN where there is none.
    fn update<T: Element>(&self, state: &mut Self::State<T>, bar: Of<Self::Input, T>) -> Of<Self::Output, T>;
    /// As [`update`](Self::update), without remembering the bar.
    fn peek<T: Element>(&self, state: &Self::State<T>, bar: Of<Self::Input, T>) -> Of<Self::Output, T>;

    /// Runs several of the same kind over the same bars, and writes a row of each output for each.
    #[inline(always)]
    fn run_rows<S: Simd, T: Element>(
        simd: S,
        settings: &[Self],
        input: Of<Self::Input, &[T]>,
        out: Of<Self::Output, &mut [T]>,
    ) {
        run_in_turn(simd, settings, &input, out);
    }
}

/// Runs one setting after another.
#[inline(always)]
pub(crate) fn run_in_turn<S: Simd, T: Element, F: Formula>(
    simd: S,
    settings: &[F],
    input: &Of<F::Input, &[T]>,
    mut out: Of<F::Output, &mut [T]>,
) {
    let bars = bars::<F::Input, T>(input);
    for (row, setting) in settings.iter().enumerate() {
        let input = F::Input::map(F::Input::each_ref(input), |xs| *xs);
        let out = F::Output::map(F::Output::each_mut(&mut out), |out| &mut out[row * bars..][..bars]);
        setting.run(simd, input, out);
    }
}

/// An indicator of one series that has one output, which can take the input's place.
pub trait InPlace: Formula<Input = One, Output = One> {
    /// Writes all bars over what they are computed from.
    fn run_in_place<S: Simd, T: Element>(&self, simd: S, data: &mut [T]);
}
