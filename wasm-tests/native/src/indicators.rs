//! All indicators over real prices and over prices with gaps.

use crate::archive::Archive;
use anyhow::Result;
use kernels_indicators as ki;
use kernels_testing::{Random, prices};
use std::path::Path;

/// Bars of the real series.
const REAL: std::ops::Range<usize> = 5000..6500;

/// Bars at random: more than the pieces in which some kernels work.
const RANDOM: usize = 5003;

/// The series that all indicators read from, as JavaScript calls them.
struct Series<'a> {
    high: &'a [f64],
    low: &'a [f64],
    data: &'a [f64],
    volume: &'a [f64],
}

pub(crate) fn write(folder: &Path) -> Result<()> {
    let mut archive = Archive::default();
    let real = prices::bitcoin();
    let part = |values: &[f64]| values[REAL].to_vec();
    add(&mut archive, "real", [&real.high, &real.low, &real.close, &real.volume].map(|values| part(values)))?;

    let mut random = Random::new(8);
    let bars = random.bars(RANDOM);
    let mut gaps = [bars.high, bars.low, bars.close, bars.volume];
    for series in &mut gaps {
        series[..3].fill(f64::NAN);
        for _ in 0..4 {
            series[random.below(RANDOM)] = f64::NAN;
        }
    }
    add(&mut archive, "gaps", gaps)?;
    archive.write(&folder.join("native.safetensors"))
}

fn add(archive: &mut Archive, name: &str, [high, low, data, volume]: [Vec<f64>; 4]) -> Result<()> {
    let series = Series { high: &high, low: &low, data: &data, volume: &volume };
    for (what, values) in [("high", &high), ("low", &low), ("data", &data), ("volume", &volume)] {
        archive.f64(format!("{name}.{what}"), values);
    }
    // Names as in JavaScript: indicator, parameters, output.
    let mut put = |what: &str, values: &[f64]| archive.f64(format!("{name}.result.{what}"), values);
    for period in [1, 2, 14, 200] {
        one_series(period, &data, &mut put)?;
        several_series(period, &series, &mut put)?;
    }
    let Series { high, low, data, volume } = series;
    put("alma 9 0.85 6", &ki::alma(data, 9, 0.85, 6.0)?);
    put("alma 300 0.5 3.5", &ki::alma(data, 300, 0.5, 3.5)?);
    for (period, k) in [(20, 2.0), (5, -1.5)] {
        let bands = ki::bollinger(data, period, k)?;
        put(&format!("bollinger {period} {k} upper"), &bands.upper);
        put(&format!("bollinger {period} {k} middle"), &bands.middle);
        put(&format!("bollinger {period} {k} lower"), &bands.lower);
    }
    for (fast, slow, signal) in [(12, 26, 9), (1, 2, 1)] {
        let macd = ki::macd(data, fast, slow, signal)?;
        put(&format!("macd {fast} {slow} {signal} line"), &macd.line);
        put(&format!("macd {fast} {slow} {signal} signal"), &macd.signal);
        put(&format!("macd {fast} {slow} {signal} histogram"), &macd.histogram);
    }
    for (period, slow, of_d) in [(14, 3, 3), (5, 1, 2)] {
        let stochastic = ki::stochastic(high, low, data, period, slow, of_d)?;
        put(&format!("stochastic {period} {slow} {of_d} k"), &stochastic.k);
        put(&format!("stochastic {period} {slow} {of_d} d"), &stochastic.d);
    }
    put("trueRange", &ki::true_range(high, low, data)?);
    put("obv", &ki::obv(data, volume)?);
    put("vwap", &ki::vwap(high, low, data, volume)?);
    put("vwapAnchored 7,100,101", &ki::vwap_anchored(high, low, data, volume, &[7, 100, 101])?);
    Ok(())
}

fn one_series(period: usize, data: &[f64], put: &mut impl FnMut(&str, &[f64])) -> Result<()> {
    type Indicator = fn(&[f64], usize) -> Result<Vec<f64>, ki::Error>;
    let indicators: [(&str, Indicator); 9] = [
        ("smma", ki::smma),
        ("ema", ki::ema),
        ("sma", ki::sma),
        ("wma", ki::wma),
        ("stddev", ki::stddev),
        ("dema", ki::dema),
        ("tema", ki::tema),
        ("hma", ki::hma),
        ("rsi", ki::rsi),
    ];
    for (name, indicator) in indicators {
        put(&format!("{name} {period}"), &indicator(data, period)?);
    }
    Ok(())
}

fn several_series(period: usize, series: &Series<'_>, put: &mut impl FnMut(&str, &[f64])) -> Result<()> {
    let Series { high, low, data, volume } = *series;
    put(&format!("atr {period}"), &ki::atr(high, low, data, period)?);
    put(&format!("vwma {period}"), &ki::vwma(data, volume, period)?);
    let adx = ki::adx(high, low, data, period)?;
    put(&format!("adx {period} adx"), &adx.adx);
    put(&format!("adx {period} plusDi"), &adx.plus_di);
    put(&format!("adx {period} minusDi"), &adx.minus_di);
    Ok(())
}
