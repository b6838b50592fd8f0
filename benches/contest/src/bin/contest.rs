//! Measures kernels and peers, and shows what came of it. `cargo xtask bench` sets the workers up and calls it.

use anyhow::{Context as _, Result, bail, ensure};
use bench_contest::case::KERNELS;
use bench_contest::record::{Absent, Record};
use bench_contest::run::{Contest, absent};
use bench_contest::worker::Worker;
use bench_contest::{compare, readme, report};
use clap::{Args, Parser};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

#[derive(Debug, Parser)]
enum Flags {
    Run(Run),
    Report(Report),
    Readme(Readme),
}

/// Measures, and writes a record after each case
#[derive(Args, Debug)]
struct Run {
    /// The kernels
    kernels: Vec<String>,
    /// The workers: a JSON file
    #[arg(long)]
    workers: PathBuf,
    /// A peer that takes part, once for each; all without it
    #[arg(long)]
    peer: Vec<String>,
    /// None of them
    #[arg(long, conflicts_with = "peer")]
    ours_only: bool,
    /// A first look only
    #[arg(long)]
    quick: bool,
    /// What was typed, for the record
    #[arg(long)]
    command: String,
    /// Where the record goes
    #[arg(long)]
    record: PathBuf,
}

/// Writes `report.html`, `report.md` and `report.json` of a record
#[derive(Args, Debug)]
struct Report {
    record: PathBuf,
    /// Where to
    #[arg(long)]
    out: PathBuf,
    /// A record from before, to compare with
    #[arg(long)]
    before: Option<PathBuf>,
}

/// Writes the table of a record into a text, between its markers
#[derive(Args, Debug)]
struct Readme {
    record: PathBuf,
    text: PathBuf,
    /// Writes nothing, and fails if it is another table that stands there
    #[arg(long)]
    check: bool,
}

/// What is to be started, and what could not be set up.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Workers {
    workers: Vec<Start>,
    absent: Vec<Absent>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Start {
    name: String,
    program: PathBuf,
    arguments: Vec<String>,
    variables: BTreeMap<String, String>,
}

fn main() -> ExitCode {
    let result = match Flags::parse() {
        Flags::Run(flags) => run(&flags),
        Flags::Report(flags) => show(&flags),
        Flags::Readme(flags) => fill(&flags),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(flags: &Run) -> Result<()> {
    if let Some(unknown) = flags.kernels.iter().find(|name| !KERNELS.contains(&name.as_str())) {
        bail!("no kernel is called `{unknown}`; there are {}", KERNELS.join(", "));
    }
    let text = std::fs::read(&flags.workers)
        .with_context(|| format!("could not read {}", flags.workers.display()))?;
    let given: Workers = serde_json::from_slice(&text)
        .with_context(|| format!("{} is no list of workers", flags.workers.display()))?;
    let mut record = Record::new(&flags.command, flags.quick);
    record.absent = given.absent;
    let mut workers = Vec::new();
    for start in &given.workers {
        eprintln!("starting {}", start.name);
        let mut command = Command::new(&start.program);
        command.args(&start.arguments).envs(&start.variables);
        match Worker::start(command) {
            Ok(worker) => workers.push(worker),
            Err(error) => record.absent.push(absent(&start.name, format!("{error:#}"))),
        }
    }
    let peers = (flags.ours_only || !flags.peer.is_empty()).then_some(flags.peer.as_slice());
    let contest = Contest { kernels: &flags.kernels, peers, file: &flags.record };
    contest.run(&mut record, &mut workers)
}

fn show(flags: &Report) -> Result<()> {
    let record = Record::read(&flags.record)?;
    let before = flags.before.as_deref().map(Record::read).transpose()?;
    let comparison = before.as_ref().map(|before| compare::compare(before, &record));
    if let Some(comparison) = &comparison {
        print!("{}", comparison.text());
    }
    std::fs::create_dir_all(&flags.out).with_context(|| format!("could not make {}", flags.out.display()))?;
    let write = |name: &str, text: String| write(&flags.out.join(name), &text);
    write("report.html", report::html(&record, comparison.as_ref())?)?;
    write("report.md", report::markdown(&record, comparison.as_ref()))?;
    record.write(&flags.out.join("report.json"))
}

fn fill(flags: &Readme) -> Result<()> {
    let text = std::fs::read_to_string(&flags.text)
        .with_context(|| format!("could not read {}", flags.text.display()))?;
    let table = readme::table(&Record::read(&flags.record)?);
    let filled = readme::replace(&text, &table).with_context(|| format!("in {}", flags.text.display()))?;
    if flags.check {
        let stale = || format!("{} has another table: cargo xtask bench readme", flags.text.display());
        ensure!(filled == text, stale());
        return Ok(());
    }
    write(&flags.text, &filled)
}

fn write(file: &Path, text: &str) -> Result<()> {
    std::fs::write(file, text).with_context(|| format!("could not write {}", file.display()))
}
