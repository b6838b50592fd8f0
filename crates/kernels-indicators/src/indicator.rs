//! The forms that every indicator has.

use crate::engine::recursive::Of;
use crate::error::Error;
use crate::forms;
use crate::formula::{Formula, InPlace};
use crate::rows;
use crate::stream::Stream;
use simd_core::{Element, Isa};

/// What can be done with an indicator and its parameters, which are a type of [`spec`](crate::spec).
///
/// A bar of one series is a value, and of several an array, in the order high, low, close, volume: `[T; 3]` where the
/// functions take three slices. Outputs have the same names everywhere: where [`bollinger`](crate::bollinger()) returns
/// `Bands<Vec<T>>`, a stream returns `Bands<T>`, and what is written to is `Bands<&mut [T]>`.
///
/// ```
/// use kernels_indicators::{Indicator, spec};
///
/// let prices = [1.0, 2.0, 3.0, 6.0];
/// let mut stream = spec::Smma::new(2).stream()?;
/// let values = prices.map(|price| stream.update(price));
/// assert_eq!(values, [None, Some(1.5), Some(2.25), Some(4.125)]);
/// # Ok::<(), kernels_indicators::Error>(())
/// ```
pub trait Indicator: Formula {
    /// The bar that the first value of any output is at, where there is no NaN: e.g. of ADX that of +DI. For anchored
    /// prices without a start it is `usize::MAX`.
    ///
    /// # Errors
    /// If a parameter is out of its range.
    fn lookback(&self) -> Result<usize, Error> {
        self.check(None)?;
        Ok(Formula::lookback(self))
    }

    /// The values at all bars, as the function of the same name returns them.
    ///
    /// # Errors
    /// As that function.
    fn batch<T: Element>(&self, input: Of<Self::Input, &[T]>) -> Result<Of<Self::Output, Vec<T>>, Error> {
        forms::batch(self, input)
    }

    /// As [`batch`](Self::batch), into `out`. Allocates nothing.
    ///
    /// # Errors
    /// As [`batch`](Self::batch); if `out` is not as long as the input.
    fn batch_into<T: Element>(
        &self,
        input: Of<Self::Input, &[T]>,
        out: Of<Self::Output, &mut [T]>,
    ) -> Result<(), Error> {
        forms::batch_into(None, self, input, out)
    }

    /// As [`batch_into`](Self::batch_into), on a named instruction set: for tests and bug reports.
    ///
    /// # Errors
    /// As [`batch_into`](Self::batch_into); if the set is not available here.
    fn batch_into_on<T: Element>(
        &self,
        isa: Isa,
        input: Of<Self::Input, &[T]>,
        out: Of<Self::Output, &mut [T]>,
    ) -> Result<(), Error> {
        forms::batch_into(Some(isa), self, input, out)
    }

    /// As [`batch`](Self::batch), over its input. Allocates nothing.
    ///
    /// # Errors
    /// As [`batch`](Self::batch).
    fn in_place<T: Element>(&self, data: &mut [T]) -> Result<(), Error>
    where
        Self: InPlace,
    {
        forms::in_place(None, self, data)
    }

    /// As [`in_place`](Self::in_place), on a named instruction set: for tests and bug reports.
    ///
    /// # Errors
    /// As [`in_place`](Self::in_place); if the set is not available here.
    fn in_place_on<T: Element>(&self, isa: Isa, data: &mut [T]) -> Result<(), Error>
    where
        Self: InPlace,
    {
        forms::in_place(Some(isa), self, data)
    }

    /// The same, bar by bar.
    ///
    /// # Errors
    /// If a parameter is out of its range, or memory holds no window that long.
    fn stream<T: Element>(&self) -> Result<Stream<Self, T>, Error> {
        Stream::new(self.clone())
    }

    /// The values of several series, one after another in the input, and as many rows in the output:
    /// `[series, bars]`, row-major.
    ///
    /// # Errors
    /// As [`batch`](Self::batch), of a row; if the input is not `series` rows of the same length.
    fn many<T: Element>(
        &self,
        input: Of<Self::Input, &[T]>,
        series: usize,
    ) -> Result<Of<Self::Output, Vec<T>>, Error> {
        rows::many(self, input, series, false)
    }

    /// As [`many`](Self::many), into `out`. Allocates nothing.
    ///
    /// # Errors
    /// As [`many`](Self::many); if `out` is not as long as the input.
    fn many_into<T: Element>(
        &self,
        input: Of<Self::Input, &[T]>,
        series: usize,
        out: Of<Self::Output, &mut [T]>,
    ) -> Result<(), Error> {
        rows::many_into(self, input, series, out, false)
    }

    /// The values for each of several settings: `[settings, bars]`, row-major.
    ///
    /// Many periods of [`smma`](crate::smma()) or [`ema`](crate::ema()) are computed side by side: several times as
    /// fast as one after another.
    ///
    /// ```
    /// use kernels_indicators::{Indicator, spec};
    ///
    /// let periods: Vec<_> = (2..=4).step_by(2).map(spec::Sma::new).collect();
    /// let rows = spec::Sma::sweep(&periods, &[1.0, 3.0, 5.0, 7.0])?;
    /// assert_eq!(rows[1..4], [2.0, 4.0, 6.0]);
    /// assert_eq!(rows[7], 4.0);
    /// # Ok::<(), kernels_indicators::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`batch`](Self::batch), for any of them.
    fn sweep<T: Element>(
        settings: &[Self],
        input: Of<Self::Input, &[T]>,
    ) -> Result<Of<Self::Output, Vec<T>>, Error> {
        rows::sweep(settings, input, false)
    }

    /// As [`sweep`](Self::sweep), into `out`. Allocates nothing.
    ///
    /// # Errors
    /// As [`sweep`](Self::sweep); if `out` is not as long as all rows.
    fn sweep_into<T: Element>(
        settings: &[Self],
        input: Of<Self::Input, &[T]>,
        out: Of<Self::Output, &mut [T]>,
    ) -> Result<(), Error> {
        rows::sweep_into(None, settings, input, out, false)
    }

    /// As [`sweep_into`](Self::sweep_into), on a named instruction set: for tests and bug reports.
    ///
    /// # Errors
    /// As [`sweep_into`](Self::sweep_into); if the set is not available here.
    fn sweep_into_on<T: Element>(
        isa: Isa,
        settings: &[Self],
        input: Of<Self::Input, &[T]>,
        out: Of<Self::Output, &mut [T]>,
    ) -> Result<(), Error> {
        rows::sweep_into(Some(isa), settings, input, out, false)
    }
}

impl<F: Formula> Indicator for F {}
