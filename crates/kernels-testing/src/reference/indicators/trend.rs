//! How far prices go, and which way: Wilder, 1978.

use super::averages::wilder;
use super::{Adx, Double, bars, changes, percent, rounded, zip};

fn true_ranges(bars: &[[f64; 3]]) -> Vec<Double> {
    changes(bars, |[_, _, before], [high, low, _]| {
        (high - low).max((high - before).abs()).max((low - before).abs())
    })
}

/// The part of the bar's range that is largest with the close before it.
#[must_use]
pub fn true_range(high: &[f64], low: &[f64], close: &[f64]) -> Vec<f64> {
    rounded(&true_ranges(&bars([high, low, close])))
}

/// Average true range.
#[must_use]
pub fn atr(high: &[f64], low: &[f64], close: &[f64], period: usize) -> Vec<f64> {
    rounded(&wilder(&true_ranges(&bars([high, low, close])), period))
}

/// The sum of the first `period - 1` values, then a `1 / period` of it less at each value more.
fn fading_sum(data: &[Double], period: usize) -> Vec<Double> {
    let (mut count, mut sum) = (0, Double::ZERO);
    let of_value = |&x: &Double| {
        if x.is_nan() {
            return x;
        }
        count += 1;
        if count < period {
            sum = sum + x;
            return Double::NAN;
        }
        sum = sum - sum / Double::from(period as f64) + x;
        sum
    };
    data.iter().map(of_value).collect()
}

/// Average directional index, and the two indicators of direction.
#[must_use]
pub fn adx(high: &[f64], low: &[f64], close: &[f64], period: usize) -> Adx {
    let bars = bars([high, low, close]);
    let up = changes(&bars, |before, now| {
        let (up, down) = (now[0] - before[0], before[1] - now[1]);
        if up > down && up > 0.0 { up } else { 0.0 }
    });
    let down = changes(&bars, |before, now| {
        let (up, down) = (now[0] - before[0], before[1] - now[1]);
        if down > up && down > 0.0 { down } else { 0.0 }
    });
    let range = fading_sum(&true_ranges(&bars), period);
    let plus_di = zip(&fading_sum(&up, period), &range, percent);
    let minus_di = zip(&fading_sum(&down, period), &range, percent);
    let mut last = Double::ZERO;
    let dx = zip(&plus_di, &minus_di, |plus, minus| {
        let (apart, sum) = (plus - minus, plus + minus);
        if sum.is_nan() {
            return sum;
        }
        if sum != Double::ZERO {
            last = percent(if apart.round() < 0.0 { -apart } else { apart }, sum);
        }
        last
    });
    let adx = wilder(&dx, period);
    Adx { adx: rounded(&adx), plus_di: rounded(&plus_di), minus_di: rounded(&minus_di) }
}
