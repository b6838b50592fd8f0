//! Attention.

use super::layout::swap;
use super::{Inputs, Outputs, text};
use crate::model::{Data, Node, Tensor};
use kernels_nn::*;

/// `[batch, heads, len, dim]`, of that, or of `[batch, len, heads * dim]`.
struct Heads {
    values: Vec<f32>,
    dims: [usize; 4],
}

impl Heads {
    fn new(node: &Node, tensor: &Tensor, heads: &str) -> Result<Self, String> {
        let values = tensor.f32()?;
        match tensor.dims[..] {
            [batch, heads, len, dim] => Ok(Self { values: values.to_vec(), dims: [batch, heads, len, dim] }),
            [batch, len, hidden] => {
                let heads = node.integer(heads).and_then(|heads| usize::try_from(heads).ok());
                let heads = heads.filter(|&heads| heads > 0 && hidden % heads == 0);
                let heads = heads.ok_or_else(|| format!("{hidden} values without a number of heads"))?;
                let dim = hidden / heads;
                Ok(Self { values: swap(values, [batch, len, heads, dim]), dims: [batch, heads, len, dim] })
            }
            _ => Err(format!("dimensions {:?}", tensor.dims)),
        }
    }
}

/// Which keys are seen, or what is added to scores: `[batches, heads, q_len, kv_len]`, `batches` and `heads` being 1 or all.
struct Mask {
    visible: Option<Vec<bool>>,
    bias: Option<Vec<f32>>,
    batches: usize,
    heads: usize,
}

impl Mask {
    fn new(tensor: &Tensor, [q_len, kv_len]: [usize; 2]) -> Result<Self, String> {
        let wrong = || format!("a mask of dimensions {:?}", tensor.dims);
        let [batches, heads, queries, keys] = match tensor.dims[..] {
            [queries, keys] => [1, 1, queries, keys],
            [heads, queries, keys] => [1, heads, queries, keys],
            [batches, heads, queries, keys] => [batches, heads, queries, keys],
            _ => return Err(wrong()),
        };
        if queries != q_len || keys == 0 || keys > kv_len {
            return Err(wrong());
        }
        let (visible, bias) = match &tensor.data {
            Data::Bool(visible) => (Some(widened(visible, keys, kv_len, false)), None),
            Data::F32(bias) => (None, Some(widened(bias, keys, kv_len, f32::NEG_INFINITY))),
            other => return Err(format!("a mask of {other:?}")),
        };
        Ok(Self { visible, bias, batches, heads })
    }
}

/// Rows, filled up to another length.
fn widened<T: Copy>(rows: &[T], len: usize, to: usize, with: T) -> Vec<T> {
    let more = vec![with; to - len];
    rows.chunks(len).flat_map(|row| [row, &more].concat()).collect()
}

pub(super) fn attention(node: &Node, inputs: Inputs<'_>) -> Outputs {
    let by_token = inputs.required(0)?.dims.len() == 3;
    let q = Heads::new(node, inputs.required(0)?, "q_num_heads")?;
    let k = Heads::new(node, inputs.required(1)?, "kv_num_heads")?;
    let v = Heads::new(node, inputs.required(2)?, "kv_num_heads")?;
    let ([batch, heads, q_len, head_dim], [_, kv_heads, kv_len, _]) = (q.dims, k.dims);
    let value_dim = v.dims[3];
    let mask = inputs.optional(3).map(|mask| Mask::new(mask, [q_len, kv_len])).transpose()?;
    let keys = inputs.optional(6).map(|lens| key_mask(lens, kv_len)).transpose()?;
    let causal = node.flag("is_causal");

    let shape = AttentionShape { batch, heads, kv_heads, q_len, kv_len, head_dim };
    let mut attention =
        ScaledDotProduct::new(shape).and_then(|new| new.value_dim(value_dim)).map_err(text)?;
    if let Some(scale) = node.float("scale") {
        attention = attention.scale(scale);
    }
    if causal {
        attention = attention.causal();
    }
    if let Some(keys) = &keys {
        attention = attention.key_mask(keys).map_err(text)?;
    }
    if let Some(mask) = &mask {
        if let Some(visible) = &mask.visible {
            attention = attention.mask(visible, mask.batches, mask.heads).map_err(text)?;
        }
        if let Some(bias) = &mask.bias {
            attention = attention.bias(bias, mask.batches, mask.heads).map_err(text)?;
        }
    }
    let y = attention.run(&q.values, &k.values, &v.values).map_err(text)?;
    let y = if by_token {
        let dims = [batch, q_len, heads * value_dim];
        Tensor::new(&dims, Data::F32(swap(&y, [batch, heads, q_len, value_dim])))
    } else {
        Tensor::new(&[batch, heads, q_len, value_dim], Data::F32(y))
    };
    // The kernel keeps the scores to itself.
    Ok(vec![Some(y), None, None, None])
}

/// The first keys of each text, as many as it has.
fn key_mask(lens: &Tensor, kv_len: usize) -> Result<Vec<bool>, String> {
    let lens = lens.i64()?;
    Ok(lens.iter().flat_map(|&len| (0..kv_len).map(move |key| (key as i64) < len)).collect())
}
