//! Getting what a step needs: Rust targets, components and toolchains from rustup, system packages from apt,
//! cargo's own subcommands from their source, JavaScript tools from npm. What is there already is used as it is.

use crate::process::{self, command};
use crate::workspace;
use anyhow::{Context as _, Result, bail};
use std::fmt;
use std::path::{Path, PathBuf};

/// A package of the system that is needed, and what shows that it is there.
pub(crate) struct SystemPackage {
    pub(crate) name: &'static str,
    /// A program on `PATH`, or the absolute path of a file.
    pub(crate) evidence: &'static str,
}

/// Something that only the person at the machine can install.
#[derive(Debug)]
pub(crate) struct Missing {
    what: String,
    remedy: String,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} missing; install with: {}", self.what, self.remedy)
    }
}

impl std::error::Error for Missing {}

/// Installs the packages of which there is no evidence, as root or with a `sudo` that asks for no password.
pub(crate) fn system_packages(needed: &[SystemPackage]) -> Result<()> {
    let names: Vec<_> =
        needed.iter().filter(|package| !is_present(package.evidence)).map(|package| package.name).collect();
    if names.is_empty() {
        return Ok(());
    }
    let install = [&["apt-get", "install", "--yes", "--no-install-recommends"], names.as_slice()].concat();
    let missing = |sudo| Missing {
        what: format!("system packages {}", names.join(", ")),
        remedy: format!("{sudo}apt-get update && {sudo}{}", install.join(" ")),
    };
    if find("apt-get").is_none() {
        bail!(Missing { remedy: "your system's package manager".to_owned(), ..missing("") });
    }
    let prefix = privilege().ok_or_else(|| missing("sudo "))?;
    println!("installing system packages: {}", names.join(" "));
    for arguments in [&["apt-get", "update"], install.as_slice()] {
        // Through `env`, since sudo does not pass variables on. Without it a package may stop to ask something.
        let words = [prefix, &["env", "DEBIAN_FRONTEND=noninteractive"], arguments].concat();
        process::run(&mut command(words[0], &words[1..]))?;
    }
    match needed.iter().find(|package| !is_present(package.evidence)) {
        Some(package) => {
            bail!("package {} was installed, but there is no {}", package.name, package.evidence)
        }
        None => Ok(()),
    }
}

/// What to put before a command that must run as root, if that is possible without asking anybody.
fn privilege() -> Option<&'static [&'static str]> {
    if process::output(&mut command("id", ["-u"])).is_ok_and(|id| id.trim() == "0") {
        return Some(&[]);
    }
    process::succeeds(&mut command("sudo", ["-n", "true"])).then_some(&["sudo", "-n"])
}

fn is_present(evidence: &str) -> bool {
    if Path::new(evidence).is_absolute() { Path::new(evidence).exists() } else { find(evidence).is_some() }
}

/// A program on `PATH`.
fn find(program: &str) -> Option<PathBuf> {
    find_file(&format!("{program}{}", std::env::consts::EXE_SUFFIX))
}

/// A file in a folder of `PATH`.
fn find_file(name: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}

/// Makes sure that the active toolchain can compile for a target.
pub(crate) fn rust_target(target: &str) -> Result<()> {
    if !rustup_lists(&["target", "list", "--installed"], target)? {
        process::run(&mut command("rustup", ["target", "add", target]))?;
    }
    Ok(())
}

/// Makes sure that there is a toolchain of this name, with these components.
pub(crate) fn rust_toolchain(name: &str, components: &[&str]) -> Result<()> {
    if !rustup_lists(&["toolchain", "list"], name)? {
        // With the components named at once, rustup takes a nightly that has them all.
        let components = components.iter().flat_map(|component| ["--component", component]);
        let install = ["toolchain", "install", name, "--profile", "minimal", "--no-self-update"];
        return process::run(command("rustup", install).args(components));
    }
    for component in components {
        if !rustup_lists(&["component", "list", "--installed", "--toolchain", name], component)? {
            process::run(&mut command("rustup", ["component", "add", "--toolchain", name, component]))?;
        }
    }
    Ok(())
}

fn rustup_lists(arguments: &[&str], name: &str) -> Result<bool> {
    let list = process::output(&mut command("rustup", arguments))
        .context("rustup is needed (https://rustup.rs) to fetch targets, components and toolchains")?;
    Ok(lists(&list, name))
}

