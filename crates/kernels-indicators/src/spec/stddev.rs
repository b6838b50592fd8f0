use super::prelude::*;

indicator! {
    /// Standard deviation of the last `period` values, as of a whole population: the square root of their mean squared distance
    /// from their mean.
    ///
    /// Values are `data: [bars]`; the first is at bar `period - 1`. Squares are only ever added (Chan, Golub and LeVeque, 1979):
    /// each value is within `(period + 4) u` of itself, with `u = 2^-53`, or `2^-24` for `f32`, if the values of its window differ
    /// by much more than their own last place; nothing that left the window has an effect.
    ///
    /// ```
    /// let stddev = kernels_indicators::stddev(&[1.0, 3.0, 7.0], 2)?;
    /// assert_eq!(stddev[1..], [1.0, 2.0]);
    /// # Ok::<(), kernels_indicators::Error>(())
    /// ```
    ///
    /// # Errors
    /// If there is no bar; if `period` is 0 or longer than the input.
    fn stddev(data;
        /// The bars of a window.
        period: usize
    ) -> One;
    forms stddev_into stddev_in_place;
    type StdDev;
}

impl Windowed for StdDev {
    type Input = One;
    type Output = One;
    type Aggregate<T: Element> = Deviation<T>;

    fn aggregate<T: Element>(&self) -> Deviation<T> {
        Deviation(Moments::new(self.period))
    }
}
windowed!(StdDev);

impl InPlace for StdDev {
    #[inline(always)]
    fn run_in_place<S: Simd, T: Element>(&self, simd: S, data: &mut [T]) {
        window::run_in_place(simd, &self.aggregate::<T>(), self.period, data);
    }
}

/// The deviation of the moments.
#[derive(Clone, Debug)]
pub struct Deviation<T>(Moments<T>);

impl<T: Element> Aggregate<T> for Deviation<T> {
    type Input = One;
    type Output = One;
    type State<V: Vector<Element = T>> = [V; 2];
    moments!(0);

    #[inline(always)]
    fn finish<V: Vector<Element = T>>(&self, simd: V::Simd, state: [V; 2], _: V, _: &V) -> V {
        self.0.deviation(simd, state)
    }
}
