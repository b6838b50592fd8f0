//! ONNX's published tests of single operators, which a package of PyPI carries.

use super::Context;
use super::isa_log::sets_of_this_machine;
use crate::process::cargo;
use crate::pypi::Data;
use crate::workspace;
use anyhow::Result;
use std::path::PathBuf;

/// Where they are in the package: a folder for each case.
const CASES: &str = "onnx/backend/test/data/node";

/// The operators whose cases are needed, as the names of the cases have them.
const OPERATORS: [&str; 20] = [
    "attention",
    "dequantizelinear",
    "dynamicquantizelinear",
    "erf",
    "exp",
    "gelu",
    "gemm",
    "layer_normalization",
    "leakyrelu",
    "logsoftmax",
    "matmul",
    "matmulinteger",
    "quantizelinear",
    "relu",
    "rms_normalization",
    "rotary_embedding",
    "sigmoid",
    "softmax",
    "softplus",
    "tanh",
];

/// The oldest wheel of the version that serves several versions of Python. Later versions come without the cases.
const WHEEL: [&str; 5] = [
    "--only-binary=:all:",
    "--platform=manylinux_2_28_x86_64",
    "--python-version=3.12",
    "--implementation=cp",
    "--abi=abi3",
];

/// Fetches them, and runs them on each instruction set.
pub(super) fn run(context: &mut Context) -> Result<()> {
    let cases = cases()?;
    let selected = workspace::natively()?;
    for set in sets_of_this_machine() {
        // As the native step builds it, so that it need not be built again.
        let mut test = cargo(["test", "--all-features"]);
        test.args(&selected).args(["--test", "onnx", "--", "--ignored", "--show-output"]);
        context.run_tests(test.env("KERNELS_ONNX_TESTS", &cases).env("KERNELS_ISA", set))?;
    }
    Ok(())
}

fn cases() -> Result<PathBuf> {
    let folder = workspace::target("onnx");
    // `test_exp` and `test_exp_example` are cases of exp, and `test_expand` is not.
    let prefixes = OPERATORS.map(|operator| [format!("{operator}/"), format!("{operator}_")]);
    let data = Data {
        what: "ONNX's tests",
        package: "onnx==1.22.0",
        megabytes: 19,
        wheel: &WHEEL,
        within: &format!("{CASES}/test_"),
        prefixes: prefixes.as_flattened(),
    };
    data.fetch_to(&folder, None)?;
    Ok(folder.join(CASES))
}
