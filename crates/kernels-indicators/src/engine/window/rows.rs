//! Suffixes joined with prefixes, as many windows at a time as a vector has lanes.
//!
//! A group is one run of `rows` bars for each lane. In each lane, the bars before the run are added up backwards and
//! kept, one state for each bar; then the run's own are added up forwards, and joined with what was kept.

use super::aggregate::{Aggregate, Count};
use crate::engine::lanes::{finite_or_nan, gap};
use crate::engine::recursive::Of;
use crate::shape::Shape;
use simd_core::{Element, MAX_LANES, Mask, Simd, Vector};

/// The longest run: its states fit into the first-level cache.
pub(super) const ROWS: usize = 256;

/// The number of bars to write.
pub(super) fn outputs<T: Element, A: Aggregate<T>>(out: &Of<A::Output, &mut [T]>) -> usize {
    let mut len = 0;
    A::Output::map(A::Output::each_ref(out), |out| len = out.len());
    len
}

/// Whether there are fewer bars than the smallest group has.
#[inline(always)]
pub(super) fn too_few<S: Simd, T: Element, A: Aggregate<T>>(out: &Of<A::Output, &mut [T]>) -> bool {
    let lanes = T::Vector::<S>::LANES;
    outputs::<T, A>(out) < lanes * lanes
}

/// As [`super::fill`], for periods and outputs of no less than a square of lanes.
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
    let len = outputs::<T, A>(&out);
    // Groups of one size; the last steps back over bars that are there already.
    let most = period.min(ROWS).min(len / lanes) / lanes * lanes;
    let groups = len.div_ceil(lanes * most);
    let rows = len.div_ceil(lanes * groups).next_multiple_of(lanes).min(most);
    let mut states = [aggregate.empty(simd); ROWS];
    let mut at = 0;
    while at < len {
        at = at.min(len - lanes * rows);
        let out = A::Output::map(
            A::Output::each_mut(&mut out),
            #[inline(always)]
            |out| &mut out[at..at + lanes * rows],
        );
        let group = Group { simd, aggregate, period, rows, first: from + at };
        group.fill(input, out, &mut states[..rows]);
        at += lanes * rows;
    }
}

/// The first bar of each run, and what is known of bars before.
type Begun<A, T, V> = (Of<<A as Aggregate<T>>::Input, V>, <A as Aggregate<T>>::State<V>);

/// The runs that are computed together.
struct Group<'a, S, A> {
    simd: S,
    aggregate: &'a A,
    period: usize,
    /// The bars of a run.
    rows: usize,
    /// The first lane's first bar.
    first: usize,
}

