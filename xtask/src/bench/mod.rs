//! `cargo xtask bench`: runs a benchmark, shows its figures, keeps them, and compares them with their targets.
//!
//! The benchmark, and not this program, measures and checks the results. It writes its figures as a JSON list of
//! [`Row`]s to the file that `KERNELS_BENCH_ROWS` names.

mod targets;

use crate::process::{self, cargo};
use crate::test::sets_of_this_machine;
use crate::{flags, workspace};
use anyhow::{Context as _, Result, bail};
use bench_rows::Row;
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(flags: &flags::Bench) -> Result<ExitCode> {
    let name = &flags.name;
    ensure_known(name)?;
    // A mistake in that file shows before the measuring, not after it.
    let targets = if flags.check { targets::read(&table(flags))? } else { Vec::new() };

    let file = workspace::target("bench-rows.json");
    std::fs::create_dir_all(workspace::target("")).context("could not create the target folder")?;
    std::fs::write(&file, "[]").with_context(|| format!("could not write {}", file.display()))?;
    let mut bench = if flags.peers {
        let manifest = "--manifest-path=benches/peers/rust/Cargo.toml";
        cargo(["run", "--release", "--locked", manifest, "--", name])
    } else {
        cargo(["bench", "--package", "kernels-benches", "--all-features", "--bench", name])
    };
    if flags.peers && sets_of_this_machine().contains(&"avx2") {
        // Some peers choose when they are compiled, and would otherwise be compared without AVX2.
        bench.env("RUSTFLAGS", "-Ctarget-cpu=x86-64-v3");
    }
    process::run(bench.env("KERNELS_BENCH_ROWS", &file))?;

    let rows = bench_rows::read(&file)?;
    if rows.is_empty() {
        bail!("benchmark {name} wrote no figures to the file that KERNELS_BENCH_ROWS names");
    }
    print!("\n{}", bench_rows::table(&rows));
    if let Some(json) = &flags.json {
        bench_rows::write(json, &rows)?;
    }
    Ok(if flags.check { verdict(&targets, &rows) } else { ExitCode::SUCCESS })
}

/// The table of targets: figures against peers are something else than figures against the machine.
fn table(flags: &flags::Bench) -> String {
    if flags.peers { format!("{}-peers", flags.name) } else { flags.name.clone() }
}

fn verdict(targets: &[targets::Target], rows: &[Row]) -> ExitCode {
    let outcome = targets::compare(targets, rows, &sets_of_this_machine());
    for target in &outcome.not_here {
        println!("not compared, since this machine lacks the instruction set: {target}");
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

/// Checks the name here, since cargo's own error would not say which there are.
fn ensure_known(name: &str) -> Result<()> {
    let folder = workspace::root().join("benches/benches");
    let known = names(&folder).with_context(|| format!("could not list {}", folder.display()))?;
    if !known.iter().any(|other| other == name) {
        bail!("no benchmark is called `{name}`; there are: {}", known.join(", "));
    }
    Ok(())
}

fn names(folder: &Path) -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if let (Some(stem), true) = (path.file_stem(), path.extension().is_some_and(|end| end == "rs")) {
            names.push(stem.to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}
