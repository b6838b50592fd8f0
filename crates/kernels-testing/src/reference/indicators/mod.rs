//! Technical indicators, each from its formula, in [`Double`]: the last rounding is the only one that counts.
//!
//! Every output has the length of the input, and is NaN where it has no value. A bar is NaN if any of its inputs there
//! is NaN or infinite. Nothing is checked: periods from 1 on, inputs of one length.
//!
//! - A window is looked at anew at each bar, and is NaN if a bar of it is.
//! - A recursion passes over NaN bars: they are NaN, and it goes on as if they were not there.
//! - What compares a bar with the one before is NaN at the bar after a NaN bar too.

mod averages;
mod momentum;
mod trend;
mod volume;
mod windows;

pub use averages::{dema, ema, ema_exact, macd, smma, smma_exact, tema};
pub use momentum::{rsi, stochastic};
pub use trend::{adx, atr, true_range};
pub use volume::{obv, vwap, vwap_anchored, vwma};
pub use windows::{alma, bollinger, hma, sma, stddev, wma};

use super::Double;

/// Bollinger bands.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Bands {
    pub upper: Vec<f64>,
    pub middle: Vec<f64>,
    pub lower: Vec<f64>,
}

/// What [`macd`] gives.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Macd {
    pub line: Vec<f64>,
    pub signal: Vec<f64>,
    pub histogram: Vec<f64>,
}

/// What [`adx`] gives.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Adx {
    pub adx: Vec<f64>,
    pub plus_di: Vec<f64>,
    pub minus_di: Vec<f64>,
}

/// What [`stochastic`] gives.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Stochastic {
    pub k: Vec<f64>,
    pub d: Vec<f64>,
}

/// The inputs bar by bar: all NaN where any is NaN or infinite.
fn bars<const N: usize>(inputs: [&[f64]; N]) -> Vec<[f64; N]> {
    let bar = |i: usize| inputs.map(|input| input[i]);
    let len = inputs[0].len();
    (0..len).map(bar).map(|bar| if bar.iter().all(|x| x.is_finite()) { bar } else { [f64::NAN; N] }).collect()
}

/// One input: NaN where it is infinite.
fn values(data: &[f64]) -> Vec<Double> {
    bars([data]).iter().map(|&[x]| x.into()).collect()
}

/// `of` the bar before and the bar, at each bar but the first.
fn changes<const N: usize>(bars: &[[f64; N]], of: impl Fn([f64; N], [f64; N]) -> f64) -> Vec<Double> {
    let change = |before: [f64; N], bar: [f64; N]| {
        if before[0].is_nan() || bar[0].is_nan() { f64::NAN } else { of(before, bar) }
    };
    let first = bars.first().map(|_| Double::NAN);
    first.into_iter().chain(bars.windows(2).map(|pair| change(pair[0], pair[1]).into())).collect()
}

/// `of` each window that is full.
fn windows<T>(data: &[T], period: usize, of: impl Fn(&[T]) -> Double) -> Vec<Double> {
    (0..data.len())
        .map(|i| if i + 1 < period { Double::NAN } else { of(&data[i + 1 - period..=i]) })
        .collect()
}

/// `of` the values side by side.
fn zip(a: &[Double], b: &[Double], mut of: impl FnMut(Double, Double) -> Double) -> Vec<Double> {
    a.iter().zip(b).map(|(&a, &b)| of(a, b)).collect()
}

fn rounded(results: &[Double]) -> Vec<f64> {
    results.iter().map(|x| x.round()).collect()
}

/// `100 a / b`, and 0 where `b` is.
fn percent(a: Double, b: Double) -> Double {
    if b == Double::ZERO { b } else { Double::from(100.0) * a / b }
}
