//! What the program that measures and a worker say to each other: one JSON object a line, a worker's on its standard
//! output, each an answer to one on its standard input but for the first, a [`Hello`].
//!
//! A case lies in a folder: `case.json`, a [`CaseFile`], and one file for each array, raw and little-endian.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Who a worker is, and whom it holds.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// `rust`, `python` or `javascript`.
    pub language: String,
    /// Of its compiler or engine.
    pub version: String,
    /// Whom it holds.
    pub contestants: Vec<Held>,
    /// Whom it could not load, and why.
    #[serde(default)]
    pub absent: Vec<crate::record::Absent>,
    /// The limits of the machine that it can measure.
    #[serde(default)]
    pub limits: Vec<String>,
}

/// A contestant of a worker.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// As reports show it.
    pub name: String,
    /// As its registry counts.
    pub version: String,
    /// Whether it is one of ours.
    #[serde(default)]
    pub ours: bool,
}

/// What a worker is asked.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// To load the case in a folder and do what a user does once. Answer: [`Answer::Prepared`], or
    /// [`Answer::Unsupported`] where the contestant has no such operation.
    Prepare {
        /// What it is called from then on.
        id: u32,
        /// The contestant.
        contestant: String,
        /// The case's folder.
        case: String,
    },
    /// To measure a limit from then on: as prepared work. Answer: [`Answer::Prepared`] with its work.
    Limit {
        /// What it is called from then on.
        id: u32,
        /// One of [`Hello::limits`].
        name: String,
        /// Bytes of the memory that it goes through.
        bytes: f64,
    },
    /// To call it so many times. Answer: [`Answer::Sample`].
    Sample {
        /// Which.
        id: u32,
        /// How many times.
        calls: u64,
    },
    /// To write what the last call has computed to a file: all outputs, one after the other, as little-endian `f64`. Answer:
    /// [`Answer::Done`].
    Result {
        /// Which.
        id: u32,
        /// The file.
        file: String,
    },
    /// To forget it. Answer: [`Answer::Done`].
    Drop {
        /// Which.
        id: u32,
    },
}

/// What a worker answers.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Answer {
    /// It can be called.
    Prepared {
        /// Billions of operations or bytes that a call of a limit stands for.
        #[serde(default)]
        work: Option<f64>,
        /// What is to be known of it.
        #[serde(default)]
        note: Option<String>,
        /// The part of each output, at the start, that is by another convention: up to a half.
        #[serde(default)]
        skip: f64,
    },
    /// The contestant has no such operation.
    Unsupported {},
    /// What the calls took together, in nanoseconds.
    Sample {
        /// By the clock on the wall.
        wall_ns: f64,
        /// By the processor's, of all threads of the process; none where the system does not tell it.
        #[serde(default)]
        cpu_ns: Option<f64>,
    },
    /// It is done.
    Done {},
    /// It failed.
    Error {
        /// What the contestant says.
        message: String,
    },
}

/// A case as workers see it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CaseFile {
    /// What is to be computed.
    pub operation: String,
    /// Periods and the like.
    pub parameters: BTreeMap<String, f64>,
    /// The arrays by name.
    pub inputs: BTreeMap<String, ArrayFile>,
    /// How many numbers the results are.
    pub outputs: usize,
}

/// An array in a file beside `case.json`.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ArrayFile {
    /// The file's name.
    pub file: String,
    /// `f32`, `f64`, `i64`, `i8` or `u8`.
    pub element: String,
    /// Row-major.
    pub shape: Vec<usize>,
}
