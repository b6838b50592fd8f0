//! Quantising with a scale for all values, for each place of an axis, or for blocks along it.

use super::integer::{QuantizedCode, QuantizedInteger};
use super::params::{QuantizationParams, SCALE, is_scale};
use crate::error::{Error, between, elements, length, positive, product, zeros};
use simd_core::{Isa, Kernel, Simd, dispatch_on};
use std::ops::Range;
use std::slice;

/// [`quantize_linear`](crate::quantize_linear) and [`dequantize_linear`](crate::dequantize_linear) with a scale for each
/// place of an axis, or for each block of places.
///
/// ```
/// use kernels_nn::{AxisShape, LinearQuantizer};
/// // Two rows of two blocks of two values.
/// let shape = AxisShape { outer: 2, axis: 4, inner: 1 };
/// let quantizer = LinearQuantizer::<i8>::blocked(shape, 2, &[1.0, 0.5, 0.25, 2.0])?;
/// let codes = quantizer.quantize(&[1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, -3.0])?;
/// assert_eq!(codes, [1, 2, 2, 4, 4, 8, 0, -2]);
/// assert_eq!(quantizer.dequantize(&codes)?, [1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 0.0, -4.0]);
/// # Ok::<(), kernels_nn::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct LinearQuantizer<'a, T> {
    isa: Option<Isa>,
    layout: Layout,
    params: Params<'a, T>,
}

/// An array of any number of dimensions, one of which is called axis: `[outer, axis, inner]`, row-major.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AxisShape {
    /// The product of the dimensions before the axis.
    pub outer: usize,
    /// The axis.
    pub axis: usize,
    /// The product of the dimensions after it.
    pub inner: usize,
}

#[derive(Clone, Copy, Debug)]
enum Layout {
    /// Any shape.
    Tensor,
    /// Scales are `[axis]`.
    Axis(AxisShape),
    /// Scales are `[outer, axis / block, inner]`, rounded up.
    Blocks(AxisShape, usize),
}

#[derive(Clone, Copy, Debug)]
struct Params<'a, T> {
    scales: &'a [f32],
    /// If there are none, all are 0.
    zero_points: Option<&'a [T]>,
}

impl<'a, T: QuantizedInteger> LinearQuantizer<'a, T> {
    /// With one scale, for values of any shape.
    ///
    /// # Errors
    /// If the scale is not a positive number.
    pub fn per_tensor(params: &'a QuantizationParams<T>) -> Result<Self, Error> {
        params.check()?;
        let zero_points = Some(slice::from_ref(&params.zero_point));
        let params = Params { scales: slice::from_ref(&params.scale), zero_points };
        Ok(Self { isa: None, layout: Layout::Tensor, params })
    }

    /// With a scale for each place of an axis: `scales: [axis]`.
    ///
    /// # Errors
    /// If a size of `shape` is 0, `scales` has another length, or one of them is not a positive number.
    pub fn per_axis(shape: AxisShape, scales: &'a [f32]) -> Result<Self, Error> {
        shape.check()?;
        Self::with_scales(Layout::Axis(shape), shape.axis, scales)
    }

    /// With a scale for each `block` places along an axis, the last block being shorter where it must:
    /// `scales: [outer, axis / block, inner]`, rounded up.
    ///
    /// # Errors
    /// If a size of `shape` or `block` is 0, sizes overflow, `scales` has another length, or one of them is not a positive
    /// number.
    pub fn blocked(shape: AxisShape, block: usize, scales: &'a [f32]) -> Result<Self, Error> {
        shape.check()?;
        between("block", 1, usize::MAX, block)?;
        let AxisShape { outer, axis, inner } = shape;
        let count = product("scales", &[outer, axis.div_ceil(block), inner])?;
        Self::with_scales(Layout::Blocks(shape, block), count, scales)
    }

    fn with_scales(layout: Layout, count: usize, scales: &'a [f32]) -> Result<Self, Error> {
        length("scales", count, scales.len())?;
        elements("scales", scales, SCALE, is_scale)?;
        Ok(Self { isa: None, layout, params: Params { scales, zero_points: None } })
    }

