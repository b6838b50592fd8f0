//! The command line of every command.

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// The one command-line front of this workspace.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
pub(crate) struct Xtask {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Demo(Demo),
    Test(Test),
    Asm(Asm),
    Bench(Bench),
    Count(Count),
    Npm(Npm),
    Exhaustive(Exhaustive),
}

/// Ranks the passages of a real book for real questions; or another demo, which comes by its name
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
pub(crate) struct Demo {
    #[command(subcommand)]
    pub(crate) other: Option<OtherDemo>,
    /// The number of one question, or how a word in it begins; all questions without it
    pub(crate) question: Vec<String>,
    /// Show it on a page in the browser, served on this machine only, until Ctrl-C
    #[arg(long)]
    pub(crate) web: bool,
    /// The page's port, 4173 without it; 0 takes any that is free
    #[arg(long, value_name = "N", requires = "web")]
    pub(crate) port: Option<u16>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum OtherDemo {
    Indicators(Indicators),
    /// Fetches a sentence-embedding model, runs it on real questions, and compares its embeddings with known ones
    Nn,
}

/// Runs all indicators over the prices of a real market: last values, times, and a page with charts
#[derive(Args, Debug)]
pub(crate) struct Indicators {
    /// Chart so many bars, the last ones; 500 without it
    #[arg(long, value_name = "N")]
    pub(crate) bars: Option<usize>,
    /// Write the page to this file; target/demo/indicators.html without it
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// Fetches what is needed and runs every check and every test that belongs to this platform
#[derive(Args, Debug)]
pub(crate) struct Test {
    /// The steps to run; all without it
    pub(crate) steps: Vec<String>,
    /// Print the steps, what each is for, where it belongs and its budget, and run nothing
    #[arg(long)]
    pub(crate) list: bool,
}

/// Reads the machine code of a kernel's hot functions, and the opcodes of WebAssembly: no calls, no vector spills, as many
/// FMAs as expected
#[derive(Args, Debug)]
pub(crate) struct Asm {
    /// The kernel
    #[arg(default_value = "maxsim")]
    pub(crate) name: String,
    /// Print the hot functions' instructions too
    #[arg(long)]
    pub(crate) code: bool,
}

/// Runs benchmarks, which also check their results; or compares kernels with other libraries; or shows what came of that
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
pub(crate) struct Bench {
    #[command(subcommand)]
    pub(crate) other: Option<OtherBench>,
    /// The benchmarks: files of `benches/benches` or `benches/wasm`, without their endings; with `--against`, the kernels,
    /// all of them without it
    pub(crate) names: Vec<String>,
    /// Compare with other libraries, and write a report: with `none`, with those that are `installed`, with `all`, or with
    /// those of these names
    #[arg(long, value_name = "WHO", num_args = 1.., value_delimiter = ',')]
    pub(crate) against: Vec<String>,
    /// A first look: the smaller cases, and fewer samples
    #[arg(long, requires = "against")]
    pub(crate) quick: bool,
    /// Keep the comparison under `benches/record`
    #[arg(long, requires = "against")]
    pub(crate) record: bool,
    /// Write the figures to this file, as a JSON list of rows
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Fail if a figure is below its target in `benches/targets.toml`
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum OtherBench {
    /// Writes the report of a comparison: `report.html`, `report.md` and `report.json` in `target/bench`
    Report(BenchReport),
    /// Writes the table of a comparison into README
    Readme(BenchReadme),
}

/// Writes the report of a comparison
#[derive(Args, Debug)]
pub(crate) struct BenchReport {
    /// The record; the last one that was measured here without it
    #[arg(conflicts_with = "compare")]
    pub(crate) record: Option<PathBuf>,
    /// Show the second of two records, and what changed since the first beyond the spread
    #[arg(long, num_args = 2, value_names = ["A", "B"])]
    pub(crate) compare: Vec<PathBuf>,
}

/// Writes the table of a comparison into README
#[derive(Args, Debug)]
pub(crate) struct BenchReadme {
    /// The record; the last one under `benches/record` without it
    pub(crate) record: Option<PathBuf>,
}

/// Counts the instructions of a kernel's operations by callgrind, and compares them with the record
#[derive(Args, Debug)]
pub(crate) struct Count {
    /// The kernels; all of them without it
    pub(crate) kernels: Vec<String>,
    /// Keep the counts as the record: `benches/counts`
    #[arg(long)]
    pub(crate) record: bool,
}

/// Makes the npm package of a kernel crate: `target/npm/NAME` and its tarball beside it
#[derive(Args, Debug)]
pub(crate) struct Npm {
    /// The kernel crate; every one that has bindings (`crates/NAME/wasm`) without it
    pub(crate) name: Option<String>,
    /// List the tarball, and fail if it lacks a file, has one too many, or a `.wasm` is over `npm/budgets.toml`
    #[arg(long)]
    pub(crate) check: bool,
}

/// Checks activations at all 2^32 values of an `f32`, against `f64`: one to four minutes each
#[derive(Args, Debug)]
pub(crate) struct Exhaustive {
    /// The activations, e.g. `exp`; all without it
    pub(crate) names: Vec<String>,
    /// The instruction set; the best of this machine without it
    #[arg(long)]
    pub(crate) isa: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        Xtask::command().debug_assert();
    }

