//! What token embeddings are made of.

use half::slice::HalfFloatSliceExt as _;
use half::{bf16, f16};
use simd_core::Simd;
use std::fmt::Debug;

/// A value of a token embedding: `f32`, `f16` or `bf16`. All are computed with as `f32`.
pub trait Value: Copy + Debug + Default + PartialEq + Send + Sync + 'static + sealed::Load {}

pub(crate) mod sealed {
    use simd_core::Simd;

    /// How a vector of them is read.
    pub trait Load: Sized + 'static {
        /// As many zeros as tokens have columns that are read in one go.
        const ZEROS: &'static [Self; crate::pooling::BLOCK];

        /// The first `F32::LANES` values of `xs`, as `f32`.
        fn load<S: Simd>(simd: S, xs: &[Self]) -> S::F32;
    }
}

macro_rules! value {
    ($($value:ty, $zero:expr, |$simd:ident, $xs:ident| $load:expr;)*) => {
        $(impl Value for $value {}

        impl sealed::Load for $value {
            const ZEROS: &'static [Self; crate::pooling::BLOCK] = &[$zero; crate::pooling::BLOCK];

            #[inline(always)]
            fn load<S: Simd>($simd: S, $xs: &[Self]) -> S::F32 {
                $load
            }
        })*
    };
}

value! {
    f32, 0.0, |simd, xs| simd.load(xs);
    f16, Self::ZERO, |simd, xs| simd.load_f16(xs.reinterpret_cast());
    bf16, Self::ZERO, |simd, xs| simd.load_bf16(xs.reinterpret_cast());
}
