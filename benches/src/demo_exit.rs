//! How the demos end.

use anyhow::Result;
use std::io::{self, ErrorKind, Write as _};
use std::process::ExitCode;

/// Runs a demo. An error is told in one line; that who reads the output has seen enough is none.
pub fn exit_code(demo: impl FnOnce() -> Result<()>) -> ExitCode {
    let is_broken_pipe = |error: &anyhow::Error| {
        error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
    };
    match demo() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // If not even this can be written, the exit code still tells.
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
