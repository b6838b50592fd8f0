//! What a run has measured: the file that reports are made of, and that two runs are compared by.

use anyhow::{Context as _, Result, ensure};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// The version of the schema.
const SCHEMA: u32 = 2;

/// A run.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The version of this schema.
    pub schema: u32,
    /// The day, as `2026-11-22`.
    pub date: String,
    /// The processor's name.
    pub cpu: String,
    /// How many threads it runs at once.
    pub cores: usize,
    /// What was typed.
    pub command: String,
    /// Whether it was a first look only.
    pub quick: bool,
    /// Of compilers and engines, by name.
    pub versions: BTreeMap<String, String>,
    /// Whether it came to its end; what is here otherwise is what was measured before.
    pub finished: bool,
    /// Who took part.
    pub contestants: Vec<Contestant>,
    /// Who was asked and could not.
    pub absent: Vec<Absent>,
    /// What was computed.
    pub cases: Vec<Case>,
}

/// What all versions of a record have.
#[derive(Deserialize)]
struct Version {
    schema: u32,
}

/// A library, or a form of ours.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Contestant {
    /// As reports show it: `kernels`, `kernels, wasm relaxed-simd`, `gemm`.
    pub name: String,
    /// `rust`, `python` or `javascript`.
    pub language: String,
    /// As its registry counts.
    pub version: String,
    /// Whether it is one of ours.
    pub ours: bool,
}

/// A contestant, or all of a language, and why it took no part.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Absent {
    /// The contestant, or the worker that would have held some.
    pub name: String,
    /// The reason.
    pub reason: String,
}

/// An operation on one input, and how each did.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// `maxsim`, `indicators`, `nn` or `pool`.
    pub kernel: String,
    /// What is computed: `gemm`.
    pub operation: String,
    /// On what: `128x384x1536`.
    pub name: String,
    /// Where it stands among inputs of several sizes.
    pub growth: Option<Growth>,
    /// What a call yields, and how many of them.
    pub items: Items,
    /// Floating-point operations of a call, where they are worth counting.
    pub flops: Option<f64>,
    /// Bytes that a call must read and write at least.
    pub bytes: f64,
    /// The largest error that is right.
    pub bound: f64,
    /// What the machine did at most, in the same rounds.
    pub limits: Vec<Limit>,
    /// Each contestant, in the order of [`Record::contestants`].
    pub entries: Vec<Entry>,
}

/// What a call yields.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Items {
    /// How many.
    pub count: f64,
    /// Of what, in the plural: `documents`.
    pub of: String,
}

/// A place among inputs of several sizes.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Growth {
    /// What grows: `bars`.
    pub of: String,
    /// How many of them.
    pub size: f64,
}

/// What the machine, or an engine on it, does at most.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// `fma`, `read`, `copy`, or `wasm relaxed-simd`, `wasm simd128`, `wasm scalar`: multiply-adds in that engine.
    pub name: String,
    /// Billions a second.
    pub rate: f64,
    /// Of what: `flops` or `bytes`.
    pub of: String,
}

/// How a contestant did.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Who.
    pub contestant: String,
    /// The largest difference from the reference, as a fraction of its largest magnitude; none if it is not finite.
    pub error: Option<f64>,
    /// What it took; none if the result is wrong.
    pub times: Option<Times>,
    /// What is to be known of it: another seed, a failure.
    pub note: Option<String>,
}

/// What a call takes, in nanoseconds.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Times {
    /// How many samples.
    pub samples: usize,
    /// By the clock on the wall.
    pub wall: Spread,
    /// The 95th percentile of that.
    pub p95: f64,
    /// By the processor's own clock, the median; none where the system does not tell it.
    pub cpu: Option<f64>,
    /// How many times the time of the reference contestant of the case it takes, pair by pair of one round.
    pub ratio: Spread,
}

/// The middle of some samples, and the quartiles.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    /// A quarter is below.
    pub low: f64,
    /// Half is.
    pub median: f64,
    /// Three quarters are.
    pub high: f64,
}

impl Case {
    /// The first of ours, which the others are compared with.
    #[must_use]
    pub fn reference<'a>(&'a self, record: &Record) -> Option<&'a Entry> {
        let ours = |entry: &&Entry| record.contestants.iter().any(|c| c.ours && c.name == entry.contestant);
        self.entries.iter().find(ours)
    }
}

impl Record {
    /// Of this machine and this day, with nothing in it yet.
    #[cfg(feature = "contest")]
    #[must_use]
    pub fn new(command: &str, quick: bool) -> Self {
        Self {
            schema: SCHEMA,
            date: time::OffsetDateTime::now_utc().date().to_string(),
            cpu: kernels_benches::measure::cpu(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            command: command.to_owned(),
            quick,
            versions: BTreeMap::new(),
            finished: false,
            contestants: Vec::new(),
            absent: Vec::new(),
            cases: Vec::new(),
        }
    }

    /// The record in a file.
    ///
    /// # Errors
    /// If it cannot be read, is no record, or one of another version.
    pub fn read(file: &Path) -> Result<Self> {
        let text =
            std::fs::read_to_string(file).with_context(|| format!("could not read {}", file.display()))?;
        let is_none = || format!("{} is not a record", file.display());
        // Before all else, since another version has other fields.
        let Version { schema } = serde_json::from_str(&text).with_context(is_none)?;
        ensure!(schema == SCHEMA, "{} is of version {schema}, expected {SCHEMA}", file.display());
        serde_json::from_str(&text).with_context(is_none)
    }

    /// Writes it, as JSON, by way of a file beside it: what was there stays whole if this is interrupted.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, file: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self).context("a record as JSON")? + "\n";
        let part = file.with_extension("part");
        std::fs::write(&part, text)
            .and_then(|()| std::fs::rename(&part, file))
            .with_context(|| format!("could not write {}", file.display()))
    }
}
