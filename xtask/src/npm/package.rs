//! From the binaries and their glue to the package: a folder, and a tarball of it.

use super::build::Built;
use super::manifest::Manifest;
use super::{Kernel, PLACEHOLDER, VARIANTS, copy, empty, read, write};
use crate::{process, tools, workspace};
use anyhow::{Context as _, Result};

/// What is bundled into one file: the module to begin with, the file of the package, how.
const BUNDLES: [(&str, &str, &[&str]); 2] = [
    ("browser.js", "index.js", &["--format=esm", "--target=es2022"]),
    ("node.js", "index.cjs", &["--format=cjs", "--platform=node", "--target=node20"]),
];

/// Its types name `Symbol.dispose`, which is in no edition of the language that a project's `tsc` takes by default.
const TYPES_NEED: &str = "/// <reference lib=\"esnext.disposable\" />\n";

/// The files of a package, apart from its binaries.
pub(super) const FILES: [&str; 10] = [
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "THIRD-PARTY.md",
    "index.cjs",
    "index.d.cts",
    "index.d.ts",
    "index.js",
    "index.mjs",
    "package.json",
];

pub(super) fn run(kernel: &Kernel, built: &Built) -> Result<()> {
    eprintln!("--- {}, package", kernel.name());
    let folder = kernel.folder();
    let npm = workspace::root().join("npm");
    empty(&folder)?;
    for (variant, binary) in VARIANTS.iter().zip(&built.binaries) {
        copy(binary, &folder.join(kernel.binary(variant)))?;
    }

    let names = exported(&built.glue.code).join(", ");
    bundle(kernel, &built.glue.code, &names)?;
    write(&folder.join("index.mjs"), &for_import(&names))?;
    let types = read(&npm.join("runtime/init.d.ts"))?;
    let types = [TYPES_NEED, &built.glue.types, &types].concat();
    for file in ["index.d.ts", "index.d.cts"] {
        write(&folder.join(file), &types)?;
    }

    write(&folder.join("package.json"), &Manifest::new(kernel)?.to_json()?)?;
    copy(&kernel.bindings.folder().join("README.md"), &folder.join("README.md"))?;
    copy(&npm.join("THIRD-PARTY.md"), &folder.join("THIRD-PARTY.md"))?;
    for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
        copy(&kernel.library.folder().join(licence), &folder.join(licence))?;
    }
    pack(kernel)
}

/// Bundles the loader with the glue, once for browsers and once for node.
fn bundle(kernel: &Kernel, glue: &str, names: &str) -> Result<()> {
    let source = workspace::target("npm-build/source").join(kernel.name());
    empty(&source)?;
    for file in ["loader.js", "browser.js", "node.js"] {
        let text = read(&workspace::root().join("npm/runtime").join(file))?;
        write(&source.join(file), &text.replace(PLACEHOLDER, kernel.name()))?;
    }
    write(&source.join("glue_bg.js"), glue)?;
    write(&source.join("api.js"), &format!("export {{ {names} }} from \"./glue_bg.js\";\n"))?;

    for (entry, file, flags) in BUNDLES {
        let mut esbuild =
            process::command(tools::npm_program("esbuild"), ["--bundle", "--log-level=warning"]);
        esbuild
            .args(flags)
            .arg(format!("--outfile={}", kernel.folder().join(file).display()))
            .arg(entry)
            // In the comments of the bundle, paths begin here.
            .current_dir(&source)
            // The target folder may be anywhere.
            .env("NODE_PATH", workspace::root().join("node_modules"));
        process::run(&mut esbuild)?;
    }
    Ok(())
}

/// The module for `import` in node. Whoever imports and whoever requires the package in one process share what is
/// loaded, so this one loads nothing.
fn for_import(names: &str) -> String {
    format!("import kernel from \"./index.cjs\";\n\nexport const {{ init, initSync, {names} }} = kernel;\n")
}

/// What wasm-bindgen exports for people: its own names begin with `__wb`.
fn exported(glue: &str) -> Vec<&str> {
    let is_in_name = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let mut names: Vec<_> = glue
        .lines()
        .filter_map(|line| {
            let (_kind, name) = line.strip_prefix("export ")?.split_once(' ')?;
            name.split(|c| !is_in_name(c)).next()
        })
        .filter(|name| !name.starts_with("__wb"))
        .collect();
    names.sort_unstable();
    names
}

fn pack(kernel: &Kernel) -> Result<()> {
    let folder = workspace::target("npm-build/tarball").join(kernel.name());
    empty(&folder)?;
    let mut pack = process::command(tools::npm()?, ["pack", "--silent", "--pack-destination"]);
    process::run(pack.arg(&folder).arg(kernel.folder()))?;
    let tarball = kernel.tarball();
    let packed = folder.join(tarball.file_name().context("the tarball has a name")?);
    // At once, so that whoever waits for it does not see half of it.
    std::fs::rename(&packed, &tarball)
        .with_context(|| format!("could not move {} to {}", packed.display(), tarball.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLUE: &str = r#"
export class F32Buffer {
    export() {}
}
/** export function no() */
export function maxsim(query, doc) {
}
export function __wbg_set_wasm(val) {
}
export function __wbindgen_init_externref_table() {
}
export const Kind = Object.freeze({
});
const hidden = 1;
"#;

    #[test]
    fn exports_what_is_for_people() {
        let names = exported(GLUE);
        assert_eq!(names, ["F32Buffer", "Kind", "maxsim"]);
        assert!(
            for_import(&names.join(", ")).contains("{ init, initSync, F32Buffer, Kind, maxsim } = kernel")
        );
    }

    #[test]
    fn the_list_of_files_is_in_order() {
        assert!(FILES.is_sorted());
        assert!(BUNDLES.iter().all(|(_, file, _)| FILES.contains(file)));
    }
}
