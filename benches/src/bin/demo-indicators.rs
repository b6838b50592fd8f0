//! Runs all indicators over the prices of a real market, prints their last values and times, and writes a page with charts.

use anyhow::{Context as _, Result, ensure};
use clap::Parser;
use kernels_benches::exit_code;
use kernels_benches::prices_page::{Date, Report, Series, grouped};
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// So many bars are timed, or as many as there are.
const TIMED: usize = 1_000_000;

/// Runs all indicators over the prices of a real market, and writes a page with charts
#[derive(Parser)]
struct Arguments {
    /// The page
    out: PathBuf,
    /// The last bars, which the charts show
    #[arg(long, value_name = "N", default_value_t = 500)]
    bars: usize,
}

fn main() -> ExitCode {
    exit_code(run)
}

fn run() -> Result<()> {
    let Arguments { out: path, bars } = Arguments::parse();
    let series = Series::bitcoin();
    let all = series.bars();
    ensure!((2..=all).contains(&bars), "--bars: expected from 2 to the {all} that there are, got {bars}");
    let report = Report::new(series, TIMED)?;
    let page = report.page(bars)?;
    fs::write(&path, &page).with_context(|| format!("could not write {}", path.display()))?;
    print(&mut io::stdout().lock(), &report)?;
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "\nThe page, {} kB, with charts of the last {bars} bars:\n{}",
        page.len() / 1000,
        path.display()
    )?;
    Ok(())
}

fn print(out: &mut impl Write, report: &Report) -> Result<()> {
    let Report { series, computed, .. } = report;
    let day = |time: Option<&u64>| time.map_or(String::new(), |ms| Date::of(*ms).to_string());
    writeln!(
        out,
        "{} indicators over {} bars of four hours, BTC/USD, {} to {}.\n",
        computed.len(),
        grouped(series.bars() as f64, 0),
        day(series.time.first()),
        day(series.time.last()),
    )?;
    writeln!(out, "{:<24}{:>10}{:>16}{:>24}", "indicator", "", "last value", "ms per million bars")?;
    for one in computed {
        let several = one.values.len() > 1;
        for (i, (name, value)) in one.last().enumerate() {
            let label = if i == 0 { one.indicator.label() } else { String::new() };
            let name = if several { name } else { String::new() };
            let ms = if i == 0 { format!("{:.2}", one.ms) } else { String::new() };
            let line = format!("{label:<24}{name:>10}{:>16}{ms:>24}", grouped(value, 2));
            writeln!(out, "{}", line.trim_end())?;
        }
    }
    writeln!(out, "\nTimes {}.", report.how_timed())?;
    Ok(())
}
