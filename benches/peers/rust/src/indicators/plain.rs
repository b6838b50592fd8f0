//! What one writes by hand: each formula as iterators, with a vector for each step.

use super::bars::Bars;
use crate::kernel::Outcome;
use crate::work::making;
use bench_contest::serve::Case;
use std::convert::Infallible;

pub(super) fn prepare(case: &Case) -> Outcome<'_> {
    let Some((Bars { high, low, close, volume }, settings)) = Bars::of(case)? else { return Ok(None) };
    let n = settings.period;
    let of: Box<dyn Fn() -> Vec<Vec<f64>>> = match case.operation() {
        "smma" => Box::new(move || vec![smma(close, n)]),
        "ema" => Box::new(move || vec![ema(close, n)]),
        "sma" => Box::new(move || vec![sma(close, n)]),
        "wma" => Box::new(move || vec![wma(close, n)]),
        "alma" => {
            let [offset, sigma] = settings.alma()?;
            Box::new(move || vec![alma(close, n, offset, sigma)])
        }
        "stddev" => Box::new(move || vec![stddev(close, n)]),
        "bollinger" => {
            let k = settings.bollinger()?;
            Box::new(move || bollinger(close, n, k))
        }
        "dema" => Box::new(move || {
            let e1 = ema(close, n);
            vec![each(&e1, &ema(&e1, n), |e1, e2| 2.0 * e1 - e2)]
        }),
        "tema" => Box::new(move || {
            let e1 = ema(close, n);
            let e2 = ema(&e1, n);
            let differences = each(&e1, &e2, |e1, e2| 3.0 * (e1 - e2));
            vec![each(&differences, &ema(&e2, n), |differences, e3| differences + e3)]
        }),
        "hma" => Box::new(move || vec![hma(close, n)]),
        "macd" => {
            let [fast, slow, signal] = settings.macd()?;
            Box::new(move || macd(close, fast, slow, signal))
        }
        "rsi" => Box::new(move || vec![rsi(close, n)]),
        "true_range" => Box::new(move || vec![true_range(high, low, close)]),
        "atr" => Box::new(move || vec![smma(&true_range(high, low, close), n)]),
        "adx" => Box::new(move || adx(high, low, close, n)),
        "stochastic" => {
            let [slow, signal] = settings.stochastic()?;
            Box::new(move || stochastic([high, low, close], n, slow, signal))
        }
        "obv" => Box::new(move || vec![obv(close, volume)]),
        "vwma" => Box::new(move || {
            let traded = each(close, volume, |price, volume| price * volume);
            vec![each(&windows(&traded, n, sum), &windows(volume, n, sum), |traded, volume| traded / volume)]
        }),
        "vwap" => Box::new(move || vec![vwap([high, low, close, volume])]),
        _ => return Ok(None),
    };
    making(move || Ok::<_, Infallible>(of()), |columns| columns.concat()).map(Some)
}

/// `of` the values of both at each bar.
fn each(a: &[f64], b: &[f64], of: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| of(*a, *b)).collect()
}

/// `of` each bar and the one before it; nothing at the first one.
fn changes(data: &[f64], of: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    std::iter::once(f64::NAN).chain(data.windows(2).map(|pair| of(pair[0], pair[1]))).collect()
}

/// `of` the last `n` values at each bar; nothing before there are as many.
fn windows(data: &[f64], n: usize, of: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    std::iter::repeat_n(f64::NAN, n - 1).chain(data.windows(n).map(of)).collect()
}

/// From the mean of the first `n` values on that there are, `step` from each to the next.
fn recursive(data: &[f64], n: usize, step: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    let first = data.iter().take_while(|x| x.is_nan()).count();
    let values = &data[first..];
    if values.len() < n {
        return vec![f64::NAN; data.len()];
    }
    let mut state = mean(&values[..n]);
    let mut out = vec![f64::NAN; first + n - 1];
    out.push(state);
    out.extend(values[n..].iter().map(|x| {
        state = step(state, *x);
        state
    }));
    out
}

fn sum(values: &[f64]) -> f64 {
    values.iter().sum()
}

fn mean(values: &[f64]) -> f64 {
    sum(values) / values.len() as f64
}

fn smma(data: &[f64], n: usize) -> Vec<f64> {
    let weight = 1.0 / n as f64;
    recursive(data, n, |state, x| state + (x - state) * weight)
}

fn ema(data: &[f64], n: usize) -> Vec<f64> {
    let weight = 2.0 / (n as f64 + 1.0);
    recursive(data, n, |state, x| state + (x - state) * weight)
}

fn sma(data: &[f64], n: usize) -> Vec<f64> {
    windows(data, n, mean)
}

/// The mean with weights.
fn weighted(data: &[f64], weights: &[f64]) -> Vec<f64> {
    let scale = 1.0 / sum(weights);
    windows(data, weights.len(), |window| {
        scale * window.iter().zip(weights).map(|(x, weight)| x * weight).sum::<f64>()
    })
}

fn wma(data: &[f64], n: usize) -> Vec<f64> {
    weighted(data, &(1..=n).map(|weight| weight as f64).collect::<Vec<_>>())
}

