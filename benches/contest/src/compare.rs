//! Two runs: what has become faster or slower.
//!
//! The times of two runs differ with the machine's mood too. So a change of a time counts as *beyond the spread* only if the
//! quartiles of the two runs have nothing in common; and of all contestants but the reference the same is said of the ratio
//! to the reference's time, pair by pair of one round, which a slower machine moves little. The median change of all
//! other libraries of unchanged version says how far the machine itself has moved.

use crate::figures::quantile;
use crate::record::{Case, Entry, Record, Spread};
use crate::report::number::{NONE, percent, three, time};
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
    /// The same as multiples of the reference's; none for the reference, or if that is another one.
    pub ratio: Option<[Spread; 2]>,
}

impl Change {
    /// How many times as long a call takes: below 1 it is faster.
    #[must_use]
    pub fn times(&self) -> f64 {
        change(self.wall)
    }

    /// The same beside the reference.
    #[must_use]
    pub fn times_beside(&self) -> Option<f64> {
        self.ratio.map(change)
    }

    /// Whether the quartiles of the times have nothing in common.
    #[must_use]
    pub fn beyond(&self) -> bool {
        apart(self.wall)
    }

    /// The same of the ratios to the reference.
    #[must_use]
    pub fn beyond_beside(&self) -> bool {
        self.ratio.is_some_and(apart)
    }
}

fn change([before, after]: [Spread; 2]) -> f64 {
    after.median / before.median
}

fn apart([before, after]: [Spread; 2]) -> bool {
    after.low > before.high || after.high < before.low
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
                ratio: beside([a, b], [case, new_case], contestant).then_some([old.ratio, new.ratio]),
            }),
            (Some(_), None) => verdicts.push(format!("{} was right and is wrong", written(key))),
            (None, Some(_)) => verdicts.push(format!("{} was wrong and is right", written(key))),
            (None, None) => {}
        }
    }
    changes.sort_by(|x, y| y.times().ln().abs().total_cmp(&x.times().ln().abs()));
    Comparison {
        dates: [a.date.clone(), b.date.clone()],
        notes: notes(a, b),
        drift: drift(a, b, &changes),
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

/// Whether a contestant's ratio is to the same reference in both, and not to itself.
fn beside(records: [&Record; 2], cases: [&Case; 2], contestant: &str) -> bool {
    let reference = |i: usize| cases[i].reference(records[i]).map(|entry| &entry.contestant);
    reference(0).is_some_and(|name| name != contestant) && reference(0) == reference(1)
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
             have nothing in common)",
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
        let (beyond, within): (Vec<_>, Vec<_>) =
            self.changes.iter().partition(|change| change.beyond() || change.beyond_beside());
        let table = |caption: &str, changes: &[&Change]| {
            let rows: Vec<_> = changes.iter().map(|change| row(change)).collect();
            (!rows.is_empty()).then(|| Table::plain(caption, columns(), rows))
        };
        [
            table("Changed beyond the spread (!), by time or beside our first form", &beyond),
            table("Within the spread", &within),
        ]
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
    columns.extend(["before", "now", "change", "beside ours"].map(Column::number));
    columns
}

/// A change is marked where it is beyond the spread.
fn row(change: &Change) -> Vec<Cell> {
    let marked = |times: f64, beyond: bool| {
        let sign = if times < 1.0 { "" } else { "+" };
        let class = match (beyond, times < 1.0) {
            (false, _) => "",
            (true, true) => "faster",
            (true, false) => "slower",
        };
        // Where a time has become several times as long, a percentage is hard to read.
        let text = if (0.5..2.0).contains(&times) {
            let by = percent((times - 1.0).abs());
            let sign = if times < 1.0 { "-" } else { sign };
            if by.starts_with("below") { "0 %".to_owned() } else { format!("{sign}{by}") }
        } else {
            format!("{} times", three(times))
        };
        Cell::of(if beyond { format!("{text} !") } else { text }, class)
    };
    let [before, now] = change.wall.map(|wall| time(wall.median));
    vec![
        change.case.join(", ").into(),
        change.contestant.as_str().into(),
        before.into(),
        now.into(),
        marked(change.times(), change.beyond()),
        change.times_beside().map_or(NONE.into(), |times| marked(times, change.beyond_beside())),
    ]
}
