//! Where the price is, between 0 and 100.

use super::averages::wilder;
use super::windows::mean;
use super::{Double, Stochastic, bars, changes, percent, rounded, windows, zip};

/// Relative strength index: smoothed gains as a part of smoothed gains and losses.
#[must_use]
pub fn rsi(data: &[f64], period: usize) -> Vec<f64> {
    let bars = bars([data]);
    let gains = changes(&bars, |[before], [now]| if now > before { now - before } else { 0.0 });
    let losses = changes(&bars, |[before], [now]| if now < before { before - now } else { 0.0 });
    let (gains, losses) = (wilder(&gains, period), wilder(&losses, period));
    rounded(&zip(&gains, &losses, |gain, loss| percent(gain, gain + loss)))
}

/// Where the close is between the lowest low and the highest high: its mean, and the mean of that.
#[must_use]
pub fn stochastic(
    high: &[f64],
    low: &[f64],
    close: &[f64],
    k_period: usize,
    k_slow: usize,
    d_period: usize,
) -> Stochastic {
    let bars = bars([high, low, close]);
    let fast = windows(&bars, k_period, |window| {
        if window.iter().any(|[high, ..]| high.is_nan()) {
            return Double::NAN;
        }
        let highest = window.iter().map(|&[high, ..]| high).fold(f64::NEG_INFINITY, f64::max);
        let lowest = window.iter().map(|&[_, low, _]| low).fold(f64::INFINITY, f64::min);
        let [.., close] = window[window.len() - 1];
        percent(Double::from(close) - lowest.into(), Double::from(highest) - lowest.into())
    });
    let k = windows(&fast, k_slow, mean);
    let d = windows(&k, d_period, mean);
    // Both begin at the same bar.
    let first = bars.iter().take_while(|[high, ..]| high.is_nan()).count() + k_period + k_slow + d_period - 3;
    let mut k = rounded(&k);
    k.iter_mut().take(first).for_each(|k| *k = f64::NAN);
    Stochastic { k, d: rounded(&d) }
}
