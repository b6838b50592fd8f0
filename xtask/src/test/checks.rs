//! The steps that run no tests: what can be said of the code without running it.

use super::Context;
use crate::process::{self, cargo, cargo_of};
use crate::{asm, count, npm, tools, workspace};
use anyhow::{Context as _, Result};

/// Set apart from the workspace, so that it cannot slow down or break the build of the rest.
const PEERS: &str = "--manifest-path=benches/peers/rust/Cargo.toml";

/// Compiled for as well as the host: target, target features beyond its own, a name for the folder of its build.
const VARIANTS: [(&str, &str, &str); 4] = [
    ("wasm32-unknown-unknown", "", "wasm"),
    ("wasm32-unknown-unknown", "+simd128", "wasm-simd128"),
    ("wasm32-unknown-unknown", "+simd128,+relaxed-simd", "wasm-relaxed-simd"),
    ("aarch64-unknown-linux-gnu", "", "aarch64"),
];

pub(super) fn fmt(_: &mut Context) -> Result<()> {
    tools::rust_toolchain("stable", &["rustfmt"])?;
    process::run(&mut cargo(["fmt", "--all", "--check"]))
}

pub(super) fn clippy(context: &mut Context) -> Result<()> {
    tools::rust_toolchain("stable", &["clippy"])?;
    let deny = ["--", "-Dwarnings"];
    let mut clippy = cargo(["clippy", "--all-targets", "--all-features"]);
    clippy.args(workspace::natively()?);
    if context.ci {
        // The first step that looks at dependencies: a lock file that does not fit shows here.
        clippy.arg("--locked");
    }
    process::run(clippy.args(deny))?;
    let libraries = workspace::libraries()?;
    for (target, features, folder) in VARIANTS {
        tools::rust_target(target)?;
        let mut clippy = cargo(["clippy", "--all-features", "--target", target]);
        clippy.args(workspace::selected(&libraries)).args(deny);
        if !features.is_empty() {
            clippy.env("RUSTFLAGS", format!("-Ctarget-feature={features}"));
        }
        // A folder each: otherwise each set of flags would throw away what the one before has built.
        process::run(clippy.env("CARGO_TARGET_DIR", workspace::target(folder)))?;
    }
    Ok(())
}

pub(super) fn docs(_: &mut Context) -> Result<()> {
    let mut doc = cargo(["doc", "--no-deps", "--all-features"]);
    process::run(doc.args(workspace::natively()?).env("RUSTDOCFLAGS", "-Dwarnings"))
}

pub(super) fn no_std(_: &mut Context) -> Result<()> {
    // A target without an operating system has no `std` that could be used by mistake.
    let target = "x86_64-unknown-none";
    tools::rust_target(target)?;
    for features in ["", "alloc"] {
        let build = ["build", "-p", "simd-core", "--no-default-features", "--features", features];
        process::run(cargo(build).args(["--target", target]))?;
    }
    Ok(())
}

pub(super) fn msrv(_: &mut Context) -> Result<()> {
    let libraries = workspace::libraries()?;
    let version =
        libraries.iter().find_map(|library| library.rust_version.as_deref()).context("rust-version")?;
    let toolchain = release(version);
    tools::rust_toolchain(&toolchain, &[])?;
    let mut check = cargo_of(&toolchain, ["check", "--all-features"]);
    check.args(workspace::selected(&libraries));
    process::run(check.env("CARGO_TARGET_DIR", workspace::target("msrv")))
}

/// The release that a `rust-version` means: rustup has `1.89` too, but as another toolchain than `1.89.0`.
fn release(version: &str) -> String {
    if version.matches('.').count() == 1 { format!("{version}.0") } else { version.to_owned() }
}

pub(super) fn deny(_: &mut Context) -> Result<()> {
    let program = tools::cargo_installed("cargo-deny")?;
    let what = ["licenses", "bans", "sources"];
    process::run(process::command(&program, ["--locked", "check"]).args(what))?;
    process::run(process::command(&program, [PEERS, "--locked", "--config=deny.toml", "check"]).args(what))
}

pub(super) fn package(context: &mut Context) -> Result<()> {
    let mut package = cargo(["package"]);
    package.args(workspace::selected(&workspace::libraries()?));
    if !context.ci {
        // Someone at work has changes that are not committed.
        package.arg("--allow-dirty");
    }
    // A folder of its own each time: Cargo keeps what it unpacks of a package by the folder's name and the version,
    // and would check one crate against the other as it was in an earlier run.
    let parent = workspace::target("");
    std::fs::create_dir_all(&parent).context("could not create the target folder")?;
    let folder = tempfile::Builder::new().prefix("package-").tempdir_in(parent)?;
    process::run(package.env("CARGO_TARGET_DIR", folder.path()))
}

pub(super) fn asm(_: &mut Context) -> Result<()> {
    asm::check_all()
}

pub(super) fn count(_: &mut Context) -> Result<()> {
    count::check_all()
}

pub(super) fn npm(_: &mut Context) -> Result<()> {
    let target = "wasm32-unknown-unknown";
    tools::rust_target(target)?;
    let packages = workspace::packages()?.into_iter().filter(workspace::Package::is_for_npm);
    let (bindings, tools): (Vec<_>, Vec<_>) = packages.partition(workspace::Package::is_for_wasm);
    for (packages, target) in [(bindings, Some(target)), (tools, None)] {
        let target: Vec<_> = target.into_iter().flat_map(|target| ["--target", target]).collect();
        let of = |command| {
            let mut cargo = cargo([command, "--all-features"]);
            cargo.args(&target).args(workspace::selected(&packages));
            cargo
        };
        process::run(of("clippy").args(["--all-targets", "--", "-Dwarnings"]))?;
        process::run(of("doc").arg("--no-deps").env("RUSTDOCFLAGS", "-Dwarnings"))?;
    }
    npm::check_all()
}

pub(super) fn peers(_: &mut Context) -> Result<()> {
    process::run(&mut cargo(["fmt", "--check", PEERS]))?;
    process::run(&mut cargo(["clippy", "--locked", "--all-targets", PEERS, "--", "-Dwarnings"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_compiler_is_a_release() {
        assert_eq!(release("1.89"), "1.89.0");
        assert_eq!(release("1.90.1"), "1.90.1");
    }
}
