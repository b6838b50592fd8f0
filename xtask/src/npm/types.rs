//! Whether the package's types are right, as the compilers of projects that use it see them.

use super::{Kernel, PLACEHOLDER, copy, empty, read, write};
use crate::{process, tools, workspace};
use anyhow::{Context as _, Result, bail};
use std::fs;

/// Projects: the module that imports the package, how the compiler looks for it, what platform it takes for granted.
const PROJECTS: [(&str, &str); 4] = [
    ("consumer.mts", "--lib es2022 --module node16"),
    ("consumer.mts", "--lib es2022 --module nodenext"),
    ("consumer.cts", "--lib es2022 --module nodenext"),
    ("consumer.mts", "--lib es2022,dom --module esnext --moduleResolution bundler"),
];

/// How the project is compiled that calls all of one package, whose types of its own do not depend on it.
const OWN: &str = "--lib es2022,esnext.disposable --module node16";

/// Does not look over the faults of packages, as many projects do.
const STRICT: &str = "--noEmit --strict --skipLibCheck false --target es2022";

/// Checks the loader itself, which all packages share.
pub(super) fn of_runtime() -> Result<()> {
    process::run(&mut process::command(tools::npm_program("tsc"), ["--project", "npm/runtime"]))
}

/// Compiles projects that use the package (`npm/types`): those of every package, and the one of its name.
pub(super) fn run(kernel: &Kernel) -> Result<()> {
    let project = workspace::target("npm-build/types").join(kernel.name());
    let installed = project.join("node_modules").join(kernel.name());
    empty(&installed)?;
    let list = || format!("could not list {}", kernel.folder().display());
    for entry in fs::read_dir(kernel.folder()).with_context(list)? {
        let entry = entry.with_context(list)?;
        copy(&entry.path(), &installed.join(entry.file_name()))?;
    }
    for file in ["consumer.mts", "consumer.cts"] {
        let text = read(&workspace::root().join("npm/types").join(file))?;
        write(&project.join(file), &text.replace(PLACEHOLDER, kernel.name()))?;
    }
    let own = format!("{}.mts", kernel.name());
    let source = workspace::root().join("npm/types").join(&own);
    if !source.is_file() {
        bail!(
            "nothing checks the types of {}: there is no npm/types/{own}, a project that calls it",
            kernel.name()
        );
    }
    copy(&source, &project.join(&own))?;
    for (file, flags) in PROJECTS.into_iter().chain([(own.as_str(), OWN)]) {
        let flags = STRICT.split(' ').chain(flags.split(' ')).chain(["--types", "", file]);
        process::run(process::command(tools::npm_program("tsc"), flags).current_dir(&project))?;
    }
    Ok(())
}
