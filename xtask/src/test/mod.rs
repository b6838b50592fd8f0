//! `cargo xtask test`: runs the [`steps`] in order, stops at the first that fails, and ends with cargo test's own
//! closing line over all tests that the steps ran.

mod checks;
mod closing;
mod isa_log;
mod onnx;
mod report;
mod steps;
mod suites;
mod wasm;

pub(crate) use isa_log::sets_of_this_machine;

use crate::flags;
use crate::process;
use crate::tools::Missing;
use anyhow::{Result, anyhow, bail};
use closing::Tally;
use report::Report;
use std::process::{Command, ExitCode};
use std::time::Instant;
use steps::Step;

/// What the steps share.
#[derive(Debug, Default)]
struct Context {
    /// Whether this is the run that decides over a change: nothing may be left out, nothing be uncommitted.
    ci: bool,
    tally: Tally,
}

impl Context {
    /// Runs a `cargo test` or a `node --test` with the reporter `spec`, and counts its tests.
    fn run_tests(&mut self, command: &mut Command) -> Result<()> {
        process::run_and_read(command, |line| self.tally.add_line(line))
    }
}

pub(crate) fn run(flags: &flags::Test) -> Result<ExitCode> {
    if flags.list {
        print!("{}", report::list());
        return Ok(ExitCode::SUCCESS);
    }
    let steps = steps::select(&flags.steps)?;
    let ci = std::env::var("CI").is_ok_and(|value| value == "true");
    let mut context = Context { ci, ..Context::default() };
    let mut report = Report::default();
    let result = run_steps(steps, !flags.steps.is_empty(), &mut context, &mut report);
    print!("\n{report}");
    if let Err(error) = &result {
        // Nothing may follow the closing line, so this is not left to `main`.
        eprintln!("error: {error:#}");
    }
    println!("\n{}", context.tally.closing_line(result.is_ok()));
    Ok(if result.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// `asked_for`: by name, so that none of them may be left out.
fn run_steps(
    steps: Vec<&'static Step>,
    asked_for: bool,
    context: &mut Context,
    report: &mut Report,
) -> Result<()> {
    let (due, foreign): (Vec<_>, Vec<_>) = steps.into_iter().partition(|step| step.platforms.include_this());
    for step in foreign {
        if asked_for {
            bail!("{} belongs to {}, which this is not", step.name, step.platforms);
        }
        report.left_out(step, format!("belongs to {}", step.platforms));
    }
    for (i, step) in due.iter().enumerate() {
        println!("\n==> [{}/{}] {}: {}", i + 1, due.len(), step.name, step.purpose);
        let start = Instant::now();
        let result = (step.run)(context);
        match result {
            Ok(()) => report.ran(step, start.elapsed()),
            Err(error) if error.is::<Missing>() && !asked_for && !context.ci => {
                report.left_out(step, format!("{error:#}"));
            }
            Err(error) => {
                report.ran(step, start.elapsed());
                for later in &due[i + 1..] {
                    report.left_out(later, format!("{} failed", step.name));
                }
                return Err(failed(step, &error));
            }
        }
    }
    if !asked_for && context.tally.passed() == 0 {
        bail!("not one test ran");
    }
    Ok(())
}

fn failed(step: &Step, error: &anyhow::Error) -> anyhow::Error {
    anyhow!("step {} failed: {error:#}\nto run it again: cargo xtask test {}", step.name, step.name)
}
