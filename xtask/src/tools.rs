//! Getting what a step needs: Rust targets, components and toolchains from rustup, system packages from apt,
//! cargo's own subcommands from their source. What is there already is used as it is.

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
    let file = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(&file))
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
    fn what_is_missing_comes_with_its_remedy() {
        let missing = Missing { what: "x".to_owned(), remedy: "apt-get install x".to_owned() };
        assert_eq!(missing.to_string(), "x missing; install with: apt-get install x");
    }
}
