//! Whether a tarball is what it should be: every file that belongs in it and no other, and binaries that are not
//! larger than `npm/budgets.toml` allows.

use super::{Kernel, VARIANTS, package};
use crate::{process, tools, workspace};
use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// A file in a tarball.
#[derive(Debug, Deserialize)]
struct File {
    path: String,
    /// Bytes.
    size: u64,
    /// Bytes, as a server would send it.
    gzip: u64,
}

/// What the packages may weigh.
#[derive(Debug, Deserialize)]
pub(super) struct Budgets(BTreeMap<String, Budget>);

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Budget {
    /// Each variant's `.wasm`, in units of 1000 bytes.
    max_wasm_kb: f64,
}

impl Budgets {
    pub(super) fn read() -> Result<Self> {
        let file = workspace::root().join("npm/budgets.toml");
        toml::from_str(&super::read(&file)?).with_context(|| format!("in {}", file.display()))
    }

    fn of(&self, name: &str) -> Result<Budget> {
        let line = || format!("npm/budgets.toml has no `[{name}]` with `max_wasm_kb = …`");
        self.0.get(name).copied().with_context(line)
    }
}

/// Lists the tarball, and fails if it is not what it should be.
pub(super) fn run(kernel: &Kernel, budgets: &Budgets) -> Result<()> {
    let budget = budgets.of(kernel.name())?;
    let tarball = kernel.tarball();
    let list = process::output(process::command(tools::node()?, ["npm/list.mjs"]).arg(&tarball))?;
    let mut files: Vec<File> = serde_json::from_str(&list).context("output of npm/list.mjs")?;
    files.sort_by(|a, b| a.path.cmp(&b.path));

    for file in &files {
        println!("  {:<40} {:>9}, gzip {:>8}", file.path, kilobytes(file.size), kilobytes(file.gzip));
    }
    let binaries = VARIANTS.iter().map(|variant| kernel.binary(variant));
    let expected = binaries.chain(package::FILES.map(str::to_owned)).collect();
    let faults = faults(&files, &expected, budget);
    for fault in &faults {
        println!("  FAULT: {fault}");
    }
    if !faults.is_empty() {
        bail!("{} faults in {}", faults.len(), tarball.display());
    }
    println!("  {} files, each .wasm within {} kB", files.len(), budget.max_wasm_kb);
    Ok(())
}

fn faults(files: &[File], expected: &BTreeSet<String>, budget: Budget) -> Vec<String> {
    let names: BTreeSet<_> = files.iter().map(|file| file.path.clone()).collect();
    let missing = expected.difference(&names).map(|name| format!("{name} is missing"));
    let unexpected = names.difference(expected).map(|name| format!("{name} does not belong there"));
    let empty = files.iter().filter(|file| file.size == 0).map(|file| format!("{} is empty", file.path));
    let too_large = files
        .iter()
        .filter(|file| file.path.ends_with(".wasm") && file.size as f64 > budget.max_wasm_kb * 1000.0)
        .map(|file| format!("{} has {}, budget {} kB", file.path, kilobytes(file.size), budget.max_wasm_kb));
    missing.chain(unexpected).chain(empty).chain(too_large).collect()
}

fn kilobytes(bytes: u64) -> String {
    format!("{:.1} kB", bytes as f64 / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUDGET: Budget = Budget { max_wasm_kb: 60.0 };

    fn faults(files: &[(&str, u64)]) -> Vec<String> {
        let file = |&(path, size): &(&str, u64)| File { path: path.to_owned(), size, gzip: size / 2 };
        let files: Vec<_> = files.iter().map(file).collect();
        let expected = ["index.js", "x.scalar.wasm"].map(str::to_owned).into();
        super::faults(&files, &expected, BUDGET)
    }

    #[test]
    fn what_belongs_there_and_is_within_its_budget_is_fine() {
        let none: [&str; 0] = [];
        assert_eq!(faults(&[("index.js", 1_000_000), ("x.scalar.wasm", 60_000)]), none);
    }

    #[test]
    fn a_missing_file_is_a_fault() {
        assert_eq!(faults(&[("x.scalar.wasm", 1)]), ["index.js is missing"]);
    }

    #[test]
    fn an_unexpected_file_is_a_fault() {
        let files = [("index.js", 1), ("x.scalar.wasm", 1), ("index.ts", 1)];
        assert_eq!(faults(&files), ["index.ts does not belong there"]);
    }

    #[test]
    fn an_empty_file_is_a_fault() {
        assert_eq!(faults(&[("index.js", 0), ("x.scalar.wasm", 1)]), ["index.js is empty"]);
    }

    #[test]
    fn a_binary_over_its_budget_is_a_fault() {
        let files = [("index.js", 1), ("x.scalar.wasm", 60_149)];
        assert_eq!(faults(&files), ["x.scalar.wasm has 60.1 kB, budget 60 kB"]);
    }

    #[test]
    fn every_package_has_a_budget() {
        let budgets = Budgets::read().unwrap();
        for kernel in super::super::kernels().unwrap() {
            budgets.of(kernel.name()).unwrap();
        }
        assert!(budgets.of("nosuch").unwrap_err().to_string().contains("[nosuch]"));
        assert!(toml::from_str::<Budgets>("[x]\nmax_wasm_kb = 1\nmax_js_kb = 1").is_err());
    }
}
