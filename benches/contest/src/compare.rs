//! Two runs: what has become faster or slower.
//!
//! The times of two runs differ with the machine's mood too. How far that has moved, the other libraries say whose version is the
//! same: the median change of their times is the *drift*. A time has changed *beyond the spread* only if the quartiles of the
//! two runs have nothing in common once those of the second are divided by the drift.

use crate::figures::quantile;
use crate::record::{Case, Entry, Record, Spread};
use crate::report::number::{percent, three, time};
use crate::report::table::{Cell, Column, Table};
use crate::report::{as_markdown, times};
use std::collections::BTreeMap;

/// What has changed from one run to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The days of both.
    pub dates: [String; 2],
    /// What else differs than the code: the machine, how much was measured, versions.
    pub notes: Vec<String>,
    /// The median change of the times of other libraries whose version is the same: the machine's own.
    pub drift: Option<f64>,
    /// Who is right in both, the largest change first.
    pub changes: Vec<Change>,
    /// Who has become right or wrong.
    pub verdicts: Vec<String>,
    /// The cases that are only in the first run, or only in the second, and the contestants of the others that are.
    pub only: [Vec<String>; 2],
}

/// How a contestant's time in a case has changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The case: kernel, operation and name.
    pub case: [String; 3],
    /// Who.
    pub contestant: String,
    /// Nanoseconds of a call before and after.
    pub wall: [Spread; 2],
    /// The same, where the machine's drift is taken from the second.
    pub alike: [Spread; 2],
}

impl Change {
    /// How many times as long a call takes on a machine that is alike: below 1 it is faster.
    #[must_use]
    pub fn times(&self) -> f64 {
        let [before, after] = self.alike;
        after.median / before.median
    }

    /// Whether the quartiles of the times on a machine that is alike have nothing in common.
    #[must_use]
    pub fn beyond(&self) -> bool {
        let [before, after] = self.alike;
        after.low > before.high || after.high < before.low
    }

    /// The same, had the machine moved so far.
    fn less(&mut self, drift: f64) {
        let Spread { low, median, high } = self.wall[1];
        self.alike[1] = Spread { low: low / drift, median: median / drift, high: high / drift };
    }
}

/// From `a` to `b`.
#[must_use]
pub fn compare(a: &Record, b: &Record) -> Comparison {
    let (before, after) = (entries(a), entries(b));
    let mut changes = Vec::new();
    let mut verdicts = Vec::new();
    for (key, (case, entry)) in &before {
        let Some((new_case, new_entry)) = after.get(key) else { continue };
        let [kernel, operation, name, contestant] = *key;
        match (times(case, entry), times(new_case, new_entry)) {
            (Some(old), Some(new)) => changes.push(Change {
                case: [kernel, operation, name].map(str::to_owned),
                contestant: contestant.to_owned(),
                wall: [old.wall, new.wall],
                alike: [old.wall, new.wall],
            }),
            (Some(_), None) => verdicts.push(format!("{} was right and is wrong, or failed", written(key))),
            (None, Some(_)) => verdicts.push(format!("{} was wrong, or failed, and is right", written(key))),
            (None, None) => {}
        }
    }
    let drift = drift(a, b, &changes);
    changes.iter_mut().for_each(|change| change.less(drift.unwrap_or(1.0)));
    changes.sort_by(|x, y| y.times().ln().abs().total_cmp(&x.times().ln().abs()));
    Comparison {
        dates: [a.date.clone(), b.date.clone()],
        notes: notes(a, b),
        drift,
        changes,
        verdicts,
        only: [only(&before, &after), only(&after, &before)],
    }
}

/// Of each case each contestant, by kernel, operation, case and name.
type Entries<'a> = BTreeMap<[&'a str; 4], (&'a Case, &'a Entry)>;

fn entries<'a>(record: &'a Record) -> Entries<'a> {
    let of = |case: &'a Case, entry: &'a Entry| {
        ([&*case.kernel, &*case.operation, &*case.name, &*entry.contestant], (case, entry))
    };
    record.cases.iter().flat_map(|case| case.entries.iter().map(move |entry| of(case, entry))).collect()
}

fn only(here: &Entries<'_>, there: &Entries<'_>) -> Vec<String> {
    let mut only = Vec::new();
    for key in here.keys().filter(|key| !there.contains_key(*key)) {
        let [kernel, operation, case, _] = key;
        let whole = !there.keys().any(|other| other[..3] == key[..3]);
        let what = if whole { format!("{kernel}, {operation}, {case}") } else { written(key) };
        // The contestants of a case follow each other.
        if only.last() != Some(&what) {
            only.push(what);
        }
    }
    only
}

