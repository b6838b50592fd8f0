//! What depends on the last `period` values only.

use super::{Bands, Double, rounded, values, windows, zip};

pub(super) fn mean(window: &[Double]) -> Double {
    window.iter().copied().sum::<Double>() / Double::from(window.len() as f64)
}

/// The mean with weights, which need not sum to 1.
fn weighted_mean(window: &[Double], weights: &[Double]) -> Double {
    zip(window, weights, |x, weight| x * weight).into_iter().sum::<Double>() / weights.iter().copied().sum()
}

/// In two passes: what is squared is the distance from the mean.
fn deviation(window: &[Double]) -> Double {
    let middle = mean(window);
    let squares: Vec<Double> = window.iter().map(|&x| (x - middle) * (x - middle)).collect();
    mean(&squares).sqrt()
}

/// The newest value weighs `period`, the oldest 1.
fn linearly_weighted(data: &[Double], period: usize) -> Vec<Double> {
    let weights: Vec<Double> = (1..=period).map(|weight| (weight as f64).into()).collect();
    windows(data, period, |window| weighted_mean(window, &weights))
}

/// Simple moving average.
#[must_use]
pub fn sma(data: &[f64], period: usize) -> Vec<f64> {
    rounded(&windows(&values(data), period, mean))
}

/// Linearly weighted moving average.
#[must_use]
pub fn wma(data: &[f64], period: usize) -> Vec<f64> {
    rounded(&linearly_weighted(&values(data), period))
}

/// Hull's moving average.
#[must_use]
pub fn hma(data: &[f64], period: usize) -> Vec<f64> {
    let data = values(data);
    let half = linearly_weighted(&data, (period / 2).max(1));
    let whole = linearly_weighted(&data, period);
    let ahead = zip(&half, &whole, |half, whole| Double::from(2.0) * half - whole);
    rounded(&linearly_weighted(&ahead, period.isqrt()))
}

/// Arnaud Legoux's moving average: weights on a bell curve, `period / sigma` wide, its peak at `offset` of the window.
#[must_use]
pub fn alma(data: &[f64], period: usize, offset: f64, sigma: f64) -> Vec<f64> {
    let (peak, width) = (offset * (period - 1) as f64, period as f64 / sigma);
    let squares = (0..period).map(|i| (i as f64 - peak).powi(2));
    // A common factor of all weights, so that a narrow bell does not make all of them 0.
    let nearest = squares.clone().fold(f64::INFINITY, f64::min);
    let weights: Vec<Double> = squares.map(|x| ((nearest - x) / width / width / 2.0).exp().into()).collect();
    rounded(&windows(&values(data), period, |window| weighted_mean(window, &weights)))
}

/// Standard deviation of the population.
#[must_use]
pub fn stddev(data: &[f64], period: usize) -> Vec<f64> {
    rounded(&windows(&values(data), period, deviation))
}

/// The mean, and `k` standard deviations to either side.
#[must_use]
pub fn bollinger(data: &[f64], period: usize, k: f64) -> Bands {
    let data = values(data);
    let middle = windows(&data, period, mean);
    let width = windows(&data, period, |window| Double::from(k) * deviation(window));
    let (upper, lower) = (zip(&middle, &width, |x, y| x + y), zip(&middle, &width, |x, y| x - y));
    Bands { upper: rounded(&upper), middle: rounded(&middle), lower: rounded(&lower) }
}
