//! Indicators of the last `n` bars.
//!
//! A running sum that adds the bar that comes and subtracts the one that goes keeps what rounding did for ever. Here
//! nothing is subtracted: a window is a suffix of the bars before some border, joined with a prefix of those after it
//! (van Herk, 1992; Gil and Werman, 1993), so that each value is as good as if its window had been summed alone, a NaN
//! stays in the windows that hold it, and a bar costs the same for windows of up to 256 bars. (Of longer ones the middle is
//! summed anew for every group of bars: at 5,000 a bar costs five times as much.)

mod aggregate;
mod direct;
mod moments;
mod queue;
mod rows;

pub(crate) use aggregate::{Aggregate, Count};
pub(crate) use moments::{Moments, moments};
pub(crate) use queue::Queue;

use crate::engine::recursive::Of;
use crate::error::Error;
use crate::shape::{One, Shape};
use simd_core::{Element, Simd};
use std::fmt::Debug;

/// Bars that are computed at a time where they take the place of their input.
pub(crate) const PIECE: usize = 1024;

/// Windows shorter than this are summed anew at every bar.
const SHORT: usize = 8;

/// An indicator of the last bars.
pub trait Windowed: Clone + Debug + Send + Sync {
    /// What it reads at a bar.
    type Input: Shape;
    /// What it writes.
    type Output: Shape;
    /// What it knows of several bars.
    type Aggregate<T: Element>: Aggregate<T, Input = Self::Input, Output = Self::Output>;

    /// What is computed of them.
    fn aggregate<T: Element>(&self) -> Self::Aggregate<T>;
    /// That the other parameters are in their range.
    fn check_others(&self) -> Result<(), Error> {
        Ok(())
    }
}

/// Makes a [`Formula`](crate::formula::Formula) of what is [`Windowed`].
macro_rules! windowed {
    ($spec:ty) => {
        impl crate::formula::Formula for $spec {
            type Input = <Self as Windowed>::Input;
            type Output = <Self as Windowed>::Output;
            type State<T: Element> = Queue<T, <Self as Windowed>::Aggregate<T>>;

            fn check(&self, bars: Option<usize>) -> Result<(), Error> {
                error::period("period", self.period, bars)?;
                self.check_others()
            }

            fn lookback(&self) -> usize {
                self.period - 1
            }

            #[inline(always)]
            fn run<S: Simd, T: Element>(
                &self,
                simd: S,
                input: Of<Self::Input, &[T]>,
                out: Of<Self::Output, &mut [T]>,
            ) {
                window::run(simd, &Windowed::aggregate::<T>(self), self.period, &input, out);
            }

            fn start<T: Element>(&self) -> Result<Self::State<T>, Error> {
                Queue::new(Windowed::aggregate::<T>(self), self.period)
            }

            fn restart<T: Element>(&self, state: &mut Self::State<T>) {
                state.clear();
            }

            fn update<T: Element>(
                &self,
                state: &mut Self::State<T>,
                bar: Of<Self::Input, T>,
            ) -> Of<Self::Output, T> {
                state.update(bar)
            }

            fn peek<T: Element>(
                &self,
                state: &Self::State<T>,
                bar: Of<Self::Input, T>,
            ) -> Of<Self::Output, T> {
                state.peek(&bar)
            }
        }
    };
}
pub(crate) use windowed;

/// Writes all bars: NaN before the first whole window.
#[inline(always)]
pub(crate) fn run<S: Simd, T: Element, A: Aggregate<T>>(
    simd: S,
    aggregate: &A,
    period: usize,
    input: &Of<A::Input, &[T]>,
    out: Of<A::Output, &mut [T]>,
) {
    let out = A::Output::map(out, |out| {
        let (before, out) = out.split_at_mut(period - 1);
        before.fill(T::NAN);
        out
    });
    fill(simd, aggregate, period, input, period - 1, out);
}

/// Writes all bars over what they are computed from, the last ones first: a bar looks back only.
#[inline(always)]
pub(crate) fn run_in_place<S: Simd, T: Element, A: Aggregate<T, Input = One, Output = One>>(
    simd: S,
    aggregate: &A,
    period: usize,
    data: &mut [T],
) {
    backwards(data, period - 1, |data, from, out| fill(simd, aggregate, period, &data, from, out));
}

/// Replaces the bars from `first` on, a piece at a time and the last piece first, by what `fill(data, from, out)`
/// writes for those from `from` on; and those before by NaN.
#[inline(always)]
pub(crate) fn backwards<T: Element>(
    data: &mut [T],
    first: usize,
    mut fill: impl FnMut(&[T], usize, &mut [T]),
) {
    let mut out = [T::ZERO; PIECE];
    let mut end = data.len();
    while end > first {
        let from = end.saturating_sub(PIECE).max(first);
        let out = &mut out[..end - from];
        fill(&data[..end], from, out);
        data[from..end].copy_from_slice(out);
        end = from;
    }
    data[..first].fill(T::NAN);
}

/// Writes the bars from `from` on, which is not before the first window's end.
#[inline(always)]
pub(crate) fn fill<S: Simd, T: Element, A: Aggregate<T>>(
    simd: S,
    aggregate: &A,
    period: usize,
    input: &Of<A::Input, &[T]>,
    from: usize,
    out: Of<A::Output, &mut [T]>,
) {
    simd.vectorize(
        #[inline(always)]
        || {
            if period < SHORT || rows::too_few::<S, T, A>(&out) {
                direct::fill(simd, aggregate, period, input, from, out)
            } else {
                rows::fill(simd, aggregate, period, input, from, out)
            }
        },
    )
}
