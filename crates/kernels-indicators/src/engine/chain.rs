//! Averages of averages, whose differences matter.

use super::average::Average;
use simd_core::Element;

/// Averages relative to a base near the values. What is computed of several of them is rounded at the level of the
/// values but once: an average that is rounded there is off by half a unit in the last place, and three times it by
/// three times that.
#[derive(Clone, Copy, Debug)]
pub struct Chain<T, const N: usize> {
    base: T,
    /// Of the values themselves, the first `direct` of them; of values relative to the base, the others.
    averages: [Average<T>; N],
    direct: usize,
}

impl<T: Element, const N: usize> Chain<T, N> {
    /// Averages of moves, of which the first `direct` ones take values as they are.
    pub(crate) fn new(averages: [Average<T>; N], direct: usize) -> Self {
        Self { base: T::ZERO, averages, direct }
    }

    /// Moves the base near `xs`: it, and the averages, which are relative to it.
    #[inline(always)]
    pub(crate) fn near(&mut self, xs: &[T]) -> (T, &mut [Average<T>; N]) {
        // An average over a single bar is that bar, and needs no base.
        let is_copy = self.averages.iter().all(|average| average.weight() == T::ONE);
        if let Some(base) = median(xs).filter(|_| !is_copy) {
            let (direct, others) = self.averages.split_at_mut(self.direct);
            direct.iter_mut().for_each(|average| average.move_origin(base));
            others.iter_mut().for_each(|average| average.lower(base - self.base));
            self.base = base;
        }
        (self.base, &mut self.averages)
    }
}

/// The middle one of the first, the middle and the last value, so that a single large one is never it; if they are
/// finite.
fn median<T: Element>(xs: &[T]) -> Option<T> {
    let [a, b, c] = [*xs.first()?, xs[xs.len() / 2], *xs.last()?];
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    let middle = if c < low {
        low
    } else if c < high {
        c
    } else {
        high
    };
    (a + b + c).is_finite().then_some(middle)
}
