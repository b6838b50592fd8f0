//! What the manifests of this workspace say.

use crate::process;
use anyhow::{Context as _, Result};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// The folder of the workspace's `Cargo.toml`.
pub(crate) fn root() -> &'static Path {
    // Where it was compiled: `cargo xtask` compiles it in the tree that it is to work on.
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// A folder or file that builds leave behind.
pub(crate) fn target(path: impl AsRef<Path>) -> PathBuf {
    let folder = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    root().join(folder).join(path)
}

/// All crates.
pub(crate) fn packages() -> Result<Vec<Package>> {
    let metadata = process::output(&mut process::cargo(["metadata", "--no-deps", "--format-version=1"]))?;
    let metadata: Metadata = serde_json::from_str(&metadata).context("output of `cargo metadata`")?;
    Ok(metadata.packages)
}

/// The crates that are published, and so must build on every target and with the oldest compiler.
pub(crate) fn libraries() -> Result<Vec<Package>> {
    Ok(packages()?.into_iter().filter(|package| package.publish.is_none()).collect())
}

/// `--workspace` without the crates that only npm packages are made of or by: they take long to build, or do not
/// run here. Their own step looks at them.
pub(crate) fn natively() -> Result<Vec<String>> {
    let excluded = packages()?.into_iter().filter(Package::is_for_npm);
    let excluded = excluded.flat_map(|package| ["--exclude".to_owned(), package.name]);
    Ok(std::iter::once("--workspace".to_owned()).chain(excluded).collect())
}

/// `-p NAME` for each, as cargo wants them.
pub(crate) fn selected(packages: &[Package]) -> impl Iterator<Item = &str> {
    packages.iter().flat_map(|package| ["-p", &package.name])
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

/// A crate of the workspace.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) description: Option<String>,
    pub(crate) license: Option<String>,
    pub(crate) keywords: Vec<String>,
    /// The registries it may go to: none at all if `publish = false`, any if absent.
    publish: Option<Vec<String>>,
    pub(crate) rust_version: Option<String>,
    manifest_path: PathBuf,
    dependencies: Vec<Dependency>,
    targets: Vec<Target>,
}

impl Package {
    /// Its folder.
    pub(crate) fn folder(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(Path::new("."))
    }

    /// Whether it stands between Rust and JavaScript, or makes what does.
    pub(crate) fn is_for_npm(&self) -> bool {
        self.dependencies.iter().any(|dependency| dependency.name.starts_with("wasm-bindgen"))
    }

    /// Whether it is what stands there, and so compiles for WebAssembly only.
    pub(crate) fn is_for_wasm(&self) -> bool {
        self.dependencies.iter().any(|dependency| dependency.name == "wasm-bindgen")
    }

    /// Whether it is compiled to a binary that others load.
    pub(crate) fn is_cdylib(&self) -> bool {
        self.targets.iter().any(|target| target.kind.iter().any(|kind| kind == "cdylib"))
    }

    pub(crate) fn examples(&self) -> impl Iterator<Item = &str> {
        self.targets
            .iter()
            .filter(|target| target.kind.iter().any(|kind| kind == "example"))
            .map(|target| target.name.as_str())
    }
}

#[derive(Debug, Deserialize)]
struct Dependency {
    name: String,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_are_the_published_crates_and_say_which_compiler_they_need() {
        let libraries = libraries().unwrap();
        let names: Vec<_> = libraries.iter().map(|library| library.name.as_str()).collect();
        assert!(names.contains(&"simd-core"), "{names:?}");
        assert!(!names.contains(&"xtask"), "{names:?}");
        assert!(libraries.iter().all(|library| library.rust_version.is_some()), "{libraries:?}");
        assert_eq!(selected(&libraries).count(), 2 * libraries.len());
        assert!(!libraries.iter().any(Package::is_for_npm), "{libraries:?}");
    }

    #[test]
    fn what_only_npm_packages_are_made_of_is_left_out_natively() {
        let natively = natively().unwrap();
        let excluded = |name: &str| natively.windows(2).any(|pair| pair == ["--exclude", name]);
        for name in ["xtask-bindgen", "kernels-wasm", "kernels-maxsim-wasm"] {
            assert!(excluded(name), "{name} in {natively:?}");
        }
        assert!(!excluded("xtask") && !excluded("kernels-maxsim"), "{natively:?}");
    }
}
