//! The one way in which other programs are run: from the root of the workspace, shown before they start, their
//! output streamed, their failure an error that names them.

use crate::workspace;
use anyhow::{Context as _, Result, bail};
use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, ExitCode, ExitStatus, Stdio};

/// A program with its arguments, to be run in the root of the workspace.
pub(crate) fn command<A: AsRef<OsStr>>(
    program: impl AsRef<OsStr>,
    args: impl IntoIterator<Item = A>,
) -> Command {
    let mut command = Command::new(program);
    command.args(args).current_dir(workspace::root());
    command
}

/// `cargo` of the active toolchain.
pub(crate) fn cargo<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Command {
    command("cargo", args)
}

/// `cargo` of another toolchain. Not `cargo +NAME`, which works only where `cargo` is rustup's.
pub(crate) fn cargo_of<A: AsRef<OsStr>>(toolchain: &str, args: impl IntoIterator<Item = A>) -> Command {
    let mut command = command("rustup", ["run", toolchain, "cargo"]);
    command.args(args);
    command
}

/// Runs it, its output going where ours goes.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    show(command);
    let status = command.status().with_context(|| format!("could not start `{}`", text(command)))?;
    expect_success(command, status)
}

/// As [`run`]; what it says of its failure is in the error. For what is reported elsewhere than where it is seen.
pub(crate) fn run_and_explain(command: &mut Command) -> Result<()> {
    show(command);
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child =
        command.stderr(Stdio::piped()).spawn().with_context(|| format!("could not start {program}"))?;
    let errors = BufReader::new(child.stderr.take().context("its errors are piped")?);
    let (mut last, mut first_error) = (String::new(), None);
    for line in errors.split(b'\n') {
        let line = String::from_utf8_lossy(&line?).trim_end().to_owned();
        eprintln!("{line}");
        if line.to_lowercase().trim_start_matches("npm ").starts_with("error") && first_error.is_none() {
            first_error = Some(line.clone());
        }
        if !line.is_empty() {
            last = line;
        }
    }
    let status = child.wait()?;
    if !status.success() {
        let name = Path::new(&program).file_name().unwrap_or_default().to_string_lossy();
        bail!("{name} failed: {}", first_error.unwrap_or(last));
    }
    Ok(())
}

/// Runs it in place of this program, where the system has that: what interrupts or ends this program then reaches it,
/// and nothing is left of either. Returns where the system has it not, or if it could not be started.
pub(crate) fn replace_by(command: &mut Command) -> Result<ExitCode> {
    show(command);
    #[cfg(unix)]
    let ended: std::io::Result<ExitStatus> = Err(std::os::unix::process::CommandExt::exec(command));
    #[cfg(not(unix))]
    let ended = command.status();
    let status = ended.with_context(|| format!("could not start `{}`", text(command)))?;
    expect_success(command, status)?;
    Ok(ExitCode::SUCCESS)
}

/// Runs it, hands each line of its standard output to `see`, and prints it.
pub(crate) fn run_and_read(command: &mut Command, mut see: impl FnMut(&str)) -> Result<()> {
    show(command);
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("could not start `{}`", text(command)))?;
    let mut output = BufReader::new(child.stdout.take().context("its output is piped")?);
    let mut line = Vec::new();
    while output.read_until(b'\n', &mut line)? > 0 {
        std::io::stdout().write_all(&line)?;
        see(String::from_utf8_lossy(&line).trim_end());
        line.clear();
    }
    let status = child.wait()?;
    expect_success(command, status)
}

/// Runs it silently and returns its standard output; its errors are seen.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("could not start `{}`", text(command)))?;
    expect_success(command, output.status)?;
    String::from_utf8(output.stdout).with_context(|| format!("output of `{}`", text(command)))
}

/// Whether it starts and succeeds; nothing of it is seen.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

fn expect_success(command: &Command, status: ExitStatus) -> Result<()> {
    if !status.success() {
        bail!("`{}` failed ({status})", text(command));
    }
    Ok(())
}

fn show(command: &Command) {
    // With the progress that cargo prints, apart from results.
    eprintln!("$ {}", text(command));
}

/// The command as a person would type it in a shell, the variables it sets included.
fn text(command: &Command) -> String {
    let variables = command
        .get_envs()
        .filter_map(|(name, value)| Some(format!("{}={}", name.to_string_lossy(), quoted(value?))));
    let words = std::iter::once(command.get_program()).chain(command.get_args()).map(quoted);
    variables.chain(words).collect::<Vec<_>>().join(" ")
}

fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    if word.contains('\u{1f}') {
        // What separates the flags in `CARGO_ENCODED_RUSTFLAGS`.
        format!("$'{}'", word.replace('\u{1f}', r"\x1f"))
    } else if word.is_empty() || word.contains([' ', '*', '"', '$']) {
        format!("'{word}'")
    } else {
        word.into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_a_command_as_it_would_be_typed() {
        let mut command = cargo(["test", "--package", "a b"]);
        command.env("RUSTFLAGS", "-Dwarnings -Cdebuginfo=0");
        assert_eq!(text(&command), "RUSTFLAGS='-Dwarnings -Cdebuginfo=0' cargo test --package 'a b'");
        let mut command = cargo(["test"]);
        command.env("CARGO_ENCODED_RUSTFLAGS", "-Dwarnings\u{1f}-Cdebuginfo=0");
        assert_eq!(text(&command), r"CARGO_ENCODED_RUSTFLAGS=$'-Dwarnings\x1f-Cdebuginfo=0' cargo test");
    }

    #[test]
    fn hands_on_the_output_and_names_what_failed() {
        let rustc = || command("rustc", ["--version"]);
        let mut seen = Vec::new();
        run_and_read(&mut rustc(), |line| seen.push(line.to_owned())).unwrap();
        assert_eq!(seen, [output(&mut rustc()).unwrap().trim_end()]);

        let mut failing = command("rustc", ["--no-such-flag"]);
        assert!(!succeeds(&mut failing));
        let explained = run_and_explain(&mut command("rustc", ["--no-such-flag"])).unwrap_err().to_string();
        assert!(
            explained.starts_with("rustc failed: error: ") && explained.contains("no-such-flag"),
            "{explained}"
        );
        let error = run(failing.stderr(Stdio::null())).unwrap_err().to_string();
        assert!(error.starts_with("`rustc --no-such-flag` failed"), "{error}");
    }
}
