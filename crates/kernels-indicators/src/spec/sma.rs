use super::prelude::*;

indicator! {
    /// Simple moving average: the mean of the last `period` values.
    ///
    /// Values are `data: [bars]`; the first is at bar `period - 1`. Each is within half a unit in the last place and
    /// `(period + 4) u` times how far the values of its window lie apart, with `u = 2^-53`, or `2^-24` for `f32`: nothing that left
    /// the window has an effect.
    ///
    /// ```
    /// let sma = kernels_indicators::sma(&[1.0, 2.0, 3.0, 7.0], 3)?;
    /// assert_eq!(sma[2..], [2.0, 4.0]);
    /// # Ok::<(), kernels_indicators::Error>(())
    /// ```
    ///
    /// # Errors
    /// If there is no bar; if `period` is 0 or longer than the input.
    fn sma(data;
        /// The bars of a window.
        period: usize
    ) -> One;
    forms sma_into sma_in_place;
    type Sma;
}

impl Windowed for Sma {
    type Input = One;
    type Output = One;
    type Aggregate<T: Element> = Mean<T>;

    fn aggregate<T: Element>(&self) -> Mean<T> {
        Mean::new(self.period)
    }
}
windowed!(Sma);

impl InPlace for Sma {
    #[inline(always)]
    fn run_in_place<S: Simd, T: Element>(&self, simd: S, data: &mut [T]) {
        window::run_in_place(simd, &self.aggregate::<T>(), self.period, data);
    }
}

/// The sum of what values are more than the base.
#[derive(Clone, Copy, Debug)]
pub struct Mean<T> {
    /// The inverse of the period.
    share: T,
}

impl<T: Element> Mean<T> {
    fn new(period: usize) -> Self {
        Self { share: T::from_f64(1.0 / period as f64) }
    }
}

impl<T: Element> Aggregate<T> for Mean<T> {
    type Input = One;
    type Output = One;
    type State<V: Vector<Element = T>> = V;

    #[inline(always)]
    fn empty<V: Vector<Element = T>>(&self, simd: V::Simd) -> V {
        V::splat(simd, T::ZERO)
    }

    #[inline(always)]
    fn newer<V: Vector<Element = T>>(&self, _: V::Simd, sum: V, _: Count<V>, x: V, base: &V) -> V {
        sum + (x - *base)
    }

    #[inline(always)]
    fn join<V: Vector<Element = T>>(&self, _: V::Simd, older: V, newer: V, _: [Count<V>; 2]) -> V {
        older + newer
    }

    #[inline(always)]
    fn finish<V: Vector<Element = T>>(&self, simd: V::Simd, sum: V, _: V, base: &V) -> V {
        sum.mul_add(V::splat(simd, self.share), *base)
    }
}
