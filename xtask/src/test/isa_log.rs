//! Which instruction sets the tests really ran on. A test that silently falls back to another set passes; here it
//! shows. Tests append a line `SET KERNEL`, e.g. `avx2 maxsim_batch`, to the file that `KERNELS_TEST_LOG` names.

use crate::workspace;
use anyhow::{Context as _, Result, bail};
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::process::Command;

/// The file of one run of the tests.
pub(super) struct IsaLog(PathBuf);

impl IsaLog {
    /// A log without lines.
    pub(super) fn new(name: &str) -> Result<Self> {
        let path = workspace::target("isa-log").join(name);
        let create = || {
            std::fs::create_dir_all(workspace::target("isa-log"))?;
            std::fs::write(&path, "")
        };
        create().with_context(|| format!("could not create {}", path.display()))?;
        Ok(Self(path))
    }

    pub(super) fn given_to<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("KERNELS_TEST_LOG", &self.0)
    }

    /// Says what ran; fails if that is not just the expected sets, each with the same kernels.
    pub(super) fn check(&self, expected: &[&str]) -> Result<()> {
        let text = std::fs::read_to_string(&self.0)
            .with_context(|| format!("could not read {}", self.0.display()))?;
        let runs = Runs::parse(&text)?;
        print!("{runs}");
        runs.check(expected)
    }
}

/// The sets that tests must run on here, found without the code that is under test.
pub(crate) fn sets_of_this_machine() -> Vec<&'static str> {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("fma")
        && is_x86_feature_detected!("f16c")
        && is_x86_feature_detected!("popcnt")
        && is_x86_feature_detected!("bmi2")
    {
        return vec!["avx2", "scalar"];
    }
    if cfg!(target_arch = "aarch64") { vec!["neon", "scalar"] } else { vec!["scalar"] }
}

/// How often each kernel ran, per set.
struct Runs<'a>(BTreeMap<&'a str, BTreeMap<&'a str, usize>>);

impl<'a> Runs<'a> {
    fn parse(log: &'a str) -> Result<Self> {
        let mut sets: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
        for line in log.lines() {
            let (set, kernel) =
                line.split_once(' ').with_context(|| format!("`{line}` in the log is not `SET KERNEL`"))?;
            *sets.entry(set).or_default().entry(kernel).or_default() += 1;
        }
        Ok(Self(sets))
    }

    fn check(&self, expected: &[&str]) -> Result<()> {
        if let Some(absent) = expected.iter().find(|set| !self.0.contains_key(**set)) {
            bail!("no kernel ran on {absent}, which is available here");
        }
        if let Some(stray) = self.0.keys().find(|set| !expected.contains(set)) {
            bail!("kernels ran on {stray}, which is not available here");
        }
        for (set, kernels) in &self.0 {
            for (other, others) in &self.0 {
                if let Some(kernel) = others.keys().find(|kernel| !kernels.contains_key(*kernel)) {
                    bail!("{kernel} ran on {other} but not on {set}");
                }
            }
        }
        Ok(())
    }
}

impl fmt::Display for Runs<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (set, kernels) in &self.0 {
            writeln!(f, "{set}: {} kernels, {} runs", kernels.len(), kernels.values().sum::<usize>())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "avx2 maxsim\nscalar maxsim\navx2 argmax\navx2 maxsim\nscalar argmax\n";

    fn error(log: &str, expected: &[&str]) -> String {
        Runs::parse(log).and_then(|runs| runs.check(expected)).unwrap_err().to_string()
    }

    #[test]
    fn counts_kernels_and_runs_per_set() {
        let runs = Runs::parse(LOG).unwrap();
        assert_eq!(runs.to_string(), "avx2: 2 kernels, 3 runs\nscalar: 2 kernels, 2 runs\n");
        runs.check(&["avx2", "scalar"]).unwrap();
    }

    #[test]
    fn a_set_that_did_not_run_fails() {
        assert_eq!(error(LOG, &["avx2", "neon", "scalar"]), "no kernel ran on neon, which is available here");
        assert_eq!(error("", &["scalar"]), "no kernel ran on scalar, which is available here");
    }

    #[test]
    fn a_set_that_should_not_have_run_fails() {
        assert_eq!(error(LOG, &["scalar"]), "kernels ran on avx2, which is not available here");
    }

    #[test]
    fn a_kernel_that_one_set_lacks_is_named() {
        let log = format!("{LOG}scalar top\n");
        assert_eq!(error(&log, &["avx2", "scalar"]), "top ran on scalar but not on avx2");
    }

    #[test]
    fn a_broken_line_fails() {
        assert!(error("avx2\n", &["avx2"]).contains("`avx2`"));
    }
}
