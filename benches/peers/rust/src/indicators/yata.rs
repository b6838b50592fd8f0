//! [yata](https://crates.io/crates/yata): streams, here with its feature `unsafe_performance`. Those of several outputs
//! also find signals to buy and sell.
//!
//! Nothing is left undefined: all that is before the first bar is like the first bar. Without FMA at compile time, its
//! multiply-adds are calls of a function.

use super::indicator::{BOLLINGER, HMA_PERIOD, Indicator, MACD, PERIOD, STDDEV_PERIOD, STOCHASTIC};
use super::{Peer, Run};
use kernels_testing::prices::Bars;
use yata::core::{Candle, IndicatorConfig, IndicatorInstance as _, Method, OHLCV, Source};
use yata::helpers::MA;
use yata::indicators::{AverageDirectionalIndex, BollingerBands, MACD as Macd, RSI, StochasticOscillator};
use yata::methods::{DEMA, EMA, HMA, RMA, SMA, StDev, TEMA, TR, VWMA, WMA};

pub(super) struct Yata;

const N: u8 = PERIOD as u8;

impl Peer for Yata {
    fn name(&self) -> &'static str {
        "yata"
    }

    fn prepare<'a>(&self, indicator: Indicator, input: &'a Bars) -> Option<Run<'a>> {
        let prices = &input.close;
        let run = match indicator {
            Indicator::Smma => of_prices::<RMA>(N, prices).other_seed(),
            Indicator::Ema => of_prices::<EMA>(N, prices).other_seed(),
            Indicator::Sma => of_prices::<SMA>(N, prices),
            Indicator::Wma => of_prices::<WMA>(N, prices),
            Indicator::Stddev => {
                of_prices::<StDev>(STDDEV_PERIOD as u8, prices).scaled(of_population(STDDEV_PERIOD))
            }
            Indicator::Bollinger => {
                let (n, k) = BOLLINGER;
                let (avg_size, sigma) = (n as u8, k * of_population(n));
                of_candles::<3, _>(BollingerBands { avg_size, sigma, source: Source::Close }, input)
            }
            Indicator::Dema => of_prices::<DEMA>(N, prices).other_seed(),
            Indicator::Tema => of_prices::<TEMA>(N, prices).other_seed(),
            Indicator::Hma => of_prices::<HMA>(HMA_PERIOD as u8, prices),
            Indicator::Macd => {
                let [ma1, ma2, signal] = [MACD.0, MACD.1, MACD.2].map(|n| MA::EMA(n as u8));
                of_candles::<2, _>(Macd { ma1, ma2, signal, source: Source::Close }, input).other_seed()
            }
            Indicator::Rsi => {
                let config = RSI { ma: MA::RMA(N), ..RSI::default() };
                of_candles::<1, _>(config, input).scaled(100.0).other_seed()
            }
            Indicator::TrueRange => true_range(input),
            Indicator::Adx => {
                let config = AverageDirectionalIndex {
                    method1: MA::RMA(N),
                    method2: MA::RMA(N),
                    ..Default::default()
                };
                of_candles::<3, _>(config, input).scaled(100.0).other_seed()
            }
            Indicator::Stochastic => {
                let (period, ma, signal) =
                    (STOCHASTIC.0 as u8, MA::SMA(STOCHASTIC.1 as u8), MA::SMA(STOCHASTIC.2 as u8));
                let config = StochasticOscillator { period, ma, signal, ..Default::default() };
                of_candles::<2, _>(config, input).scaled(100.0)
            }
            Indicator::Vwma => {
                let pairs: Vec<_> = prices.iter().copied().zip(input.volume.iter().copied()).collect();
                Run::one(move |out| {
                    let mut method = VWMA::new(N, &pairs[0]).expect("valid");
                    out.iter_mut().zip(&pairs).for_each(|(out, pair)| *out = method.next(pair));
                })
            }
            Indicator::Alma | Indicator::Atr | Indicator::Obv | Indicator::Vwap => return None,
        };
        Some(run)
    }
}

/// Its standard deviation is that of a sample: what to multiply it with, for that of a population.
fn of_population(n: usize) -> f64 {
    ((n - 1) as f64 / n as f64).sqrt()
}

fn of_prices<M>(n: u8, prices: &[f64]) -> Run<'_>
where
    M: Method<Params = u8, Input = f64, Output = f64>,
{
    Run::one(move |out| {
        let mut method = M::new(n, &prices[0]).expect("valid");
        out.iter_mut().zip(prices).for_each(|(out, price)| *out = method.next(price));
    })
}

fn of_candles<'a, const OUTPUTS: usize, C>(config: C, input: &Bars) -> Run<'a>
where
    C: IndicatorConfig + 'a,
{
    let candles = candles(input);
    Run::rows(OUTPUTS, OUTPUTS, move |rows| {
        let mut instance = config.clone().init(&candles[0]).expect("valid");
        for (row, candle) in rows.as_chunks_mut::<OUTPUTS>().0.iter_mut().zip(&candles) {
            row.copy_from_slice(instance.next(candle).values());
        }
    })
}

fn true_range<'a>(input: &Bars) -> Run<'a> {
    let candles = candles(input);
    Run::one(move |out| {
        let mut method = TR::new(&candles[0]).expect("valid");
        out.iter_mut().zip(&candles).for_each(|(out, candle)| *out = method.next(candle as &dyn OHLCV));
    })
}

fn candles(input: &Bars) -> Vec<Candle> {
    let Bars { open, high, low, close, volume, .. } = input;
    let candle = |i| Candle { open: open[i], high: high[i], low: low[i], close: close[i], volume: volume[i] };
    (0..input.close.len()).map(candle).collect()
}
