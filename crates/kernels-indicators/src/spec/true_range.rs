use super::prelude::*;

indicator! {
    /// True range: `max(high - low, |high - last close|, |low - last close|)` (Wilder, 1978).
    ///
    /// Values are `high`, `low`, `close: [bars]`; the first is at bar 1. Each is within one unit in the last
    /// place of the prices.
    ///
    /// ```
    /// let range = kernels_indicators::true_range(&[3.0, 5.0], &[1.0, 4.0], &[2.0, 4.5])?;
    /// assert_eq!(range[1], 3.0);
    /// # Ok::<(), kernels_indicators::Error>(())
    /// ```
    ///
    /// # Errors
    /// If there is no bar, or the inputs are not of one length.
    fn true_range(high, low, close;) -> One;
    forms true_range_into;
    type TrueRange;
}

impl Recursive for TrueRange {
    type Input = HighLowClose;
    type Output = One;
    type State<T: Element> = [T; 3];
    const NEEDS_SCRATCH: bool = false;

    fn check(&self, bars: Option<usize>) -> Result<(), Error> {
        let _ = bars;
        Ok(())
    }

    fn lookback(&self) -> usize {
        1
    }

    fn start<T: Element>(&self) -> [T; 3] {
        [T::NAN; 3]
    }

    #[inline(always)]
    fn advance<S: Simd, T: Element>(
        &self,
        last: &mut [T; 3],
        simd: S,
        input: [&[T]; 3],
        out: &mut [T],
        _: Scratch<'_, T>,
    ) {
        map_with_last(
            simd,
            input,
            last,
            [out],
            #[inline(always)]
            |[high, low, close, _, _, before]| [range_of(simd, [high, low, close], before)],
        );
    }
}
