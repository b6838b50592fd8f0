//! `cargo xtask demo --web`: the page of `demo/page`, which uses the npm package as any project would: installed from
//! its tarball into a folder of its own, and bundled by Vite.

use crate::{flags, npm, process, tools, workspace};
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The package that the page shows.
const PACKAGE: &str = "kernels-maxsim";

/// Where the page's data lies, and what of it the page needs.
const DATA: &str = "benches/data/rust-book";
const DATA_FILES: [&str; 4] = ["passages.json", "queries.json", "tokens.safetensors", "spans.safetensors"];

/// The port without `--port`: that of Vite's own preview.
const PORT: u16 = 4173;

pub(super) fn run(flags: &flags::Demo) -> Result<ExitCode> {
    let port = flags.port.unwrap_or(PORT);
    // Before the building, which may take minutes.
    ensure_free(port)?;
    let page = build()?;
    let mut serve = process::command(tools::node()?, ["demo/serve.mjs"]);
    serve.arg(page).arg(port.to_string()).args(&flags.question);
    process::replace_by(&mut serve)
}

fn ensure_free(port: u16) -> Result<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            bail!("port {port} is in use; `--port N` takes another one, and `--port 0` any that is free")
        }
        bound => bound.map(drop).with_context(|| format!("port {port} cannot be used")),
    }
}

/// Builds the page, and the package if that is older than its sources; returns the folder to be served.
pub(crate) fn build() -> Result<PathBuf> {
    tools::node_modules()?;
    let tarball = npm::tarball(PACKAGE)?;
    let (page, built) = (workspace::target("demo/page"), workspace::target("demo/dist"));
    if page.exists() {
        fs::remove_dir_all(&page).with_context(|| format!("could not remove {}", page.display()))?;
    }
    copy_folder(&workspace::root().join("demo/page"), &page)?;
    for file in DATA_FILES {
        copy(&workspace::root().join(DATA).join(file), &page.join("public/data").join(file))?;
    }

    // The tarball holds all that is needed, so that this asks no registry.
    let install =
        ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];
    process::run(process::command(tools::npm()?, install).arg("--silent").arg(tarball).current_dir(&page))?;
    let mut vite = process::command(tools::npm_program("vite"), ["build", "--logLevel=warn"]);
    process::run(vite.current_dir(&page))?;
    Ok(built)
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from).with_context(|| format!("could not read {}", from.display()))? {
        let from = entry?.path();
        let to = to.join(from.file_name().context("what a folder holds has a name")?);
        if from.is_dir() { copy_folder(&from, &to)? } else { copy(&from, &to)? }
    }
    Ok(())
}

/// Copies a file, into a folder that may not be there yet.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let folder = to.parent().unwrap_or(Path::new(""));
    let copied = fs::create_dir_all(folder).and_then(|()| fs::copy(from, to));
    copied.map(drop).with_context(|| format!("could not copy {} to {}", from.display(), to.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_an_error_that_says_what_to_do() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let error = ensure_free(port).unwrap_err().to_string();
        assert!(error.contains(&format!("port {port} is in use")) && error.contains("--port N"), "{error}");
        drop(listener);
        ensure_free(port).unwrap();
        ensure_free(0).unwrap();
    }

    #[test]
    fn copies_folders_in_folders() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        copy_folder(&workspace::root().join("demo/page"), &from).unwrap();
        copy_folder(&from, &to).unwrap();
        assert!(to.join("index.html").is_file() && to.join("src/main.js").is_file());
    }
}
