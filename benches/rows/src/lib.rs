//! The figures of a benchmark: one schema for all benchmarks, written by those who measure, read by who compares.

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// One figure.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// What was measured, e.g. `maxsim`.
    pub kernel: String,
    /// On what: sizes and places.
    pub case: String,
    /// On which instruction set; `js` for none, in plain JavaScript.
    pub isa: String,
    /// Time of one call in nanoseconds.
    pub ns: f64,
    /// Time per value of the input that counts.
    pub ns_per_element: Option<f64>,
    /// Billions of floating-point operations per second, where the kernel does some worth counting.
    pub gflops: Option<f64>,
    /// What `limit_fraction` is a fraction of: `fma`, `read`, `memcpy`, `loop`, `peer:NAME`; `plain`: the formula as a
    /// plain loop, compiled for the default target; or `wasm-peak`: the multiply-adds that this variant of WebAssembly
    /// does in registers, in the same engine and run.
    pub limit: Option<String>,
    /// Speed as a fraction of the limit; over 1 is faster.
    pub limit_fraction: Option<f64>,
    /// The largest deviation from the reference.
    pub max_error: Option<f64>,
    /// The processor's name.
    pub cpu: String,
    /// The compiler's version, and the engine's where there is one.
    pub rustc: String,
}

/// The rows of a file.
///
/// # Errors
/// If it cannot be read, or is not a list of rows.
pub fn read(file: &Path) -> Result<Vec<Row>> {
    let text = std::fs::read_to_string(file).with_context(|| format!("could not read {}", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not a list of rows", file.display()))
}

/// Writes rows to a file, as JSON.
///
/// # Errors
/// If it cannot be written.
pub fn write(file: &Path, rows: &[Row]) -> Result<()> {
    let text = serde_json::to_string_pretty(rows).context("rows as JSON")? + "\n";
    std::fs::write(file, text).with_context(|| format!("could not write {}", file.display()))
}

const HEADINGS: [&str; 8] = ["kernel", "case", "isa", "time", "GFLOP/s", "limit", "of limit", "max error"];

/// The rows in aligned columns, under the machine and the compiler they come from.
#[must_use]
pub fn table(rows: &[Row]) -> String {
    let mut lines = vec![HEADINGS.map(str::to_owned)];
    lines.extend(rows.iter().map(cells));
    let widths: [_; HEADINGS.len()] =
        std::array::from_fn(|i| lines.iter().map(|line| line[i].chars().count()).max().unwrap_or(0));
    let mut origins: Vec<_> = rows.iter().map(|row| format!("{}, {}\n", row.cpu, row.rustc)).collect();
    origins.dedup();
    let mut table = origins.concat();
    for line in &lines {
        let text: String = (line.iter().zip(widths).enumerate())
            // Names to the left, numbers to the right.
            .map(|(i, (cell, width))| match i {
                0..=2 | 5 => format!("{cell:<width$}  "),
                _ => format!("{cell:>width$}  "),
            })
            .collect();
        table += text.trim_end();
        table.push('\n');
    }
    table
}

fn cells(row: &Row) -> [String; HEADINGS.len()] {
    let or_blank = |value: Option<f64>, show: fn(f64) -> String| value.map_or_else(String::new, show);
    [
        row.kernel.clone(),
        row.case.clone(),
        row.isa.clone(),
        time(row.ns),
        or_blank(row.gflops, |gflops| format!("{gflops:.1}")),
        row.limit.clone().unwrap_or_default(),
        or_blank(row.limit_fraction, percent),
        or_blank(row.max_error, |error| format!("{error:.1e}")),
    ]
}

/// A fraction as text.
#[must_use]
pub fn percent(fraction: f64) -> String {
    format!("{:.1} %", 100.0 * fraction)
}

/// Nanoseconds in the unit that leaves one to three digits before the point.
#[must_use]
pub fn time(ns: f64) -> String {
    let (value, unit) = match ns {
        ..1.0 => (ns * 1e3, "ps"),
        ..1e3 => (ns, "ns"),
        ..1e6 => (ns / 1e3, "us"),
        ..1e9 => (ns / 1e6, "ms"),
        _ => (ns / 1e9, "s"),
    };
    format!("{value:.1} {unit}")
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
            ns_per_element: Some(0.25),
            gflops: Some(42.0),
            limit: Some("fma".to_owned()),
            limit_fraction: Some(limit_fraction),
            max_error: Some(1.5e-7),
            cpu: "cpu".to_owned(),
            rustc: "1.95".to_owned(),
        }
    }

    #[test]
    fn a_time_has_a_readable_unit() {
        let times = [0.0169, 90.0, 1234.0, 5.06e7, 2e9].map(time);
        assert_eq!(times, ["16.9 ps", "90.0 ns", "1.2 us", "50.6 ms", "2.0 s"]);
    }

    #[test]
    fn columns_are_aligned() {
        let rows = [row("32x8x128", "avx2", 1e4, 0.8), row("1x1x48", "scalar", 90.0, 0.125)];
        let expected = "\
cpu, 1.95
kernel  case      isa        time  GFLOP/s  limit  of limit  max error
maxsim  32x8x128  avx2    10.0 us     42.0  fma      80.0 %     1.5e-7
maxsim  1x1x48    scalar  90.0 ns     42.0  fma      12.5 %     1.5e-7
";
        assert_eq!(table(&rows), expected);
    }

    #[test]
    fn rows_have_one_schema() {
        let text = serde_json::to_string(&row("a", "avx2", 1.0, 1.0)).unwrap();
        assert_eq!(serde_json::from_str::<Row>(&text).unwrap(), row("a", "avx2", 1.0, 1.0));
        assert!(serde_json::from_str::<Row>(&text.replace("\"gflops\":42.0", "\"gflops\":null")).is_ok());
        assert!(serde_json::from_str::<Row>(&text.replace("\"ns\"", "\"nanoseconds\"")).is_err());
    }

    #[test]
    fn rows_may_come_from_javascript() {
        // Which writes whole numbers without a point, and what is not a number as null.
        let text = r#"{"ns_per_element":null,"gflops":42,"limit":"wasm-peak","limit_fraction":1,"max_error":0,
            "kernel":"maxsimBatch","case":"32x128 cache","isa":"simd128","ns":82,"cpu":"cpu","rustc":"1.95; node v20"}"#;
        let row: Row = serde_json::from_str(text).unwrap();
        assert_eq!((row.ns, row.gflops, row.limit_fraction), (82.0, Some(42.0), Some(1.0)));
        assert!(serde_json::from_str::<Row>(&text.replace(":82", ":null")).is_err());
    }
}
