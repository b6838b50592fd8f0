//! [wickra-core](https://crates.io/crates/wickra-core): streams, with batches in SIMD for some of them, whose results
//! may differ from the streams' in the last digits. The rest is its stream over the bars, by the batch it has for that.

use super::indicator::{ALMA, BOLLINGER, HMA_PERIOD, Indicator, MACD, PERIOD, STDDEV_PERIOD, STOCHASTIC};
use super::{Peer, Run};
use kernels_testing::prices::Bars;
use wickra_core::{
    Adx, Alma, Atr, BollingerBands, Candle, Dema, Ema, Hma, Indicator as Stream, MacdIndicator, Obv, Rsi,
    Sma, Smma, StdDev, Stochastic, Tema, TrueRange, Vwap, Vwma, Wma,
};

pub(super) struct Wickra;

impl Peer for Wickra {
    fn name(&self) -> &'static str {
        "wickra-core"
    }

    fn prepare<'a>(&self, indicator: Indicator, input: &'a Bars) -> Option<Run<'a>> {
        let prices = &input.close;
        let run = match indicator {
            Indicator::Smma => of_prices(valid(Smma::new(PERIOD)), prices),
            Indicator::Ema => of_prices(valid(Ema::new(PERIOD)), prices),
            Indicator::Sma => of_prices(valid(Sma::new(PERIOD)), prices),
            Indicator::Wma => of_prices(valid(Wma::new(PERIOD)), prices),
            Indicator::Alma => of_prices(valid(Alma::new(ALMA.0, ALMA.1, ALMA.2)), prices),
            Indicator::Stddev => of_prices(valid(StdDev::new(STDDEV_PERIOD)), prices),
            Indicator::Bollinger => {
                let mut bands = valid(BollingerBands::new(BOLLINGER.0, BOLLINGER.1));
                Run::rows(3, 4, move |rows| {
                    bands.reset();
                    bands.batch_bands_fast_into(prices, rows);
                })
            }
            Indicator::Dema => of_prices(valid(Dema::new(PERIOD)), prices),
            Indicator::Tema => of_prices(valid(Tema::new(PERIOD)), prices),
            Indicator::Hma => of_prices(valid(Hma::new(HMA_PERIOD)), prices),
            Indicator::Macd => {
                let mut macd = valid(MacdIndicator::new(MACD.0, MACD.1, MACD.2));
                Run::rows(3, 3, move |rows| {
                    macd.reset();
                    macd.batch_macd_fast_into(prices, rows);
                })
                // The fast average starts as early as it can.
                .other_seed()
            }
            Indicator::Rsi => of_prices(valid(Rsi::new(PERIOD)), prices),
            // The first bar has a true range, high - low, also in the average.
            Indicator::TrueRange => of_candles(TrueRange::new(), input),
            Indicator::Atr => {
                let mut atr = valid(Atr::new(PERIOD));
                Run::one(move |out| {
                    atr.reset();
                    atr.batch_atr_fast_into(&input.high, &input.low, &input.close, out);
                })
                .other_seed()
            }
            Indicator::Adx => adx(input),
            Indicator::Stochastic => stochastic(input),
            Indicator::Obv => of_candles(Obv::new(), input).differs("it starts at 0"),
            Indicator::Vwma => of_candles(valid(Vwma::new(PERIOD)), input),
            Indicator::Vwap => of_candles(Vwap::new(), input),
        };
        Some(run)
    }
}

fn adx(input: &Bars) -> Run<'_> {
    let (candles, mut stream) = (candles(input), valid(Adx::new(PERIOD)));
    Run::bars(3, move |[adx, plus_di, minus_di]| {
        stream.reset();
        for (((candle, adx), plus_di), minus_di) in candles.iter().zip(adx).zip(plus_di).zip(minus_di) {
            let at = stream.update(*candle);
            (*adx, *plus_di, *minus_di) =
                at.map_or((f64::NAN, f64::NAN, f64::NAN), |at| (at.adx, at.plus_di, at.minus_di));
        }
    })
    // The sums hold a bar more when they start.
    .other_seed()
}

/// Its own is the fast one: its d is our k, and the average of that is our d.
fn stochastic(input: &Bars) -> Run<'_> {
    let (range, slow, d) = STOCHASTIC;
    let (candles, mut stream, mut average) =
        (candles(input), valid(Stochastic::new(range, slow)), valid(Sma::new(d)));
    Run::bars(2, move |[k, d, _]| {
        stream.reset();
        average.reset();
        for ((candle, k), d) in candles.iter().zip(k).zip(d) {
            let at = stream.update(*candle).map(|at| at.d);
            *k = at.unwrap_or(f64::NAN);
            *d = at.and_then(|at| average.update(at)).unwrap_or(f64::NAN);
        }
    })
}

fn of_prices<'a>(mut stream: impl Stream<Input = f64, Output = f64> + 'a, prices: &'a [f64]) -> Run<'a> {
    Run::one(move |out| {
        stream.reset();
        stream.batch_fast_into(prices, out);
    })
}

fn of_candles<'a>(mut stream: impl Stream<Input = Candle, Output = f64> + 'a, input: &Bars) -> Run<'a> {
    let candles = candles(input);
    Run::one(move |out| {
        stream.reset();
        stream.batch_fast_into(&candles, out);
    })
}

fn candles(input: &Bars) -> Vec<Candle> {
    let Bars { open, high, low, close, volume, .. } = input;
    let candle = |i: usize| Candle::new(open[i], high[i], low[i], close[i], volume[i], i as i64);
    (0..input.close.len()).map(|i| valid(candle(i))).collect()
}

fn valid<T>(made: wickra_core::Result<T>) -> T {
    made.expect("valid")
}
