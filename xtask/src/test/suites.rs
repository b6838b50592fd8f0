//! The steps that run tests: the same tests on every instruction set that this machine has or can imitate.

use super::Context;
use super::isa_log::{IsaLog, sets_of_this_machine};
use crate::process::{self, cargo, cargo_of};
use crate::tools::{self, SystemPackage};
use crate::workspace;
use crate::{bench, demo};
use anyhow::Result;
use std::process::Command;

const QEMU_X86: SystemPackage = SystemPackage { name: "qemu-user", evidence: "qemu-x86_64" };
const FOR_AARCH64: [SystemPackage; 3] = [
    SystemPackage { name: "qemu-user", evidence: "qemu-aarch64" },
    SystemPackage { name: "gcc-aarch64-linux-gnu", evidence: "aarch64-linux-gnu-gcc" },
    SystemPackage { name: "libc6-dev-arm64-cross", evidence: "/usr/aarch64-linux-gnu/lib/libc.so" },
];

/// The features that the AVX2 token stands for. Miri detects no more than the build is compiled for.
const AVX2: &str = "-Ctarget-feature=+avx2,+fma,+f16c,+popcnt,+bmi2";

pub(super) fn native(context: &mut Context) -> Result<()> {
    let libraries = workspace::libraries()?;
    let log = IsaLog::new("native")?;
    let mut test = cargo(["test", "--all-features"]);
    context.run_tests(log.given_to(test.args(workspace::natively()?)))?;
    for library in &libraries {
        for example in library.examples() {
            // In the tests' profile, since the tests have built it so.
            let run = ["run", "--quiet", "--profile=test", "--all-features"];
            process::run(cargo(run).args(["-p", &library.name, "--example", example]))?;
        }
    }
    log.check(&sets_of_this_machine())?;
    // Without their optional features the crates must stand on their own too; documentation may show those features.
    context.run_tests(cargo(["test", "--lib", "--tests"]).args(workspace::selected(&libraries)))
}

pub(super) fn page(context: &mut Context) -> Result<()> {
    let chromium = tools::chromium()?;
    let page = demo::build_page()?;
    let indicators = demo::write_indicators()?;
    let report = bench::recorded_page()?;
    let tests = ["page", "failure", "indicators", "report"].map(|name| format!("demo/test/{name}.test.mjs"));
    let mut test = process::command(tools::node()?, ["--test", "--test-reporter=spec"]);
    test.args(tests)
        .env("KERNELS_PAGE", page)
        .env("KERNELS_INDICATORS", indicators)
        .env("KERNELS_REPORT", report)
        .env("CHROMIUM", chromium);
    context.run_tests(&mut test)
}

pub(super) fn model(_: &mut Context) -> Result<()> {
    demo::check_model()
}

pub(super) fn neon(context: &mut Context) -> Result<()> {
    tools::system_packages(&FOR_AARCH64)?;
    let target = "aarch64-unknown-linux-gnu";
    tools::rust_target(target)?;
    let mut test = tests_of_libraries()?;
    test.args(["--target", target])
        .env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER", "aarch64-linux-gnu-gcc")
        .env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER", "qemu-aarch64 -L /usr/aarch64-linux-gnu");
    under_qemu(context, "neon", &mut test, &["neon", "scalar"])
}

pub(super) fn x86_baseline(context: &mut Context) -> Result<()> {
    tools::system_packages(&[QEMU_X86])?;
    for (name, cpu) in [("x86-64-v2", "Nehalem"), ("without-fma", "max,-fma"), ("without-bmi2", "max,-bmi2")]
    {
        let mut test = tests_of_libraries()?;
        // As this machine's own target: what the native step has built serves again.
        test.env("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER", format!("qemu-x86_64 -cpu {cpu}"));
        under_qemu(context, name, &mut test, &["scalar"])?;
    }
    Ok(())
}

pub(super) fn miri(context: &mut Context) -> Result<()> {
    tools::rust_toolchain("nightly", &["miri", "rust-src"])?;
    let mut test = cargo_of("nightly", ["miri", "test", "--all-features"]);
    test.args(workspace::selected(&workspace::libraries()?))
        .env("RUSTFLAGS", AVX2)
        .env("RUSTDOCFLAGS", AVX2)
        // The log of instruction sets is a file of this machine.
        .env("MIRIFLAGS", "-Zmiri-disable-isolation")
        // Miri's tests see the variables of their build: one made by hand would not write to the log.
        .env("CARGO_TARGET_DIR", workspace::target("miri-tests"));
    let log = IsaLog::new("miri")?;
    context.run_tests(log.given_to(&mut test))?;
    log.check(&["avx2", "scalar"])
}

/// Not the documentation's tests: they show the interface, and have run natively.
fn tests_of_libraries() -> Result<Command> {
    let mut test = cargo(["test", "--all-features", "--lib", "--tests"]);
    test.args(workspace::selected(&workspace::libraries()?));
    Ok(test)
}

fn under_qemu(context: &mut Context, name: &str, test: &mut Command, sets: &[&str]) -> Result<()> {
    let log = IsaLog::new(name)?;
    // Some hundred times slower than the machine itself: the tests cut their sizes.
    context.run_tests(log.given_to(test.env("KERNELS_TEST_SMALL", "1")))?;
    log.check(sets)
}
