//! What is known of a run of bars, and how it grows.

use crate::engine::recursive::Of;
use crate::shape::Shape;
use simd_core::{Element, Vector};
use std::fmt::Debug;

/// What is known of a run of bars. It grows at both ends and is joined with its neighbour; nothing is ever taken out.
///
/// Values count relative to `base`, one bar of the window: errors are then fractions of how far the values lie apart.
pub trait Aggregate<T: Element>: Clone + Debug + Send + Sync {
    /// What it reads at a bar.
    type Input: Shape;
    /// What it writes.
    type Output: Shape;
    /// What is known, of as many runs as a vector has lanes.
    type State<V: Vector<Element = T>>: Copy + Debug + Send + Sync;

    /// Nothing.
    fn empty<V: Vector<Element = T>>(&self, simd: V::Simd) -> Self::State<V>;
    /// With one more bar after those `len`.
    fn newer<V: Vector<Element = T>>(
        &self,
        simd: V::Simd,
        state: Self::State<V>,
        len: Count<V>,
        bar: Of<Self::Input, V>,
        base: &Of<Self::Input, V>,
    ) -> Self::State<V>;
    /// With one more bar before those `len`: the same, unless the order counts.
    #[inline(always)]
    fn older<V: Vector<Element = T>>(
        &self,
        simd: V::Simd,
        state: Self::State<V>,
        len: Count<V>,
        bar: Of<Self::Input, V>,
        base: &Of<Self::Input, V>,
    ) -> Self::State<V> {
        self.newer(simd, state, len, bar, base)
    }
    /// `older` of `lens[0]` bars, and `newer` of `lens[1]` bars after them.
    fn join<V: Vector<Element = T>>(
        &self,
        simd: V::Simd,
        older: Self::State<V>,
        newer: Self::State<V>,
        lens: [Count<V>; 2],
    ) -> Self::State<V>;
    /// The result of a whole window whose newest bar is `bar`.
    fn finish<V: Vector<Element = T>>(
        &self,
        simd: V::Simd,
        state: Self::State<V>,
        bar: Of<Self::Input, V>,
        base: &Of<Self::Input, V>,
    ) -> Of<Self::Output, V>;
}

/// A number of bars, also as one in every lane: it counts on without a conversion.
#[derive(Clone, Copy, Debug)]
pub struct Count<V> {
    pub(crate) bars: usize,
    pub(crate) lanes: V,
}

impl<V: Vector> Count<V> {
    #[inline(always)]
    pub(crate) fn new(simd: V::Simd, bars: usize) -> Self {
        Self { bars, lanes: V::splat(simd, V::Element::from_f64(bars as f64)) }
    }

    #[inline(always)]
    pub(crate) fn more(self, simd: V::Simd) -> Self {
        Self { bars: self.bars + 1, lanes: self.lanes + V::splat(simd, V::Element::ONE) }
    }

    #[inline(always)]
    pub(crate) fn fewer(self, simd: V::Simd) -> Self {
        Self { bars: self.bars.wrapping_sub(1), lanes: self.lanes - V::splat(simd, V::Element::ONE) }
    }
}