/// Whether a line of the list is the name, or the name with the host's triple behind it. (With a date behind it,
/// it is another toolchain.)
fn lists(list: &str, name: &str) -> bool {
    let is_triple = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic());
    list.lines()
        .filter_map(|line| line.split_whitespace().next()?.strip_prefix(name))
        .any(|rest| rest.is_empty() || rest.strip_prefix('-').is_some_and(is_triple))
}

/// Finds `llvm-objdump` of the active toolchain, which knows every target and every Rust name.
pub(crate) fn llvm_objdump() -> Result<PathBuf> {
    let rustc = |flags: &[&str]| process::output(&mut command("rustc", flags));
    let sysroot = rustc(&["--print", "sysroot"])?;
    let version = rustc(&["-vV"])?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).context("host in `rustc -vV`")?;
    let path = Path::new(sysroot.trim())
        .join(format!("lib/rustlib/{host}/bin/llvm-objdump{}", std::env::consts::EXE_SUFFIX));
    if !path.exists() {
        process::run(&mut command("rustup", ["component", "add", "llvm-tools"]))?;
    }
    if !path.exists() {
        bail!("component llvm-tools has no {}", path.display());
    }
    Ok(path)
}

/// Finds a program that cargo can install, here or on `PATH`; else builds it, once, beside the other builds.
pub(crate) fn cargo_installed(name: &str) -> Result<PathBuf> {
    let folder = workspace::target("tools");
    let own = folder.join("bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if own.exists() {
        return Ok(own);
    }
    if let Some(path) = find(name) {
        return Ok(path);
    }
    process::run(process::cargo(["install", name, "--locked", "--root"]).arg(&folder))?;
    Ok(own)
}

/// The oldest node that all JavaScript tools run on: major and minor version.
const NODE: (u32, u32) = (20, 19);

/// Finds node, which must be new enough.
pub(crate) fn node() -> Result<PathBuf> {
    if cfg!(target_os = "linux") {
        let package = |name, evidence| SystemPackage { name, evidence };
        system_packages(&[package("nodejs", "node"), package("npm", "npm")])?;
    }
    let (major, minor) = NODE;
    let missing = || Missing {
        what: format!("Node.js {major}.{minor} or newer"),
        remedy: "a version manager, or the Node.js project's installer".to_owned(),
    };
    let node = find("node").ok_or_else(missing)?;
    let version = process::output(&mut command(&node, ["--version"]))?;
    if !is_node_at_least(version.trim(), NODE) {
        bail!(missing());
    }
    Ok(node)
}

/// Whether a version as node writes it, `v20.19.5`, is so new.
fn is_node_at_least(version: &str, (major, minor): (u32, u32)) -> bool {
    let mut numbers = version.trim_start_matches('v').split('.').map_while(|number| number.parse().ok());
    (numbers.next(), numbers.next()) >= (Some(major), Some(minor))
}

/// Finds npm, beside a node that is new enough.
pub(crate) fn npm() -> Result<PathBuf> {
    node()?;
    let missing =
        || Missing { what: "npm".to_owned(), remedy: "the installer that node came with".to_owned() };
    Ok(find_file(&script("npm")).ok_or_else(missing)?)
}

/// Makes sure that `node_modules` is what `package-lock.json` says: the JavaScript tools of the project.
pub(crate) fn node_modules() -> Result<()> {
    node_modules_of(workspace::root())
}

/// The same for a package in a folder.
pub(crate) fn node_modules_of(folder: &Path) -> Result<()> {
    let npm = npm()?;
    if has_node_modules(folder)? {
        return Ok(());
    }
    // Nothing that is used here needs to run anything when it is installed.
    let mut ci = command(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    process::run_and_explain(ci.current_dir(folder))?;
    let stamp = folder.join(NODE_MODULES_STAMP);
    std::fs::write(&stamp, package_lock(folder)?)
        .with_context(|| format!("could not write {}", stamp.display()))
}

/// Whether they are there, as the lock file says.
pub(crate) fn has_node_modules(folder: &Path) -> Result<bool> {
    let lock = package_lock(folder)?;
    Ok(std::fs::read(folder.join(NODE_MODULES_STAMP)).is_ok_and(|of| of == lock))
}

/// Written last, so that what was interrupted is done again.
const NODE_MODULES_STAMP: &str = "node_modules/.of-package-lock.json";

fn package_lock(folder: &Path) -> Result<Vec<u8>> {
    let lock = folder.join("package-lock.json");
    std::fs::read(&lock).with_context(|| format!("could not read {}", lock.display()))
}

/// A program of [`node_modules`].
pub(crate) fn npm_program(name: &str) -> PathBuf {
    workspace::root().join("node_modules/.bin").join(script(name))
}

/// What node is to be told, so that it runs every variant of a package that it can: in version 20, relaxed-simd is
/// behind a flag. Needs [`node_modules`].
pub(crate) fn node_flags() -> Result<&'static [&'static str]> {
    const RELAXED: &[&str] = &["--experimental-wasm-relaxed-simd"];
    let is_asked_for = !validated(&[])?.contains(&"relaxed-simd")
        && process::succeeds(command(node()?, RELAXED).arg("--version"));
    Ok(if is_asked_for { RELAXED } else { &[] })
}

