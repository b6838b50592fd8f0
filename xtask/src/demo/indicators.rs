//! `cargo xtask demo indicators`: all indicators over a real market, as a table and as a page with charts.

use crate::{flags, process, workspace};
use anyhow::{Context as _, Result};
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

const DEMO: [&str; 8] = [
    "--release",
    "--package",
    "kernels-benches",
    "--no-default-features",
    "--features",
    "demo-indicators",
    "--bin",
    "demo-indicators",
];

pub(super) fn run(flags: &flags::Indicators) -> Result<ExitCode> {
    let page = match &flags.out {
        // Where this was started, which need not be the workspace.
        Some(page) => std::path::absolute(page).context("no current folder to write to")?,
        None => default_page()?,
    };
    process::run(process::cargo(["build"]).args(DEMO))?;
    let mut demo = process::cargo(["run", "--quiet"]);
    demo.args(DEMO).arg("--").arg(page);
    if let Some(bars) = flags.bars {
        demo.arg("--bars").arg(bars.to_string());
    }
    super::pass_on(&mut demo)
}

/// Writes the page, and returns where it is.
pub(crate) fn write() -> Result<PathBuf> {
    let page = default_page()?;
    process::run(process::cargo(["run", "--quiet"]).args(DEMO).arg("--").arg(&page))?;
    Ok(page)
}

fn default_page() -> Result<PathBuf> {
    let folder = workspace::target("demo");
    fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
    Ok(folder.join("indicators.html"))
}
