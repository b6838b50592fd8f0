//! Prices and what was traded at them.

use super::{Double, bars, rounded, windows};

/// On-balance volume: the first volume, and then that of each rise more, and that of each fall less.
#[must_use]
pub fn obv(close: &[f64], volume: &[f64]) -> Vec<f64> {
    let bars = bars([close, volume]);
    let mut total = None;
    let of_bar = |i: usize| {
        let [close, volume] = bars[i];
        if close.is_nan() {
            return close;
        }
        let Some(total) = &mut total else {
            return total.insert(Double::from(volume)).round();
        };
        let [before, _] = bars[i - 1];
        if before.is_nan() {
            return before;
        }
        if close > before {
            *total = *total + volume.into();
        } else if close < before {
            *total = *total - volume.into();
        }
        total.round()
    };
    (0..bars.len()).map(of_bar).collect()
}

/// `sum / volume`, NaN where nothing was traded.
fn mean_price(sum: Double, volume: Double) -> Double {
    if volume == Double::ZERO { Double::NAN } else { sum / volume }
}

/// The mean of a window, weighted by volume.
#[must_use]
pub fn vwma(data: &[f64], volume: &[f64], period: usize) -> Vec<f64> {
    let means = windows(&bars([data, volume]), period, |window| {
        let sum = window.iter().map(|&[x, volume]| Double::from(x) * volume.into()).sum();
        mean_price(sum, window.iter().map(|&[_, volume]| Double::from(volume)).sum())
    });
    rounded(&means)
}

/// The mean of all typical prices so far, weighted by volume.
#[must_use]
pub fn vwap(high: &[f64], low: &[f64], close: &[f64], volume: &[f64]) -> Vec<f64> {
    vwap_anchored(high, low, close, volume, &[0])
}

/// As [`vwap`], beginning anew at each of the bars `starts`.
#[must_use]
pub fn vwap_anchored(high: &[f64], low: &[f64], close: &[f64], volume: &[f64], starts: &[usize]) -> Vec<f64> {
    let (mut prices, mut volumes) = (Double::NAN, Double::NAN);
    let of_bar = |(i, [high, low, close, volume]): (usize, [f64; 4])| {
        if starts.contains(&i) {
            (prices, volumes) = (Double::ZERO, Double::ZERO);
        }
        if high.is_nan() {
            return high;
        }
        let typical = (Double::from(high) + low.into() + close.into()) / Double::from(3.0);
        (prices, volumes) = (prices + typical * volume.into(), volumes + volume.into());
        mean_price(prices, volumes).round()
    };
    bars([high, low, close, volume]).into_iter().enumerate().map(of_bar).collect()
}
