//! ONNX's operators, by the kernels. What is done here is to bring data to their layout, and back.

mod attention;
mod elementwise;
mod layout;
mod products;
mod quantization;
mod rotary;
mod rows;

use crate::model::{Node, Tensor};

/// The inputs of an operator, some of which may be left out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Inputs<'a>(pub(crate) &'a [Option<Tensor>]);

impl<'a> Inputs<'a> {
    fn optional(self, index: usize) -> Option<&'a Tensor> {
        self.0.get(index)?.as_ref()
    }

    fn required(self, index: usize) -> Result<&'a Tensor, String> {
        self.optional(index).ok_or_else(|| format!("no input {index}"))
    }
}

/// The outputs of an operator; those that are not given out by the kernel are left out: what the runner computed by itself
/// could find no fault in it.
type Outputs = Result<Vec<Option<Tensor>>, String>;

pub(crate) fn run(node: &Node, inputs: Inputs<'_>) -> Outputs {
    let known: &[&str] = match node.operator.as_str() {
        "LeakyRelu" => &["alpha"],
        "Gelu" => &["approximate"],
        "Softmax" | "LogSoftmax" => &["axis"],
        "LayerNormalization" | "RMSNormalization" => &["axis", "epsilon"],
        "Gemm" => &["alpha", "beta", "transA", "transB"],
        "QuantizeLinear" => &["axis", "block_size", "output_dtype"],
        "DequantizeLinear" => &["axis", "block_size"],
        "Attention" => &["is_causal", "kv_num_heads", "q_num_heads", "qk_matmul_output_mode", "scale"],
        "RotaryEmbedding" => &["interleaved", "num_heads", "rotary_embedding_dim"],
        _ => &[],
    };
    let unknown = node.attributes_beyond(known);
    if !unknown.is_empty() {
        return Err(format!("attributes {unknown:?}, which the runner does not know"));
    }
    match node.operator.as_str() {
        "Softmax" | "LogSoftmax" => rows::softmax(node, inputs),
        "LayerNormalization" => rows::layer_norm(node, inputs),
        "RMSNormalization" => rows::rms_norm(node, inputs),
        "MatMul" => products::matmul(inputs),
        "MatMulInteger" => products::matmul_integer(inputs),
        "Gemm" => products::gemm(node, inputs),
        "QuantizeLinear" => quantization::quantize(node, inputs),
        "DequantizeLinear" => quantization::dequantize(node, inputs),
        "DynamicQuantizeLinear" => quantization::dynamic(inputs),
        "Attention" => attention::attention(node, inputs),
        "RotaryEmbedding" => rotary::rotary(node, inputs),
        _ => elementwise::apply(node, inputs),
    }
}

/// The message of an error of the kernels.
fn text(error: kernels_nn::Error) -> String {
    error.to_string()
}
