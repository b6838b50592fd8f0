//! `cargo xtask bench`: runs a benchmark, shows its figures, keeps them, and compares them with their targets.
//!
//! The benchmark, and not this program, measures and checks the results. It writes its figures as a JSON list of
//! [`Row`]s to the file that `KERNELS_BENCH_ROWS` names.

mod harness;
mod targets;

use crate::{flags, process, workspace};
use anyhow::{Context as _, Result, bail};
use bench_rows::Row;
use harness::Harness;
use std::process::ExitCode;

pub(crate) fn run(flags: &flags::Bench) -> Result<ExitCode> {
    let name = &flags.name;
    let harness = Harness::of(name)?;
    // A mistake in that file shows before the measuring, not after it.
    let targets = if flags.check { targets::read(&table(flags))? } else { Vec::new() };

    let file = workspace::target("bench-rows.json");
    std::fs::create_dir_all(workspace::target("")).context("could not create the target folder")?;
    std::fs::write(&file, "[]").with_context(|| format!("could not write {}", file.display()))?;
    let mut bench = if flags.peers { harness.peers(name)? } else { harness.bench(name)? };
    process::run(bench.env("KERNELS_BENCH_ROWS", &file))?;

    let rows = bench_rows::read(&file)?;
    if rows.is_empty() {
        bail!("benchmark {name} wrote no figures to the file that KERNELS_BENCH_ROWS names");
    }
    print!("\n{}", bench_rows::table(&rows));
    if let Some(json) = &flags.json {
        bench_rows::write(json, &rows)?;
    }
    Ok(if flags.check { verdict(&targets, &rows, &harness.sets()?) } else { ExitCode::SUCCESS })
}

/// The table of targets: figures against peers are something else than figures against the machine.
fn table(flags: &flags::Bench) -> String {
    if flags.peers { format!("{}-peers", flags.name) } else { flags.name.clone() }
}

fn verdict(targets: &[targets::Target], rows: &[Row], available: &[&str]) -> ExitCode {
    let outcome = targets::compare(targets, rows, available);
    for target in &outcome.not_here {
        println!("not compared, since there is no such instruction set here: {target}");
    }
    for fault in &outcome.faults {
        println!("{fault}");
    }
    if outcome.reached == 0 {
        println!("not one figure reaches a target");
        return ExitCode::FAILURE;
    }
    if outcome.faults.is_empty() {
        println!("{} figures reach their targets", outcome.reached);
        return ExitCode::SUCCESS;
    }
    println!("{} figures reach their targets, {} faults", outcome.reached, outcome.faults.len());
    ExitCode::FAILURE
}
