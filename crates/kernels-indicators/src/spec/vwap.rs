use super::prelude::*;

indicator! {
    /// Volume-weighted average price from bar 0 on: the sum of `(high + low + close) / 3 * volume`, divided by the sum of `volume`.
    /// NaN before the first volume that is not 0.
    ///
    /// Values are `high`, `low`, `close`, `volume: [bars]`; the first is at bar 0. With volumes that are not negative, each is
    /// within 8 units in the last place of how far prices have come from the first one with volume, and one of its own.
    ///
    /// ```
    /// let vwap = kernels_indicators::vwap(&[3.0, 5.0], &[1.0, 3.0], &[2.0, 4.0], &[1.0, 3.0])?;
    /// assert_eq!(vwap, [2.0, 3.5]);
    /// # Ok::<(), kernels_indicators::Error>(())
    /// ```
    ///
    /// # Errors
    /// If there is no bar, or the inputs are not of one length.
    fn vwap(high, low, close, volume;) -> One;
    forms vwap_into;
    type Vwap;
}

/// The sums of prices times volumes, and of volumes. Prices count relative to the first one.
#[derive(Clone, Copy, Debug)]
pub struct Sums<T> {
    base: Option<T>,
    traded: Scan<T>,
    volume: Scan<T>,
}

impl<T: Element> Sums<T> {
    fn new() -> Self {
        Self { base: None, traded: Scan::total(), volume: Scan::total() }
    }

    #[inline(always)]
    fn advance<S: Simd>(
        &mut self,
        simd: S,
        input: [&[T]; 4],
        out: &mut [T],
        [traded, volumes, sums, _]: Scratch<'_, T>,
    ) {
        let three = T::from_f64(3.0);
        if self.base.is_none() {
            let [high, low, close, volume] = input;
            let bars = high.iter().zip(low).zip(close).zip(volume);
            // A bar without volume says nothing of the level.
            let mut prices = bars.filter(|(_, volume)| **volume != T::ZERO && volume.is_finite());
            self.base = prices.find_map(|(((high, low), close), _)| {
                Some((*high + *low + *close) / three).filter(|price| price.is_finite())
            });
        }
        let (three, base) = (simd.splat(three), simd.splat(self.base.unwrap_or(T::ZERO)));
        map(
            simd,
            input,
            [&mut *traded, &mut *volumes],
            #[inline(always)]
            |[high, low, close, volume]| {
                let traded = ((high + low + close) / three - base) * volume;
                // A gap in one is a gap in both.
                [traded, volume + gap(traded)]
            },
        );
        self.traded.advance(simd, traded, sums);
        self.volume.advance(simd, volumes, traded);
        map(
            simd,
            [sums, traded],
            [out],
            #[inline(always)]
            |[traded, volume]| [finite_or_nan(base + traded / volume)],
        );
    }
}

impl Recursive for Vwap {
    type Input = HighLowCloseVolume;
    type Output = One;
    type State<T: Element> = Sums<T>;
    const NEEDS_SCRATCH: bool = true;

    fn check(&self, _: Option<usize>) -> Result<(), Error> {
        Ok(())
    }

    fn lookback(&self) -> usize {
        0
    }

    fn start<T: Element>(&self) -> Sums<T> {
        Sums::new()
    }

    #[inline(always)]
    fn advance<S: Simd, T: Element>(
        &self,
        sums: &mut Sums<T>,
        simd: S,
        input: [&[T]; 4],
        out: &mut [T],
        scratch: Scratch<'_, T>,
    ) {
        sums.advance(simd, input, out, scratch);
    }
}

/// [`vwap_anchored`](crate::vwap_anchored()) with its parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VwapAnchored<'a> {
    /// The bars at which the sums begin anew, in ascending order.
    pub starts: &'a [usize],
}

