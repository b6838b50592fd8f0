//! Every window summed on its own: for short windows, and for few of them. Lanes are bars.

use super::aggregate::{Aggregate, Count};
use crate::engine::lanes::finite_or_nan;
use crate::engine::recursive::Of;
use crate::shape::Shape;
use simd_core::{Element, Simd, Vector};

/// Vectors of bars that are computed side by side: each is a chain.
const SIDES: usize = 4;

/// As [`super::fill`].
#[inline(always)]
pub(super) fn fill<S: Simd, T: Element, A: Aggregate<T>>(
    simd: S,
    aggregate: &A,
    period: usize,
    input: &Of<A::Input, &[T]>,
    from: usize,
    mut out: Of<A::Output, &mut [T]>,
) {
    let lanes = T::Vector::<S>::LANES;
    let len = super::rows::outputs::<T, A>(&out);
    let windows = Windows { simd, aggregate, period, input };
    let mut at = 0;
    while at < len {
        let rest = len - at;
        if rest >= SIDES * lanes {
            windows.write::<SIDES>(from + at, lanes, at, &mut out);
            at += SIDES * lanes;
        } else if len >= lanes {
            // The last vector steps back over bars that are there already.
            at = at.min(len - lanes);
            windows.write::<1>(from + at, lanes, at, &mut out);
            at += lanes;
        } else {
            windows.write::<1>(from + at, 1, at, &mut out);
            at += 1;
        }
    }
}

struct Windows<'a, 'i, S, T: Element, A: Aggregate<T>> {
    simd: S,
    aggregate: &'a A,
    period: usize,
    input: &'a Of<A::Input, &'i [T]>,
}

impl<S: Simd, T: Element, A: Aggregate<T>> Windows<'_, '_, S, T, A> {
    /// Writes the windows that end at the bars from `newest` on: `N` vectors of `width` bars, which is all lanes or one.
    #[inline(always)]
    fn write<const N: usize>(
        &self,
        newest: usize,
        width: usize,
        at: usize,
        out: &mut Of<A::Output, &mut [T]>,
    ) {
        let Self { simd, aggregate, period, .. } = *self;
        let newest_bars = self.bars::<N>(newest, width);
        let mut states = [aggregate.empty(simd); N];
        let mut len = Count::new(simd, 0);
        for bar in newest + 1 - period..=newest {
            let bars = self.bars::<N>(bar, width);
            for (i, state) in states.iter_mut().enumerate() {
                let (bar, base) = (self.load(&bars, i, width), self.load(&newest_bars, i, width));
                *state = aggregate.newer(simd, *state, len, bar, &base);
            }
            len = len.more(simd);
        }
        for (i, state) in states.into_iter().enumerate() {
            let (bar, base) = (self.load(&newest_bars, i, width), self.load(&newest_bars, i, width));
            let values = aggregate.finish(simd, state, bar, &base);
            A::Output::map(
                A::Output::zip(values, A::Output::each_mut(out)),
                #[inline(always)]
                |(value, out)| match (finite_or_nan(value), &mut out[at + i * width..][..width]) {
                    (value, [out]) => *out = value.to_array().as_ref()[0],
                    (value, out) => value.store(out),
                },
            );
        }
    }

    /// The bars of `N` vectors from `first` on.
    #[inline(always)]
    fn bars<const N: usize>(&self, first: usize, width: usize) -> Of<A::Input, &[T]> {
        A::Input::map(
            A::Input::each_ref(self.input),
            #[inline(always)]
            |xs| &xs[first..first + N * width],
        )
    }

    /// One of the vectors.
    #[inline(always)]
    fn load(&self, bars: &Of<A::Input, &[T]>, i: usize, width: usize) -> Of<A::Input, T::Vector<S>> {
        A::Input::map(
            A::Input::each_ref(bars),
            #[inline(always)]
            |xs| if width == 1 { self.simd.splat(xs[0]) } else { self.simd.load(&xs[i * width..]) },
        )
    }
}
