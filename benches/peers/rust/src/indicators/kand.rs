//! [kand](https://crates.io/crates/kand): plain loops, here without its checks, which are a feature.
//!
//! Many functions also write what they carry from bar to bar.

use super::bars::Bars;
use super::run::Run;
use crate::kernel::Outcome;
use ::kand::ohlcv::{atr, bbands, dema, ema, macd, obv, rma, rsi, sma, stoch, tema, trange, vwap, wma};
use ::kand::stats::stddev;
use bench_contest::serve::Case;

pub(super) fn prepare(case: &Case) -> Outcome<'_> {
    let Some((bars, settings)) = Bars::of(case)? else { return Ok(None) };
    let (Bars { high, low, close, volume }, len) = (bars, bars.len());
    let n = settings.period;
    let [mut a, mut b, mut c, mut d] = std::array::from_fn(|_| vec![0.0; len]);
    let run = match case.operation() {
        "smma" => Run::one(len, move |out| rma::rma(close, n, out)),
        "ema" => Run::one(len, move |out| ema::ema(close, n, None, out)),
        "sma" => Run::one(len, move |out| sma::sma(close, n, out)),
        "wma" => Run::one(len, move |out| wma::wma(close, n, out)),
        "stddev" => Run::one(len, move |out| stddev::stddev(close, n, out, &mut a, &mut b)),
        "bollinger" => {
            let k = settings.bollinger()?;
            Run::columns(len, 3, move |[upper, middle, lower]| {
                bbands::bbands(close, n, k, k, upper, middle, lower, &mut a, &mut b, &mut c, &mut d)
            })
        }
        "dema" => Run::one(len, move |out| dema::dema(close, n, out, &mut a, &mut b)),
        "tema" => Run::one(len, move |out| tema::tema(close, n, out, &mut a, &mut b, &mut c)),
        "macd" => {
            let [fast, slow, signal] = settings.macd()?;
            Run::columns(len, 3, move |[line, signals, histogram]| {
                macd::macd(close, fast, slow, signal, line, signals, histogram, &mut a, &mut b)
            })
            .other_seed("the fast average starts as early as it can")
        }
        "rsi" => Run::one(len, move |out| rsi::rsi(close, n, out, &mut a, &mut b)),
        "true_range" => Run::one(len, move |out| trange::trange(high, low, close, out)),
        "atr" => Run::one(len, move |out| atr::atr(high, low, close, n, out)),
        "stochastic" => {
            let [slow, signal] = settings.stochastic()?;
            Run::columns(len, 2, move |[k, d, _]| {
                // It adds these up before it writes them: with the NaN of its last call there, all would be NaN.
                a[..n].fill(0.0);
                stoch::stoch(high, low, close, n, slow, signal, &mut a, k, d)
            })
        }
        "obv" => Run::one(len, move |out| obv::obv(close, volume, out)),
        "vwap" => Run::one(len, move |out| vwap::vwap(high, low, close, volume, out, &mut a, &mut b)),
        // Its ADX comes without +DI and -DI.
        _ => return Ok(None),
    };
    run.prepared().map(Some)
}
