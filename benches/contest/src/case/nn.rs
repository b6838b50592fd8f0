//! Layers of a transformer.

use super::{Plan, Work, items};
use crate::Array;
use kernels_testing::{Random, reference::nn as reference};
use reference::{activations, rows};

/// Rows, and their values: those of 128 tokens in a model of 768.
const SHAPE: [usize; 2] = [128, 768];
const EPS: f64 = 1e-5;

/// A function of one value, in 64 bits.
type Function = fn(f64) -> f64;

const FUNCTIONS: [(&str, Function); 6] = [
    ("relu", |x| x.max(0.0)),
    ("exp", f64::exp),
    ("tanh", f64::tanh),
    ("sigmoid", activations::sigmoid),
    ("gelu", activations::gelu),
    ("gelu_tanh", activations::gelu_tanh),
];

pub(super) fn plans(quick: bool) -> Vec<Plan> {
    let mut plans: Vec<_> =
        [64, 128, 256, 512].map(|n| product([n, n, n]).growing("rows, columns and steps", n)).into();
    plans.push(product([128, 384, 1536]));
    plans.push(product([768, 768, 1]));
    plans.extend(FUNCTIONS.map(|(name, function)| {
        elementwise(name, move |x| x.iter().map(|x| function(f64::from(*x))).collect())
    }));
    plans.push(elementwise("softmax", |x| each_row(x, |row| rows::softmax(row, &[true; SHAPE[1]]))));
    plans.push(norm("layer_norm"));
    plans.push(norm("rms_norm"));
    plans.push(attention(128));
    if !quick {
        plans.push(product([1024, 1024, 1024]).growing("rows, columns and steps", 1024));
        plans.push(product([128, 1536, 384]));
        plans.push(product([1024, 4096, 1]));
        plans.push(product([384, 1536, 1]));
        plans.push(attention(512));
    }
    plans
}

/// Of a matrix and a vector where there is one column.
fn product([m, k, n]: [usize; 3]) -> Plan {
    let (operation, name) =
        if n == 1 { ("gemv", format!("{m}x{k}")) } else { ("gemm", format!("{m}x{k}x{n}")) };
    Plan::new(["nn", operation], name, move || {
        let mut random = Random::new(1);
        let (a, b) = (random.uniform(m * k), random.uniform(k * n));
        let want = reference::gemm::gemm(&a, &b, m, k, n);
        let (right, shape) = if n == 1 { ("x", vec![k]) } else { ("b", vec![k, n]) };
        Work {
            items: items(1, "products"),
            flops: Some(2.0 * (m * k * n) as f64),
            bound: 1e-5,
            parameters: Vec::new(),
            inputs: vec![("a", Array::F32(a), vec![m, k]), (right, Array::F32(b), shape)],
            unread_bytes: 0.0,
            out_bytes: 4.0,
            want: vec![want],
        }
    })
}

/// Values from -4 to 4.
fn values() -> Vec<f32> {
    Random::new(1).uniform(SHAPE[0] * SHAPE[1]).iter().map(|x| 4.0 * x).collect()
}

fn elementwise(operation: &'static str, want: impl Fn(&[f32]) -> Vec<f64> + 'static) -> Plan {
    Plan::new(["nn", operation], format!("{}x{}", SHAPE[0], SHAPE[1]), move || {
        let x = values();
        let want = want(&x);
        Work { inputs: vec![("x", Array::F32(x), SHAPE.to_vec())], ..of_values(want) }
    })
}

fn of_values(want: Vec<f64>) -> Work {
    Work {
        items: items(want.len(), "values"),
        flops: None,
        bound: 1e-5,
        parameters: Vec::new(),
        inputs: Vec::new(),
        unread_bytes: 0.0,
        out_bytes: 4.0,
        want: vec![want],
    }
}

fn each_row(x: &[f32], of: impl Fn(&[f64]) -> Vec<f64>) -> Vec<f64> {
    let x: Vec<_> = x.iter().map(|x| f64::from(*x)).collect();
    x.chunks_exact(SHAPE[1]).flat_map(of).collect()
}

fn norm(operation: &'static str) -> Plan {
    Plan::new(["nn", operation], format!("{}x{}", SHAPE[0], SHAPE[1]), move || {
        let x = values();
        let mut random = Random::new(2);
        let (weight, bias) = (random.uniform(SHAPE[1]), random.uniform(SHAPE[1]));
        let layer = operation == "layer_norm";
        let of_row = if layer { rows::standardize } else { rows::divide_by_rms };
        let want = each_row(&x, |row| {
            let parts = of_row(row, EPS).into_iter().zip(&weight).zip(&bias);
            parts.map(|((x, w), b)| x * f64::from(*w) + if layer { f64::from(*b) } else { 0.0 }).collect()
        });
        let row = |values: Vec<f32>| (Array::F32(values), vec![SHAPE[1]]);
        let mut inputs = vec![("x", Array::F32(x), SHAPE.to_vec())];
        for (name, values) in [("weight", weight), ("bias", bias)].into_iter().take(1 + usize::from(layer)) {
            let (array, shape) = row(values);
            inputs.push((name, array, shape));
        }
        Work { parameters: vec![("eps", EPS)], inputs, ..of_values(want) }
    })
}

fn attention(len: usize) -> Plan {
    let [heads, head_dim] = [12, 32];
    Plan::new(["nn", "attention"], format!("{heads} heads of {head_dim}, {len} tokens"), move || {
        let mut random = Random::new(3);
        let [q, k, v] = [(); 3].map(|()| random.uniform(heads * len * head_dim));
        let mut want = Vec::new();
        for head in 0..heads {
            let [queries, keys, values] = [&q, &k, &v].map(|x| {
                x[head * len * head_dim..][..len * head_dim].chunks_exact(head_dim).collect::<Vec<_>>()
            });
            let scale = 1.0 / (head_dim as f64).sqrt();
            for query in queries {
                want.extend(reference::attention::attend(
                    query,
                    &keys,
                    &values,
                    scale,
                    &vec![true; len],
                    &vec![0.0; len],
                ));
            }
        }
        let shape = || vec![heads, len, head_dim];
        Work {
            items: items(len, "tokens"),
            flops: Some(4.0 * (heads * len * len * head_dim) as f64),
            inputs: [("q", q), ("k", k), ("v", v)].map(|(name, x)| (name, Array::F32(x), shape())).into(),
            ..of_values(want)
        }
    })
}
