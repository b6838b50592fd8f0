//! A window that moves on by one bar: as in a batch, a suffix joined with a prefix.

use super::aggregate::{Aggregate, Count};
use crate::engine::lanes::finite_or_nan;
use crate::engine::recursive::Of;
use crate::error::Error;
use crate::shape::Shape;
use simd_core::{Element, Scalar, Simd, Vector};
use std::fmt::Debug;

/// What stands in a lane of the vectors of plain Rust, in all of them alike.
type Lane<T> = <T as Element>::Vector<Scalar>;

/// The last bars of a stream. A bar costs the same on average; once in a period, the bars are gone through again.
#[derive(Clone, Debug)]
pub struct Queue<T: Element, A: Aggregate<T>>
where
    Of<A::Input, T>: Copy + Debug,
{
    aggregate: A,
    period: usize,
    /// The bars since the border, and after them those before it that are still in the window.
    bars: Vec<Of<A::Input, T>>,
    /// What is known of the bars before the border, from each of them on.
    older: Vec<A::State<Lane<T>>>,
    /// And of those since.
    newer: A::State<Lane<T>>,
    /// How many those are.
    len: usize,
}

impl<T: Element, A: Aggregate<T>> Queue<T, A>
where
    Of<A::Input, T>: Copy + Debug,
{
    /// A window of `period` bars, and none in it.
    pub(crate) fn new(aggregate: A, period: usize) -> Result<Self, Error> {
        let error = |_| Error::TooLarge { what: "stream", rows: 1, bars: period };
        let (mut bars, mut older) = (Vec::new(), Vec::new());
        bars.try_reserve_exact(period).map_err(error)?;
        older.try_reserve_exact(period).map_err(error)?;
        let newer = aggregate.empty(Scalar);
        Ok(Self { aggregate, period, bars, older, newer, len: 0 })
    }

    pub(crate) fn clear(&mut self) {
        self.bars.clear();
        self.older.clear();
        self.newer = self.aggregate.empty(Scalar);
        self.len = 0;
    }

    /// The result at the next bar: NaN while the window is not full.
    pub(crate) fn update(&mut self, bar: Of<A::Input, T>) -> Of<A::Output, T> {
        if self.len == self.period {
            self.pass_border(&bar);
        }
        let base = self.base(&bar);
        self.newer = self.aggregate.newer(
            Scalar,
            self.newer,
            Count::new(Scalar, self.len),
            lanes::<T, A>(&bar),
            &base,
        );
        match self.bars.get_mut(self.len) {
            Some(place) => *place = bar,
            None => self.bars.push(bar),
        }
        self.len += 1;
        self.finish(self.older.get(self.len).copied(), self.newer, self.len, &bar, &base)
    }

    /// As [`update`](Self::update), without keeping the bar. Right after a border it goes through all bars.
    pub(crate) fn peek(&self, bar: &Of<A::Input, T>) -> Of<A::Output, T> {
        let at_border = self.len == self.period;
        let base = if at_border { lanes::<T, A>(bar) } else { self.base(bar) };
        let (newer, len) = if at_border { (self.aggregate.empty(Scalar), 0) } else { (self.newer, self.len) };
        let newer = self.aggregate.newer(Scalar, newer, Count::new(Scalar, len), lanes::<T, A>(bar), &base);
        let older = if at_border {
            let mut state = self.aggregate.empty(Scalar);
            for (len, bar) in self.bars[1..].iter().rev().enumerate() {
                state =
                    self.aggregate.older(Scalar, state, Count::new(Scalar, len), lanes::<T, A>(bar), &base);
            }
            Some(state)
        } else {
            self.older.get(len + 1).copied()
        };
        self.finish(older, newer, len + 1, bar, &base)
    }

    /// Makes the bars since the border those before it.
    fn pass_border(&mut self, next: &Of<A::Input, T>) {
        let base = lanes::<T, A>(next);
        let mut state = self.aggregate.empty(Scalar);
        self.older.clear();
        self.older.resize(self.period, state);
        for (len, (bar, older)) in self.bars.iter().zip(&mut self.older).rev().enumerate() {
            state = self.aggregate.older(Scalar, state, Count::new(Scalar, len), lanes::<T, A>(bar), &base);
            *older = state;
        }
        self.newer = self.aggregate.empty(Scalar);
        self.len = 0;
    }

    /// The first bar since the border, which every window until the next one holds.
    fn base(&self, bar: &Of<A::Input, T>) -> Of<A::Input, Lane<T>> {
        lanes::<T, A>(if self.len == 0 { bar } else { &self.bars[0] })
    }

    /// The result of `len` bars since the border and those of the window before it.
    fn finish(
        &self,
        older: Option<A::State<Lane<T>>>,
        newer: A::State<Lane<T>>,
        len: usize,
        bar: &Of<A::Input, T>,
        base: &Of<A::Input, Lane<T>>,
    ) -> Of<A::Output, T> {
        if len < self.period && self.bars.len() < self.period {
            return A::Output::from_fn(|_| T::NAN);
        }
        let older = older.unwrap_or_else(|| self.aggregate.empty(Scalar));
        let whole = self.aggregate.join(
            Scalar,
            older,
            newer,
            [self.period - len, len].map(|bars| Count::new(Scalar, bars)),
        );
        let values = self.aggregate.finish(Scalar, whole, lanes::<T, A>(bar), base);
        A::Output::map(values, |value| finite_or_nan(value).to_array().as_ref()[0])
    }
}

/// A bar in every lane.
fn lanes<T: Element, A: Aggregate<T>>(bar: &Of<A::Input, T>) -> Of<A::Input, Lane<T>> {
    A::Input::map(A::Input::each_ref(bar), |x| Scalar.splat(*x))
}
