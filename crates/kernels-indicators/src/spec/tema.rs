use super::prelude::*;

indicator! {
    /// Triple exponential moving average: `3 e1 - 3 e2 + e3`, where `e1` is the [`ema`](crate::ema()) of the values, `e2` that of
    /// `e1`, and `e3` that of `e2` (Mulloy, 1994).
    ///
    /// Values are `data: [bars]`; the first is at bar `3 (period - 1)`. The error is some units in the last place of the largest
    /// of the averages.
    ///
    /// ```
    /// let tema = kernels_indicators::tema(&[1.0, 2.0, 3.0, 4.0, 5.0], 2)?;
    /// assert_eq!(tema[3..], [4.0, 5.0]);
    /// # Ok::<(), kernels_indicators::Error>(())
    /// ```
    ///
    /// # Errors
    /// If there is no bar; if `period` is 0 or longer than the input.
    fn tema(data;
        /// The period of all three averages.
        period: usize
    ) -> One;
    forms tema_into tema_in_place;
    type Tema;
}

impl Recursive for Tema {
    type Input = One;
    type Output = One;
    type State<T: Element> = Chain<T, 3>;
    const NEEDS_SCRATCH: bool = true;

    fn check(&self, bars: Option<usize>) -> Result<(), Error> {
        error::period("period", self.period, bars)
    }

    fn lookback(&self) -> usize {
        (self.period - 1).saturating_mul(3)
    }

    fn start<T: Element>(&self) -> Chain<T, 3> {
        Chain::new([Average::exponential_of_moves(self.period); 3], 1)
    }

    #[inline(always)]
    fn advance<S: Simd, T: Element>(
        &self,
        chain: &mut Chain<T, 3>,
        simd: S,
        data: &[T],
        out: &mut [T],
        [once, twice, thrice, _]: Scratch<'_, T>,
    ) {
        let (base, [first, second, third]) = chain.near(data);
        let base = simd.splat(base);
        first.advance(simd, data, once);
        second.advance(simd, once, twice);
        third.advance(simd, twice, thrice);
        let three = simd.splat(T::from_f64(3.0));
        map(
            simd,
            [once, twice, thrice],
            [out],
            #[inline(always)]
            |[once, twice, thrice]| [base + (once - twice).mul_add(three, thrice)],
        );
    }
}
