//! `wasm-tests-native PACKAGE FOLDER` writes what the tests of an npm package read: `native.safetensors` with inputs
//! and what the native kernel makes of them, and data that is in the repository.

mod archive;
mod indicators;
mod maxsim;
mod pool;

use anyhow::{Result, bail};
use std::path::PathBuf;

fn main() -> Result<()> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [package, folder] = arguments.as_slice() else { bail!("usage: wasm-tests-native PACKAGE FOLDER") };
    let folder = PathBuf::from(folder);
    match package.as_str() {
        "kernels-indicators" => indicators::write(&folder),
        "kernels-maxsim" => maxsim::write(&folder),
        "kernels-pool" => pool::write(&folder),
        // Its tests are to say so, if they miss anything.
        _ => Ok(()),
    }
}
