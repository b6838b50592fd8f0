use super::prelude::*;

indicator! {
    /// Volume-weighted moving average: the sum of values times volumes over the last `period` bars, divided by that of the volumes.
    /// NaN where that is 0.
    ///
    /// Values are `data`, `volume: [bars]`; the first is at bar `period - 1`. With volumes that are not negative, each
    /// is within `(period + 8) u` times how far the values of its window lie apart, those without volume included, and one
    /// unit in the last place; `u` is `2^-53`, or `2^-24` for `f32`.
    ///
    /// ```
    /// let vwma = kernels_indicators::vwma(&[1.0, 3.0, 4.0], &[3.0, 1.0, 3.0], 2)?;
    /// assert_eq!(vwma[1..], [1.5, 3.75]);
    /// # Ok::<(), kernels_indicators::Error>(())
    /// ```
    ///
    /// # Errors
    /// If there is no bar, or the inputs are not of one length; if `period` is 0 or longer than they are.
    fn vwma(data, volume;
        /// The bars of a window.
        period: usize
    ) -> One;
    forms vwma_into;
    type Vwma;
}

impl Windowed for Vwma {
    type Input = DataVolume;
    type Output = One;
    type Aggregate<T: Element> = Traded;

    fn aggregate<T: Element>(&self) -> Traded {
        Traded
    }
}
windowed!(Vwma);

/// The sum of what values are more than the base times their volumes, and that of the volumes.
#[derive(Clone, Copy, Debug)]
pub struct Traded;

impl<T: Element> Aggregate<T> for Traded {
    type Input = DataVolume;
    type Output = One;
    type State<V: Vector<Element = T>> = [V; 2];

    #[inline(always)]
    fn empty<V: Vector<Element = T>>(&self, simd: V::Simd) -> [V; 2] {
        [V::splat(simd, T::ZERO); 2]
    }

    #[inline(always)]
    fn newer<V: Vector<Element = T>>(
        &self,
        _: V::Simd,
        [traded, volumes]: [V; 2],
        _: Count<V>,
        [x, volume]: [V; 2],
        [base, _]: &[V; 2],
    ) -> [V; 2] {
        [(x - *base).mul_add(volume, traded), volumes + volume]
    }

    #[inline(always)]
    fn join<V: Vector<Element = T>>(
        &self,
        _: V::Simd,
        older: [V; 2],
        newer: [V; 2],
        _: [Count<V>; 2],
    ) -> [V; 2] {
        [older[0] + newer[0], older[1] + newer[1]]
    }

    #[inline(always)]
    fn finish<V: Vector<Element = T>>(
        &self,
        _: V::Simd,
        [traded, volumes]: [V; 2],
        _: [V; 2],
        [base, _]: &[V; 2],
    ) -> V {
        finite_or_nan(*base + traded / volumes)
    }
}
