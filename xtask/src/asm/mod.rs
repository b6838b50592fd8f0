//! `cargo xtask asm`: reads the machine code of the hot functions. A function that is not inlined below the hot
//! loop, or a spilled accumulator, costs up to a factor of 80, and no test of values sees it.
//!
//! It reads the library's own object code, built as a user builds it, so no linker for another target is needed. Of
//! WebAssembly that is what the engine compiles further: which locals it keeps in registers is not seen.

mod arch;
mod expect;
mod inspect;
mod loops;
mod objdump;
mod wasm;

use crate::process::{self, cargo, command};
use crate::{flags, tools, workspace};
use anyhow::{Context as _, Result, bail};
use arch::Arch;
use expect::Expectation;
use objdump::Function;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub(crate) fn run(flags: &flags::Asm) -> Result<ExitCode> {
    // `maxsim` is that kernel, and all whose names begin with `maxsim-`.
    let is_of = |kernel: &str| {
        kernel.strip_prefix(&flags.name).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    let expectations: Vec<_> = expect::all().filter(|expected| is_of(expected.kernel)).collect();
    if expectations.is_empty() {
        let known: std::collections::BTreeSet<_> = expect::all().map(|expected| expected.kernel).collect();
        let known = known.into_iter().collect::<Vec<_>>().join(", ");
        bail!("nothing is expected of a kernel `{}`; there are: {known}", flags.name);
    }
    check(&expectations, flags.code)?;
    Ok(ExitCode::SUCCESS)
}

/// Checks all kernels, as a step of the tests.
pub(crate) fn check_all() -> Result<()> {
    check(&expect::all().collect::<Vec<_>>(), false)
}

fn check(expectations: &[&Expectation], code: bool) -> Result<()> {
    let objdump = tools::llvm_objdump()?;
    let mut faults = 0;
    // What is of one library stands together, and the library is read once.
    for expectations in expectations.chunk_by(|a, b| (a.package, a.arch) == (b.package, b.arch)) {
        let Expectation { package, arch, .. } = *expectations[0];
        let library = build(package, arch)?;
        let mut functions = objdump::parse(&disassemble(&objdump, &library, arch)?);
        if arch.is_wasm() {
            functions.iter_mut().for_each(wasm::resolve);
        }
        for expected in expectations {
            faults += show(expected, &functions, code);
        }
    }
    if faults > 0 {
        bail!("{faults} faults in the machine code; `cargo xtask asm NAME --code` shows it");
    }
    Ok(())
}

/// Shows what was found in the hot functions of one kernel: the number of faults.
fn show(expected: &Expectation, functions: &[Function], code: bool) -> usize {
    println!("{} on {}", expected.kernel, expected.arch);
    let verdict = inspect::inspect(functions, expected);
    for function in &verdict.functions {
        println!("{function}");
        if code {
            print_code(functions, &function.name);
        }
    }
    for fault in &verdict.faults {
        println!("  FAULT: {fault}");
    }
    verdict.faults.len() + verdict.functions.iter().map(|f| f.faults.len()).sum::<usize>()
}

/// Compiles the crate for the architecture, and returns its library.
fn build(package: &str, arch: Arch) -> Result<PathBuf> {
    let target = arch.target();
    tools::rust_target(target)?;
    let folder = workspace::target(arch.folder());
    // These names keep the types that a generic function is compiled for, and so say which loop it is.
    let mut flags = "-Csymbol-mangling-version=v0".to_owned();
    if !arch.features().is_empty() {
        flags += &format!(" -Ctarget-feature={}", arch.features());
    }
    let mut build = cargo(["build", "--release", "--package", package, "--target", target]);
    if !arch.is_wasm() {
        // On WebAssembly there is one thread: the npm packages leave out what is for more.
        build.arg("--all-features");
    }
    build
        .env("CARGO_TARGET_DIR", &folder)
        .env("RUSTFLAGS", flags)
        // The default, in words of a manifest: with more of it the library would hold no machine code, and with
        // `off` the parts of a crate are not optimised together, which no user gets unasked.
        .env("CARGO_PROFILE_RELEASE_LTO", "false");
    process::run(&mut build)?;
    let file = format!("lib{}.rlib", package.replace('-', "_"));
    Ok(folder.join(target).join("release").join(file))
}

fn disassemble(objdump: &Path, library: &Path, arch: Arch) -> Result<String> {
    let mut dump = command(objdump, ["--disassemble", "--reloc", "--show-all-symbols"]);
    // The bytes of WebAssembly tell what some instructions are.
    dump.args(if arch.is_wasm() { &[][..] } else { &["--no-show-raw-insn", "--x86-asm-syntax=intel"] });
    process::output(dump.arg(library)).with_context(|| format!("could not disassemble {}", library.display()))
}

fn print_code(functions: &[Function], name: &str) {
    for function in functions.iter().filter(|function| function.name == name) {
        for instruction in &function.code {
            println!("    {instruction}");
        }
    }
}
