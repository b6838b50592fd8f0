use super::prelude::*;

indicator! {
    /// Exponential moving average: `y += 2 (x - y) / (period + 1)`, from the mean of the first `period` values on.
    ///
    /// Values are `data: [bars]`; the first is at bar `period - 1`. The error is as of [`smma`](crate::smma()).
    ///
    /// ```
    /// let ema = kernels_indicators::ema(&[1.0, 2.0, 3.0, 6.0], 3)?;
    /// assert_eq!(ema[2..], [2.0, 4.0]);
    /// # Ok::<(), kernels_indicators::Error>(())
    /// ```
    ///
    /// # Errors
    /// If there is no bar; if `period` is 0 or longer than the input.
    fn ema(data;
        /// The bars that the first value is the mean of, and the inverse of a new bar's weight.
        period: usize
    ) -> One;
    forms ema_into ema_in_place;
    type Ema;
}

impl Averaged for Ema {
    fn period(&self) -> usize {
        self.period
    }

    fn average<T: Element>(&self) -> Average<T> {
        Average::exponential(self.period)
    }
}
