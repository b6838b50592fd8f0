//! Activations.

use super::{Inputs, Outputs, text};
use crate::model::{Data, Node, Tensor};
use kernels_nn::*;

pub(super) fn apply(node: &Node, inputs: Inputs<'_>) -> Outputs {
    let tensor = inputs.required(0)?;
    let x = tensor.f32()?;
    let y = match node.operator.as_str() {
        "Relu" => relu(x),
        "LeakyRelu" => leaky_relu(x, node.float("alpha").unwrap_or(0.01)),
        "Gelu" if node.text("approximate") == Some("tanh") => gelu_tanh(x),
        "Gelu" => gelu(x),
        "Sigmoid" => sigmoid(x),
        "Tanh" => tanh(x),
        "Exp" => exp(x),
        "Erf" => erf(x),
        "Softplus" => softplus(x),
        other => return Err(format!("operator {other}, which the runner does not know")),
    };
    Ok(vec![Some(Tensor::new(&tensor.dims, Data::F32(y.map_err(text)?)))])
}
