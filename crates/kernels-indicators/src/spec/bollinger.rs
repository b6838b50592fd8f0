use super::prelude::*;

indicator! {
    /// Bollinger bands: the [`sma`](crate::sma()) of the last `period` values, and `k` times their [`stddev`](crate::stddev()) above and
    /// below it (Bollinger, 1983).
    ///
    /// Values are `data: [bars]`; the first is at bar `period - 1`. The errors are as of the two that it is made of.
    ///
    /// ```
    /// let bands = kernels_indicators::bollinger(&[1.0, 3.0, 7.0], 2, 2.0)?;
    /// assert_eq!([bands.upper[2], bands.middle[2], bands.lower[2]], [9.0, 5.0, 1.0]);
    /// # Ok::<(), kernels_indicators::Error>(())
    /// ```
    ///
    /// # Errors
    /// If there is no bar; if `period` is 0 or longer than the input; if `k` is not finite.
    fn bollinger(data;
        /// The bars of a window.
        period: usize,
        /// Standard deviations from the middle to a band.
        k: f64
    ) -> Bands;
    forms bollinger_into;
    type Bollinger;
}

impl Windowed for Bollinger {
    type Input = One;
    type Output = shape::BandsShape;
    type Aggregate<T: Element> = Bands<T>;

    fn aggregate<T: Element>(&self) -> Bands<T> {
        Bands { moments: Moments::new(self.period), k: T::from_f64(self.k) }
    }

    fn check_others(&self) -> Result<(), Error> {
        error::finite("k", self.k)
    }
}
windowed!(Bollinger);

/// The mean and the deviation of the moments.
#[derive(Clone, Debug)]
pub struct Bands<T> {
    moments: Moments<T>,
    k: T,
}

impl<T: Element> Aggregate<T> for Bands<T> {
    type Input = One;
    type Output = shape::BandsShape;
    type State<V: Vector<Element = T>> = [V; 2];
    moments!(moments);

    #[inline(always)]
    fn finish<V: Vector<Element = T>>(
        &self,
        simd: V::Simd,
        state: [V; 2],
        _: V,
        base: &V,
    ) -> shape::Bands<V> {
        let middle = self.moments.mean(simd, state, *base);
        let width = self.moments.deviation(simd, state) * V::splat(simd, self.k);
        let (upper, lower) = (middle + width, middle - width);
        shape::Bands { upper, middle, lower }
    }
}
