use super::prelude::*;

indicator! {
    /// Double exponential moving average: `2 e1 - e2`, where `e1` is the [`ema`](crate::ema()) of the values and `e2` that of
    /// `e1` (Mulloy, 1994).
    ///
    /// Values are `data: [bars]`; the first is at bar `2 (period - 1)`. The error is some units in the last place of the largest
    /// of the averages.
    ///
    /// ```
    /// let dema = kernels_indicators::dema(&[1.0, 2.0, 3.0, 4.0], 2)?;
    /// assert_eq!(dema[2..], [3.0, 4.0]);
    /// # Ok::<(), kernels_indicators::Error>(())
    /// ```
    ///
    /// # Errors
    /// If there is no bar; if `period` is 0 or longer than the input.
    fn dema(data;
        /// The period of both averages.
        period: usize
    ) -> One;
    forms dema_into dema_in_place;
    type Dema;
}

impl Recursive for Dema {
    type Input = One;
    type Output = One;
    type State<T: Element> = Chain<T, 2>;
    const NEEDS_SCRATCH: bool = true;

    fn check(&self, bars: Option<usize>) -> Result<(), Error> {
        error::period("period", self.period, bars)
    }

    fn lookback(&self) -> usize {
        (self.period - 1).saturating_mul(2)
    }

    fn start<T: Element>(&self) -> Chain<T, 2> {
        Chain::new([Average::exponential_of_moves(self.period); 2], 1)
    }

    #[inline(always)]
    fn advance<S: Simd, T: Element>(
        &self,
        chain: &mut Chain<T, 2>,
        simd: S,
        data: &[T],
        out: &mut [T],
        [once, twice, ..]: Scratch<'_, T>,
    ) {
        let (base, [first, second]) = chain.near(data);
        let base = simd.splat(base);
        first.advance(simd, data, once);
        second.advance(simd, once, twice);
        map(
            simd,
            [once, twice],
            [out],
            #[inline(always)]
            |[once, twice]| [base + (once + (once - twice))],
        );
    }
}