    /// The code of 0 for each scale, in the shape of the scales, where it is not 0.
    ///
    /// # Errors
    /// If it has another length.
    pub fn zero_points(mut self, zero_points: &'a [T]) -> Result<Self, Error> {
        length("zero_points", self.params.scales.len(), zero_points.len())?;
        self.params.zero_points = Some(zero_points);
        Ok(self)
    }

    /// Runs on a named instruction set.
    #[must_use]
    pub fn on(self, isa: Isa) -> Self {
        Self { isa: Some(isa), ..self }
    }

    /// What codes stand for, in their shape.
    ///
    /// # Errors
    /// If `codes` is empty or has another length than the shape, or there is no memory; as [`Isa::require`].
    pub fn dequantize(&self, codes: &[T]) -> Result<Vec<f32>, Error> {
        let mut out = zeros("out", codes.len())?;
        self.dequantize_into(codes, &mut out)?;
        Ok(out)
    }

    /// As [`dequantize`](Self::dequantize), into `out`, as long as `codes`. Allocates nothing.
    ///
    /// # Errors
    /// As [`dequantize`](Self::dequantize); if `out` has another length. It is then as it was.
    pub fn dequantize_into(&self, codes: &[T], out: &mut [f32]) -> Result<(), Error> {
        let isa = self.check(("codes", codes.len()), out.len())?;
        let Self { layout, params, .. } = *self;
        Ok(dispatch_on(isa, Each { map: Dequantize, layout, params, input: codes, out })?)
    }

    fn check(&self, (what, len): (&'static str, usize), out_len: usize) -> Result<Isa, Error> {
        match self.layout {
            Layout::Tensor => positive(&[(what, len)])?,
            Layout::Axis(shape) | Layout::Blocks(shape, _) => {
                let AxisShape { outer, axis, inner } = shape;
                length(what, product(what, &[outer, axis, inner])?, len)?;
            }
        }
        length("out", len, out_len)?;
        Ok(self.isa.map_or_else(Isa::active, Isa::require)?)
    }
}

impl<T: QuantizedCode> LinearQuantizer<'_, T> {
    /// The codes of values, in their shape.
    ///
    /// # Errors
    /// If `x` is empty or has another length than the shape, or there is no memory; as [`Isa::require`].
    pub fn quantize(&self, x: &[f32]) -> Result<Vec<T>, Error> {
        let mut out = zeros("out", x.len())?;
        self.quantize_into(x, &mut out)?;
        Ok(out)
    }

    /// As [`quantize`](Self::quantize), into `out`, as long as `x`. Allocates nothing.
    ///
    /// # Errors
    /// As [`quantize`](Self::quantize); if `out` has another length. It is then as it was.
    pub fn quantize_into(&self, x: &[f32], out: &mut [T]) -> Result<(), Error> {
        let isa = self.check(("x", x.len()), out.len())?;
        let Self { layout, params, .. } = *self;
        Ok(dispatch_on(isa, Each { map: Quantize, layout, params, input: x, out })?)
    }
}

impl AxisShape {
    fn check(self) -> Result<(), Error> {
        positive(&[("outer", self.outer), ("axis", self.axis), ("inner", self.inner)])
    }
}

/// What becomes of a value by a scale and a zero point.
trait Map<T>: Copy {
    type In: Copy;
    type Out;
    fn apply(self, value: Self::In, scale: f32, zero_point: T) -> Self::Out;
}

#[derive(Clone, Copy)]
struct Quantize;

impl<T: QuantizedCode> Map<T> for Quantize {
    type In = f32;
    type Out = T;

    #[inline(always)]
    fn apply(self, x: f32, scale: f32, zero_point: T) -> T {
        let zero_point = zero_point.to_i32();
        let (least, most) = ((T::MIN - zero_point) as f32, (T::MAX - zero_point) as f32);
        let steps = x / scale;
        // Clamped before it is rounded, which is the same: the ends are whole numbers. NaN becomes the least.
        let steps = if steps > least { steps } else { least };
        let steps = if steps < most { steps } else { most };
        // 1.5 * 2^23: from 2^23 to 2^24, neighbouring numbers lie 1 apart, so that the sum is rounded to a whole number.
        const WHOLE: f32 = 12_582_912.0;
        let rounded = (steps + WHOLE).to_bits().cast_signed() - WHOLE.to_bits().cast_signed();
        T::from_i32(rounded + zero_point)
    }
}