impl<'a> VwapAnchored<'a> {
    /// Takes any starts; what runs with them checks them.
    #[must_use]
    pub const fn new(starts: &'a [usize]) -> Self {
        Self { starts }
    }
}

/// As [`vwap`](crate::vwap()), begun anew at each of the bars that `starts` names, in ascending order, e.g. where sessions
/// begin. NaN before the first of them.
///
/// Values are `high`, `low`, `close`, `volume: [bars]`.
///
/// ```
/// let (price, volume) = ([1.0, 2.0, 4.0], [1.0; 3]);
/// let vwap = kernels_indicators::vwap_anchored(&price, &price, &price, &volume, &[0, 2])?;
/// assert_eq!(vwap, [1.0, 1.5, 4.0]);
/// # Ok::<(), kernels_indicators::Error>(())
/// ```
///
/// # Errors
/// If there is no bar, or the inputs are not of one length; if a start does not come after the one before it, or lies
/// past the last bar.
pub fn vwap_anchored<T: Element>(
    high: &[T],
    low: &[T],
    close: &[T],
    volume: &[T],
    starts: &[usize],
) -> Result<Vec<T>, Error> {
    forms::batch(&VwapAnchored::new(starts), [high, low, close, volume])
}

/// As [`vwap_anchored`](crate::vwap_anchored()), into `out`. Allocates nothing.
///
/// # Errors
/// As [`vwap_anchored`](crate::vwap_anchored()); if `out` is not as long as the input.
pub fn vwap_anchored_into<T: Element>(
    high: &[T],
    low: &[T],
    close: &[T],
    volume: &[T],
    starts: &[usize],
    out: &mut [T],
) -> Result<(), Error> {
    forms::batch_into(None, &VwapAnchored::new(starts), [high, low, close, volume], out)
}

/// The sums since the last start, the bars that there were, and the starts that were among them.
#[derive(Clone, Copy, Debug)]
pub struct Anchored<T> {
    sums: Sums<T>,
    bar: usize,
    begun: usize,
}

impl Recursive for VwapAnchored<'_> {
    type Input = HighLowCloseVolume;
    type Output = One;
    type State<T: Element> = Anchored<T>;
    const NEEDS_SCRATCH: bool = true;

    fn check(&self, bars: Option<usize>) -> Result<(), Error> {
        let bars = bars.unwrap_or(usize::MAX);
        let mut least = 0;
        for (index, &got) in self.starts.iter().enumerate() {
            if got < least || got >= bars {
                return Err(Error::Start { index, least, bars, got });
            }
            least = got + 1;
        }
        Ok(())
    }

    fn lookback(&self) -> usize {
        self.starts.first().copied().unwrap_or(usize::MAX)
    }

    fn start<T: Element>(&self) -> Anchored<T> {
        Anchored { sums: Sums::new(), bar: 0, begun: 0 }
    }

    #[inline(always)]
    fn advance<S: Simd, T: Element>(
        &self,
        state: &mut Anchored<T>,
        simd: S,
        input: [&[T]; 4],
        out: &mut [T],
        [traded, volumes, sums, rest]: Scratch<'_, T>,
    ) {
        let mut from = 0;
        while from < out.len() {
            let next = self.starts.get(state.begun).map(|start| start - state.bar);
            let Some(bars) = next.filter(|bars| *bars < out.len() - from).or(Some(out.len() - from)) else {
                return;
            };
            let to = from + bars;
            if state.begun == 0 {
                out[from..to].fill(T::NAN);
            } else {
                state.sums.advance(
                    simd,
                    [&input[0][from..to], &input[1][from..to], &input[2][from..to], &input[3][from..to]],
                    &mut out[from..to],
                    [&mut traded[from..to], &mut volumes[from..to], &mut sums[from..to], &mut rest[from..to]],
                );
            }
            state.bar += bars;
            from = to;
            if next == Some(bars) {
                state.sums = Sums::new();
                state.begun += 1;
            }
        }
    }
}
