//! Whether a tarball is as new as all that a package is made of.

use crate::workspace;
use anyhow::{Context as _, Result};
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::Path;
use std::time::SystemTime;

/// What a package is made of, and by.
const SOURCES: [&str; 7] =
    ["Cargo.lock", "Cargo.toml", "crates", "npm", "package-lock.json", "xtask/bindgen", "xtask/src/npm"];

pub(super) fn is_fresh(tarball: &Path) -> Result<bool> {
    let made = match modified(tarball) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        made => made.with_context(|| format!("could not look at {}", tarball.display()))?,
    };
    for source in SOURCES {
        let source = workspace::root().join(source);
        let changed = newest(&source).with_context(|| format!("could not look at {}", source.display()))?;
        if changed >= made {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Dates a tarball back to when its making began: what changed meanwhile may not be in it.
pub(super) fn date(tarball: &Path, start: SystemTime) -> Result<()> {
    let dated = File::options().write(true).open(tarball).and_then(|file| file.set_modified(start));
    dated.with_context(|| format!("could not date {}", tarball.display()))
}

/// When a file, or anything in a folder, changed last. Folders change when something in them comes or goes.
fn newest(path: &Path) -> std::io::Result<SystemTime> {
    let mut newest = modified(path)?;
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            newest = newest.max(self::newest(&entry?.path())?);
        }
    }
    Ok(newest)
}

fn modified(path: &Path) -> std::io::Result<SystemTime> {
    fs::symlink_metadata(path)?.modified()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_tarball_is_fresh_if_it_was_begun_after_the_last_change() {
        let folder = tempfile::tempdir().unwrap();
        let tarball = folder.path().join("a.tgz");
        assert!(!is_fresh(&tarball).unwrap(), "there is none");
        fs::write(&tarball, "").unwrap();
        date(&tarball, SystemTime::now() + Duration::from_secs(3600)).unwrap();
        assert!(is_fresh(&tarball).unwrap());
        date(&tarball, SystemTime::UNIX_EPOCH).unwrap();
        assert!(!is_fresh(&tarball).unwrap());
    }
}
