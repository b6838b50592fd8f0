use super::prelude::*;

indicator! {
    /// Moving average convergence/divergence: the [`ema`](crate::ema()) over `fast` bars less that over `slow` bars, its `ema` over
    /// `signal` bars, and the difference of the two (Appel, 1979).
    ///
    /// Values are `data: [bars]`. Both averages begin at bar `slow - 1`, the fast one with the mean of the `fast` bars that end
    /// there; all three outputs at bar `slow + signal - 2`. Each is within 32 units
    /// in the last place of the prices' moves.
    ///
    /// ```
    /// let macd = kernels_indicators::macd(&[1.0, 2.0, 3.0, 4.0], 1, 2, 2)?;
    /// assert_eq!([macd.line[2], macd.signal[2], macd.histogram[2]], [0.5, 0.5, 0.0]);
    /// # Ok::<(), kernels_indicators::Error>(())
    /// ```
    ///
    /// # Errors
    /// If there is no bar; if a period is 0 or longer than the input; if `fast` is not less than `slow`.
    fn macd(data;
        /// The period of the average that follows faster.
        fast: usize,
        /// The period of the other one.
        slow: usize,
        /// The period of the average of their difference.
        signal: usize
    ) -> Macd;
    forms macd_into;
    type Macd;
}

/// The fast and the slow average, and that of their difference.
#[derive(Clone, Copy, Debug)]
pub struct State<T> {
    both: Chain<T, 2>,
    signal: Average<T>,
}

impl Recursive for Macd {
    type Input = One;
    type Output = shape::MacdShape;
    type State<T: Element> = State<T>;
    const NEEDS_SCRATCH: bool = true;

    fn check(&self, bars: Option<usize>) -> Result<(), Error> {
        error::period("fast", self.fast, bars)?;
        error::period("slow", self.slow, bars)?;
        error::period("signal", self.signal, bars)?;
        if self.fast >= self.slow {
            return Err(Error::Order { what: "fast", than: "slow", expected: self.slow, got: self.fast });
        }
        Ok(())
    }

    fn lookback(&self) -> usize {
        (self.slow - 1).saturating_add(self.signal - 1)
    }

    fn start<T: Element>(&self) -> State<T> {
        let fast = Average::exponential_of_moves(self.fast).after(self.slow - self.fast);
        let slow = Average::exponential_of_moves(self.slow);
        State { both: Chain::new([fast, slow], 2), signal: Average::exponential_of_moves(self.signal) }
    }

    #[inline(always)]
    fn advance<S: Simd, T: Element>(
        &self,
        State { both, signal }: &mut State<T>,
        simd: S,
        data: &[T],
        out: shape::Macd<&mut [T]>,
        [quick, lazy, ..]: Scratch<'_, T>,
    ) {
        let (_, [fast, slow]) = both.near(data);
        fast.advance(simd, data, quick);
        slow.advance(simd, data, lazy);
        let shape::Macd { line, signal: average, histogram } = out;
        map(
            simd,
            [quick, lazy],
            [&mut *line],
            #[inline(always)]
            |[fast, slow]| [fast - slow],
        );
        let begins = signal.is_seeding();
        signal.advance(simd, line, average);
        map(
            simd,
            [line, average],
            [histogram],
            #[inline(always)]
            |[line, signal]| [line - signal],
        );
        if begins {
            for (line, signal) in line.iter_mut().zip(average) {
                *line = *line + gap(*signal);
            }
        }
    }
}
