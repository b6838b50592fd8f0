//! The page of all indicators: complete, well formed, right, and alone.

use kernels_benches::page;
use kernels_benches::prices_page::{Computed, INDICATORS, Report, Series, grouped};
use kernels_indicators::*;
use std::process::{Command, Output};
use std::sync::LazyLock;

/// Shows so many bars.
const BARS: usize = 500;

static REPORT: LazyLock<Report> =
    LazyLock::new(|| Report::new(Series::bitcoin(), 20_000).expect("bars enough for all"));
static PAGE: LazyLock<String> = LazyLock::new(|| REPORT.page(BARS).expect("charts"));

/// The last values of every function, called with the settings that the page names.
fn direct() -> Result<Vec<(&'static str, Vec<f64>)>, Error> {
    let Series { high, low, close, volume, months, .. } = Series::bitcoin();
    let last = |values: Vec<f64>| values.last().copied().unwrap_or(f64::NAN);
    let bands = bollinger(&close, 20, 2.0)?;
    let macd = macd(&close, 12, 26, 9)?;
    let stochastic = stochastic(&high, &low, &close, 14, 3, 3)?;
    let adx = adx(&high, &low, &close, 14)?;
    Ok(vec![
        ("SMMA 50", vec![last(smma(&close, 50)?)]),
        ("EMA 50", vec![last(ema(&close, 50)?)]),
        ("SMA 50", vec![last(sma(&close, 50)?)]),
        ("WMA 50", vec![last(wma(&close, 50)?)]),
        ("ALMA 50, 0.85, 6", vec![last(alma(&close, 50, 0.85, 6.0)?)]),
        ("DEMA 50", vec![last(dema(&close, 50)?)]),
        ("TEMA 50", vec![last(tema(&close, 50)?)]),
        ("HMA 50", vec![last(hma(&close, 50)?)]),
        ("Bollinger bands 20, 2", vec![last(bands.upper), last(bands.middle), last(bands.lower)]),
        ("Std. deviation 20", vec![last(stddev(&close, 20)?)]),
        ("MACD 12, 26, 9", vec![last(macd.line), last(macd.signal), last(macd.histogram)]),
        ("RSI 14", vec![last(rsi(&close, 14)?)]),
        ("Stochastic 14, 3, 3", vec![last(stochastic.k), last(stochastic.d)]),
        ("ADX 14", vec![last(adx.adx), last(adx.plus_di), last(adx.minus_di)]),
        ("True range", vec![last(true_range(&high, &low, &close)?)]),
        ("ATR 14", vec![last(atr(&high, &low, &close, 14)?)]),
        ("OBV", vec![last(obv(&close, &volume)?)]),
        ("VWMA 50", vec![last(vwma(&close, &volume, 50)?)]),
        ("VWAP, monthly", vec![last(vwap_anchored(&high, &low, &close, &volume, &months)?)]),
        ("VWAP", vec![last(vwap(&high, &low, &close, &volume)?)]),
    ])
}

fn demo(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_demo-indicators")).args(args).output().expect("the demo runs")
}

#[test]
fn the_last_values_are_those_of_the_functions() {
    let direct = direct().expect("bars enough for all");
    assert_eq!(direct.len(), INDICATORS.len());
    for ((label, values), computed) in direct.iter().zip(&REPORT.computed) {
        let got: Vec<f64> = computed.last().map(|(_, value)| value).collect();
        assert_eq!((computed.indicator.label(), &got), ((*label).to_owned(), values));
        assert!(values.iter().all(|value| value.is_finite()), "{label}: {values:?}");
    }
}

#[test]
fn the_page_has_every_value_in_a_chart_and_in_the_table() {
    let (charts, table) = PAGE.split_once(r#"<section id="values">"#).expect("a table");
    for computed in &REPORT.computed {
        let label = computed.indicator.label();
        assert!(table.contains(&format!(">{label}</th>")), "{label}");
        for (name, value) in computed.last() {
            let value = grouped(value, 2);
            assert!(charts.contains(&format!("</svg>{name} <b>{value}</b></li>")), "{label}: {name}");
            assert!(charts.contains(&format!(" {name}: from ")), "{label}: {name}");
            assert!(table.contains(&format!("{value}</td>")), "{label}: {value}");
        }
    }
    assert!(PAGE.len() < 2_000_000, "{} bytes", PAGE.len());
}

#[test]
fn pages_of_few_and_of_all_bars_are_well_formed_and_small() {
    for bars in [2, 3, 7, 499, 501, REPORT.series.bars()] {
        let page = REPORT.page(bars).expect("charts");
        page::check(&page).expect("a whole page");
        assert!(page.len() < 1_000_000, "{} bytes for {bars} bars", page.len());
        assert!(!page.contains("inf"), "of {bars} bars");
    }
}

#[test]
fn the_page_asks_for_nothing_else() {
    page::check(&PAGE).expect("a whole page");
    assert!(!PAGE.contains("//"));
    let links: Vec<_> = PAGE.split("href=\"").skip(1).map(|rest| rest.split('"').next()).collect();
    assert_eq!(links, [Some("data:,"), Some("#values")]);
}

#[test]
fn series_are_repeated_with_their_months() {
    let series = Series::bitcoin();
    let twice = series.repeated(series.bars() + 300);
    assert_eq!(twice.bars(), series.bars() + 300);
    assert_eq!(twice.close[series.bars()..], series.close[..300]);
    assert!(twice.months.starts_with(&series.months));
    assert!(twice.months.len() > series.months.len() + 1);
    let Computed { values, .. } = &REPORT.computed[0];
    assert_eq!(values[0].len(), series.bars());
}

#[test]
fn the_demo_prints_values_times_and_where_the_page_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = folder.path().join("a page.html");
    let path = page.to_str().expect("a path in Unicode");
    let output = demo(&[path, "--bars", "100"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(text.lines().last(), Some(path));
    for computed in &REPORT.computed {
        let label = computed.indicator.label();
        let line = text.lines().find(|line| line.starts_with(&label)).expect(&label);
        let ms = line.split_whitespace().next_back().and_then(|ms| ms.parse::<f64>().ok());
        assert!(ms.is_some_and(|ms| ms > 0.0), "{line}");
        for (name, value) in computed.last() {
            let value = grouped(value, 2);
            assert!(text.lines().any(|line| line.contains(&value)), "{label}: {name} {value}");
        }
    }
    let written = std::fs::read_to_string(&page).expect("a page");
    assert!(written.contains("last 100 bars"));
}

#[test]
fn what_cannot_be_is_an_error_that_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = folder.path().join("page.html");
    let path = page.to_str().expect("a path in Unicode");
    for (bars, got) in [("0", "got 0"), ("1", "got 1"), ("15578", "got 15578")] {
        let output = demo(&[path, "--bars", bars]);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1));
        assert!(
            error.contains("error: --bars: expected from 2 to the 15577") && error.contains(got),
            "{error}"
        );
    }
    assert!(!page.exists());
    let nowhere = folder.path().join("no/page.html");
    let nowhere = nowhere.to_str().expect("a path in Unicode");
    let output = demo(&[nowhere]);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(error.contains(&format!("could not write {nowhere}")), "{error}");
}
