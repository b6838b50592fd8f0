//! `cargo xtask bench --against`: our kernels and other libraries side by side, and the report of it.
//!
//! [`workers`] sets up who takes part, the program in `benches/contest` measures and reports. What it has measured lies in
//! `target/bench/record.json` after each case: who interrupts it has a report of that by `cargo xtask bench report`.

mod peers;
mod workers;

use super::{targets, verdict};
use crate::process::{self, cargo};
use crate::test::sets_of_this_machine;
use crate::{flags, npm, workspace};
use anyhow::{Context as _, Result, ensure};
use bench_contest::record::Record;
use bench_rows::Row;
use peers::Against;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

pub(super) fn run(flags: &flags::Bench) -> Result<ExitCode> {
    let kernels = &npm::named(&flags.names)?;
    let against = Against::parse(&flags.against)?;
    // A mistake in that file shows before the measuring, not after it.
    let targets: Vec<_> = if flags.check {
        kernels.iter().map(|kernel| targets::read(&format!("{kernel}-peers"))).collect::<Result<_>>()?
    } else {
        Vec::new()
    };

    let folder = folder()?;
    let file = folder.join("workers.json");
    let workers = workers::set_up(kernels, &against)?;
    std::fs::write(&file, serde_json::to_vec_pretty(&workers)?)
        .with_context(|| format!("could not write {}", file.display()))?;
    let record = folder.join("record.json");
    let mut contest = contest("run")?;
    contest.args(kernels).arg("--workers").arg(&file).arg("--record").arg(&record);
    contest.args(["--command", &typed(flags)]).args(flags.quick.then_some("--quick"));
    contest.args((against == Against::None).then_some("--ours-only"));
    for name in against.names() {
        contest.args(["--peer", name]);
    }
    println!(
        "what is measured is kept in {}; an interrupted run is shown by `cargo xtask bench report`",
        record.display()
    );
    process::run(&mut contest)?;
    show(&record, None, &folder)?;

    let measured = Record::read(&record)?;
    if flags.record {
        println!("{}", keep(&measured)?);
    }
    let rows = rows(&measured);
    if let Some(json) = &flags.json {
        bench_rows::write(json, &rows)?;
    }
    let reached = !flags.check || verdict(&targets.concat(), &rows, &sets_of_this_machine());
    Ok(if reached { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

pub(super) fn report(flags: &flags::BenchReport) -> Result<ExitCode> {
    let folder = folder()?;
    match (flags.compare.as_slice(), &flags.record) {
        ([before, after], _) => show(&typed_path(after)?, Some(&typed_path(before)?), &folder)?,
        (_, Some(record)) => show(&typed_path(record)?, None, &folder)?,
        _ => {
            let record = folder.join("record.json");
            ensure!(
                record.exists(),
                "nothing was measured here yet: cargo xtask bench --against all --quick"
            );
            show(&record, None, &folder)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn readme(flags: &flags::BenchReadme) -> Result<ExitCode> {
    let record = flags.record.as_deref().map_or_else(latest, typed_path)?;
    process::run(contest("readme")?.arg(record).arg("README.md"))?;
    Ok(ExitCode::SUCCESS)
}

/// A path as it was meant where it was typed; other programs are run from the root of the workspace.
fn typed_path(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path).with_context(|| format!("{} is no path", path.display()))
}

/// Writes the report of the last record that is kept, for the tests, and finds README's table to be of it; returns the page.
pub(crate) fn recorded_page() -> Result<PathBuf> {
    let (folder, record) = (workspace::target("recorded"), latest()?);
    process::run(contest("readme")?.arg(&record).args(["README.md", "--check"]))?;
    show(&record, None, &folder)?;
    Ok(folder.join("report.html"))
}

/// Writes the report of a record to a folder.
fn show(record: &Path, before: Option<&Path>, folder: &Path) -> Result<()> {
    let mut report = contest("report")?;
    report.arg(record).arg("--out").arg(folder);
    if let Some(before) = before {
        report.arg("--before").arg(before);
    }
    process::run(&mut report)?;
    println!("report: {}", folder.join("report.html").display());
    Ok(())
}

/// The program of `benches/contest`, built.
fn contest(command: &str) -> Result<Command> {
    let package = ["--release", "--package", "bench-contest", "--all-features", "--bin", "contest"];
    process::run(cargo(["build"]).args(package))?;
    let program = format!("contest{}", std::env::consts::EXE_SUFFIX);
    Ok(process::command(workspace::target("release").join(program), [command]))
}

/// Where reports go.
fn folder() -> Result<PathBuf> {
    let folder = workspace::target("bench");
    std::fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
    Ok(folder)
}

/// What was typed, for who wants to repeat it.
fn typed(flags: &flags::Bench) -> String {
    let mut words = vec!["cargo xtask bench".to_owned()];
    words.extend(flags.names.iter().cloned());
    words.push("--against".to_owned());
    words.extend(
        flags.against.iter().map(|name| if name.contains(' ') { format!("'{name}'") } else { name.clone() }),
    );
    words.extend(flags.quick.then(|| "--quick".to_owned()));
    words.join(" ")
}

/// The folder of records.
fn records() -> PathBuf {
    workspace::root().join("benches/record")
}

/// Copies a record to where records are kept, by processor and day, unless there is one of that day that has more. Says which.
fn keep(record: &Record) -> Result<String> {
    let cpu = record.cpu.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), " ");
    let cpu = cpu.split_whitespace().collect::<Vec<_>>().join("-");
    let folder = records().join(cpu);
    std::fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
    let file = folder.join(format!("{}.json", record.date));
    // What cannot be read is of another version of this program.
    let before = file.exists().then(|| Record::read(&file).ok()).flatten();
    if before.is_some_and(|before| is_less(record, &before)) {
        return Ok(format!("not recorded: {} has more, and is kept; remove it first", file.display()));
    }
    record.write(&file)?;
    Ok(format!("recorded as {}", file.display()))
}

/// Whether something is in the other that is not in this.
fn is_less(record: &Record, other: &Record) -> bool {
    let size = |of: &Record| [of.cases.len(), of.contestants.len()];
    let fewer = size(record).into_iter().zip(size(other)).any(|(here, there)| here < there);
    fewer || (record.quick && !other.quick)
}

/// The record of the last day.
fn latest() -> Result<PathBuf> {
    let mut files = Vec::new();
    let folder = records();
    let entries =
        std::fs::read_dir(&folder).with_context(|| format!("could not list {}", folder.display()))?;
    for cpu in entries {
        let cpu = cpu?.path();
        if !cpu.is_dir() {
            continue;
        }
        files.extend(std::fs::read_dir(cpu)?.filter_map(|file| Some(file.ok()?.path())));
    }
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    // By the day, and then by the processor.
    files.sort_by_key(|file| (file.file_name().map(ToOwned::to_owned), file.clone()));
    files.pop().with_context(|| format!("there is no record in {}", folder.display()))
}

/// Ours against each peer, as rows: how many times as fast we are.
fn rows(record: &Record) -> Vec<Row> {
    let mut rows = Vec::new();
    for case in &record.cases {
        let Some(ours) = case.reference(record).and_then(|entry| entry.times.as_ref()) else { continue };
        for entry in &case.entries {
            let Some(times) = &entry.times else { continue };
            if record.contestants.iter().any(|c| c.ours && c.name == entry.contestant) {
                continue;
            }
            rows.push(Row {
                kernel: case.operation.clone(),
                case: format!("{} vs {}", case.name, entry.contestant),
                isa: workers::isa().to_owned(),
                ns: ours.wall.median,
                ns_per_element: Some(ours.wall.median / case.items.count),
                gflops: case.flops.map(|flops| flops / ours.wall.median),
                limit: Some(format!("peer:{}", entry.contestant)),
                limit_fraction: Some(times.ratio.median),
                max_error: entry.error,
                cpu: record.cpu.clone(),
                rustc: record.versions.get("rust").cloned().unwrap_or_default(),
            });
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kernel_has_targets_against_others() {
        for kernel in npm::named(&[]).unwrap() {
            assert!(!targets::read(&format!("{kernel}-peers")).unwrap().is_empty(), "{kernel}");
        }
    }

    #[test]
    fn what_is_kept_can_be_read() {
        let record = Record::read(&latest().unwrap()).unwrap();
        assert!(!rows(&record).is_empty());
    }

    #[test]
    fn a_record_gives_way_to_none_that_has_less() {
        let whole = Record::read(&latest().unwrap()).unwrap();
        let quick = Record { quick: true, ..whole.clone() };
        let alone = Record { contestants: whole.contestants[..1].to_vec(), ..whole.clone() };
        let one_case = Record { cases: whole.cases[..1].to_vec(), ..whole.clone() };
        for less in [alone, one_case] {
            assert!(is_less(&less, &whole) && !is_less(&whole, &less));
        }
        assert!(!is_less(&whole, &whole) && !is_less(&whole, &quick));
        assert_eq!(is_less(&quick, &whole), !whole.quick);
    }

    #[test]
    fn what_was_typed_can_be_typed_again() {
        let flags = flags::Bench {
            other: None,
            names: vec!["nn".to_owned()],
            against: vec!["gemm".to_owned(), "plain loop".to_owned()],
            quick: true,
            record: true,
            json: None,
            check: false,
        };
        assert_eq!(typed(&flags), "cargo xtask bench nn --against gemm 'plain loop' --quick");
    }
}
