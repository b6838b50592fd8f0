//! What runs a benchmark: criterion the files of `benches/benches`, node those of `benches/wasm`. A benchmark is
//! called as its file is.

use crate::process::{self, cargo};
use crate::test::sets_of_this_machine;
use crate::{npm, tools, workspace};
use anyhow::{Context as _, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The crate of the peak loop that the benchmarks of node compare with.
pub(super) const PEAK: &str = "peak-wasm";

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Harness {
    Criterion,
    Node,
}

impl Harness {
    const ALL: [Self; 2] = [Self::Criterion, Self::Node];

    /// Where its benchmarks are, and how their files end.
    const fn files(self) -> (&'static str, &'static str) {
        match self {
            Self::Criterion => ("benches/benches", "rs"),
            Self::Node => ("benches/wasm", "mjs"),
        }
    }

    /// What runs the benchmark of this name. Looked for here, since cargo's own error would not say which there are.
    pub(super) fn of(name: &str) -> Result<Self> {
        for harness in Self::ALL {
            if harness.names()?.iter().any(|other| other == name) {
                return Ok(harness);
            }
        }
        bail!("no benchmark is called `{name}`; {}", known()?);
    }

    fn names(self) -> Result<Vec<String>> {
        let (folder, ending) = self.files();
        names(&workspace::root().join(folder), ending).with_context(|| format!("could not list {folder}"))
    }

    /// Builds what it needs, and returns what is to be run.
    pub(super) fn bench(self, name: &str) -> Result<Command> {
        match self {
            Self::Criterion => {
                Ok(cargo(["bench", "--package", "kernels-benches", "--all-features", "--bench", name]))
            }
            Self::Node => {
                let package = npm::make_one(&package(name)?)?;
                let peak = npm::binaries(PEAK)?;
                let mut node = process::command(tools::node()?, tools::node_flags()?);
                let (folder, ending) = self.files();
                node.arg(format!("{folder}/{name}.{ending}"))
                    .env("KERNELS_BENCH_PACKAGE", package)
                    .env("KERNELS_BENCH_PEAK", peak);
                if let Some(native) = native(name)? {
                    node.env("KERNELS_BENCH_NATIVE", native);
                }
                Ok(node)
            }
        }
    }

    /// The instruction sets that it must have figures of here.
    pub(super) fn sets(self) -> Result<Vec<&'static str>> {
        match self {
            Self::Criterion => Ok(sets_of_this_machine()),
            Self::Node => tools::wasm_variants(),
        }
    }
}

/// Which benchmarks there are.
pub(super) fn known() -> Result<String> {
    let names = Harness::ALL.map(Harness::names).into_iter().collect::<Result<Vec<_>>>()?;
    Ok(format!("there are: {}", names.concat().join(", ")))
}

/// The package that a benchmark of node measures: `kernels-maxsim` for `maxsim-wasm`.
fn package(name: &str) -> Result<String> {
    let kernel = name.strip_suffix("-wasm");
    let kernel = kernel.with_context(|| format!("benchmark {name} is not called KERNEL-wasm"))?;
    Ok(format!("kernels-{kernel}"))
}

/// The program that runs the same natively, for a benchmark of node that compares with it: the package `NAME-native`.
fn native(name: &str) -> Result<Option<PathBuf>> {
    let package = format!("{name}-native");
    if !workspace::packages()?.iter().any(|other| other.name == package) {
        return Ok(None);
    }
    process::run(&mut cargo(["build", "--release", "--package", &package]))?;
    let program = package + std::env::consts::EXE_SUFFIX;
    Ok(Some(workspace::target("release").join(program)))
}

fn names(folder: &Path, ending: &str) -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if let (Some(stem), true) = (path.file_stem(), path.extension().is_some_and(|is| is == ending)) {
            names.push(stem.to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_benchmark_is_found_by_its_name_whatever_runs_it() {
        assert_eq!(Harness::of("maxsim").unwrap(), Harness::Criterion);
        assert_eq!(Harness::of("maxsim-wasm").unwrap(), Harness::Node);
        assert_eq!(Harness::of("indicators-wasm").unwrap(), Harness::Node);
        let error = Harness::of("nosuch").unwrap_err().to_string();
        assert!(error.contains("`nosuch`") && error.ends_with("maxsim-wasm, nn-wasm, pool-wasm"), "{error}");
    }

    #[test]
    fn every_benchmark_of_node_has_a_package() {
        let (folder, ending) = Harness::Node.files();
        let crates = workspace::packages().unwrap();
        for name in names(&workspace::root().join(folder), ending).unwrap() {
            let package = package(&name).unwrap();
            assert!(crates.iter().any(|other| other.name == package), "{package}");
        }
        assert!(package("maxsim").is_err());
    }

    #[test]
    fn every_benchmark_has_targets() {
        for harness in Harness::ALL {
            let (folder, ending) = harness.files();
            let names = names(&workspace::root().join(folder), ending).unwrap();
            assert!(!names.is_empty(), "{harness:?}");
            for name in names {
                super::super::targets::read(&name).unwrap();
            }
        }
    }
}
