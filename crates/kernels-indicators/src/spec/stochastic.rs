use super::prelude::*;

indicator! {
    /// Stochastic oscillator: where the close lies between the lowest low and the highest high of the last `k_period` bars, from 0
    /// to 100; 0 where those are equal. %K is its [`sma`](crate::sma()) over `k_slow` bars, %D that of %K over `d_period` bars (Lane,
    /// 1984; with `k_slow` = 1 it is the fast one).
    ///
    /// Values are `high`, `low`, `close: [bars]`; the first %K and %D are at bar
    /// `k_period + k_slow + d_period - 3`. Each is within 32 units in the last place of 100.
    ///
    /// ```
    /// let (high, low, close) = ([3.0, 5.0, 5.0], [1.0, 3.0, 1.0], [2.0, 4.0, 3.0]);
    /// let stochastic = kernels_indicators::stochastic(&high, &low, &close, 2, 1, 2)?;
    /// assert_eq!([stochastic.k[2], stochastic.d[2]], [50.0, 62.5]);
    /// # Ok::<(), kernels_indicators::Error>(())
    /// ```
    ///
    /// # Errors
    /// If there is no bar, or the inputs are not of one length; if a period is 0 or longer than they are.
    fn stochastic(high, low, close;
        /// The bars of a range.
        k_period: usize,
        /// The bars that %K is a mean of.
        k_slow: usize,
        /// The values of %K that %D is a mean of.
        d_period: usize
    ) -> Stochastic;
    forms stochastic_into;
    type Stochastic;
}

impl Stochastic {
    fn means(&self) -> [Sma; 2] {
        [Sma::new(self.k_slow), Sma::new(self.d_period)]
    }
}

/// The range, and the means of where the close lies in it.
#[derive(Clone, Debug)]
pub struct State<T: Element> {
    range: Queue<T, Range>,
    k: <Sma as Formula>::State<T>,
    d: <Sma as Formula>::State<T>,
    /// Whether there was a whole bar, and the bars from it on at which %K is not shown yet.
    begun: bool,
    missing: usize,
}

/// Whether a bar is none of a gap.
fn is_whole<T: Element>(bar: [T; 3]) -> bool {
    bar.iter().all(|x| x.is_finite())
}

impl Formula for Stochastic {
    type Input = HighLowClose;
    type Output = shape::StochasticShape;
    type State<T: Element> = State<T>;

    fn check(&self, bars: Option<usize>) -> Result<(), Error> {
        error::period("k_period", self.k_period, bars)?;
        error::period("k_slow", self.k_slow, bars)?;
        error::period("d_period", self.d_period, bars)
    }

    fn lookback(&self) -> usize {
        (self.k_period - 1).saturating_add(self.k_slow - 1).saturating_add(self.d_period - 1)
    }

    #[inline(always)]
    fn run<S: Simd, T: Element>(&self, simd: S, input: [&[T]; 3], out: shape::Stochastic<&mut [T]>) {
        let shape::Stochastic { k, d } = out;
        let [slow, mean] = self.means();
        window::run(simd, &Range, self.k_period, &input, k);
        slow.run_in_place(simd, k);
        mean.run(simd, k, d);
        // Both begin together.
        let first = (0..k.len()).find(|bar| is_whole(input.map(|xs| xs[*bar])));
        let before = first.unwrap_or(0).saturating_add(Formula::lookback(self)).min(k.len());
        k[..before].fill(T::NAN);
    }

    fn start<T: Element>(&self) -> Result<State<T>, Error> {
        let [slow, mean] = self.means();
        let range = Queue::new(Range, self.k_period)?;
        Ok(State {
            range,
            k: slow.start()?,
            d: mean.start()?,
            begun: false,
            missing: Formula::lookback(self),
        })
    }

    fn restart<T: Element>(&self, state: &mut State<T>) {
        state.range.clear();
        state.k.clear();
        state.d.clear();
        (state.begun, state.missing) = (false, Formula::lookback(self));
    }

    fn update<T: Element>(&self, state: &mut State<T>, bar: [T; 3]) -> shape::Stochastic<T> {
        state.begun |= is_whole(bar);
        let shown = state.missing == 0;
        state.missing = state.missing.saturating_sub(usize::from(state.begun));
        let k = state.k.update(state.range.update(bar));
        let d = state.d.update(k);
        shape::Stochastic { k: if shown { k } else { T::NAN }, d }
    }

    fn peek<T: Element>(&self, state: &State<T>, bar: [T; 3]) -> shape::Stochastic<T> {
        let k = state.k.peek(&state.range.peek(&bar));
        let d = state.d.peek(&k);
        shape::Stochastic { k: if state.missing == 0 { k } else { T::NAN }, d }
    }
}

/// The highest high, the lowest low, and NaN where any value of the bars is not finite, else 0.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Range;

impl<T: Element> Aggregate<T> for Range {
    type Input = HighLowClose;
    type Output = One;
    type State<V: Vector<Element = T>> = [V; 3];

    #[inline(always)]
    fn empty<V: Vector<Element = T>>(&self, simd: V::Simd) -> [V; 3] {
        [-T::INFINITY, T::INFINITY, T::ZERO].map(|x| V::splat(simd, x))
    }

    #[inline(always)]
    fn newer<V: Vector<Element = T>>(
        &self,
        _: V::Simd,
        [highest, lowest, gap]: [V; 3],
        _: Count<V>,
        [high, low, close]: [V; 3],
        _: &[V; 3],
    ) -> [V; 3] {
        let sum = (high + low) + close;
        [highest.max(high), lowest.min(low), gap + lanes::gap(sum)]
    }

    #[inline(always)]
    fn join<V: Vector<Element = T>>(&self, _: V::Simd, a: [V; 3], b: [V; 3], _: [Count<V>; 2]) -> [V; 3] {
        [a[0].max(b[0]), a[1].min(b[1]), a[2] + b[2]]
    }

    #[inline(always)]
    fn finish<V: Vector<Element = T>>(
        &self,
        simd: V::Simd,
        [highest, lowest, gap]: [V; 3],
        [_, _, close]: [V; 3],
        _: &[V; 3],
    ) -> V {
        let zero = V::splat(simd, T::ZERO);
        let range = highest - lowest;
        let part = V::splat(simd, T::from_f64(100.0)) * ((close - lowest) / range);
        range.eq(zero).select(zero, part) + gap
    }
}
