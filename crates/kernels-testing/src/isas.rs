//! Tests on every instruction set, and the record that shows that they ran.

use simd_core::{Isa, Kernel, Simd, dispatch_on};
use std::fs::OpenOptions;
use std::io::Write;

/// Calls `test` for every instruction set that this machine has, by name, and records that `kernel` ran on it.
///
/// # Panics
/// If that name runs kernels on another set.
pub fn each_isa(kernel: &str, mut test: impl FnMut(Isa)) {
    for isa in Isa::available() {
        assert_eq!(dispatch_on(isa, Which), Ok(isa));
        test(isa);
        record(isa, kernel);
    }
}

/// The set that it runs on.
struct Which;

impl Kernel for Which {
    type Output = Isa;

    #[inline(always)]
    fn run<S: Simd>(self, _: S) -> Isa {
        S::ISA
    }
}

/// Adds a line `ISA KERNEL` to the file that `KERNELS_TEST_LOG` names, if it does. Who starts the tests counts the
/// lines: a set that should have run and did not would otherwise go unnoticed.
///
/// # Panics
/// If the file cannot be written.
pub fn record(isa: Isa, kernel: &str) {
    if let Some(path) = std::env::var_os("KERNELS_TEST_LOG") {
        let mut log = OpenOptions::new().create(true).append(true).open(path).expect("the log can be opened");
        // One write: tests run in threads and processes.
        log.write_all(format!("{isa} {kernel}\n").as_bytes()).expect("the log can be written");
    }
}
