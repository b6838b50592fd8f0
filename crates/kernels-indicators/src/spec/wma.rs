use super::prelude::*;

indicator! {
    /// Linearly weighted moving average: `(1 x[0] + 2 x[1] + … + n x[n-1]) / (n (n + 1) / 2)` of the last `n = period` values.
    ///
    /// Values are `data: [bars]`; the first is at bar `period - 1`. The error is as of [`sma`](crate::sma()).
    ///
    /// ```
    /// let wma = kernels_indicators::wma(&[1.0, 1.0, 4.0, 4.0], 2)?;
    /// assert_eq!(wma[1..], [1.0, 3.0, 4.0]);
    /// # Ok::<(), kernels_indicators::Error>(())
    /// ```
    ///
    /// # Errors
    /// If there is no bar; if `period` is 0 or longer than the input.
    fn wma(data;
        /// The bars of a window.
        period: usize
    ) -> One;
    forms wma_into wma_in_place;
    type Wma;
}

impl Windowed for Wma {
    type Input = One;
    type Output = One;
    type Aggregate<T: Element> = Weighted<T>;

    fn aggregate<T: Element>(&self) -> Weighted<T> {
        Weighted::new(self.period)
    }
}
windowed!(Wma);

impl InPlace for Wma {
    #[inline(always)]
    fn run_in_place<S: Simd, T: Element>(&self, simd: S, data: &mut [T]) {
        window::run_in_place(simd, &self.aggregate::<T>(), self.period, data);
    }
}

/// The sum of what values are more than the base, and the same with weights from 1 on.
#[derive(Clone, Copy, Debug)]
pub struct Weighted<T> {
    /// The inverse of the sum of the weights.
    share: T,
}

impl<T: Element> Weighted<T> {
    pub(super) fn new(period: usize) -> Self {
        let n = period as f64;
        Self { share: T::from_f64(2.0 / (n * (n + 1.0))) }
    }
}

impl<T: Element> Aggregate<T> for Weighted<T> {
    type Input = One;
    type Output = One;
    type State<V: Vector<Element = T>> = [V; 2];

    #[inline(always)]
    fn empty<V: Vector<Element = T>>(&self, simd: V::Simd) -> [V; 2] {
        [V::splat(simd, T::ZERO); 2]
    }

    #[inline(always)]
    fn newer<V: Vector<Element = T>>(
        &self,
        simd: V::Simd,
        [sum, weighted]: [V; 2],
        len: Count<V>,
        x: V,
        base: &V,
    ) -> [V; 2] {
        let x = x - *base;
        [sum + x, x.mul_add(len.more(simd).lanes, weighted)]
    }

    #[inline(always)]
    fn older<V: Vector<Element = T>>(
        &self,
        _: V::Simd,
        [sum, weighted]: [V; 2],
        _: Count<V>,
        x: V,
        base: &V,
    ) -> [V; 2] {
        // All weights grow by one, and the new one is one.
        let sum = sum + (x - *base);
        [sum, weighted + sum]
    }

    #[inline(always)]
    fn join<V: Vector<Element = T>>(
        &self,
        _: V::Simd,
        older: [V; 2],
        newer: [V; 2],
        lens: [Count<V>; 2],
    ) -> [V; 2] {
        let weighted = newer[0].mul_add(lens[0].lanes, older[1] + newer[1]);
        [older[0] + newer[0], weighted]
    }

    #[inline(always)]
    fn finish<V: Vector<Element = T>>(&self, simd: V::Simd, [_, weighted]: [V; 2], _: V, base: &V) -> V {
        weighted.mul_add(V::splat(simd, self.share), *base)
    }
}
