//! `cargo xtask count`: how many instructions a kernel's operations take, by callgrind. Counts do not depend on what else the
//! machine does: a change can be judged by them where times cannot be trusted.
//!
//! The record, `benches/counts/KERNEL.json`, is of one compiler and one set of instructions. With another of either there is
//! nothing to compare with; the counts are then only kept in `target/counts`, and that is said.

use crate::process::{self, cargo, command};
use crate::tools::{self, SystemPackage};
use crate::{flags, npm, workspace};
use anyhow::{Context as _, Result, ensure};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// So many in a hundred counts may differ by.
const PERCENT: u64 = 2;

const PROGRAM: [&str; 8] = [
    "--release",
    "--package",
    "kernels-benches",
    "--no-default-features",
    "--features",
    "count",
    "--bin",
    "count",
];

/// The counts of a kernel, and what they depend on.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
struct Counts {
    rustc: String,
    /// The instruction set.
    isa: String,
    /// Instructions of a call.
    operations: BTreeMap<String, u64>,
}

pub(crate) fn run(flags: &flags::Count) -> Result<ExitCode> {
    let kernels = npm::named(&flags.kernels)?;
    let mut faults = Vec::new();
    let program = build()?;
    for kernel in kernels {
        let counts = count(&program, &kernel)?;
        if flags.record {
            write(&record(&kernel), &counts)?;
        }
        faults.extend(compare(&kernel, &counts)?);
    }
    ensure!(faults.is_empty(), "{}\nif that is meant: cargo xtask count --record", faults.join("\n"));
    Ok(ExitCode::SUCCESS)
}

/// Counts and compares all, as a step of the tests.
pub(crate) fn check_all() -> Result<()> {
    run(&flags::Count { kernels: Vec::new(), record: false }).map(drop)
}

fn build() -> Result<PathBuf> {
    tools::system_packages(&[SystemPackage { name: "valgrind", evidence: "valgrind" }])?;
    process::run(cargo(["build"]).args(PROGRAM))?;
    Ok(workspace::target("release").join(format!("count{}", std::env::consts::EXE_SUFFIX)))
}

fn count(program: &Path, kernel: &str) -> Result<Counts> {
    let folder = workspace::target("counts");
    fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
    let out = folder.join("callgrind.out");
    // What callgrind's processor has is what the program finds under it.
    let valgrind = |tool: &[&str]| {
        let mut valgrind = command("valgrind", ["-q"]);
        valgrind.args(tool).arg(program).arg(kernel);
        valgrind
    };
    let list = process::output(&mut valgrind(&["--tool=none"]))?;
    let mut lines = list.lines().map(str::to_owned);
    let isa = lines.next().with_context(|| format!("{} says nothing", program.display()))?;
    let mut operations = BTreeMap::new();
    for name in lines {
        let file = format!("--callgrind-out-file={}", out.display());
        let flags = ["--tool=callgrind", "--collect-atstart=no", "--toggle-collect=count::counted*", &file];
        process::output(valgrind(&flags).arg(&name))?;
        let text = fs::read_to_string(&out).with_context(|| format!("could not read {}", out.display()))?;
        let instructions = total(&text).with_context(|| format!("no total in {}", out.display()))?;
        ensure!(
            instructions > 0,
            "{kernel}: {name} took no instruction: callgrind found no function `counted`"
        );
        println!("{kernel:10}  {name:24}  {instructions:>10}");
        operations.insert(name, instructions);
    }
    let rustc = process::output(&mut command("rustc", ["--version"]))?.trim().to_owned();
    let counts = Counts { rustc, isa, operations };
    write(&folder.join(format!("{kernel}.json")), &counts)?;
    Ok(counts)
}

/// The instructions that a file of callgrind's adds up.
fn total(text: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix("totals:")?.trim().parse().ok())
}

/// The record of a kernel.
fn record(kernel: &str) -> PathBuf {
    workspace::root().join("benches/counts").join(format!("{kernel}.json"))
}

fn write(file: &Path, counts: &Counts) -> Result<()> {
    fs::write(file, serde_json::to_string_pretty(counts)? + "\n")
        .with_context(|| format!("could not write {}", file.display()))
}

/// Where they differ from the record by too much.
fn compare(kernel: &str, counts: &Counts) -> Result<Vec<String>> {
    let file = record(kernel);
    let text = fs::read_to_string(&file).with_context(|| format!("could not read {}", file.display()))?;
    let record: Counts =
        serde_json::from_str(&text).with_context(|| format!("{} is no record of counts", file.display()))?;
    if let Some(other) = differs(&record, counts) {
        println!("{kernel}: not compared, since the record is of {other}; these counts are in target/counts");
        return Ok(Vec::new());
    }
    Ok(faults(kernel, &record, counts))
}

/// What makes counts incomparable.
fn differs(record: &Counts, counts: &Counts) -> Option<String> {
    let pairs = [(&record.rustc, &counts.rustc), (&record.isa, &counts.isa)];
    pairs
        .into_iter()
        .find(|(record, now)| record != now)
        .map(|(record, now)| format!("{record}, and this is {now}"))
}

fn faults(kernel: &str, record: &Counts, counts: &Counts) -> Vec<String> {
    let mut faults = Vec::new();
    for name in record
        .operations
        .keys()
        .chain(counts.operations.keys().filter(|name| !record.operations.contains_key(*name)))
    {
        match (record.operations.get(name), counts.operations.get(name)) {
            (Some(&before), Some(&now)) => {
                if 100 * now.abs_diff(before) > PERCENT * before {
                    let change = now as f64 / before as f64 - 1.0;
                    faults.push(format!(
                        "{kernel}: {name} took {before} instructions, now {now} ({:+.1} %)",
                        100.0 * change
                    ));
                }
            }
            (None, _) => faults.push(format!("{kernel}: {name} has no record")),
            (_, None) => faults.push(format!("{kernel}: {name} is recorded, and was not counted")),
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(rustc: &str, operations: &[(&str, u64)]) -> Counts {
        Counts {
            rustc: rustc.to_owned(),
            isa: "avx2".to_owned(),
            operations: operations.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect(),
        }
    }

    #[test]
    fn a_total_is_read_from_callgrinds_file() {
        assert_eq!(total("events: Ir\nfn=(1) counted\n0 5\ntotals: 668682\n"), Some(668_682));
        assert_eq!(total("events: Ir\n"), None);
    }

    #[test]
    fn two_in_a_hundred_are_no_fault_and_more_are() {
        let record = counts("1.95", &[("a", 1000), ("b", 1000), ("c", 1000)]);
        let now = counts("1.95", &[("a", 1020), ("b", 975), ("d", 1)]);
        let faults = faults("nn", &record, &now);
        assert_eq!(faults.len(), 3, "{faults:?}");
        assert_eq!(faults[0], "nn: b took 1000 instructions, now 975 (-2.5 %)");
        assert!(faults[1].contains("c is recorded") && faults[2].contains("d has no record"), "{faults:?}");
    }

    #[test]
    fn counts_of_another_compiler_are_not_compared() {
        let record = counts("rustc 1.95", &[]);
        assert_eq!(differs(&record, &record), None);
        let other = differs(&record, &counts("rustc 1.96", &[])).unwrap();
        assert!(other.contains("1.95") && other.contains("1.96"), "{other}");
    }

    #[test]
    fn every_kernel_has_a_record() {
        for kernel in npm::named(&[]).unwrap() {
            let text = fs::read_to_string(record(&kernel)).unwrap();
            assert!(!serde_json::from_str::<Counts>(&text).unwrap().operations.is_empty(), "{kernel}");
        }
    }
}
