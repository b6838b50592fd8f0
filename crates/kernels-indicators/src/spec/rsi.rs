use super::prelude::*;

indicator! {
    /// Relative strength index: `100 up / (up + down)`, where `up` and `down` are the [`smma`](crate::smma()) of what values rose
    /// and fell by (Wilder, 1978). 0 where there was no move at all.
    ///
    /// Values are `data: [bars]`, results from 0 to 100; the first is at bar `period`. Each is
    /// within 32 units in the last place of 100.
    ///
    /// ```
    /// let rsi = kernels_indicators::rsi(&[1.0, 2.0, 1.0, 4.0], 2)?;
    /// assert_eq!(rsi[2..], [50.0, 87.5]);
    /// # Ok::<(), kernels_indicators::Error>(())
    /// ```
    ///
    /// # Errors
    /// If there is no bar; if `period` is 0 or longer than the input.
    fn rsi(data;
        /// The moves that the first value is of.
        period: usize
    ) -> One;
    forms rsi_into rsi_in_place;
    type Rsi;
}

/// The averages of what values rose and fell by, and the last value.
#[derive(Clone, Copy, Debug)]
pub struct State<T> {
    up: Average<T>,
    down: Average<T>,
    last: [T; 1],
}

impl Recursive for Rsi {
    type Input = One;
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
        State {
            up: Average::wilder_of_moves(self.period),
            down: Average::wilder_of_moves(self.period),
            last: [T::NAN],
        }
    }

    #[inline(always)]
    fn advance<S: Simd, T: Element>(
        &self,
        State { up, down, last }: &mut State<T>,
        simd: S,
        data: &[T],
        out: &mut [T],
        [rises, falls, ups, _]: Scratch<'_, T>,
    ) {
        let zero = simd.splat(T::ZERO);
        map_with_last(
            simd,
            [data],
            last,
            [&mut *rises, &mut *falls],
            #[inline(always)]
            |[x, before]| {
                // The other way round, a NaN would become 0.
                let change = finite_or_nan(x - before);
                [zero.max(change), zero.max(zero - change)]
            },
        );
        up.advance(simd, rises, ups);
        down.advance(simd, falls, rises);
        map(
            simd,
            [ups, rises],
            [out],
            #[inline(always)]
            |[up, down]| [percent(simd, up, up + down)],
        );
    }
}
