//! The steps that test the npm packages (`wasm-tests`): from their tarballs, as whoever installs them has them.

use super::Context;
use crate::process::{self, cargo};
use crate::{npm, tools};
use anyhow::{Result, bail};
use std::process::Command;

pub(super) fn node(context: &mut Context) -> Result<()> {
    each_package(context, "wasm-tests/node.test.mjs", |_| {})
}

pub(super) fn browser(context: &mut Context) -> Result<()> {
    // First: without it there is nothing to build the packages for.
    let chromium = tools::chromium()?;
    each_package(context, "wasm-tests/browser.test.mjs", |test| {
        test.env("CHROMIUM", &chromium);
    })
}

/// Runs node's test runner for each package, with what `wasm-tests/lib/fresh.mjs` asks for.
fn each_package(context: &mut Context, file: &str, set: impl Fn(&mut Command)) -> Result<()> {
    tools::node_modules()?;
    for name in npm::names()? {
        let tarball = npm::tarball(&name)?;
        let data = tempfile::tempdir()?;
        // In the tests' profile, since the tests have built it so.
        let run = ["run", "--quiet", "--profile=test", "-p", "wasm-tests-native", "--"];
        process::run(cargo(run).arg(&name).arg(data.path()))?;

        let mut test = process::command(tools::node()?, ["--test", "--test-reporter=spec"]);
        test.arg(file)
            .env("KERNEL", &name)
            .env("KERNEL_TARBALL", tarball)
            .env("KERNEL_DATA", data.path())
            .env("NPM", tools::npm()?)
            // The counts at the end are read.
            .env_remove("FORCE_COLOR");
        set(&mut test);
        let before = context.tally.passed();
        context.run_tests(&mut test)?;
        if context.tally.passed() == before {
            bail!("not one test of {name} ran");
        }
    }
    Ok(())
}