#[derive(Clone, Copy)]
struct Dequantize;

impl<T: QuantizedInteger> Map<T> for Dequantize {
    type In = T;
    type Out = f32;

    #[inline(always)]
    fn apply(self, code: T, scale: f32, zero_point: T) -> f32 {
        code.minus(zero_point) * scale
    }
}

struct Each<'a, T, M: Map<T>> {
    map: M,
    layout: Layout,
    params: Params<'a, T>,
    input: &'a [M::In],
    out: &'a mut [M::Out],
}

impl<T: QuantizedInteger, M: Map<T>> Kernel for Each<'_, T, M> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { map, layout, params, input, out } = self;
        let mut values = Values { map, params, input, out };
        match layout {
            Layout::Tensor => values.by_one(simd, 0..input.len(), 0),
            Layout::Axis(AxisShape { outer, axis, inner: 1 }) => {
                for row in 0..outer {
                    values.by_many(simd, row * axis..(row + 1) * axis, 0..axis);
                }
            }
            Layout::Axis(AxisShape { outer, axis, inner }) => {
                for run in 0..outer * axis {
                    values.by_one(simd, run * inner..(run + 1) * inner, run % axis);
                }
            }
            Layout::Blocks(AxisShape { outer, axis, inner: 1 }, block) => {
                let blocks = axis.div_ceil(block);
                for i in 0..outer * blocks {
                    let (row, start) = (i / blocks * axis, i % blocks * block);
                    values.by_one(simd, row + start..row + axis.min(start.saturating_add(block)), i);
                }
            }
            Layout::Blocks(AxisShape { outer, axis, inner }, block) => {
                let blocks = axis.div_ceil(block);
                for run in 0..outer * axis {
                    let first = (run / axis * blocks + run % axis / block) * inner;
                    values.by_many(simd, run * inner..(run + 1) * inner, first..first + inner);
                }
            }
        }
    }
}

struct Values<'a, T, M: Map<T>> {
    map: M,
    params: Params<'a, T>,
    input: &'a [M::In],
    out: &'a mut [M::Out],
}

// Plain loops: the compiler vectorises them.
impl<T: QuantizedInteger, M: Map<T>> Values<'_, T, M> {
    /// Values of one scale.
    #[inline(always)]
    fn by_one<S: Simd>(&mut self, simd: S, range: Range<usize>, index: usize) {
        let scale = self.params.scales[index];
        let zero_point = self.params.zero_points.map_or_else(T::default, |zero_points| zero_points[index]);
        let (map, input, out) = (self.map, &self.input[range.clone()], &mut self.out[range]);
        simd.vectorize(
            #[inline(always)]
            || {
                for (out, value) in out.iter_mut().zip(input) {
                    *out = map.apply(*value, scale, zero_point);
                }
            },
        );
    }

    /// Values each with its own scale.
    #[inline(always)]
    fn by_many<S: Simd>(&mut self, simd: S, range: Range<usize>, params: Range<usize>) {
        let (map, input, out) = (self.map, &self.input[range.clone()], &mut self.out[range]);
        let scales = &self.params.scales[params.clone()];
        let zero_points = self.params.zero_points.map(|zero_points| &zero_points[params]);
        simd.vectorize(
            #[inline(always)]
            || {
                let values = out.iter_mut().zip(input).zip(scales);
                if let Some(zero_points) = zero_points {
                    for (((out, value), scale), zero_point) in values.zip(zero_points) {
                        *out = map.apply(*value, *scale, *zero_point);
                    }
                } else {
                    for ((out, value), scale) in values {
                        *out = map.apply(*value, *scale, T::default());
                    }
                }
            },
        );
    }
}
