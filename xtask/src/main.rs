//! `cargo xtask`: the demo, the tests, the benchmarks, the look at the machine code and the npm packages, each one
//! command.
//!
//! A module per command; [`flags`] has the command line, [`tools`] fetches what a command needs, [`process`] is
//! the one way in which other programs are run.

mod asm;
mod bench;
mod count;
mod demo;
mod exhaustive;
mod flags;
mod npm;
mod process;
mod pypi;
mod test;
mod tools;
mod workspace;

use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let result = match flags::Xtask::parse().command {
        flags::Command::Demo(flags) => demo::run(&flags),
        flags::Command::Test(flags) => test::run(&flags),
        flags::Command::Asm(flags) => asm::run(&flags),
        flags::Command::Bench(flags) => bench::run(&flags),
        flags::Command::Count(flags) => count::run(&flags),
        flags::Command::Npm(flags) => npm::run(&flags),
        flags::Command::Exhaustive(flags) => exhaustive::run(&flags),
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}
