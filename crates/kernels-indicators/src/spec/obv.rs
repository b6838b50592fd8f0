use super::prelude::*;

indicator! {
    /// On-balance volume: the sum of the volumes of the bars whose close is above the last one, less that of those whose close is
    /// below it (Granville, 1963). It begins with the first volume.
    ///
    /// Values are `close`, `volume: [bars]`; the first is at bar 0. Each is within 4 units in the last place of the
    /// largest sum so far.
    ///
    /// ```
    /// let obv = kernels_indicators::obv(&[2.0, 3.0, 1.0, 1.0], &[10.0, 5.0, 2.0, 7.0])?;
    /// assert_eq!(obv, [10.0, 15.0, 13.0, 13.0]);
    /// # Ok::<(), kernels_indicators::Error>(())
    /// ```
    ///
    /// # Errors
    /// If there is no bar, or the inputs are not of one length.
    fn obv(close, volume;) -> One;
    forms obv_into;
    type Obv;
}

/// The sum, and the last bar, if there was one.
#[derive(Clone, Copy, Debug)]
pub struct State<T> {
    total: Scan<T>,
    last: Option<[T; 2]>,
}

impl Recursive for Obv {
    type Input = CloseVolume;
    type Output = One;
    type State<T: Element> = State<T>;
    const NEEDS_SCRATCH: bool = true;

    fn check(&self, _: Option<usize>) -> Result<(), Error> {
        Ok(())
    }

    fn lookback(&self) -> usize {
        0
    }

    fn start<T: Element>(&self) -> State<T> {
        State { total: Scan::total(), last: None }
    }

    #[inline(always)]
    fn advance<S: Simd, T: Element>(
        &self,
        State { total, last }: &mut State<T>,
        simd: S,
        [close, volume]: [&[T]; 2],
        out: &mut [T],
        [signed, ..]: Scratch<'_, T>,
    ) {
        let (mut from, mut none) = (0, [T::NAN; 2]);
        let last = loop {
            match (last.as_mut(), close.get(from), volume.get(from)) {
                (Some(last), ..) => break last,
                (None, Some(close), Some(volume)) => {
                    // The first bar counts as if it had risen.
                    signed[from] = *volume + gap(*close);
                    if signed[from].is_finite() {
                        *last = Some([*close, *volume]);
                    }
                    from += 1;
                }
                _ => break &mut none,
            }
        };
        let zero = simd.splat(T::ZERO);
        map_with_last(
            simd,
            [&close[from..], &volume[from..]],
            last,
            [&mut signed[from..]],
            #[inline(always)]
            |[close, volume, before, _]| {
                let change = close - before;
                let volume = volume + gap(change);
                let signed = change.lt(zero).select(zero - volume, volume);
                // NaN stays NaN.
                [change.eq(zero).select(gap(volume), signed)]
            },
        );
        total.advance(simd, signed, out);
    }
}
