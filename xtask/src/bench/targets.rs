//! What the figures are to reach: `benches/targets.toml`.
//!
//! One list of tables per benchmark, under its name; under `KERNEL-peers` those of a comparison, in
//! which the limit is the other library, and cases are called `CASE vs LIBRARY`:
//! ```toml
//! [[maxsim]]
//! case = "32x*"              # the rows that it is about: `*` stands for any text
//! isa = "avx2"               # on this instruction set; on every set without it
//! kernel = "maxsim"          # of this kernel; of every kernel of the benchmark without it
//! min_limit_fraction = 0.8   # at least one of the two: so much of the row's limit …
//! max_ns = 100               # … and no more time than this
//! rows = 9                   # so many rows it is about; at least one without it
//! ```
//! Each row that a target is about must reach it. A target that no row is about is a fault: its case has another
//! name by now, or was not measured. Only a target for an instruction set that this machine, or this node, lacks may
//! have none.

use crate::workspace;
use anyhow::{Context as _, Result, bail};
use bench_rows::{Row, percent, time};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;

/// What some rows are to reach.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Target {
    case: String,
    isa: Option<String>,
    kernel: Option<String>,
    min_limit_fraction: Option<f64>,
    max_ns: Option<f64>,
    /// How many rows it is about: at least one if absent.
    rows: Option<usize>,
}

/// How the rows did.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Outcome {
    pub(super) reached: usize,
    /// Each figure below its target, and each target without a figure.
    pub(super) faults: Vec<String>,
    /// The targets that cannot be compared on this machine.
    pub(super) not_here: Vec<String>,
}

/// The targets of a benchmark.
pub(super) fn read(benchmark: &str) -> Result<Vec<Target>> {
    let file = workspace::root().join("benches/targets.toml");
    let text =
        std::fs::read_to_string(&file).with_context(|| format!("could not read {}", file.display()))?;
    parse(&text, benchmark).with_context(|| format!("in {}", file.display()))
}

fn parse(text: &str, benchmark: &str) -> Result<Vec<Target>> {
    let mut tables: BTreeMap<String, Vec<Target>> = toml::from_str(text)?;
    let targets =
        tables.remove(benchmark).with_context(|| format!("there are no targets for `{benchmark}`"))?;
    if let Some(target) = targets.iter().find(|t| t.min_limit_fraction.is_none() && t.max_ns.is_none()) {
        bail!("the target for {target} has neither `min_limit_fraction` nor `max_ns`");
    }
    Ok(targets)
}

/// Compares all rows with the targets, where there are these instruction sets.
pub(super) fn compare(targets: &[Target], rows: &[Row], available: &[&str]) -> Outcome {
    let mut outcome = Outcome::default();
    for target in targets {
        if target.isa.as_deref().is_some_and(|isa| !available.contains(&isa)) {
            outcome.not_here.push(target.to_string());
            continue;
        }
        let rows: Vec<_> = rows.iter().filter(|row| target.is_about(row)).collect();
        match target.rows {
            Some(expected) if rows.len() != expected => {
                outcome.faults.push(format!("NOT MEASURED: {target}: {} of {expected} figures", rows.len()));
            }
            None if rows.is_empty() => outcome.faults.push(format!("NOT MEASURED: {target}")),
            _ => {}
        }
        for row in rows {
            let shortfalls = target.shortfalls(row);
            outcome.reached += usize::from(shortfalls.is_empty());
            let name = format!("{} {} {}", row.kernel, row.case, row.isa);
            outcome
                .faults
                .extend(shortfalls.iter().map(|shortfall| format!("BELOW TARGET: {name}: {shortfall}")));
        }
    }
    outcome
}

impl Target {
    fn is_about(&self, row: &Row) -> bool {
        let is = |asked: &Option<String>, is: &str| asked.as_deref().is_none_or(|asked| asked == is);
        is(&self.kernel, &row.kernel) && is(&self.isa, &row.isa) && matches(&self.case, &row.case)
    }

