//! Prices of a real market, and published values of an indicator: `benches/data/prices`, whose README has the sources.

use std::array;
use std::path::Path;

/// A price series, bar by bar.
#[derive(Clone, Debug, Default)]
pub struct Bars {
    /// When the bar begins: milliseconds since 1970.
    pub time: Vec<u64>,
    /// The first price.
    pub open: Vec<f64>,
    /// The highest price.
    pub high: Vec<f64>,
    /// The lowest price.
    pub low: Vec<f64>,
    /// The last price.
    pub close: Vec<f64>,
    /// How much was traded.
    pub volume: Vec<f64>,
}

/// A value of the SMMA of [`golden_input`], by two independent libraries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Golden {
    /// The period.
    pub period: usize,
    /// The bar of the value.
    pub bar: usize,
    /// The value, by each library.
    pub values: [f64; 2],
}

/// 15,577 bars of four hours: BTC/USD from July 2017 to September 2024. One of them has no trade.
///
/// # Panics
/// If the file cannot be read.
#[must_use]
pub fn bitcoin() -> Bars {
    let mut bars = Bars::default();
    for [time, open, close, high, low, volume] in rows("bitfinex_btcusd_4h.csv") {
        bars.time.push(time.parse().expect("a time"));
        bars.open.push(number(&open));
        bars.high.push(number(&high));
        bars.low.push(number(&low));
        bars.close.push(number(&close));
        bars.volume.push(number(&volume));
    }
    bars
}

/// What the golden values are the SMMA of.
#[must_use]
pub fn golden_input() -> Vec<f64> {
    (0..252).map(|i| f64::from((i * 37) % 401 - 200) / 8.0).collect()
}

/// The golden values.
///
/// # Panics
/// If the file cannot be read.
#[must_use]
pub fn goldens() -> Vec<Golden> {
    let golden = |[_, period, bar, one, other]: [String; 5]| Golden {
        period: period.parse().expect("a period"),
        bar: bar.parse().expect("a bar"),
        values: [number(&one), number(&other)],
    };
    rows("rma_golden_two_oracles.csv").map(golden).collect()
}

fn number(text: &str) -> f64 {
    text.parse().expect("a number")
}

/// The rows of a file of comma-separated values without quotes, below its header.
fn rows<const N: usize>(name: &str) -> impl Iterator<Item = [String; N]> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../benches/data/prices")).join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let rows: Vec<[String; N]> = text.lines().skip(1).map(row).collect();
    rows.into_iter()
}

fn row<const N: usize>(line: &str) -> [String; N] {
    let mut cells = line.split(',');
    let row = array::from_fn(|_| cells.next().expect("another column").to_owned());
    assert_eq!(cells.next(), None, "one column too many");
    row
}
