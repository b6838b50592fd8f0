//! The workers: setting them up, and how each is started. What cannot be set up is absent, with the reason; the rest goes on.

use super::peers::{Against, Language};
use crate::bench::harness::PEAK;
use crate::process::{self, cargo, command};
use crate::test::sets_of_this_machine;
use crate::{npm, tools, workspace};
use anyhow::{Context as _, Result};
use bench_contest::record::Absent;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Who takes part: the file that the program of `benches/contest` reads.
#[derive(Debug, Default, Serialize)]
pub(super) struct Workers {
    workers: Vec<Start>,
    absent: Vec<Absent>,
}

/// How a worker is started.
#[derive(Debug, Serialize)]
struct Start {
    name: &'static str,
    program: PathBuf,
    arguments: Vec<String>,
    variables: BTreeMap<&'static str, String>,
}

/// One thread, for libraries that ask the environment.
const ONE_THREAD: [&str; 4] =
    ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"];

/// Where the manifest of the Rust worker is, and where it is built.
pub(crate) const RUST: [&str; 2] = ["--manifest-path", "benches/peers/rust/Cargo.toml"];

/// Builds and installs what takes part. Ours always do: natively in the Rust worker, and in node if there is one.
pub(super) fn set_up(kernels: &[String], against: &Against) -> Result<Workers> {
    let mut workers = Workers { workers: vec![rust()?], absent: Vec::new() };
    workers.add("kernels, wasm", || wasm(kernels));
    for (language, is_installed, set_up) in [
        (Language::Python, is_python_installed as fn() -> Result<bool>, python as fn() -> Result<Start>),
        (Language::JavaScript, is_javascript_installed, javascript),
    ] {
        if against.wants(language, is_installed().unwrap_or(false)) {
            workers.add(language.name(), set_up);
        }
    }
    for start in &mut workers.workers {
        start.variables.extend(ONE_THREAD.map(|name| (name, "1".to_owned())));
    }
    Ok(workers)
}

impl Workers {
    fn add(&mut self, name: &str, set_up: impl FnOnce() -> Result<Start>) {
        match set_up() {
            Ok(start) => self.workers.push(start),
            Err(error) => {
                println!("{name} takes no part: {error:#}");
                self.absent.push(Absent { name: name.to_owned(), reason: format!("{error:#}") });
            }
        }
    }
}

/// Ours natively, and the peers in Rust.
fn rust() -> Result<Start> {
    let folder = workspace::target("peers/rust");
    let mut build = cargo(["build", "--release", "--locked"]);
    build.args(RUST).arg("--target-dir").arg(&folder);
    if sets_of_this_machine().contains(&"avx2") {
        // Some peers choose when they are compiled, and would otherwise be compared without AVX2.
        build.env("RUSTFLAGS", "-Ctarget-cpu=x86-64-v3");
        // simsimd on the instructions that our kernels have too; numkong, which came after it, uses all that there are.
        for newer in ["SKYLAKE", "ICE", "GENOA", "SAPPHIRE", "TURIN", "SIERRA"] {
            build.env(format!("SIMSIMD_TARGET_{newer}"), "0");
        }
    }
    process::run(&mut build)
        .context("could not build the worker that holds our kernels and the peers in Rust")?;
    let program = folder.join("release").join(format!("kernels-peers{}", std::env::consts::EXE_SUFFIX));
    Ok(Start { name: "rust", program, arguments: Vec::new(), variables: BTreeMap::new() })
}

/// Ours in node.
fn wasm(kernels: &[String]) -> Result<Start> {
    let mut packages = BTreeMap::new();
    for kernel in kernels {
        packages.insert(kernel, npm::make_one(&format!("kernels-{kernel}"))?);
    }
    let variables = BTreeMap::from([
        ("KERNELS_BENCH_PACKAGES", serde_json::to_string(&packages)?),
        ("KERNELS_BENCH_PEAK", npm::binaries(PEAK)?.to_string_lossy().into_owned()),
    ]);
    node("wasm", "ours", variables)
}

fn javascript_folder() -> PathBuf {
    workspace::root().join("benches/peers/javascript")
}

fn is_javascript_installed() -> Result<bool> {
    tools::has_node_modules(&javascript_folder())
}

fn javascript() -> Result<Start> {
    tools::node_modules_of(&javascript_folder())?;
    node("javascript", "peers", BTreeMap::new())
}

/// A process of its own for ours and for the peers: once a wasm memory has grown, plain loops over typed arrays are slower.
fn node(name: &'static str, role: &str, variables: BTreeMap<&'static str, String>) -> Result<Start> {
    let mut arguments: Vec<_> = tools::node_flags()?.iter().map(|&flag| flag.to_owned()).collect();
    let worker = javascript_folder().join("worker.mjs");
    arguments.extend([worker.to_string_lossy().into_owned(), role.to_owned()]);
    Ok(Start { name, program: tools::node()?, arguments, variables })
}

/// The lists as they were installed, written last.
fn python_stamp() -> PathBuf {
    workspace::target("peers/python/.of-requirements.txt")
}

/// What is asked for, and the versions of what that needs.
const PYTHON_LISTS: [(&str, &str); 2] =
    [("--requirement", "requirements.txt"), ("--constraint", "constraints.txt")];

fn python_folder() -> PathBuf {
    workspace::root().join("benches/peers/python")
}

fn python_lists() -> Result<String> {
    let read = |(_, name)| {
        let file = python_folder().join(name);
        std::fs::read_to_string(&file).with_context(|| format!("could not read {}", file.display()))
    };
    PYTHON_LISTS.into_iter().map(read).collect()
}

fn is_python_installed() -> Result<bool> {
    let lists = python_lists()?;
    Ok(std::fs::read_to_string(python_stamp()).is_ok_and(|of| of == lists))
}

fn python() -> Result<Start> {
    let folder = workspace::target("peers/python");
    let (bin, name) = if cfg!(windows) { ("Scripts", "python") } else { ("bin", "python3") };
    let program = folder.join(bin).join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if !is_python_installed()? {
        process::run(command(name, ["-m", "venv", "--clear"]).arg(&folder))
            .context("python3 with venv is needed for the peers in Python")?;
        let install = ["-m", "pip", "install", "--disable-pip-version-check", "--only-binary=:all:"];
        let mut pip = command(&program, install);
        for (flag, name) in PYTHON_LISTS {
            pip.arg(flag).arg(python_folder().join(name));
        }
        process::run(&mut pip)?;
        std::fs::write(python_stamp(), python_lists()?).context("could not write to the environment")?;
    }
    let worker = python_folder().join("worker.py");
    let arguments = vec![worker.to_string_lossy().into_owned()];
    Ok(Start { name: "python", program, arguments, variables: BTreeMap::new() })
}
