//! `cargo xtask bench`: runs benchmarks, shows their figures, keeps them, and compares them with their targets; and
//! [`contest`]: with other libraries.
//!
//! The benchmark, and not this program, measures and checks the results. It writes its figures as a JSON list of
//! [`Row`]s to the file that `KERNELS_BENCH_ROWS` names.

mod contest;
mod harness;
mod targets;

use crate::{flags, process, workspace};
use anyhow::{Context as _, Result, bail};
use bench_rows::Row;
pub(crate) use contest::recorded_page;
use harness::Harness;
use std::process::ExitCode;

pub(crate) fn run(flags: &flags::Bench) -> Result<ExitCode> {
    match &flags.other {
        Some(flags::OtherBench::Report(flags)) => return contest::report(flags),
        Some(flags::OtherBench::Readme(flags)) => return contest::readme(flags),
        None if !flags.against.is_empty() => return contest::run(flags),
        None => {}
    }
    if flags.names.is_empty() {
        bail!("name a benchmark, or compare with other libraries by --against; {}", harness::known()?);
    }
    let mut faults = false;
    let mut rows = Vec::new();
    for name in &flags.names {
        let harness = Harness::of(name)?;
        // A mistake in that file shows before the measuring, not after it.
        let targets = if flags.check { targets::read(name)? } else { Vec::new() };
        let measured = measure(name, harness)?;
        print!("\n{}", bench_rows::table(&measured));
        faults |= flags.check && !verdict(&targets, &measured, &harness.sets()?);
        rows.extend(measured);
    }
    if let Some(json) = &flags.json {
        bench_rows::write(json, &rows)?;
    }
    Ok(if faults { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn measure(name: &str, harness: Harness) -> Result<Vec<Row>> {
    let file = workspace::target("bench-rows.json");
    std::fs::create_dir_all(workspace::target("")).context("could not create the target folder")?;
    std::fs::write(&file, "[]").with_context(|| format!("could not write {}", file.display()))?;
    process::run(harness.bench(name)?.env("KERNELS_BENCH_ROWS", &file))?;
    let rows = bench_rows::read(&file)?;
    if rows.is_empty() {
        bail!("benchmark {name} wrote no figures to the file that KERNELS_BENCH_ROWS names");
    }
    Ok(rows)
}

/// Says how the figures did, and whether all reach their targets.
fn verdict(targets: &[targets::Target], rows: &[Row], available: &[&str]) -> bool {
    let outcome = targets::compare(targets, rows, available);
    for target in &outcome.not_here {
        println!("not compared, since there is no such instruction set here: {target}");
    }
    for fault in &outcome.faults {
        println!("{fault}");
    }
    if outcome.reached == 0 {
        println!("not one figure reaches a target");
        return false;
    }
    if outcome.faults.is_empty() {
        println!("{} figures reach their targets", outcome.reached);
        return true;
    }
    println!("{} figures reach their targets, {} faults", outcome.reached, outcome.faults.len());
    false
}
