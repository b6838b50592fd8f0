//! [wickra-core](https://crates.io/crates/wickra-core): streams, with batches in SIMD for some of them, whose results
//! may differ from the streams' in the last digits. The rest is its stream over the bars, by the batch it has for that.

use super::bars::Bars;
use super::run::Run;
use crate::kernel::Outcome;
use anyhow::Result;
use bench_contest::serve::Case;
use std::convert::Infallible;
use wickra_core::{
    Adx, Alma, Atr, BollingerBands, Candle, Dema, Ema, Hma, Indicator as Stream, MacdIndicator, Obv, Rsi,
    Sma, Smma, StdDev, Stochastic, Tema, TrueRange, Vwap, Vwma, Wma,
};

pub(super) fn prepare(case: &Case) -> Outcome<'_> {
    let Some((bars, settings)) = Bars::of(case)? else { return Ok(None) };
    let (prices, len) = (bars.close, bars.len());
    let n = settings.period;
    let run = match case.operation() {
        "smma" => of_prices(Smma::new(n)?, prices),
        "ema" => of_prices(Ema::new(n)?, prices),
        "sma" => of_prices(Sma::new(n)?, prices),
        "wma" => of_prices(Wma::new(n)?, prices),
        "alma" => {
            let [offset, sigma] = settings.alma()?;
            of_prices(Alma::new(n, offset, sigma)?, prices)
        }
        "stddev" => of_prices(StdDev::new(n)?, prices),
        "bollinger" => {
            let k = settings.bollinger()?;
            let mut bands = BollingerBands::new(n, k)?;
            Run::rows(len, 3, 4, move |rows| {
                bands.reset();
                bands.batch_bands_fast_into(prices, rows);
                done()
            })
        }
        "dema" => of_prices(Dema::new(n)?, prices),
        "tema" => of_prices(Tema::new(n)?, prices),
        "hma" => of_prices(Hma::new(n)?, prices),
        "macd" => {
            let [fast, slow, signal] = settings.macd()?;
            let mut macd = MacdIndicator::new(fast, slow, signal)?;
            Run::rows(len, 3, 3, move |rows| {
                macd.reset();
                macd.batch_macd_fast_into(prices, rows);
                done()
            })
            .other_seed("the fast average starts as early as it can")
        }
        "rsi" => of_prices(Rsi::new(n)?, prices),
        "true_range" => of_candles(TrueRange::new(), bars)?,
        "atr" => {
            let mut atr = Atr::new(n)?;
            Run::one(len, move |out| {
                atr.reset();
                atr.batch_atr_fast_into(bars.high, bars.low, bars.close, out);
                done()
            })
            .other_seed("the first bar has a true range too")
        }
        "adx" => adx(bars, n)?,
        "stochastic" => stochastic(bars, n, settings.stochastic()?)?,
        "obv" => of_candles(Obv::new(), bars)?
            .from(bars.volume[0])
            .differs("starts at 0, where ours has the first volume"),
        "vwma" => of_candles(Vwma::new(n)?, bars)?,
        "vwap" => of_candles(Vwap::new(), bars)?,
        _ => return Ok(None),
    };
    run.prepared().map(Some)
}

fn adx(bars: Bars<'_>, n: usize) -> Result<Run<'_>> {
    let (candles, mut stream) = (candles(bars)?, Adx::new(n)?);
    let run = Run::columns(bars.len(), 3, move |[adx, plus_di, minus_di]| {
        stream.reset();
        for (((candle, adx), plus_di), minus_di) in candles.iter().zip(adx).zip(plus_di).zip(minus_di) {
            let at = stream.update(*candle);
            (*adx, *plus_di, *minus_di) =
                at.map_or((f64::NAN, f64::NAN, f64::NAN), |at| (at.adx, at.plus_di, at.minus_di));
        }
        done()
    });
    Ok(run.other_seed("the sums hold a bar more when they start"))
}

/// Its own is the fast one: its d is our k, and the average of that is our d.
fn stochastic(bars: Bars<'_>, range: usize, [slow, signal]: [usize; 2]) -> Result<Run<'_>> {
    let (candles, mut stream, mut average) =
        (candles(bars)?, Stochastic::new(range, slow)?, Sma::new(signal)?);
    Ok(Run::columns(bars.len(), 2, move |[k, d, _]| {
        stream.reset();
        average.reset();
        for ((candle, k), d) in candles.iter().zip(k).zip(d) {
            let at = stream.update(*candle).map(|at| at.d);
            *k = at.unwrap_or(f64::NAN);
            *d = at.and_then(|at| average.update(at)).unwrap_or(f64::NAN);
        }
        done()
    }))
}

fn of_prices<'a>(mut stream: impl Stream<Input = f64, Output = f64> + 'a, prices: &'a [f64]) -> Run<'a> {
    Run::one(prices.len(), move |out| {
        stream.reset();
        stream.batch_fast_into(prices, out);
        done()
    })
}

fn of_candles<'a>(
    mut stream: impl Stream<Input = Candle, Output = f64> + 'a,
    bars: Bars<'_>,
) -> Result<Run<'a>> {
    let candles = candles(bars)?;
    Ok(Run::one(bars.len(), move |out| {
        stream.reset();
        stream.batch_fast_into(&candles, out);
        done()
    }))
}

fn candles(bars: Bars<'_>) -> Result<Vec<Candle>> {
    let candle = |(at, [open, high, low, close, volume]): (usize, [f64; 5])| {
        Ok(Candle::new(open, high, low, close, volume, at as i64)?)
    };
    bars.rows().enumerate().map(candle).collect()
}

/// What it computes cannot fail once it is set up.
const fn done() -> Result<(), Infallible> {
    Ok(())
}
