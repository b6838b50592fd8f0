//! The integers that stand for floats.

use std::fmt::Debug;

/// What [`dequantize_linear`](crate::dequantize_linear) takes: `i8`, `u8`, `i16`, `u16` or `i32`.
pub trait QuantizedInteger: sealed::Integer {}

/// What [`quantize_linear`](crate::quantize_linear) makes: `i8`, `u8`, `i16` or `u16`.
pub trait QuantizedCode: QuantizedInteger + sealed::Code {}

pub(super) mod sealed {
    use super::Debug;

    pub trait Integer: Copy + Debug + Default + PartialEq + 'static {
        /// `self - zero_point`, rounded once.
        fn minus(self, zero_point: Self) -> f32;
    }

    pub trait Code: Integer {
        const MIN: i32;
        const MAX: i32;
        fn to_i32(self) -> i32;
        /// Of a number in the range.
        fn from_i32(code: i32) -> Self;
    }
}

macro_rules! codes {
    ($($code:ty)*) => { $(
        impl QuantizedInteger for $code {}
        impl QuantizedCode for $code {}

        impl sealed::Integer for $code {
            #[inline(always)]
            fn minus(self, zero_point: Self) -> f32 {
                (i32::from(self) - i32::from(zero_point)) as f32
            }
        }

        impl sealed::Code for $code {
            const MIN: i32 = <$code>::MIN as i32;
            const MAX: i32 = <$code>::MAX as i32;

            #[inline(always)]
            fn to_i32(self) -> i32 {
                self.into()
            }

            #[inline(always)]
            fn from_i32(code: i32) -> Self {
                code as $code
            }
        }
    )* };
}
codes!(i8 u8 i16 u16);

impl QuantizedInteger for i32 {}

impl sealed::Integer for i32 {
    #[inline(always)]
    fn minus(self, zero_point: Self) -> f32 {
        // The difference of two `i32` need not be one.
        (f64::from(self) - f64::from(zero_point)) as f32
    }
}
