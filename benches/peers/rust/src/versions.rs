//! The versions of all contestants, from the lock file that they were built by.

use anyhow::{Context as _, Result};
use serde::Deserialize;

const LOCK: &str = include_str!("../Cargo.lock");

#[derive(Deserialize)]
pub(crate) struct Versions {
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    #[serde(default)]
    dependencies: Vec<String>,
}

impl Versions {
    pub(crate) fn read() -> Result<Self> {
        toml::from_str(LOCK).context("Cargo.lock is not a lock file")
    }

    /// Of a contestant; empty if it is no package.
    pub(crate) fn of(&self, contestant: &str) -> Result<String> {
        let name = match contestant {
            "plain loop" => return Ok(String::new()),
            "candle" => "candle-core",
            // All of ours have the version of the workspace.
            ours if ours.starts_with("kernels") => "simd-core",
            peer => peer,
        };
        // Where there are several versions of a package, a dependency is the name and the version.
        let ours = self.package.iter().find(|package| package.name == env!("CARGO_PKG_NAME"));
        let dependencies = ours.into_iter().flat_map(|ours| &ours.dependencies);
        let asked = dependencies.filter_map(|text| text.split_once(' ')).find(|(of, _)| *of == name);
        let mut versions = self.package.iter().filter(|package| package.name == name).map(|p| &p.version);
        let version = versions.find(|version| asked.is_none_or(|(_, asked)| asked == *version));
        version.cloned().with_context(|| format!("Cargo.lock has no package {name}"))
    }
}
