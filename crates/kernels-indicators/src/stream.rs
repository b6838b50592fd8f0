//! Indicators bar by bar.

use crate::engine::recursive::Of;
use crate::error::Error;
use crate::formula::Formula;
use crate::shape::Shape;
use simd_core::Element;

/// An indicator that goes on from bar to bar, in memory that does not grow.
///
/// Its values are those of a batch over the same bars, up to rounding: within 4 units in the last place at period 14, and
/// within `12 + period / 400` at any, on price-like series.
#[derive(Clone, Debug)]
pub struct Stream<F: Formula, T: Element> {
    formula: F,
    state: F::State<T>,
}

impl<F: Formula, T: Element> Stream<F, T> {
    pub(crate) fn new(formula: F) -> Result<Self, Error> {
        formula.check(None)?;
        let state = formula.start()?;
        Ok(Self { formula, state })
    }

    /// Takes the next bar, and returns the values at it: none while there are too few bars, and where a batch has NaN.
    /// Of several outputs, one may begin before another, and that one is NaN then.
    pub fn update(&mut self, bar: Of<F::Input, T>) -> Option<Of<F::Output, T>> {
        some::<F::Output, T>(self.formula.update(&mut self.state, bar))
    }

    /// What [`update`](Self::update) would return, for a bar that is not closed yet: it is not taken.
    #[must_use]
    pub fn peek(&self, bar: Of<F::Input, T>) -> Option<Of<F::Output, T>> {
        some::<F::Output, T>(self.formula.peek(&self.state, bar))
    }

    /// Back to the beginning, in the memory that there is.
    pub fn reset(&mut self) {
        self.formula.restart(&mut self.state);
    }

    /// The indicator and its parameters.
    pub const fn spec(&self) -> &F {
        &self.formula
    }
}

/// The values, if any is not NaN.
fn some<S: Shape, T: Element>(values: Of<S, T>) -> Option<Of<S, T>> {
    let mut any = false;
    S::map(S::each_ref(&values), |value| any |= value.is_finite());
    any.then_some(values)
}
