//! Softmax and norms, along any axis.

use super::layout::{around, axis_of, swap};
use super::{Inputs, Outputs, text};
use crate::model::{Data, Node, Tensor};
use kernels_nn::*;

pub(super) fn softmax(node: &Node, inputs: Inputs<'_>) -> Outputs {
    let tensor = inputs.required(0)?;
    let axis = axis_of(node.integer("axis").unwrap_or(-1), tensor.dims.len())?;
    let [outer, dim, inner] = around(&tensor.dims, axis);
    let rows = swap(tensor.f32()?, [outer, dim, inner, 1]);
    let softmax = if node.operator == "LogSoftmax" { log_softmax } else { kernels_nn::softmax };
    let rows = softmax(&rows, dim).map_err(text)?;
    let y = swap(&rows, [outer, inner, dim, 1]);
    Ok(vec![Some(Tensor::new(&tensor.dims, Data::F32(y)))])
}

/// What is normalised: all from an axis on.
struct Normalized<'a> {
    tensor: &'a Tensor,
    eps: f32,
    weight: &'a [f32],
}

impl<'a> Normalized<'a> {
    fn new(node: &Node, inputs: Inputs<'a>) -> Result<Self, String> {
        let tensor = inputs.required(0)?;
        let axis = axis_of(node.integer("axis").unwrap_or(-1), tensor.dims.len())?;
        let weight = inputs.required(1)?;
        if weight.dims != tensor.dims[axis..] {
            return Err(format!("a weight of dimensions {:?}", weight.dims));
        }
        let eps = node.float("epsilon").unwrap_or(1e-5);
        Ok(Self { tensor, eps, weight: weight.f32()? })
    }

    fn like(&self, y: Vec<f32>) -> Option<Tensor> {
        Some(Tensor::new(&self.tensor.dims, Data::F32(y)))
    }
}

pub(super) fn rms_norm(node: &Node, inputs: Inputs<'_>) -> Outputs {
    let norm = Normalized::new(node, inputs)?;
    let y = kernels_nn::rms_norm(norm.tensor.f32()?, norm.weight, norm.eps).map_err(text)?;
    Ok(vec![norm.like(y)])
}

pub(super) fn layer_norm(node: &Node, inputs: Inputs<'_>) -> Outputs {
    let norm = Normalized::new(node, inputs)?;
    let zeros = vec![0.0; norm.weight.len()];
    let bias = inputs.optional(2).map_or(Ok(&zeros[..]), Tensor::f32)?;
    let x = norm.tensor.f32()?;
    let y = kernels_nn::layer_norm(x, norm.weight, bias, norm.eps).map_err(text)?;
    // The kernel keeps the mean and the deviation to itself.
    Ok(vec![norm.like(y), None, None])
}
