//! Averages that remember all that came before.

use super::{Double, Macd, rounded, values, zip};

/// The mean of the first `period` values, then `step` from one to the next.
fn recursion(data: &[Double], period: usize, step: impl Fn(Double, Double) -> Double) -> Vec<Double> {
    let (mut count, mut sum, mut state) = (0, Double::ZERO, Double::NAN);
    let of_value = |&x: &Double| {
        if x.is_nan() {
            return x;
        }
        count += 1;
        sum = sum + x;
        if count == period {
            state = sum / Double::from(period as f64);
        } else if count > period {
            state = step(state, x);
        }
        state
    };
    data.iter().map(of_value).collect()
}

/// Wilder's smoothing: a `1 / period` of the way to each value.
pub(super) fn wilder(data: &[Double], period: usize) -> Vec<Double> {
    recursion(data, period, |state, x| state + (x - state) / Double::from(period as f64))
}

/// A `2 / (period + 1)` of the way to each value.
fn exponential(data: &[Double], period: usize) -> Vec<Double> {
    let n = Double::from(period as f64 + 1.0);
    recursion(data, period, |state, x| state + Double::from(2.0) * (x - state) / n)
}

/// Smoothed moving average.
#[must_use]
pub fn smma(data: &[f64], period: usize) -> Vec<f64> {
    rounded(&smma_exact(data, period))
}

/// As [`smma`], before it is rounded.
#[must_use]
pub fn smma_exact(data: &[f64], period: usize) -> Vec<Double> {
    wilder(&values(data), period)
}

/// Exponential moving average.
#[must_use]
pub fn ema(data: &[f64], period: usize) -> Vec<f64> {
    rounded(&ema_exact(data, period))
}

/// As [`ema`], before it is rounded.
#[must_use]
pub fn ema_exact(data: &[f64], period: usize) -> Vec<Double> {
    exponential(&values(data), period)
}

/// Double exponential moving average: `2 e1 - e2`, `e2` the average of the average.
#[must_use]
pub fn dema(data: &[f64], period: usize) -> Vec<f64> {
    let e1 = ema_exact(data, period);
    let e2 = exponential(&e1, period);
    rounded(&zip(&e1, &e2, |e1, e2| Double::from(2.0) * e1 - e2))
}

/// Triple exponential moving average: `3 e1 - 3 e2 + e3`.
#[must_use]
pub fn tema(data: &[f64], period: usize) -> Vec<f64> {
    let e1 = ema_exact(data, period);
    let e2 = exponential(&e1, period);
    let e3 = exponential(&e2, period);
    let three_times = zip(&e1, &e2, |e1, e2| Double::from(3.0) * (e1 - e2));
    rounded(&zip(&three_times, &e3, |three_times, e3| three_times + e3))
}

/// Moving average convergence and divergence: the fast average less the slow one, its average, and their difference.
#[must_use]
pub fn macd(data: &[f64], fast: usize, slow: usize, signal: usize) -> Macd {
    let data = values(data);
    // Both averages start at the same bar: to the fast one the values before its seed are not there.
    let (mut late, mut to_skip) = (data.clone(), slow - fast);
    for x in &mut late {
        if !x.is_nan() && to_skip > 0 {
            (*x, to_skip) = (Double::NAN, to_skip - 1);
        }
    }
    let line = zip(&exponential(&late, fast), &exponential(&data, slow), |fast, slow| fast - slow);
    let signal = exponential(&line, signal);
    let line = zip(&line, &signal, |line, signal| if signal.is_nan() { signal } else { line });
    let histogram = zip(&line, &signal, |line, signal| line - signal);
    Macd { line: rounded(&line), signal: rounded(&signal), histogram: rounded(&histogram) }
}