fn written([kernel, operation, case, contestant]: &[&str; 4]) -> String {
    format!("{kernel}, {operation}, {case}: {contestant}")
}

fn drift(a: &Record, b: &Record, changes: &[Change]) -> Option<f64> {
    let unchanged = |name: &str| {
        let version = |record: &Record| {
            record.contestants.iter().find(|who| who.name == name && !who.ours).map(|who| who.version.clone())
        };
        version(a).is_some() && version(a) == version(b)
    };
    let moved: Vec<_> =
        changes.iter().filter(|change| unchanged(&change.contestant)).map(Change::times).collect();
    (!moved.is_empty()).then(|| quantile(&moved, 0.5))
}

fn notes(a: &Record, b: &Record) -> Vec<String> {
    let mut notes = Vec::new();
    let mut note = |what: &str, before: &str, after: &str| {
        if before != after {
            notes.push(format!("{what}: {before} before, {after} now"));
        }
    };
    let samples = |quick: bool| if quick { "quick" } else { "full" };
    note("machine", &a.cpu, &b.cpu);
    note("threads at once", &a.cores.to_string(), &b.cores.to_string());
    note("run", samples(a.quick), samples(b.quick));
    let versions = |record: &Record| -> BTreeMap<String, String> {
        let named = |name: &String, version: &String| (name.clone(), version.clone());
        let who = record.contestants.iter().map(|who| named(&who.name, &who.version));
        record.versions.iter().map(|(name, version)| named(name, version)).chain(who).collect()
    };
    let (before, after) = (versions(a), versions(b));
    for (name, version) in &before {
        if let Some(new) = after.get(name) {
            note(name, version, new);
        }
    }
    notes
}

impl Comparison {
    /// What is to be known beside the times, line by line.
    pub(crate) fn lines(&self) -> Vec<String> {
        let [before, after] = &self.dates;
        let beyond = self.changes.iter().filter(|change| change.beyond()).count();
        let mut lines = vec![format!(
            "From {before} to {after}: {beyond} of {} times have changed beyond the spread (the quartiles of the two runs \
             have nothing in common, once the machine's part is taken off)",
            self.changes.len()
        )];
        lines.extend(self.notes.iter().cloned());
        if let Some(drift) = self.drift {
            lines.push(format!(
                "other libraries of the same version take {} times as long in the median: that much is the machine's part",
                three(drift)
            ));
        }
        lines.extend(self.verdicts.iter().cloned());
        for (which, only) in ["before", "now"].iter().zip(&self.only) {
            lines.extend(only.iter().map(|what| format!("only {which}: {what}")));
        }
        lines
    }

    /// What has changed beyond the spread, by time or beside the reference, and what has not.
    pub(crate) fn tables(&self) -> [Option<Table>; 2] {
        let (beyond, within): (Vec<_>, Vec<_>) = self.changes.iter().partition(|change| change.beyond());
        let table = |caption: &str, changes: &[&Change]| {
            let rows: Vec<_> = changes.iter().map(|change| row(change)).collect();
            (!rows.is_empty()).then(|| Table::plain(caption, columns(), rows))
        };
        [table("Changed beyond the spread", &beyond), table("Within the spread", &within)]
    }

    /// For a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        let lines: String = self.lines().iter().map(|line| format!("{line}\n")).collect();
        self.tables().into_iter().flatten().fold(lines, |text, table| format!("{text}\n{}", table.text()))
    }

    /// As Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        let lines: String = self.lines().iter().map(|line| format!("- {}\n", as_markdown(line))).collect();
        let head = format!("## What has changed\n\n{lines}");
        self.tables().into_iter().flatten().fold(head, |text, table| format!("{text}\n{}", table.markdown()))
    }
}

fn columns() -> Vec<Column> {
    let mut columns = ["case", "contestant"].map(Column::text).to_vec();
    columns.extend(["before", "now", "change, without the machine's part"].map(Column::number));
    columns
}

fn row(change: &Change) -> Vec<Cell> {
    let times = change.times();
    let faster = times < 1.0;
    let class = if !change.beyond() {
        ""
    } else if faster {
        "faster"
    } else {
        "slower"
    };
    let by = percent((times - 1.0).abs());
    let text = if !(0.5..2.0).contains(&times) {
        // A percentage of that is hard to read.
        format!("{} times", three(times))
    } else if by.starts_with("below") {
        "0 %".to_owned()
    } else {
        format!("{}{by}", if faster { "-" } else { "+" })
    };
    let [before, now] = change.wall.map(|wall| time(wall.median));
    vec![
        change.case.join(", ").into(),
        change.contestant.as_str().into(),
        before.into(),
        now.into(),
        Cell::of(text, class),
    ]
}
