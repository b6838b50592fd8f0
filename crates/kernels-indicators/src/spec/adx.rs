use super::prelude::*;

indicator! {
    /// Average directional index, with +DI and -DI (Wilder, 1978).
    ///
    /// +DM is by how much a high is above the last one, where that is more than by how much the low is below the last one, and
    /// else 0; -DM the other way round. Wilder's sums of both and of the [`true_range`](crate::true_range()), `s += v - s / period`,
    /// begin with bars 1 to `period - 1`. `+DI = 100 sum(+DM) / sum(TR)`, -DI alike; `DX = 100 |+DI - -DI| / (+DI + -DI)`; ADX is the
    /// mean of the first `period` values of DX, and then their [`smma`](crate::smma()). Where a sum of ranges is 0, +DI and -DI are 0;
    /// where both are, DX keeps its last value, which is 0 at first.
    ///
    /// Values are `high`, `low`, `close: [bars]`, results from 0 to 100; the first +DI and -DI are at bar `period`, the first ADX
    /// at bar `2 period - 1`. Each is within 32 units in the last place of 100.
    ///
    /// ```
    /// let (high, low) = ([2.0, 3.0, 4.0, 5.0], [1.0, 2.0, 3.0, 4.0]);
    /// let adx = kernels_indicators::adx(&high, &low, &low, 2)?;
    /// assert_eq!([adx.plus_di[3], adx.minus_di[3], adx.adx[3]], [50.0, 0.0, 100.0]);
    /// # Ok::<(), kernels_indicators::Error>(())
    /// ```
    ///
    /// # Errors
    /// If there is no bar, or the inputs are not of one length; if `period` is 0 or longer than they are.
    fn adx(high, low, close;
        /// The bars that are smoothed over.
        period: usize
    ) -> Adx;
    forms adx_into;
    type Adx;
}

/// The sums, each as a part of `period`, the average of DX, and what came last.
#[derive(Clone, Copy, Debug)]
pub struct State<T> {
    plus: Average<T>,
    minus: Average<T>,
    range: Average<T>,
    dx: Average<T>,
    /// High, low and close.
    last: [T; 3],
    last_dx: T,
}

impl Recursive for Adx {
    type Input = HighLowClose;
    type Output = shape::AdxShape;
    type State<T: Element> = State<T>;
    const NEEDS_SCRATCH: bool = true;

    fn check(&self, bars: Option<usize>) -> Result<(), Error> {
        error::period("period", self.period, bars)
    }

    fn lookback(&self) -> usize {
        self.period
    }

    fn start<T: Element>(&self) -> State<T> {
        let sum = Average::wilder_sum(self.period);
        let dx = Average::wilder_of_moves(self.period);
        State { plus: sum, minus: sum, range: sum, dx, last: [T::NAN; 3], last_dx: T::ZERO }
    }

    #[inline(always)]
    fn advance<S: Simd, T: Element>(
        &self,
        state: &mut State<T>,
        simd: S,
        input: [&[T]; 3],
        out: shape::Adx<&mut [T]>,
        [plus, minus, range, smooth]: Scratch<'_, T>,
    ) {
        let zero = simd.splat(T::ZERO);
        let moves = [&mut *plus, &mut *minus, &mut *range];
        map_with_last(
            simd,
            input,
            &mut state.last,
            moves,
            #[inline(always)]
            |[high, low, close, last_high, last_low, last_close]| {
                let range = range_of(simd, [high, low, close], last_close);
                let (up, down) = (high - last_high, last_low - low);
                // NaN where any of the three is: a gap for all of them.
                let gap = gap(up + down + range);
                let plus = down.lt(up).select(zero.max(up), zero);
                let minus = up.lt(down).select(zero.max(down), zero);
                [plus + gap, minus + gap, range + gap]
            },
        );
        state.plus.advance(simd, plus, smooth);
        state.minus.advance(simd, minus, plus);
        state.range.advance(simd, range, minus);
        let dx = range;
        map(
            simd,
            [smooth, plus, minus],
            [&mut *out.plus_di, &mut *out.minus_di, &mut *dx],
            #[inline(always)]
            |[plus, minus, range]| {
                let (plus, minus) = (percent(simd, plus, range), percent(simd, minus, range));
                let apart = (plus - minus).abs();
                [plus, minus, percent(simd, apart, plus + minus)]
            },
        );
        // Without a short cut, so that many are looked at at a time.
        let flat = out
            .plus_di
            .iter()
            .zip(&*out.minus_di)
            .fold(false, |flat, (plus, minus)| flat | (*plus + *minus == T::ZERO));
        if flat {
            for ((dx, plus), minus) in dx.iter_mut().zip(&*out.plus_di).zip(&*out.minus_di) {
                if *plus + *minus == T::ZERO {
                    *dx = state.last_dx;
                } else if dx.is_finite() {
                    state.last_dx = *dx;
                }
            }
        }
        if let Some(dx) = dx.iter().rev().find(|dx| dx.is_finite()) {
            state.last_dx = *dx;
        }
        state.dx.advance(simd, dx, out.adx);
        // Rounding may carry a mean of hundreds beyond them.
        let most = T::from_f64(100.0);
        for adx in out.adx {
            *adx = if *adx > most { most } else { *adx };
        }
    }
}
