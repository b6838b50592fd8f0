use super::prelude::*;

indicator! {
    /// Average true range: the [`smma`](crate::smma()) of the [`true_range`](crate::true_range()) from bar 1 on (Wilder, 1978).
    ///
    /// Values are `high`, `low`, `close: [bars]`; the first is at bar `period`. Each is within 32 units in the
    /// last place of the ranges.
    ///
    /// ```
    /// let (high, low, close) = ([3.0, 5.0, 5.0], [1.0, 4.0, 4.0], [2.0, 4.5, 4.5]);
    /// let atr = kernels_indicators::atr(&high, &low, &close, 2)?;
    /// assert_eq!(atr[2], 2.0);
    /// # Ok::<(), kernels_indicators::Error>(())
    /// ```
    ///
    /// # Errors
    /// If there is no bar, or the inputs are not of one length; if `period` is 0 or longer than they are.
    fn atr(high, low, close;
        /// The ranges that the first value is the mean of.
        period: usize
    ) -> One;
    forms atr_into;
    type Atr;
}

/// The average, and the last bar.
#[derive(Clone, Copy, Debug)]
pub struct State<T> {
    average: Average<T>,
    last: [T; 3],
}

impl Recursive for Atr {
    type Input = HighLowClose;
    type Output = One;
    type State<T: Element> = State<T>;
    const NEEDS_SCRATCH: bool = true;

    fn check(&self, bars: Option<usize>) -> Result<(), Error> {
        error::period("period", self.period, bars)
    }

    fn lookback(&self) -> usize {
        self.period
    }

    fn start<T: Element>(&self) -> State<T> {
        State { average: Average::wilder_of_moves(self.period), last: [T::NAN; 3] }
    }

    #[inline(always)]
    fn advance<S: Simd, T: Element>(
        &self,
        State { average, last }: &mut State<T>,
        simd: S,
        input: [&[T]; 3],
        out: &mut [T],
        [range, ..]: Scratch<'_, T>,
    ) {
        map_with_last(
            simd,
            input,
            last,
            [&mut *range],
            #[inline(always)]
            |[high, low, close, _, _, before]| [range_of(simd, [high, low, close], before)],
        );
        average.advance(simd, range, out);
    }
}
