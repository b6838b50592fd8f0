//! ONNX's published tests of single operators, through this crate's public functions.
//!
//! `cargo xtask test onnx` fetches them, and says by `KERNELS_ONNX_TESTS` in which folder they are.

mod cases;
mod model;
mod operators;
mod protobuf;

use cases::{Case, Checked, Outcome};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// How many cases of each operator must pass, how many are skipped, and how many outputs of those that pass.
const EXPECTED: &[(&str, [usize; 3])] = &[
    ("Attention", [35, 29, 3]),
    ("DequantizeLinear", [5, 9, 0]),
    ("DynamicQuantizeLinear", [3, 0, 0]),
    ("Erf", [1, 0, 0]),
    ("Exp", [2, 0, 0]),
    ("Gelu", [4, 0, 0]),
    ("Gemm", [11, 0, 0]),
    ("LayerNormalization", [19, 0, 38]),
    ("LeakyRelu", [3, 0, 0]),
    ("LogSoftmax", [7, 0, 0]),
    ("MatMul", [7, 0, 0]),
    ("MatMulInteger", [1, 0, 0]),
    ("QuantizeLinear", [6, 7, 0]),
    ("RMSNormalization", [19, 0, 0]),
    ("Relu", [1, 0, 0]),
    ("RotaryEmbedding", [8, 0, 0]),
    ("Sigmoid", [2, 0, 0]),
    ("Softmax", [7, 0, 0]),
    ("Softplus", [2, 0, 0]),
    ("Tanh", [2, 0, 0]),
    // Graphs that other operators make up.
    ("expanded", [0, 170, 0]),
];

#[test]
#[ignore = "needs ONNX's published tests: `cargo xtask test onnx` fetches and runs them"]
fn published_cases_pass() {
    let folder = std::env::var_os("KERNELS_ONNX_TESTS").map(PathBuf::from);
    let folder = folder
        .expect("KERNELS_ONNX_TESTS is not set: `cargo xtask test onnx` fetches the cases, and sets it");
    println!("on {}", kernels_nn::Isa::active().unwrap());
    let mut counts = BTreeMap::<String, ([usize; 3], f64)>::new();
    let (mut skipped, mut failed) = (Vec::new(), Vec::new());
    for case in Case::all(&folder).unwrap() {
        let count = counts.entry(case.operator().to_owned()).or_default();
        match case.run() {
            Ok(Outcome::Passed(Checked { error, skipped: outputs })) => {
                count.0[0] += 1;
                count.0[2] += outputs.len();
                count.1 = count.1.max(error);
                skipped.extend(outputs.iter().map(|output| format!("{}: {output}", case.name)));
            }
            Ok(Outcome::Skipped(reason)) => {
                count.0[1] += 1;
                skipped.push(format!("{}: {reason}", case.name));
            }
            Err(error) => failed.push(format!("{}: {error}", case.name)),
        }
    }
    println!("skipped:\n  {}", skipped.join("\n  "));
    println!("operator: passed, skipped, outputs skipped, largest error as a share of what is allowed");
    for (operator, ([passed, skipped, outputs], error)) in &counts {
        println!("  {operator}: {passed}, {skipped}, {outputs}, {error:.3}");
    }
    assert!(failed.is_empty(), "failed:\n  {}", failed.join("\n  "));
    let counts: Vec<_> = counts.iter().map(|(name, count)| (name.as_str(), count.0)).collect();
    assert_eq!(counts, EXPECTED);
}
