//! Matrix products, broadcast and transposed.

use super::layout::{broadcast, broadcast_dims, swap};
use super::{Inputs, Outputs, text};
use crate::model::{Data, Node, Tensor};
use kernels_nn::*;

pub(super) fn matmul(inputs: Inputs<'_>) -> Outputs {
    let (a, b) = (inputs.required(0)?, inputs.required(1)?);
    let (dims, c) = batches((a.f32()?, &a.dims), (b.f32()?, &b.dims), kernels_nn::gemm)?;
    Ok(vec![Some(Tensor::new(&dims, Data::F32(c)))])
}

pub(super) fn matmul_integer(inputs: Inputs<'_>) -> Outputs {
    let (a, b) = (inputs.required(0)?, inputs.required(1)?);
    let (a_zero, b_zero) = (inputs.optional(2), inputs.optional(3));
    macro_rules! product {
        ($($a:ident $b:ident,)*) => {
            match (&a.data, &b.data) {
                $((Data::$a(a_values), Data::$b(b_values)) => {
                    let a_zero = match a_zero.map(|tensor| &tensor.data) {
                        None => &[][..],
                        Some(Data::$a(a_zero)) => a_zero,
                        other => return Err(format!("zero points {other:?}")),
                    };
                    let b_zero = match b_zero.map(|tensor| &tensor.data) {
                        None => &[][..],
                        Some(Data::$b(b_zero)) => b_zero,
                        other => return Err(format!("zero points {other:?}")),
                    };
                    let multiply = |a: &[_], b: &[_], m, k, n| {
                        kernels_nn::matmul_integer(a, b, [m, k, n], a_zero, b_zero)
                    };
                    batches((a_values, &a.dims), (b_values, &b.dims), multiply)
                })*
                other => Err(format!("factors {other:?}")),
            }
        };
    }
    let (dims, c) = product! { U8 U8, U8 I8, I8 U8, I8 I8, }?;
    Ok(vec![Some(Tensor::new(&dims, Data::I32(c)))])
}

/// The products of matrices in the last two dimensions of arrays, those before being broadcast. A vector is a row on the left
/// and a column on the right, and leaves no dimension behind.
fn batches<A: Copy, B: Copy, C>(
    (a, a_dims): (&[A], &[usize]),
    (b, b_dims): (&[B], &[usize]),
    multiply: impl Fn(&[A], &[B], usize, usize, usize) -> Result<Vec<C>, Error>,
) -> Result<(Vec<usize>, Vec<C>), String> {
    let a_matrices = if a_dims.len() == 1 { [&[1], a_dims].concat() } else { a_dims.to_vec() };
    let b_matrices = if b_dims.len() == 1 { [b_dims, &[1]].concat() } else { b_dims.to_vec() };
    let ([a_batches @ .., m, k], [b_batches @ .., b_k, n]) = (&a_matrices[..], &b_matrices[..]) else {
        return Err("a scalar in place of a matrix".to_owned());
    };
    if k != b_k {
        return Err(format!("dimensions {a_dims:?} and {b_dims:?}"));
    }
    let mut dims = broadcast_dims(a_batches, b_batches)?;
    let a = broadcast(a, a_batches, &dims, m * k);
    let b = broadcast(b, b_batches, &dims, k * n);
    let mut c = Vec::new();
    for (a, b) in a.chunks(m * k).zip(b.chunks(k * n)) {
        c.extend(multiply(a, b, *m, *k, *n).map_err(text)?);
    }
    dims.extend((a_dims.len() > 1).then_some(m));
    dims.extend((b_dims.len() > 1).then_some(n));
    Ok((dims, c))
}

/// `alpha A B + beta C`: the addend is the residual of a product with packed weights.
pub(super) fn gemm(node: &Node, inputs: Inputs<'_>) -> Outputs {
    let (a, b) = (inputs.required(0)?, inputs.required(1)?);
    let (&[a_rows, a_columns], &[b_rows, b_columns]) = (&a.dims[..], &b.dims[..]) else {
        return Err(format!("dimensions {:?} and {:?}", a.dims, b.dims));
    };
    let alpha = node.float("alpha").unwrap_or(1.0);
    let a: Vec<f32> = a.f32()?.iter().map(|a| alpha * a).collect();
    let (a, m) =
        if node.flag("transA") { (swap(&a, [1, a_rows, a_columns, 1]), a_columns) } else { (a, a_rows) };
    let (weights, n) = if node.flag("transB") {
        (PackedMatrix::from_transposed(b.f32()?, b_rows, b_columns), b_rows)
    } else {
        (PackedMatrix::new(b.f32()?, b_rows, b_columns), b_columns)
    };
    let weights = weights.map_err(text)?;
    let product = Gemm::new(&weights);
    let y = match inputs.optional(2) {
        None => product.run(&a, m),
        Some(c) => {
            let beta = node.float("beta").unwrap_or(1.0);
            let c: Vec<f32> = broadcast(c.f32()?, &c.dims, &[m, n], 1).iter().map(|c| beta * c).collect();
            product.residual(&c).run(&a, m)
        }
    };
    Ok(vec![Some(Tensor::new(&[m, n], Data::F32(y.map_err(text)?)))])
}