fn alma(data: &[f64], n: usize, offset: f64, sigma: f64) -> Vec<f64> {
    let (peak, width) = (offset * (n - 1) as f64, n as f64 / sigma);
    let weight = |i: usize| (-(i as f64 - peak).powi(2) / (2.0 * width * width)).exp();
    weighted(data, &(0..n).map(weight).collect::<Vec<_>>())
}

fn hma(data: &[f64], n: usize) -> Vec<f64> {
    let ahead = each(&wma(data, (n / 2).max(1)), &wma(data, n), |half, whole| 2.0 * half - whole);
    wma(&ahead, (n as f64).sqrt() as usize)
}

fn stddev(data: &[f64], n: usize) -> Vec<f64> {
    windows(data, n, |window| {
        let mean = mean(window);
        (window.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n as f64).sqrt()
    })
}

fn bollinger(data: &[f64], n: usize, k: f64) -> Vec<Vec<f64>> {
    let (middle, deviation) = (sma(data, n), stddev(data, n));
    let upper = each(&middle, &deviation, |middle, deviation| middle + k * deviation);
    let lower = each(&middle, &deviation, |middle, deviation| middle - k * deviation);
    vec![upper, middle, lower]
}

/// Both averages start at the same bar.
fn macd(data: &[f64], fast: usize, slow: usize, signal: usize) -> Vec<Vec<f64>> {
    let mut late = data.to_vec();
    late.iter_mut().take(slow.saturating_sub(fast)).for_each(|x| *x = f64::NAN);
    let line = each(&ema(&late, fast), &ema(data, slow), |fast, slow| fast - slow);
    let signal = ema(&line, signal);
    let histogram = each(&line, &signal, |line, signal| line - signal);
    vec![line, signal, histogram]
}

fn rsi(data: &[f64], n: usize) -> Vec<f64> {
    let gains = smma(&changes(data, |before, now| (now - before).max(0.0)), n);
    let losses = smma(&changes(data, |before, now| (before - now).max(0.0)), n);
    each(&gains, &losses, |gain, loss| 100.0 * gain / (gain + loss))
}

fn true_range(high: &[f64], low: &[f64], close: &[f64]) -> Vec<f64> {
    let ranges = high[1..].iter().zip(&low[1..]).zip(close);
    let range = |((high, low), last): ((&f64, &f64), &f64)| {
        (high - low).max((high - last).abs()).max((low - last).abs())
    };
    std::iter::once(f64::NAN).chain(ranges.map(range)).collect()
}

/// Wilder's sum: of the first `n - 1` values, and then a part less at each bar.
fn fading_sum(data: &[f64], n: usize) -> Vec<f64> {
    let mut state = sum(&data[1..n]);
    let sums = data[n..].iter().map(|x| {
        state += x - state / n as f64;
        state
    });
    std::iter::repeat_n(f64::NAN, n).chain(sums).collect()
}

fn adx(high: &[f64], low: &[f64], close: &[f64], n: usize) -> Vec<Vec<f64>> {
    let (ups, downs) = (changes(high, |before, now| now - before), changes(low, |before, now| before - now));
    let up = each(&ups, &downs, |up, down| if up > down && up > 0.0 { up } else { 0.0 });
    let down = each(&ups, &downs, |up, down| if down > up && down > 0.0 { down } else { 0.0 });
    let range = fading_sum(&true_range(high, low, close), n);
    let percent = |part, whole| 100.0 * part / whole;
    let plus_di = each(&fading_sum(&up, n), &range, percent);
    let minus_di = each(&fading_sum(&down, n), &range, percent);
    let dx = each(&plus_di, &minus_di, |plus, minus| percent((plus - minus).abs(), plus + minus));
    vec![smma(&dx, n), plus_di, minus_di]
}

fn stochastic([high, low, close]: [&[f64]; 3], n: usize, slow: usize, signal: usize) -> Vec<Vec<f64>> {
    let highest = windows(high, n, |window| window.iter().copied().fold(f64::NEG_INFINITY, f64::max));
    let lowest = windows(low, n, |window| window.iter().copied().fold(f64::INFINITY, f64::min));
    let within = each(close, &lowest, |close, lowest| 100.0 * (close - lowest));
    let range = each(&highest, &lowest, |highest, lowest| highest - lowest);
    let k = sma(&each(&within, &range, |within, range| within / range), slow);
    let d = sma(&k, signal);
    vec![k, d]
}

fn obv(close: &[f64], volume: &[f64]) -> Vec<f64> {
    let mut total = volume[0];
    let totals = close.windows(2).zip(&volume[1..]).map(|(pair, volume)| {
        if pair[1] > pair[0] {
            total += volume;
        } else if pair[1] < pair[0] {
            total -= volume;
        }
        total
    });
    std::iter::once(volume[0]).chain(totals).collect()
}

fn vwap([high, low, close, volume]: [&[f64]; 4]) -> Vec<f64> {
    let (mut traded, mut volumes) = (0.0, 0.0);
    let bars = high.iter().zip(low).zip(close).zip(volume);
    bars.map(|(((high, low), close), volume)| {
        traded += (high + low + close) / 3.0 * volume;
        volumes += volume;
        traded / volumes
    })
    .collect()
}
