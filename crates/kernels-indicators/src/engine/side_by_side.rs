//! Recursive means of many periods over the same series: lanes are periods.
//!
//! Where a single series needs a scan, many of them are chains enough as they are: `y += weight (x - y)`, in every lane,
//! relative to where the lane was some bars before.

use super::average::Average;
use super::lanes::gap;
use super::recursive::{Recursive, Scratch};
use crate::error::{self, Error};
use crate::formula::run_in_turn;
use crate::shape::One;
use simd_core::{Element, MAX_LANES, Mask, Simd, Vector};
use std::fmt::Debug;

/// Vectors of periods that are computed together, each of which is a chain.
const VECTORS: usize = 4;

/// Bars after which the lanes' bases follow: a multiple of all numbers of lanes.
const SETTLED: usize = MAX_LANES;

/// An indicator that is one [`Average`] of its series.
pub trait Averaged: Clone + Debug + Send + Sync {
    /// The values that it begins at the mean of.
    fn period(&self) -> usize;
    /// The average before the first bar.
    fn average<T: Element>(&self) -> Average<T>;
}

impl<A: Averaged> Recursive for A {
    type Input = One;
    type Output = One;
    type State<T: Element> = Average<T>;
    const NEEDS_SCRATCH: bool = false;

    fn check(&self, bars: Option<usize>) -> Result<(), Error> {
        error::period("period", self.period(), bars)
    }

    fn lookback(&self) -> usize {
        self.period() - 1
    }

    fn start<T: Element>(&self) -> Average<T> {
        self.average()
    }

    #[inline(always)]
    fn run_side_by_side<S: Simd, T: Element>(
        simd: S,
        settings: &[Self],
        data: &&[T],
        out: &mut &mut [T],
    ) -> bool {
        run_rows(simd, settings, data, out);
        true
    }

    #[inline(always)]
    fn advance<S: Simd, T: Element>(
        &self,
        state: &mut Average<T>,
        simd: S,
        data: &[T],
        out: &mut [T],
        _: Scratch<'_, T>,
    ) {
        state.advance(simd, data, out);
    }
}

/// As [`Formula::run_rows`](crate::formula::Formula::run_rows).
#[inline(always)]
fn run_rows<S: Simd, T: Element, A: Averaged>(simd: S, settings: &[A], data: &[T], out: &mut [T]) {
    let lanes = T::Vector::<S>::LANES;
    let len = data.len();
    let mut rest = (settings, out);
    while !rest.0.is_empty() {
        let count = match rest.0.len() {
            many if many >= VECTORS * lanes => VECTORS * lanes,
            some if some >= lanes => lanes,
            few => few,
        };
        let (group, settings) = rest.0.split_at(count);
        let (rows, out) = rest.1.split_at_mut(count * len);
        // An average over a single bar is that bar, to the last digit.
        let copies = group.iter().any(|setting| setting.period() == 1);
        if copies {
            run_in_turn(simd, group, &data, rows);
        } else if count == VECTORS * lanes {
            run_group::<S, T, A, VECTORS>(simd, group, data, rows);
        } else if count == lanes {
            run_group::<S, T, A, 1>(simd, group, data, rows);
        } else {
            run_in_turn(simd, group, &data, rows);
        }
        rest = (settings, out);
    }
}

/// Runs `N` vectors of settings: alone until all have begun, and then together.
#[inline(always)]
fn run_group<S: Simd, T: Element, A: Averaged, const N: usize>(
    simd: S,
    settings: &[A],
    data: &[T],
    out: &mut [T],
) {
    let lanes = T::Vector::<S>::LANES;
    // The averages begin where as many values have come as the longest asks for.
    let longest = settings.iter().map(A::lookback).max().unwrap_or(0);
    let mut values = data.iter().enumerate().filter(|(_, x)| x.is_finite());
    let begin = values.nth(longest).map_or(data.len(), |(bar, _)| bar + 1);
    let zero = simd.splat(T::ZERO);
    let mut group = Group { weights: [zero; N], bases: [zero; N], moves: [zero; N] };
    for (vector, settings) in settings.chunks_exact(lanes).enumerate() {
        let (mut weights, mut bases) = ([T::ZERO; MAX_LANES], [T::ZERO; MAX_LANES]);
        for (lane, setting) in settings.iter().enumerate() {
            let row = &mut out[(vector * lanes + lane) * data.len()..][..begin];
            let mut average = setting.average::<T>();
            average.advance(simd, &data[..begin], row);
            (weights[lane], bases[lane]) = (average.weight(), average.value());
        }
        (group.weights[vector], group.bases[vector]) = (simd.load(&weights), simd.load(&bases));
    }
    simd.vectorize(
        #[inline(always)]
        || group.run(simd, data, begin, out),
    );
}

