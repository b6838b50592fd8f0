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
use std::path::{Path, PathBuf};

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
const ONE_THREAD: [&str; 6] = [
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "RAYON_NUM_THREADS",
];

/// Builds and installs what takes part. Ours always do: natively in the Rust worker, and in node if there is one.
pub(super) fn set_up(kernels: &[String], against: &Against) -> Result<Workers> {
    let mut workers = Workers::default();
    workers.add_rust(against)?;
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
        // What somebody has chosen for a test is not what is to be compared.
        start.variables.insert("KERNELS_ISA", isa().to_owned());
    }
    Ok(workers)
}

/// The instruction set on which ours run natively.
pub(super) fn isa() -> &'static str {
    let sets = sets_of_this_machine();
    ["avx2", "neon"].into_iter().find(|set| sets.contains(set)).unwrap_or("scalar")
}

impl Workers {
    fn add(&mut self, name: &str, set_up: impl FnOnce() -> Result<Start>) {
        match set_up() {
            Ok(start) => self.workers.push(start),
            Err(error) => self.leave_out(name, &error),
        }
    }

    fn leave_out(&mut self, name: &str, error: &anyhow::Error) {
        // A report does not say where somebody's folders are.
        let reason = format!("{error:#}").replace(&workspace::root().to_string_lossy().into_owned(), ".");
        println!("{name} takes no part: {reason}");
        self.absent.push(Absent { name: name.to_owned(), reason });
    }

    /// Ours natively, with those of the peers in Rust that can be built: all at once, or, if that fails, those with which it
    /// does not when each is tried by itself.
    fn add_rust(&mut self, against: &Against) -> Result<()> {
        let wanted = against.peers_in_rust()?;
        let offline = *against == Against::Installed;
        if build_rust(&wanted, offline).is_err() {
            println!("trying the peers in Rust one by one");
            let mut can_be_built = Vec::new();
            for peer in wanted {
                match build_rust(std::slice::from_ref(&peer), offline) {
                    Ok(()) => can_be_built.push(peer),
                    Err(error) => self.leave_out(&peer, &error),
                }
            }
            build_rust(&can_be_built, false).context("could not build the worker that holds our kernels")?;
        }
        let program = format!("release/kernels-peers{}", std::env::consts::EXE_SUFFIX);
        let program = workspace::target(RUST_TARGET).join(program);
        self.workers.push(Start { name: "rust", program, arguments: Vec::new(), variables: BTreeMap::new() });
        Ok(())
    }
}

/// Where the worker in Rust is built.
const RUST_TARGET: &str = "peers/rust";

/// Builds the worker in Rust with these peers; `offline`, with nothing that is not here yet.
fn build_rust(peers: &[String], offline: bool) -> Result<()> {
    let mut build = cargo(["build", "--release", "--locked", "--no-default-features"]);
    build.arg("--manifest-path").arg("benches/peers/rust/Cargo.toml");
    build.arg("--target-dir").arg(workspace::target(RUST_TARGET));
    build.arg("--features").arg(peers.join(",")).args(offline.then_some("--offline"));
    if isa() == "avx2" {
        // Some peers choose when they are compiled, and would otherwise be compared without AVX2.
        build.env("RUSTFLAGS", "-Ctarget-cpu=x86-64-v3");
    }
    process::run_and_explain(&mut build)
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

/// What is asked for.
const REQUIREMENTS: &str = "requirements.txt";

/// The versions of what that needs.
const CONSTRAINTS: &str = "constraints.txt";

fn python_folder() -> PathBuf {
    workspace::root().join("benches/peers/python")
}

fn python_lists() -> Result<String> {
    let read = |name| {
        let file = python_folder().join(name);
        std::fs::read_to_string(&file).with_context(|| format!("could not read {}", file.display()))
    };
    [REQUIREMENTS, CONSTRAINTS].into_iter().map(read).collect()
}

fn is_python_installed() -> Result<bool> {
    let lists = python_lists()?;
    Ok(std::fs::read_to_string(python_stamp()).is_ok_and(|of| of == lists))
}

/// Installs the packages of the list: all at once, or, if that fails, those that can be by themselves. The worker says which
/// it does not find.
fn install(python: &Path) -> Result<()> {
    let pip = || {
        let mut pip = command(python, ["-m", "pip", "install", "--disable-pip-version-check"]);
        pip.args(["--only-binary=:all:", "--constraint"]).arg(python_folder().join(CONSTRAINTS));
        pip
    };
    let list = python_folder().join(REQUIREMENTS);
    if process::run_and_explain(pip().arg("--requirement").arg(&list)).is_ok() {
        return std::fs::write(python_stamp(), python_lists()?).context("could not write to the environment");
    }
    println!("trying the packages one by one");
    let text =
        std::fs::read_to_string(&list).with_context(|| format!("could not read {}", list.display()))?;
    let packages = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let installed: Vec<_> = packages.map(|package| process::run_and_explain(pip().arg(package))).collect();
    if installed.iter().all(Result::is_err) {
        installed.into_iter().collect::<Result<()>>()?;
    }
    Ok(())
}

fn python() -> Result<Start> {
    let folder = workspace::target("peers/python");
    let (bin, name) = if cfg!(windows) { ("Scripts", "python") } else { ("bin", "python3") };
    let program = folder.join(bin).join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if !is_python_installed()? {
        process::run_and_explain(command(name, ["-m", "venv", "--clear"]).arg(&folder))
            .context("python3 with venv is needed for the peers in Python")?;
        install(&program)?;
    }
    let worker = python_folder().join("worker.py");
    let arguments = vec![worker.to_string_lossy().into_owned()];
    Ok(Start { name: "python", program, arguments, variables: BTreeMap::new() })
}
