use super::prelude::*;

indicator! {
    /// Arnaud Legoux moving average: the last `period` values, weighted by a bell curve, `exp(-(i - m)^2 / (2 s^2))` for the value `i`,
    /// the oldest being 0, with its peak at `m = offset (period - 1)` and the width `s = period / sigma` (Legoux and Kouzis-Loukas,
    /// 2009).
    ///
    /// Values are `data: [bars]`; the first is at bar `period - 1`. `offset` is from 0 to 1, usually 0.85, and `sigma` above 0,
    /// usually 6. Each value is within `(period + 4) u max |x|` of exact arithmetic, over its window, with `u = 2^-53`, or `2^-24`
    /// for `f32`.
    ///
    /// ```
    /// let alma = kernels_indicators::alma(&[1.0, 1.0, 1.0, 4.0], 3, 0.5, 6.0)?;
    /// assert!((alma[2] - 1.0_f64).abs() < 1e-12 && alma[3] < 2.0);
    /// # Ok::<(), kernels_indicators::Error>(())
    /// ```
    ///
    /// # Errors
    /// If there is no bar; if `period` is 0 or longer than the input; if `offset` is not from 0 to 1, or `sigma` not above 0.
    fn alma(data;
        /// The bars of a window.
        period: usize,
        /// Where the peak is, from the oldest bar, 0, to the newest, 1.
        offset: f64,
        /// How narrow the curve is: the deviations that a window is wide.
        sigma: f64
    ) -> One;
    forms alma_into alma_in_place;
    type Alma;
}

impl Alma {
    /// The weights of a window, the oldest bar's first; they add up to 1.
    fn weight(&self) -> impl Fn(usize) -> f64 + use<> {
        let (peak, width) = (self.offset * (self.period - 1) as f64, self.period as f64 / self.sigma);
        // Relative to the bar nearest to the peak: however narrow the curve is, that one counts.
        let nearest = libm::round(peak) - peak;
        let bell = move |i: usize| {
            let apart = i as f64 - peak;
            libm::exp((nearest - apart) * (nearest + apart) / width / width / 2.0)
        };
        let sum: f64 = (0..self.period).map(bell).sum();
        move |i| bell(i) / sum
    }
}

/// The last bars, each at two places a period apart, so that those of a window lie in order.
#[derive(Clone, Debug)]
pub struct State<T> {
    weights: Vec<T>,
    bars: Vec<T>,
    next: usize,
}

impl<T: Element> State<T> {
    /// The weighted sum of the window that `x` ends: the bars after the place that it takes, and then it.
    fn value(&self, x: T) -> T {
        let (last, weights) = self.weights.split_last().expect("a period is at least 1");
        let bars = &self.bars[self.next + 1..][..weights.len()];
        let sum = weights.iter().zip(bars).fold(T::ZERO, |sum, (weight, bar)| sum + *weight * *bar);
        finite_or_nan(sum + *last * x)
    }
}

impl Formula for Alma {
    type Input = One;
    type Output = One;
    type State<T: Element> = State<T>;

    fn check(&self, bars: Option<usize>) -> Result<(), Error> {
        error::period("period", self.period, bars)?;
        let range = |what, got, holds, expected| {
            if holds { Ok(()) } else { Err(Error::Range { what, expected, got }) }
        };
        range("offset", self.offset, (0.0..=1.0).contains(&self.offset), "a number from 0 to 1")?;
        range("sigma", self.sigma, self.sigma > 0.0 && self.sigma.is_finite(), "a finite number above 0")
    }

    fn lookback(&self) -> usize {
        self.period - 1
    }

    #[inline(always)]
    fn run<S: Simd, T: Element>(&self, simd: S, data: &[T], out: &mut [T]) {
        let (before, rest) = out.split_at_mut(self.period - 1);
        before.fill(T::NAN);
        weights::fill(simd, self.period, self.weight(), data, self.period - 1, rest);
    }

    fn start<T: Element>(&self) -> Result<State<T>, Error> {
        let error = |_| Error::TooLarge { what: "stream", rows: 3, bars: self.period };
        let (mut weights, mut bars) = (Vec::new(), Vec::new());
        weights.try_reserve_exact(self.period).map_err(error)?;
        bars.try_reserve_exact(self.period.saturating_mul(2)).map_err(error)?;
        weights.extend((0..self.period).map(self.weight()).map(T::from_f64));
        bars.resize(2 * self.period, T::NAN);
        Ok(State { weights, bars, next: 0 })
    }

    fn restart<T: Element>(&self, state: &mut State<T>) {
        state.bars.fill(T::NAN);
        state.next = 0;
    }

    fn update<T: Element>(&self, state: &mut State<T>, x: T) -> T {
        let value = state.value(x);
        state.bars[state.next] = x;
        state.bars[state.next + self.period] = x;
        state.next = if state.next + 1 == self.period { 0 } else { state.next + 1 };
        value
    }

    fn peek<T: Element>(&self, state: &State<T>, x: T) -> T {
        state.value(x)
    }
}

impl InPlace for Alma {
    #[inline(always)]
    fn run_in_place<S: Simd, T: Element>(&self, simd: S, data: &mut [T]) {
        let weight = self.weight();
        window::backwards(
            data,
            self.period - 1,
            #[inline(always)]
            |data, from, out| weights::fill(simd, self.period, &weight, data, from, out),
        );
    }
}
