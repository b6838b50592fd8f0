//! The mean and the variance of a window, from sums of positive terms alone.

use super::aggregate::Count;
use super::rows::ROWS;
use simd_core::{Element, Vector};

/// The state is the sum of what values are more than the base, and the sum of their squared distances from their mean
/// (Chan, Golub and LeVeque, 1979).
#[derive(Clone, Debug)]
pub(crate) struct Moments<T> {
    /// The inverse of the period.
    share: T,
    /// `1 / (n (n + 1))`, the weight of one more bar; 0 for the first one.
    adding: [T; ROWS + 1],
    /// `1 / (a b (a + b))`, the weight of joining `a` bars with `b` newer ones to a whole window; 0 for none.
    joining: [T; ROWS + 1],
}

impl<T: Element> Moments<T> {
    pub(crate) fn new(period: usize) -> Self {
        let (mut adding, mut joining) = ([T::ZERO; ROWS + 1], [T::ZERO; ROWS + 1]);
        for bars in 1..adding.len().min(period) {
            adding[bars] = Self::adding(bars);
            joining[bars] = Self::joining(period - bars, bars);
        }
        Self { share: T::from_f64(1.0 / period as f64), adding, joining }
    }

    fn adding(bars: usize) -> T {
        let bars = bars as f64;
        T::from_f64(1.0 / (bars * (bars + 1.0)))
    }

    fn joining(a: usize, b: usize) -> T {
        let (a, b) = (a as f64, b as f64);
        T::from_f64(1.0 / (a * b * (a + b)))
    }

    /// With one more bar, at either end.
    #[inline(always)]
    pub(crate) fn add<V: Vector<Element = T>>(
        &self,
        simd: V::Simd,
        [sum, squares]: [V; 2],
        len: Count<V>,
        x: V,
        base: V,
    ) -> [V; 2] {
        let below = base - x;
        // As many times as far from the mean as there were bars.
        let apart = below.mul_add(len.lanes, sum);
        let weight = self.adding.get(len.bars).copied().unwrap_or_else(
            #[inline(always)]
            || Self::adding(len.bars),
        );
        [sum - below, (apart * apart).mul_add(V::splat(simd, weight), squares)]
    }

    /// Joins to a whole window.
    #[inline(always)]
    pub(crate) fn join<V: Vector<Element = T>>(
        &self,
        simd: V::Simd,
        older: [V; 2],
        newer: [V; 2],
        lens: [Count<V>; 2],
    ) -> [V; 2] {
        let apart = older[0] * lens[1].lanes - newer[0] * lens[0].lanes;
        let lens = lens.map(|len| len.bars);
        let weight = self.joining.get(lens[1]).copied().unwrap_or_else(
            #[inline(always)]
            || if lens[0] == 0 { T::ZERO } else { Self::joining(lens[0], lens[1]) },
        );
        [older[0] + newer[0], (apart * apart).mul_add(V::splat(simd, weight), older[1] + newer[1])]
    }

    #[inline(always)]
    pub(crate) fn mean<V: Vector<Element = T>>(&self, simd: V::Simd, [sum, _]: [V; 2], base: V) -> V {
        sum.mul_add(V::splat(simd, self.share), base)
    }

    #[inline(always)]
    pub(crate) fn deviation<V: Vector<Element = T>>(&self, simd: V::Simd, [_, squares]: [V; 2]) -> V {
        (squares * V::splat(simd, self.share)).sqrt()
    }
}

/// The methods of an [`Aggregate`](super::Aggregate) that has [`Moments`] in a field.
macro_rules! moments {
    ($field:tt) => {
        #[inline(always)]
        fn empty<V: Vector<Element = T>>(&self, simd: V::Simd) -> [V; 2] {
            [V::splat(simd, T::ZERO); 2]
        }

        #[inline(always)]
        fn newer<V: Vector<Element = T>>(
            &self,
            simd: V::Simd,
            state: [V; 2],
            len: Count<V>,
            x: V,
            base: &V,
        ) -> [V; 2] {
            self.$field.add(simd, state, len, x, *base)
        }

        #[inline(always)]
        fn join<V: Vector<Element = T>>(
            &self,
            simd: V::Simd,
            older: [V; 2],
            newer: [V; 2],
            lens: [Count<V>; 2],
        ) -> [V; 2] {
            self.$field.join(simd, older, newer, lens)
        }
    };
}
pub(crate) use moments;