/// The variants of a package that node, with its flags, validates. Needs [`node_modules`].
pub(crate) fn wasm_variants() -> Result<Vec<&'static str>> {
    validated(node_flags()?)
}

fn validated(flags: &[&str]) -> Result<Vec<&'static str>> {
    const SCRIPT: &str = "import { relaxedSimd, simd } from 'wasm-feature-detect';
        console.log(await relaxedSimd(), await simd(), true);";
    let script = ["--input-type=module", "--eval", SCRIPT];
    let answers = process::output(command(node()?, flags).args(script))?;
    let variants = ["relaxed-simd", "simd128", "scalar"].into_iter().zip(answers.split_whitespace());
    Ok(variants.filter(|(_, answer)| *answer == "true").map(|(variant, _)| variant).collect())
}

/// Finds a browser that tests can drive: the one that the variable `CHROMIUM` names, an installed Chromium, Chrome or
/// Edge, else the system's package.
pub(crate) fn chromium() -> Result<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let on_path = ["chromium", "google-chrome"].into_iter().find_map(find);
    // Where it is where nobody has put it on `PATH`.
    let elsewhere = [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "C:/Program Files/Google/Chrome/Application/chrome.exe",
        "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
    ];
    let installed =
        || on_path.or_else(|| elsewhere.into_iter().map(PathBuf::from).find(|path| path.is_file()));
    if let Some(path) = named.or_else(installed) {
        return Ok(path);
    }
    if cfg!(target_os = "linux") {
        system_packages(&[SystemPackage { name: "chromium", evidence: "chromium" }])?;
    }
    let missing = || Missing {
        what: "Chromium, Chrome or Edge".to_owned(),
        remedy: "its installer; or set CHROMIUM to the path of its program".to_owned(),
    };
    Ok(find("chromium").ok_or_else(missing)?)
}

/// The file of a program that npm has installed.
fn script(name: &str) -> String {
    if cfg!(windows) { format!("{name}.cmd") } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_whole_names_in_rustups_lists() {
        let toolchains =
            "stable-x86_64-unknown-linux-gnu (active, default)\n1.89.0-x86_64-unknown-linux-gnu\n";
        assert!(lists(toolchains, "stable"));
        assert!(lists(toolchains, "1.89.0"));
        assert!(!lists(toolchains, "1.89"));
        assert!(!lists(toolchains, "nightly"));
        assert!(!lists("nightly-2026-05-19-x86_64-unknown-linux-gnu\n", "nightly"));
        assert!(lists("rust-src\nmiri-x86_64-unknown-linux-gnu\n", "miri"));
        assert!(!lists("x86_64-unknown-linux-gnu\n", "x86_64-unknown-none"));
    }

    #[test]
    fn evidence_is_a_program_or_a_file() {
        assert!(is_present("cargo"));
        assert!(!is_present("no-such-program"));
        assert!(is_present(env!("CARGO_MANIFEST_DIR")));
        assert!(!is_present(concat!(env!("CARGO_MANIFEST_DIR"), "/no-such-file")));
    }

    #[test]
    fn an_old_node_is_not_enough() {
        let is = |version| is_node_at_least(version, NODE);
        assert!(is("v20.19.0") && is("v20.20.2") && is("v22.0.1") && is("v100.0.0"));
        assert!(!is("v20.18.9") && !is("v18.99.0") && !is("v9.0.0") && !is("") && !is("node"));
    }

    #[test]
    fn what_is_missing_comes_with_its_remedy() {
        let missing = Missing { what: "x".to_owned(), remedy: "apt-get install x".to_owned() };
        assert_eq!(missing.to_string(), "x missing; install with: apt-get install x");
    }
}