    fn shortfalls(&self, row: &Row) -> Vec<String> {
        let mut shortfalls = Vec::new();
        if let Some(target) = self.min_limit_fraction {
            match row.limit_fraction {
                // So written that NaN does not reach it.
                Some(fraction) if fraction >= target => {}
                Some(fraction) => {
                    let limit = row.limit.as_deref().unwrap_or("its limit");
                    shortfalls.push(format!("{} of {limit}, target {}", percent(fraction), percent(target)));
                }
                None => shortfalls.push(format!("no fraction of a limit, target {}", percent(target))),
            }
        }
        if let Some(target) = self.max_ns.filter(|target| row.ns > *target) {
            shortfalls.push(format!("{}, target {}", time(row.ns), time(target)));
        }
        shortfalls
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [kernel, isa] = [&self.kernel, &self.isa]
            .map(|name| name.as_ref().map_or(String::new(), |name| format!(" {name}")));
        write!(f, "case {}{kernel}{isa}", self.case)
    }
}

/// Whether a text is what a pattern says, in which `*` stands for any text.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(text) = text.strip_prefix(start) else { return false };
    (0..=text.len()).filter(|&i| text.is_char_boundary(i)).any(|i| matches(rest, &text[i..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(case: &str, isa: &str, ns: f64, limit_fraction: f64) -> Row {
        Row {
            kernel: "maxsim".to_owned(),
            case: case.to_owned(),
            isa: isa.to_owned(),
            ns,
            ns_per_element: None,
            gflops: None,
            limit: Some("fma".to_owned()),
            limit_fraction: Some(limit_fraction),
            max_error: None,
            cpu: "cpu".to_owned(),
            rustc: "1.95".to_owned(),
        }
    }

    const TARGETS: &str = r#"
        [[maxsim]]
        case = "32x*"
        isa = "avx2"
        min_limit_fraction = 0.8
        [[maxsim]]
        case = "1x1x48"
        isa = "avx2"
        max_ns = 100
        [[other]]
        case = "never measured"
        max_ns = 1
    "#;

    fn compare(rows: &[Row], available: &[&str]) -> Outcome {
        super::compare(&parse(TARGETS, "maxsim").unwrap(), rows, available)
    }

    #[test]
    fn figures_at_their_targets_reach_them() {
        let rows = [
            row("32x8", "avx2", 1e6, 0.8),
            row("32x9", "avx2", 1e6, 0.9),
            row("1x1x48", "avx2", 100.0, 0.1),
            row("32x8", "scalar", 1e6, 0.1),
        ];
        let outcome = compare(&rows, &["avx2", "scalar"]);
        assert_eq!(outcome, Outcome { reached: 3, ..Outcome::default() });
    }

    #[test]
    fn figures_below_their_targets_are_named() {
        let rows = [
            row("32x8", "avx2", 1e6, 0.79),
            row("32x9", "avx2", 1e6, f64::NAN),
            row("1x1x48", "avx2", 101.0, 0.9),
        ];
        let faults = compare(&rows, &["avx2"]).faults;
        assert_eq!(faults.len(), 3, "{faults:?}");
        assert_eq!(faults[0], "BELOW TARGET: maxsim 32x8 avx2: 79.0 % of fma, target 80.0 %");
        assert_eq!(faults[2], "BELOW TARGET: maxsim 1x1x48 avx2: 101.0 ns, target 100.0 ns");
    }

    #[test]
    fn a_target_without_a_row_is_a_fault_unless_the_set_is_not_here() {
        let rows = [row("32x8", "avx2", 1e6, 0.9)];
        assert_eq!(compare(&rows, &["avx2"]).faults, ["NOT MEASURED: case 1x1x48 avx2"]);
        let elsewhere = compare(&[row("32x8", "neon", 1e6, 0.9)], &["neon"]);
        assert_eq!((elsewhere.faults.len(), elsewhere.not_here.len()), (0, 2), "{elsewhere:?}");
    }

    #[test]
    fn a_pattern_may_leave_parts_open() {
        assert!(
            matches("32x*", "32x8x128") && matches("*memory*", "32x8 memory") && matches("a*c*e", "abcde")
        );
        assert!(!matches("32x*", "132x8") && !matches("32x", "32x8") && !matches("a*c*e", "abcd"));
    }

    #[test]
    fn a_file_that_asks_for_nothing_fails() {
        assert!(parse("[[maxsim]]\ncase = \"a\"", "maxsim").unwrap_err().to_string().contains("case a"));
        assert!(parse("[[maxsim]]\ncase = \"a\"\nmax_s = 1", "maxsim").is_err());
        assert!(parse("", "maxsim").unwrap_err().to_string().contains("`maxsim`"));
    }
}
