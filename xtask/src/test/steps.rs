//! The table of the steps: to add one, add a line here and its function to `checks`, `suites`, `wasm` or a
//! module of its own.

use super::{Context, checks, onnx, suites, wasm};
use anyhow::{Result, bail};
use std::fmt;

/// One part of the tests.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    /// What it is for, in a few words.
    pub(crate) purpose: &'static str,
    pub(crate) platforms: Platforms,
    /// How long it may take on a fresh machine with two cores, downloads and builds included; a run that takes
    /// longer names it.
    pub(crate) minutes: f64,
    pub(crate) run: fn(&mut Context) -> Result<()>,
}

/// Where a step belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Platforms {
    Any,
    /// What needs qemu's user mode, or is too slow to repeat elsewhere for no new result.
    LinuxX86,
}

impl Platforms {
    pub(crate) fn include_this(self) -> bool {
        match self {
            Self::Any => true,
            Self::LinuxX86 => cfg!(all(target_os = "linux", target_arch = "x86_64")),
        }
    }
}

impl fmt::Display for Platforms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Any => "any platform",
            Self::LinuxX86 => "x86-64 Linux",
        })
    }
}

macro_rules! steps {
    ($($name:literal $platforms:ident $minutes:literal $run:path, $purpose:literal;)*) => {
        &[$(Step {
            name: $name,
            purpose: $purpose,
            platforms: Platforms::$platforms,
            minutes: $minutes,
            run: $run,
        }),*]
    };
}

/// What the budgets of all steps may add up to, those that are yet to come included.
pub(crate) const ALL_MINUTES: f64 = 45.0;

/// What a full run does, in this order: what fails fast and often comes first.
pub(crate) const STEPS: &[Step] = steps! {
    "fmt"          Any      0.2 checks::fmt,          "formatting";
    "clippy"       Any      2.0 checks::clippy,       "lints, on every target and set of target features";
    "docs"         Any      0.5 checks::docs,         "the documentation builds, its links lead somewhere";
    "native"       Any      5.0 suites::native,       "unit, property and doc tests and examples, here";
    "no-std"       Any      0.3 checks::no_std,       "simd-core builds where there is no operating system";
    "msrv"         Any      1.0 checks::msrv,         "the published crates build with the oldest compiler promised";
    "deny"         Any      3.0 checks::deny,         "licences and sources of dependencies";
    "package"      Any      0.5 checks::package,      "the published crates build from what is published";
    "asm"          Any      2.5 checks::asm,          "hot functions: no calls, no spills, FMAs as expected";
    "count"        LinuxX86 1.0 checks::count,        "hot operations take as many instructions as recorded";
    "npm"          Any      4.0 checks::npm,          "the npm packages build, complete, typed and within their budgets";
    "wasm"         Any      3.0 wasm::node,           "the npm packages in node, as npm installs them, on every instruction set";
    "browser"      Any      3.5 wasm::browser,        "the same in a browser, in a page, a worker and from Vite";
    "page"         LinuxX86 2.0 suites::page,         "the demos' pages, in Chromium";
    "model"        LinuxX86 1.0 suites::model,        "the demo of a published model, and what it says without a network";
    "onnx"         LinuxX86 0.5 onnx::run,            "ONNX's published tests, on every instruction set";
    "neon"         LinuxX86 3.0 suites::neon,         "the tests on AArch64, under qemu";
    "x86-baseline" LinuxX86 3.0 suites::x86_baseline, "the tests on x86-64 without all that the AVX2 token stands for, under qemu";
    "miri"         LinuxX86 5.0 suites::miri,         "no undefined behaviour, AVX2 included";
    "peers"        LinuxX86 4.0 checks::peers,        "the comparison with other libraries builds, without warnings";
};

/// The steps of these names in the table's order; all of them if none is named.
pub(crate) fn select(names: &[String]) -> Result<Vec<&'static Step>> {
    if let Some(unknown) = names.iter().find(|name| STEPS.iter().all(|step| step.name != **name)) {
        let known: Vec<_> = STEPS.iter().map(|step| step.name).collect();
        bail!("no step is called `{unknown}`; there are {}", known.join(", "));
    }
    Ok(STEPS.iter().filter(|step| names.is_empty() || names.iter().any(|name| name == step.name)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_budgets_add_up_to_at_most_what_all_may_take() {
        let sum: f64 = STEPS.iter().map(|step| step.minutes).sum();
        assert!(sum <= ALL_MINUTES, "{sum} minutes");
        assert!(STEPS.iter().all(|step| step.minutes > 0.0));
    }

    #[test]
    fn a_step_is_found_by_its_own_name_only() {
        let names: BTreeSet<_> = STEPS.iter().map(|step| step.name).collect();
        assert_eq!(names.len(), STEPS.len());
        let select = |names: &[&str]| select(&names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>());
        assert_eq!(select(&[]).unwrap().len(), STEPS.len());
        let two: Vec<_> = select(&["miri", "fmt"]).unwrap().iter().map(|step| step.name).collect();
        assert_eq!(two, ["fmt", "miri"]);
        let error = select(&["fmt", "nosuch"]).err().unwrap().to_string();
        assert!(error.contains("`nosuch`") && error.contains("x86-baseline"), "{error}");
    }
}
