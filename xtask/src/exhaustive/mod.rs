//! `cargo xtask exhaustive`: checks activations at all 2^32 values that an `f32` can have.
//!
//! A program of its own does it, which is compiled for speed.

use crate::{flags, process};
use anyhow::Result;
use std::process::ExitCode;

const PROGRAM: [&str; 8] = [
    "--release",
    "--package",
    "kernels-benches",
    "--no-default-features",
    "--features",
    "exhaustive",
    "--bin",
    "exhaustive",
];

pub(crate) fn run(flags: &flags::Exhaustive) -> Result<ExitCode> {
    process::run(process::cargo(["build"]).args(PROGRAM))?;
    let mut program = process::cargo(["run", "--quiet"]);
    program.args(PROGRAM).arg("--").args(&flags.names);
    if let Some(isa) = &flags.isa {
        program.args(["--isa", isa]);
    }
    process::run(&mut program)?;
    Ok(ExitCode::SUCCESS)
}
