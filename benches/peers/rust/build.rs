//! Tells the program which compiler it was made by.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let version = rustc_version::version().expect("cargo runs a rustc that tells its version");
    println!("cargo::rustc-env=COMPILER_VERSION={version}");
}