struct Group<V, const N: usize> {
    weights: [V; N],
    /// The values some bars before, and how far they have moved since.
    bases: [V; N],
    moves: [V; N],
}

impl<V: Vector, const N: usize> Group<V, N> {
    /// Writes the bars from `begin` on.
    #[inline(always)]
    fn run(mut self, simd: V::Simd, data: &[V::Element], begin: usize, out: &mut [V::Element]) {
        let mut at = begin;
        while at + V::LANES <= data.len() {
            self.square(simd, data, at, out);
            at += V::LANES;
            if (at - begin).is_multiple_of(SETTLED) {
                self.settle();
            }
        }
        for (at, x) in data.iter().enumerate().skip(at) {
            let values = self.step(simd, *x);
            self.write(values, at, data.len(), out);
        }
    }

    /// As many bars as there are lanes.
    #[inline(always)]
    fn square(&mut self, simd: V::Simd, data: &[V::Element], at: usize, out: &mut [V::Element]) {
        let zero = V::splat(simd, V::Element::ZERO);
        let mut bars = zero.block();
        for (bar, x) in bars.as_mut().iter_mut().zip(&data[at..at + V::LANES]) {
            *bar = V::splat(simd, *x);
        }
        let mut moves = self.moves;
        let mut lost = zero;
        for i in 0..N {
            let (base, weight) = (self.bases[i], self.weights[i]);
            let mut values = zero.block();
            for (value, bar) in values.as_mut().iter_mut().zip(bars.as_ref()) {
                moves[i] = ((*bar - base) - moves[i]).mul_add(weight, moves[i]);
                *value = base + moves[i];
            }
            lost = lost + gap(moves[i]);
            V::store_columns(values, &mut out[i * V::LANES * data.len() + at..], data.len());
        }
        if lost.unordered(lost).any() {
            for (bar, x) in data[at..at + V::LANES].iter().enumerate() {
                let values = self.step(simd, *x);
                self.write(values, at + bar, data.len(), out);
            }
            return;
        }
        self.moves = moves;
    }

    /// Writes the values at one bar.
    #[inline(always)]
    fn write(&self, values: [V; N], at: usize, data_len: usize, out: &mut [V::Element]) {
        for (vector, values) in values.iter().enumerate() {
            for (lane, value) in values.to_array().as_ref().iter().enumerate() {
                out[(vector * V::LANES + lane) * data_len + at] = *value;
            }
        }
    }

    /// The values one bar later. Where one would not be finite, it is NaN, and nothing changes.
    #[inline(always)]
    fn step(&mut self, simd: V::Simd, x: V::Element) -> [V; N] {
        let [x, nan, zero] = [x, V::Element::NAN, V::Element::ZERO].map(|x| V::splat(simd, x));
        let mut values = self.bases;
        for (i, value) in values.iter_mut().enumerate() {
            let base = *value;
            let moved = ((x - base) - self.moves[i]).mul_add(self.weights[i], self.moves[i]);
            let is_finite = gap(moved).eq(zero);
            self.moves[i] = is_finite.select(moved, self.moves[i]);
            *value = is_finite.select(base + moved, nan);
        }
        self.settle();
        values
    }

    /// Moves the bases to where the lanes are; what does not fit into them stays in the moves (Dekker's sum, which is
    /// exact where the move is the smaller one, and else off by no more than a last place of it).
    #[inline(always)]
    fn settle(&mut self) {
        for (base, moved) in self.bases.iter_mut().zip(&mut self.moves) {
            let sum = *base + *moved;
            (*base, *moved) = (sum, (*base - sum) + *moved);
        }
    }
}
