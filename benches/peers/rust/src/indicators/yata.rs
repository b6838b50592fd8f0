//! [yata](https://crates.io/crates/yata): streams, here with its feature `unsafe_performance`. Those of several outputs
//! also find signals to buy and sell.
//!
//! Nothing is left undefined: all that is before the first bar is like the first bar. Without FMA at compile time, its
//! multiply-adds are calls of a function.

use super::bars::Bars;
use super::run::Run;
use crate::kernel::Outcome;
use anyhow::{Context as _, Result};
use bench_contest::serve::Case;
use yata::core::{Candle, IndicatorConfig, IndicatorInstance as _, Method, OHLCV, Source};
use yata::helpers::MA;
use yata::indicators::{AverageDirectionalIndex, BollingerBands, RSI, StochasticOscillator};
use yata::methods::{DEMA, EMA, HMA, RMA, SMA, StDev, TEMA, TR, VWMA, WMA};

const SEED: &str = "all before the first bar is as that";

pub(super) fn prepare(case: &Case) -> Outcome<'_> {
    let Some((bars, settings)) = Bars::of(case)? else { return Ok(None) };
    let prices = bars.close;
    let n = short(settings.period)?;
    let run = match case.operation() {
        "smma" => of_prices::<RMA>(n, prices).other_seed(SEED),
        "ema" => of_prices::<EMA>(n, prices).other_seed(SEED),
        "sma" => of_prices::<SMA>(n, prices),
        "wma" => of_prices::<WMA>(n, prices),
        "stddev" => of_prices::<StDev>(n, prices).scaled(of_population(settings.period)),
        "bollinger" => {
            let sigma = settings.bollinger()? * of_population(settings.period);
            of_candles::<3, _>(BollingerBands { avg_size: n, sigma, source: Source::Close }, bars)
        }
        "dema" => of_prices::<DEMA>(n, prices).other_seed(SEED),
        "tema" => of_prices::<TEMA>(n, prices).other_seed(SEED),
        "hma" => of_prices::<HMA>(n, prices),
        "rsi" => {
            of_candles::<1, _>(RSI { ma: MA::RMA(n), ..RSI::default() }, bars).scaled(100.0).other_seed(SEED)
        }
        "true_range" => true_range(bars),
        "adx" => {
            let (method1, method2) = (MA::RMA(n), MA::RMA(n));
            let config = AverageDirectionalIndex { method1, method2, ..Default::default() };
            of_candles::<3, _>(config, bars).scaled(100.0).other_seed(SEED)
        }
        "stochastic" => {
            let [slow, signal] = settings.stochastic()?;
            let (ma, signal) = (MA::SMA(short(slow)?), MA::SMA(short(signal)?));
            let config = StochasticOscillator { period: n, ma, signal, ..Default::default() };
            of_candles::<2, _>(config, bars).scaled(100.0)
        }
        "vwma" => {
            let pairs: Vec<_> = prices.iter().copied().zip(bars.volume.iter().copied()).collect();
            Run::one(bars.len(), move |out| {
                let mut method = VWMA::new(n, &pairs[0])?;
                out.iter_mut().zip(&pairs).for_each(|(out, pair)| *out = method.next(pair));
                Ok::<_, yata::core::Error>(())
            })
        }
        // Its MACD has no histogram.
        _ => return Ok(None),
    };
    run.prepared().map(Some)
}

/// Its periods are bytes.
fn short(period: usize) -> Result<u8> {
    u8::try_from(period).with_context(|| format!("a period is at most 255, not {period}"))
}

/// Its standard deviation is that of a sample: what to multiply it with, for that of a population.
fn of_population(n: usize) -> f64 {
    ((n - 1) as f64 / n as f64).sqrt()
}

fn of_prices<M>(n: u8, prices: &[f64]) -> Run<'_>
where
    M: Method<Params = u8, Input = f64, Output = f64>,
{
    Run::one(prices.len(), move |out| {
        let mut method = M::new(n, &prices[0])?;
        out.iter_mut().zip(prices).for_each(|(out, price)| *out = method.next(price));
        Ok::<_, yata::core::Error>(())
    })
}

fn of_candles<'a, const OUTPUTS: usize, C>(config: C, bars: Bars<'_>) -> Run<'a>
where
    C: IndicatorConfig + 'a,
{
    let candles = candles(bars);
    Run::rows(bars.len(), OUTPUTS, OUTPUTS, move |rows| {
        let mut instance = config.clone().init(&candles[0])?;
        for (row, candle) in rows.as_chunks_mut::<OUTPUTS>().0.iter_mut().zip(&candles) {
            row.copy_from_slice(instance.next(candle).values());
        }
        Ok::<_, yata::core::Error>(())
    })
}

fn true_range<'a>(bars: Bars<'_>) -> Run<'a> {
    let candles = candles(bars);
    Run::one(bars.len(), move |out| {
        let mut method = TR::new(&candles[0])?;
        out.iter_mut().zip(&candles).for_each(|(out, candle)| *out = method.next(candle as &dyn OHLCV));
        Ok::<_, yata::core::Error>(())
    })
}

fn candles(bars: Bars<'_>) -> Vec<Candle> {
    let candle = |[open, high, low, close, volume]: [f64; 5]| Candle { open, high, low, close, volume };
    bars.rows().map(candle).collect()
}
