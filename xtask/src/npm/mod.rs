//! `cargo xtask npm`: makes a package for npm of a kernel crate that has bindings, `crates/NAME/wasm`.
//!
//! [`build`] compiles the bindings once per instruction set, [`package`] puts the binaries, the JavaScript that loads
//! them (`npm/runtime`) and what npm wants to know into a folder and makes a tarball of it, [`check`] and [`types`]
//! look at that. Nothing here knows a kernel by name.

mod build;
mod check;
mod fresh;
mod manifest;
mod package;
mod types;

use crate::workspace::{self, Package};
use crate::{flags, tools};
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;

/// The instruction sets, from the fastest to the one that runs everywhere, and what makes the compiler use them.
const VARIANTS: [Variant; 3] = [
    Variant { name: "relaxed-simd", features: "+simd128,+relaxed-simd", level: "-O2" },
    Variant { name: "simd128", features: "+simd128", level: "-O2" },
    Variant { name: "scalar", features: "", level: "-Oz" },
];

/// What stands for the package's name in `npm`.
const PLACEHOLDER: &str = "KERNEL";

/// One of the binaries of a package.
struct Variant {
    /// As simd-core and JavaScript call it.
    name: &'static str,
    features: &'static str,
    /// How binaryen optimises it: what gives the smallest binary, since none is faster than another.
    level: &'static str,
}

/// A kernel crate with its bindings.
struct Kernel {
    library: Package,
    bindings: Package,
}

impl Kernel {
    fn name(&self) -> &str {
        &self.library.name
    }

    /// The name of one of its binaries, in the package.
    fn binary(&self, variant: &Variant) -> String {
        format!("{}.{}.wasm", self.name(), variant.name)
    }

    /// The package, unpacked.
    fn folder(&self) -> PathBuf {
        folder(self.name())
    }

    /// The package, packed.
    fn tarball(&self) -> PathBuf {
        workspace::target("npm").join(format!("{}-{}.tgz", self.name(), self.library.version))
    }
}

pub(crate) fn run(flags: &flags::Npm) -> Result<ExitCode> {
    make(&select(kernels()?, flags.name.as_deref())?, flags.check)?;
    Ok(ExitCode::SUCCESS)
}

/// Makes and checks all packages, as a step of the tests.
pub(crate) fn check_all() -> Result<()> {
    make(&kernels()?, true)
}

/// Makes the package of one kernel crate, for what uses it; returns its folder.
pub(crate) fn make_one(name: &str) -> Result<PathBuf> {
    make(&select(kernels()?, Some(name))?, false)?;
    Ok(folder(name))
}

/// The kernel crates of which there are packages.
pub(crate) fn names() -> Result<Vec<String>> {
    Ok(kernels()?.iter().map(|kernel| kernel.name().to_owned()).collect())
}

/// The kernels of these names, without `kernels-`: those of which there are packages, all of them if none is named.
pub(crate) fn named(names: &[String]) -> Result<Vec<String>> {
    let short = |name: &str| name.strip_prefix("kernels-").unwrap_or(name).to_owned();
    let all: Vec<_> = self::names()?.iter().map(|name| short(name)).collect();
    if let Some(unknown) = names.iter().find(|name| !all.contains(name)) {
        bail!("no kernel is called `{unknown}`; there are: {}", all.join(", "));
    }
    Ok(if names.is_empty() { all } else { names.to_vec() })
}

/// The tarball of one kernel crate's package, for what installs it; made unless what is there is as new as its sources.
pub(crate) fn tarball(name: &str) -> Result<PathBuf> {
    let kernels = select(kernels()?, Some(name))?;
    let tarball = kernels[0].tarball();
    if !fresh::is_fresh(&tarball)? {
        make(&kernels, false)?;
    }
    Ok(tarball)
}

/// Compiles a crate without bindings for every instruction set, as packages are: to `VARIANT.wasm` in the folder that
/// it returns. Needs [`tools::node_modules`].
pub(crate) fn binaries(name: &str) -> Result<PathBuf> {
    tools::rust_target(build::TARGET)?;
    let folder = workspace::target("npm-build/binaries").join(name);
    empty(&folder)?;
    for variant in &VARIANTS {
        let binary = build::compile(name, "release", variant)?;
        build::optimise(&binary, &folder.join(format!("{}.wasm", variant.name)), variant)?;
    }
    Ok(folder)
}

fn make(kernels: &[Kernel], and_check: bool) -> Result<()> {
    // A mistake in that file shows before the building, not after it.
    let budgets = check::Budgets::read()?;
    tools::node_modules()?;
    tools::rust_target(build::TARGET)?;
    if and_check {
        types::of_runtime()?;
    }
    for kernel in kernels {
        let start = SystemTime::now();
        package::run(kernel, &build::run(kernel)?)?;
        fresh::date(&kernel.tarball(), start)?;
        println!("{} is packaged: {}", kernel.name(), kernel.tarball().display());
        if and_check {
            types::run(kernel)?;
            check::run(kernel, &budgets)?;
        }
    }
    Ok(())
}

/// The package of that name, unpacked.
fn folder(name: &str) -> PathBuf {
    workspace::target("npm").join(name)
}

/// The kernel crates that have bindings: whatever is in the folder `wasm` beside the crate's own sources.
fn kernels() -> Result<Vec<Kernel>> {
    let (bindings, mut others): (Vec<_>, Vec<_>) =
        workspace::packages()?.into_iter().partition(|package| package.is_for_npm() && package.is_cdylib());
    let mut kernels = Vec::new();
    for bindings in bindings {
        let beside = bindings.folder().parent();
        let Some(i) = others.iter().position(|package| Some(package.folder()) == beside) else {
            bail!("{} has bindings, but there is no crate beside it", bindings.folder().display());
        };
        kernels.push(Kernel { library: others.swap_remove(i), bindings });
    }
    Ok(kernels)
}

fn select(kernels: Vec<Kernel>, name: Option<&str>) -> Result<Vec<Kernel>> {
    let Some(name) = name else { return Ok(kernels) };
    let known: Vec<_> = kernels.iter().map(|kernel| kernel.name().to_owned()).collect();
    let selected: Vec<_> = kernels.into_iter().filter(|kernel| kernel.name() == name).collect();
    if selected.is_empty() {
        bail!("no crate with bindings is called `{name}`; there are: {}", known.join(", "));
    }
    Ok(selected)
}

/// Makes it a folder with nothing in it.
fn empty(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("could not remove {}", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("could not create {}", folder.display()))
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("could not read {}", file.display()))
}

fn write(file: &Path, text: &str) -> Result<()> {
    fs::write(file, text).with_context(|| format!("could not write {}", file.display()))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    let copied = fs::copy(from, to).map(drop);
    copied.with_context(|| format!("could not copy {} to {}", from.display(), to.display()))
}