    #[test]
    fn a_comparison_has_kernels_and_peers() {
        let parse = |words: &[&str]| {
            let Command::Bench(bench) = Xtask::try_parse_from([&["xtask", "bench"], words].concat())?.command
            else {
                panic!("{words:?}");
            };
            Ok::<_, clap::Error>(bench)
        };
        let bench = parse(&["nn", "pool", "--against", "gemm", "numpy", "--quick"]).unwrap();
        assert_eq!(
            (bench.names, bench.against),
            (vec!["nn".into(), "pool".into()], vec!["gemm".into(), "numpy".into()])
        );
        assert_eq!(parse(&["--against", "gemm,numpy"]).unwrap().against.len(), 2);
        for words in
            [&["nn", "--quick"][..], &["nn", "--record"], &["--against"], &["report", "--compare", "a"]]
        {
            assert!(parse(words).is_err(), "{words:?}");
        }
        assert!(matches!(
            parse(&["report", "--compare", "a", "b"]).unwrap().other,
            Some(OtherBench::Report(_))
        ));
    }

    #[test]
    fn a_port_is_for_the_page_only() {
        let parse = |words: &[&str]| Xtask::try_parse_from([&["xtask", "demo"], words].concat());
        assert!(parse(&["--web", "--port", "0", "14"]).is_ok());
        assert!(parse(&["14"]).is_ok());
        assert!(parse(&["--port", "0"]).is_err());
        assert!(parse(&["--web", "--port", "65536"]).is_err());
    }

    #[test]
    fn a_demo_has_a_name_and_a_question_has_words() {
        let parse = |words: &[&str]| {
            let Command::Demo(demo) = Xtask::try_parse_from([&["xtask", "demo"], words].concat())?.command
            else {
                panic!("{words:?}");
            };
            Ok::<_, clap::Error>(demo)
        };
        assert!(matches!(
            parse(&["indicators", "--bars", "9"]).unwrap().other,
            Some(OtherDemo::Indicators(_))
        ));
        for words in [&["smart", "pointer"][..], &["smart", "indicators"], &["help"], &["14"], &[]] {
            let demo = parse(words).unwrap();
            assert!(demo.other.is_none());
            assert_eq!(demo.question, words);
        }
        assert!(parse(&["indicators", "--web"]).is_err());
        assert!(parse(&["indicators", "sma"]).is_err());
        assert!(parse(&["indicators", "--bars", "x"]).is_err());
        assert!(parse(&["--bars", "9"]).is_err());
    }
}
