//! Writes the JavaScript side of a wasm binary: `xtask-bindgen BINARY FOLDER`.
//!
//! A program of its own, because what it is made of takes long to build, and only `cargo xtask npm` needs it.

use anyhow::{Context as _, Result};
use std::env::args_os;
use std::path::PathBuf;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let mut paths = args_os().skip(1).map(PathBuf::from);
    let (binary, folder) = paths.next().zip(paths.next()).context("expected BINARY FOLDER")?;
    // For bundlers: a module that is handed its instance, whoever makes it.
    let mut bindgen = Bindgen::new();
    bindgen.input_path(&binary).out_name("glue").bundler(true)?.typescript(true).generate(&folder)
}