impl<S: Simd, A> Group<'_, S, A> {
    #[inline(always)]
    fn fill<T: Element>(
        &self,
        input: &Of<A::Input, &[T]>,
        mut out: Of<A::Output, &mut [T]>,
        states: &mut [A::State<T::Vector<S>>],
    ) where
        A: Aggregate<T>,
    {
        let Self { simd, aggregate, period, rows, first } = *self;
        let lanes = T::Vector::<S>::LANES;
        let (base, mut state) = self.between(input);
        let mut len = Count::new(simd, period - rows);
        states[rows - 1] = state;
        for block in (1..rows / lanes).rev() {
            let columns = self.columns::<T>(input, first + block * lanes - period);
            let states = &mut states[block * lanes - 1..][..lanes];
            for lane in (0..lanes).rev() {
                state = aggregate.older(simd, state, len, pick::<S, T, A>(&columns, lane), &base);
                len = len.more(simd);
                states[lane] = state;
            }
        }
        // The last block without the first bar of each run before: no window holds it, and it may not be there.
        let columns = self.columns::<T>(input, first + 1 - period);
        for lane in (0..lanes - 1).rev() {
            state = aggregate.older(simd, state, len, pick::<S, T, A>(&columns, lane), &base);
            len = len.more(simd);
            states[lane] = state;
        }

        let mut state = aggregate.empty(simd);
        let (mut older_len, mut newer_len) = (Count::new(simd, period), Count::new(simd, 0));
        for (block, states) in states.chunks_exact(lanes).enumerate() {
            let columns = self.columns::<T>(input, first + block * lanes);
            let mut results = A::Output::from_fn(
                #[inline(always)]
                |_| simd.splat(T::ZERO).block(),
            );
            for (lane, older) in states.iter().enumerate() {
                let bar = pick::<S, T, A>(&columns, lane);
                state = aggregate.newer(simd, state, newer_len, bar, &base);
                (older_len, newer_len) = (older_len.fewer(simd), newer_len.more(simd));
                let whole = aggregate.join(simd, *older, state, [older_len, newer_len]);
                let bar = pick::<S, T, A>(&columns, lane);
                let values = aggregate.finish(simd, whole, bar, &base);
                A::Output::map(
                    A::Output::zip(values, A::Output::each_mut(&mut results)),
                    #[inline(always)]
                    |(value, result)| result.as_mut()[lane] = value,
                );
            }
            A::Output::map(
                A::Output::zip(results, A::Output::each_mut(&mut out)),
                #[inline(always)]
                |(result, out)| {
                    <T::Vector<S> as Vector>::store_columns(result, &mut out[block * lanes..], rows);
                },
            );
        }
        self.no_infinities(states[0], state, &base, out);
    }

    /// Makes infinities NaN. The bars before the runs and those in them are all the bars that any of the windows hold:
    /// where what is made of all of them is finite, no bar is infinite.
    #[inline(always)]
    fn no_infinities<T: Element>(
        &self,
        older: A::State<T::Vector<S>>,
        newer: A::State<T::Vector<S>>,
        base: &Of<A::Input, T::Vector<S>>,
        out: Of<A::Output, &mut [T]>,
    ) where
        A: Aggregate<T>,
    {
        let Self { simd, aggregate, period, rows, .. } = *self;
        let lens = [period - 1, rows].map(|bars| Count::new(simd, bars));
        let all = aggregate.join(simd, older, newer, lens);
        let bar = A::Input::map(A::Input::each_ref(base), |bar| *bar);
        let values = aggregate.finish(simd, all, bar, base);
        A::Output::map(
            A::Output::zip(values, out),
            #[inline(always)]
            |(value, out)| {
                let gap = gap(value);
                if gap.unordered(gap).any() {
                    for out in out {
                        *out = finite_or_nan(*out);
                    }
                }
            },
        );
    }

    /// The first bar of each run, and what is known of the bars between those that are added up backwards and the runs,
    /// where a window is longer than a run.
    #[inline(always)]
    fn between<T: Element>(&self, input: &Of<A::Input, &[T]>) -> Begun<A, T, T::Vector<S>>
    where
        A: Aggregate<T>,
    {
        let Self { simd, aggregate, period, rows, first } = *self;
        let lanes = T::Vector::<S>::LANES;
        let more = period - rows;
        let (mut state, mut len) = (aggregate.empty(simd), Count::new(simd, 0));
        if more < lanes {
            // A square holds them and the first bar.
            let columns = self.columns::<T>(input, first - more);
            let mut base = pick::<S, T, A>(&columns, 0);
            for lane in 1..lanes {
                if lane == more {
                    base = pick::<S, T, A>(&columns, lane);
                }
            }
            for lane in (0..lanes - 1).rev() {
                if lane < more {
                    state = aggregate.older(simd, state, len, pick::<S, T, A>(&columns, lane), &base);
                    len = len.more(simd);
                }
            }
            return (base, state);
        }
        let base = self.column::<T>(input, first);
        for bar in (first - more..first).rev() {
            state = aggregate.older(simd, state, len, self.column::<T>(input, bar), &base);
            len = len.more(simd);
        }
        (base, state)
    }

    /// One bar of each lane's, the first lane's being `bar`.
    #[inline(always)]
    fn column<T: Element>(&self, input: &Of<A::Input, &[T]>, bar: usize) -> Of<A::Input, T::Vector<S>>
    where
        A: Aggregate<T>,
    {
        A::Input::map(
            A::Input::each_ref(input),
            #[inline(always)]
            |xs| {
                let mut column = [T::ZERO; MAX_LANES];
                for (lane, x) in column[..T::Vector::<S>::LANES].iter_mut().enumerate() {
                    *x = xs[bar + lane * self.rows];
                }
                self.simd.load(&column)
            },
        )
    }

    /// As many bars of each lane's as there are lanes, the first lane's from `start` on: a vector for each bar.
    #[inline(always)]
    fn columns<T: Element>(
        &self,
        input: &Of<A::Input, &[T]>,
        start: usize,
    ) -> Of<A::Input, <T::Vector<S> as Vector>::Block>
    where
        A: Aggregate<T>,
    {
        A::Input::map(
            A::Input::each_ref(input),
            #[inline(always)]
            |xs| <T::Vector<S> as Vector>::load_columns(self.simd, &xs[start..], self.rows),
        )
    }
}

/// One of the bars of a square.
#[inline(always)]
fn pick<S: Simd, T: Element, A: Aggregate<T>>(
    columns: &Of<A::Input, <T::Vector<S> as Vector>::Block>,
    bar: usize,
) -> Of<A::Input, T::Vector<S>> {
    A::Input::map(
        A::Input::each_ref(columns),
        #[inline(always)]
        |columns| columns.as_ref()[bar],
    )
}
