//! Rotary position embedding.

use super::layout::swap;
use super::{Inputs, Outputs, text};
use crate::model::{Data, Node, Tensor};
use kernels_nn::*;

pub(super) fn rotary(node: &Node, inputs: Inputs<'_>) -> Outputs {
    let tensor = inputs.required(0)?;
    let integer = |name| node.integer(name).and_then(|value| usize::try_from(value).ok()).unwrap_or(0);
    // `[batch, heads, len, head_dim]`, or `[batch, len, heads * head_dim]`.
    let (shape, by_token) = match tensor.dims[..] {
        [batch, heads, len, head_dim] => (RotaryShape { batch, heads, len, head_dim }, false),
        [batch, len, hidden] => {
            let heads = integer("num_heads").max(1);
            (RotaryShape { batch, heads, len, head_dim: hidden / heads }, true)
        }
        _ => return Err(format!("dimensions {:?}", tensor.dims)),
    };
    let RotaryShape { batch, heads, len, head_dim } = shape;
    let dim = Some(integer("rotary_embedding_dim")).filter(|&dim| dim > 0).unwrap_or(head_dim);
    let (cos, sin) = (inputs.required(1)?.f32()?, inputs.required(2)?.f32()?);
    let positions: Vec<u32> = match inputs.optional(3) {
        Some(positions) => {
            let positions = positions.i64()?.iter().map(|&position| u32::try_from(position));
            positions.collect::<Result<_, _>>().map_err(|error| error.to_string())?
        }
        // The tables then have a row for each token.
        None => (0..(batch * len) as u32).collect(),
    };
    let rotary = Rotary::from_tables(cos, sin, dim).map_err(text)?.positions(&positions);
    let rotary = if node.flag("interleaved") { rotary.interleaved() } else { rotary };
    let x = tensor.f32()?;
    let y = if by_token {
        let y = rotary.run(&swap(x, [batch, len, heads, head_dim]), shape).map_err(text)?;
        swap(&y, [batch, heads, len, head_dim])
    } else {
        rotary.run(x, shape).map_err(text)?
    };
    Ok(vec![Some(Tensor::new(&tensor.dims, Data::F32(y)))])
}
