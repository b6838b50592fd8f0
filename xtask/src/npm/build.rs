//! From the bindings to one optimised binary per instruction set, and the JavaScript that they share.

use super::{Kernel, VARIANTS, Variant};
use crate::process::{self, cargo};
use crate::{tools, workspace};
use anyhow::{Context as _, Result, bail};
use std::env;
use std::path::{Path, PathBuf};

pub(super) const TARGET: &str = "wasm32-unknown-unknown";

/// How binaryen optimises. It would inline every function with one caller, however large, and so put the hot loops
/// back into what surrounds them. "Low memory" is the last kilobyte of the stack, used by nothing that does not overflow
/// it: offsets of loads are then part of the instruction, which makes simd128 4 to 7 % faster.
const OPTIMISATION: [&str; 2] = ["--one-caller-inline-max-function-size=200", "--low-memory-unused"];

const BINDGEN: [&str; 2] = ["--package", "xtask-bindgen"];

/// What a package is made of.
pub(super) struct Built {
    pub(super) glue: Glue,
    /// The binaries, in the order of [`VARIANTS`].
    pub(super) binaries: Vec<PathBuf>,
}

/// The JavaScript side of a binary, as wasm-bindgen writes it.
#[derive(PartialEq)]
pub(super) struct Glue {
    pub(super) code: String,
    pub(super) types: String,
}

pub(super) fn run(kernel: &Kernel) -> Result<Built> {
    // Apart from running it, so that its progress is seen.
    process::run(cargo(["build"]).args(BINDGEN))?;
    let mut glues = Vec::new();
    let mut binaries = Vec::new();
    for (i, variant) in VARIANTS.iter().enumerate() {
        eprintln!("--- {}, variant {} of {}: {}", kernel.name(), i + 1, VARIANTS.len(), variant.name);
        let folder = workspace::target("npm-build/glue").join(kernel.name()).join(variant.name);
        glues.push(write_glue(&compile(&kernel.bindings.name, "npm", variant)?, &folder)?);
        let optimised = folder.join("optimised.wasm");
        optimise(&folder.join("glue_bg.wasm"), &optimised, variant)?;
        binaries.push(optimised);
    }
    Ok(Built { glue: same(glues)?, binaries })
}

/// Compiles a crate to a binary that uses no more than the variant's instructions.
pub(super) fn compile(package: &str, profile: &str, variant: &Variant) -> Result<PathBuf> {
    let folder = workspace::target("npm-build").join(variant.name);
    let mut build = cargo(["build", "--profile", profile, "--target", TARGET, "--package", package]);
    build
        .env("CARGO_ENCODED_RUSTFLAGS", rust_flags(variant))
        // A folder each: otherwise each set of flags would throw away what the one before has built.
        .env("CARGO_TARGET_DIR", &folder);
    process::run(&mut build)?;
    let file = format!("{}.wasm", package.replace('-', "_"));
    Ok(folder.join(TARGET).join(profile).join(file))
}

/// The compiler's flags, in the form that stands above `RUSTFLAGS` and all configuration: whoever builds, what is
/// published is the same. So it names no folder of the machine either, as messages of panics else do.
fn rust_flags(variant: &Variant) -> String {
    let mut flags = vec![format!("-Ctarget-feature={}", variant.features)];
    let home = || Some(env::home_dir()?.join(".cargo"));
    if let Some(cargo) = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(home) {
        flags.push(format!("--remap-path-prefix={}=cargo", cargo.display()));
    }
    flags.push(format!("--remap-path-prefix={}=.", workspace::root().display()));
    flags.join("\u{1f}")
}

fn write_glue(binary: &Path, folder: &Path) -> Result<Glue> {
    process::run(cargo(["run", "--quiet"]).args(BINDGEN).arg("--").args([binary, folder]))?;
    Ok(Glue {
        code: super::read(&folder.join("glue_bg.js"))?,
        types: super::read(&folder.join("glue.d.ts"))?,
    })
}

pub(super) fn optimise(binary: &Path, optimised: &Path, variant: &Variant) -> Result<()> {
    let mut optimise = process::command(tools::npm_program("wasm-opt"), OPTIMISATION);
    process::run(optimise.args([variant.level, "--output"]).args([optimised, binary]))
}

/// The glue of all variants: it must be one, since the package loads any of the binaries into it.
fn same(glues: Vec<Glue>) -> Result<Glue> {
    let mut glues = glues.into_iter().zip(&VARIANTS);
    let (first, of) = glues.next().context("there are no variants")?;
    for (other, variant) in glues {
        if other != first {
            bail!(
                "the glue of {} is not that of {}: what is exported and imported must not depend on the target's \
                 features",
                variant.name,
                of.name
            );
        }
    }
    Ok(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glue_that_differs_fails_and_names_the_variant() {
        let glue = |code: &str| Glue { code: code.to_owned(), types: String::new() };
        assert_eq!(same(vec![glue("a"), glue("a"), glue("a")]).unwrap().code, "a");
        let error = same(vec![glue("a"), glue("a"), glue("b")]).err().unwrap().to_string();
        assert!(error.contains("scalar is not that of relaxed-simd"), "{error}");
    }

    #[test]
    fn the_compiler_is_told_the_features_and_no_folder_of_this_machine() {
        let flags = rust_flags(&VARIANTS[0]);
        let flags: Vec<_> = flags.split('\u{1f}').collect();
        assert_eq!(flags[0], "-Ctarget-feature=+simd128,+relaxed-simd");
        assert!(flags.len() > 1 && flags[1..].iter().all(|flag| flag.starts_with("--remap-path-prefix=")));
    }
}
