use super::prelude::*;

indicator! {
    /// Hull moving average: `wma(2 wma(x, period / 2) - wma(x, period), sqrt(period))`, both rounded down and at least 1 (Hull,
    /// 2005).
    ///
    /// Values are `data: [bars]`; the first is at bar `period + sqrt(period) - 2`. The error is a few times that of
    /// [`wma`](crate::wma()).
    ///
    /// ```
    /// let hma = kernels_indicators::hma(&[1.0, 2.0, 3.0, 4.0, 5.0], 4)?;
    /// assert!((hma[4] - 5.0_f64).abs() < 1e-12);
    /// # Ok::<(), kernels_indicators::Error>(())
    /// ```
    ///
    /// # Errors
    /// If there is no bar; if `period` is 0 or longer than the input.
    fn hma(data;
        /// The bars of the longest window.
        period: usize
    ) -> One;
    forms hma_into hma_in_place;
    type Hma;
}

impl Hma {
    /// The long, the short and the last average.
    fn averages(&self) -> [Wma; 3] {
        let root = self.period.isqrt();
        [self.period, (self.period / 2).max(1), root.max(1)].map(Wma::new)
    }
}

/// Writes twice the short average less the long one, for the bars from `from` on.
#[inline(always)]
fn lead<S: Simd, T: Element>(simd: S, [long, short, _]: [Wma; 3], data: &[T], from: usize, out: &mut [T]) {
    let mut shorts = [T::ZERO; window::PIECE];
    for (i, out) in out.chunks_mut(window::PIECE).enumerate() {
        let from = from + i * window::PIECE;
        let shorts = &mut shorts[..out.len()];
        window::fill(simd, &short.aggregate::<T>(), short.period, &data, from, shorts);
        window::fill(simd, &long.aggregate::<T>(), long.period, &data, from, out);
        for (out, short) in out.iter_mut().zip(shorts) {
            *out = *short + (*short - *out);
        }
    }
}

impl Formula for Hma {
    type Input = One;
    type Output = One;
    type State<T: Element> = [Queue<T, <Wma as Windowed>::Aggregate<T>>; 3];

    fn check(&self, bars: Option<usize>) -> Result<(), Error> {
        error::period("period", self.period, bars)
    }

    fn lookback(&self) -> usize {
        let [long, _, last] = self.averages();
        (long.period - 1).saturating_add(last.period - 1)
    }

    #[inline(always)]
    fn run<S: Simd, T: Element>(&self, simd: S, data: &[T], out: &mut [T]) {
        let averages = self.averages();
        let (before, rest) = out.split_at_mut(self.period - 1);
        before.fill(T::NAN);
        lead(simd, averages, data, self.period - 1, rest);
        averages[2].run_in_place(simd, out);
    }

    fn start<T: Element>(&self) -> Result<Self::State<T>, Error> {
        let [long, short, last] = self.averages();
        Ok([long.start()?, short.start()?, last.start()?])
    }

    fn restart<T: Element>(&self, state: &mut Self::State<T>) {
        state.iter_mut().for_each(Queue::clear);
    }

    fn update<T: Element>(&self, [long, short, last]: &mut Self::State<T>, x: T) -> T {
        let (long, short) = (long.update(x), short.update(x));
        last.update(short + (short - long))
    }

    fn peek<T: Element>(&self, [long, short, last]: &Self::State<T>, x: T) -> T {
        let (long, short) = (long.peek(&x), short.peek(&x));
        last.peek(&(short + (short - long)))
    }
}

impl InPlace for Hma {
    #[inline(always)]
    fn run_in_place<S: Simd, T: Element>(&self, simd: S, data: &mut [T]) {
        let averages = self.averages();
        window::backwards(
            data,
            self.period - 1,
            #[inline(always)]
            |data, from, out| lead(simd, averages, data, from, out),
        );
        averages[2].run_in_place(simd, data);
    }
}
