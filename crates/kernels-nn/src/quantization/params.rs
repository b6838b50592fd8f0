//! Which float an integer stands for.

use super::integer::QuantizedCode;
use crate::error::Error;

/// What a code stands for: `(code - zero_point) * scale`.
///
/// ```
/// use kernels_nn::QuantizationParams;
/// let params = QuantizationParams::<u8>::affine(-1.0, 4.1)?;
/// assert_eq!((params.scale, params.zero_point), (0.02, 50));
/// let params = QuantizationParams::<i8>::symmetric(2.54)?;
/// assert_eq!((params.scale, params.zero_point), (0.02, 0));
/// # Ok::<(), kernels_nn::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QuantizationParams<T> {
    /// The distance of two neighbouring codes: finite and positive.
    pub scale: f32,
    /// The code of 0.
    pub zero_point: T,
}

impl<T: QuantizedCode> QuantizationParams<T> {
    /// By which all codes are used for values from `min` to `max`, or to 0 where it lies outside: the smallest code for the
    /// least value. In `f32`, with `codes` the number of codes less 1,
    /// `scale = (max - min) / codes`, 1 / codes if they are equal, and
    /// `zero_point = round(smallest code - min / scale)`, half to even, as ONNX's `DynamicQuantizeLinear` has it.
    ///
    /// # Errors
    /// If `min` or `max` is not finite, or `min` is larger than `max`.
    pub fn affine(min: f32, max: f32) -> Result<Self, Error> {
        finite("min", "a finite number", min)?;
        finite("max", "a finite number", max)?;
        if min > max {
            return Err(Error::Number {
                what: "max",
                expected: "a number that is not less than min",
                got: max,
            });
        }
        let (min, max) = (min.min(0.0), max.max(0.0));
        let codes = (T::MAX - T::MIN) as f32;
        let range = if min == max { 1.0 } else { max - min };
        // So wide a range that `f32` does not hold it is divided first.
        let scale = if range.is_finite() { range / codes } else { max / codes - min / codes };
        let scale = positive(scale);
        let zero_point = (T::MIN as f32 - min / scale).clamp(T::MIN as f32, T::MAX as f32);
        Ok(Self { scale, zero_point: T::from_i32(zero_point.round_ties_even() as i32) })
    }

    /// By which 0 has the code in the middle, 0 of signed codes, and sizes up to `largest` are covered:
    /// `scale = largest / half`, or 1 / half if that is 0, `half` being 127 of 8 bits and 32,767 of 16. The smallest code goes unused.
    ///
    /// # Errors
    /// If `largest` is negative or not finite.
    pub fn symmetric(largest: f32) -> Result<Self, Error> {
        let expected = "a finite number, at least 0";
        finite("largest", expected, largest)?;
        if largest < 0.0 {
            return Err(Error::Number { what: "largest", expected, got: largest });
        }
        let half = (T::MAX - T::MIN) / 2;
        let scale = positive(if largest == 0.0 { 1.0 } else { largest } / half as f32);
        Ok(Self { scale, zero_point: T::from_i32(T::MIN + half + 1) })
    }
}

impl<T> QuantizationParams<T> {
    /// That the scale is one.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let got = self.scale;
        if is_scale(got) { Ok(()) } else { Err(Error::Number { what: "scale", expected: SCALE, got }) }
    }
}

/// What a scale is.
pub(super) const SCALE: &str = "a positive number";

pub(super) fn is_scale(scale: f32) -> bool {
    scale > 0.0 && scale.is_finite()
}

fn finite(what: &'static str, expected: &'static str, got: f32) -> Result<(), Error> {
    if got.is_finite() { Ok(()) } else { Err(Error::Number { what, expected, got }) }
}

/// A scale that is so small that it has become 0 is the smallest number that is not.
fn positive(scale: f32) -> f32 {
    if scale == 0.0 { f32::from_bits(1) } else { scale }
}
