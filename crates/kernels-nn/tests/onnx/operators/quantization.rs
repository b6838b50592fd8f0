//! Linear quantisation.

use super::layout::{around, axis_of};
use super::{Inputs, Outputs, text};
use crate::model::{Data, Node, Tensor};
use kernels_nn::*;

/// Which scale a value has: one for all, one for each place of an axis, or for blocks.
fn quantizer<'a, T: QuantizedInteger>(
    node: &Node,
    dims: &[usize],
    scale: &Tensor,
    scales: &'a [f32],
    one: &'a QuantizationParams<T>,
    zero_points: Option<&'a [T]>,
) -> Result<LinearQuantizer<'a, T>, String> {
    if scales.len() == 1 {
        return LinearQuantizer::per_tensor(one).map_err(text);
    }
    let axis = axis_of(node.integer("axis").unwrap_or(1), dims.len())?;
    let [outer, axis, inner] = around(dims, axis);
    let shape = AxisShape { outer, axis, inner };
    let quantizer = if scale.dims.len() == 1 {
        LinearQuantizer::per_axis(shape, scales)
    } else {
        let block = node.integer("block_size").and_then(|block| block.try_into().ok()).unwrap_or(0);
        LinearQuantizer::blocked(shape, block, scales)
    };
    let quantizer = quantizer.map_err(text)?;
    zero_points.map_or(Ok(quantizer), |zero_points| quantizer.zero_points(zero_points)).map_err(text)
}

/// Calls `$body` with a quantizer for `$T`.
macro_rules! with_quantizer {
    ($T:ty, $node:expr, $dims:expr, $scale:expr, $zero_points:expr, |$quantizer:ident| $body:expr) => {{
        let scales = $scale.f32()?;
        let zero_points: Option<&[$T]> = $zero_points;
        let zero_point = zero_points.map_or(0, |zero_points| zero_points[0]);
        let one = QuantizationParams::<$T> { scale: scales[0], zero_point };
        let $quantizer = quantizer($node, $dims, $scale, scales, &one, zero_points)?;
        $body.map_err(text)
    }};
}

pub(super) fn quantize(node: &Node, inputs: Inputs<'_>) -> Outputs {
    let (tensor, scale) = (inputs.required(0)?, inputs.required(1)?);
    let (x, dims) = (tensor.f32()?, &tensor.dims[..]);
    macro_rules! codes {
        ($T:ty, $variant:ident, $zero_points:expr) => {
            Data::$variant(
                with_quantizer!($T, node, dims, scale, $zero_points, |quantizer| quantizer.quantize(x))?
            )
        };
    }
    let codes = match (inputs.optional(2).map(|tensor| &tensor.data), node.integer("output_dtype")) {
        (Some(Data::U8(zero_points)), _) => codes!(u8, U8, Some(zero_points)),
        (Some(Data::I8(zero_points)), _) => codes!(i8, I8, Some(zero_points)),
        (Some(Data::U16(zero_points)), _) => codes!(u16, U16, Some(zero_points)),
        (Some(Data::I16(zero_points)), _) => codes!(i16, I16, Some(zero_points)),
        (None, None | Some(0 | 2)) => codes!(u8, U8, None),
        (None, Some(3)) => codes!(i8, I8, None),
        (None, Some(4)) => codes!(u16, U16, None),
        (None, Some(5)) => codes!(i16, I16, None),
        (zero_points, data_type) => return Err(format!("zero points {zero_points:?}, type {data_type:?}")),
    };
    Ok(vec![Some(Tensor::new(dims, codes))])
}

pub(super) fn dequantize(node: &Node, inputs: Inputs<'_>) -> Outputs {
    let (tensor, scale) = (inputs.required(0)?, inputs.required(1)?);
    let dims = &tensor.dims[..];
    let zero_points = inputs.optional(2).map(|tensor| &tensor.data);
    macro_rules! values {
        ($($T:ty, $variant:ident;)*) => {
            match (&tensor.data, zero_points) {
                $(
                    (Data::$variant(codes), Some(Data::$variant(zero_points))) => {
                        with_quantizer!($T, node, dims, scale, Some(zero_points), |quantizer| quantizer.dequantize(codes))
                    }
                    (Data::$variant(codes), None) => {
                        with_quantizer!($T, node, dims, scale, None, |quantizer| quantizer.dequantize(codes))
                    }
                )*
                other => Err(format!("codes and zero points {other:?}")),
            }
        };
    }
    let values = values! { u8, U8; i8, I8; u16, U16; i16, I16; i32, I32; };
    Ok(vec![Some(Tensor::new(dims, Data::F32(values?)))])
}

pub(super) fn dynamic(inputs: Inputs<'_>) -> Outputs {
    let tensor = inputs.required(0)?;
    let (codes, params) = dynamic_quantize_linear(tensor.f32()?).map_err(text)?;
    let outputs = [
        Tensor::new(&tensor.dims, Data::U8(codes)),
        Tensor::new(&[], Data::F32(vec![params.scale])),
        Tensor::new(&[], Data::U8(vec![params.zero_point])),
    ];
    Ok(outputs.map(Some).to_vec())
}
