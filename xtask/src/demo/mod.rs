//! `cargo xtask demo`: the main job on real data, in the terminal or, with `--web`, on a page; and other demos by name.

mod indicators;
mod nn;
mod web;

use crate::flags;
use crate::process::{self, cargo};
use anyhow::{Context as _, Result};
use std::process::{Command, ExitCode};

const DEMO: [&str; 5] = ["--release", "--package", "kernels-benches", "--bin", "demo"];

pub(crate) use indicators::write as write_indicators;
pub(crate) use nn::check as check_model;
pub(crate) use web::build as build_page;

pub(crate) fn run(flags: &flags::Demo) -> Result<ExitCode> {
    match &flags.other {
        Some(flags::OtherDemo::Indicators(flags)) => indicators::run(flags),
        Some(flags::OtherDemo::Nn) => nn::run(),
        None if flags.web => web::run(flags),
        None => in_terminal(flags),
    }
}

/// Builds the demo, with progress to see, then runs it with nothing of cargo's between its lines.
fn in_terminal(flags: &flags::Demo) -> Result<ExitCode> {
    process::run(cargo(["build"]).args(DEMO))?;
    pass_on(cargo(["run", "--quiet"]).args(DEMO).arg("--").args(&flags.question))
}

/// Runs a demo; what it exits with is what we exit with.
fn pass_on(demo: &mut Command) -> Result<ExitCode> {
    let status = demo.status().context("could not start the demo")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { code(status.code()) })
}

/// A failure's own number where it has one that fits: a process that a signal ended has none.
fn code(code: Option<i32>) -> ExitCode {
    code.and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_on_the_exit_code() {
        assert_eq!(code(Some(3)), ExitCode::from(3));
        assert_eq!(code(Some(-1)), ExitCode::FAILURE);
        assert_eq!(code(None), ExitCode::FAILURE);
    }
}
