//! [ta-lib](https://crates.io/crates/ta-lib): the Rust port of TA-Lib by its authors, whose conventions are ours but for
//! ALMA, and for what is divided by zero.
//!
//! It writes the defined values only, from the start of the buffer.

use super::bars::Bars;
use super::run::{Outputs, Run};
use crate::kernel::Outcome;
use anyhow::{Result, anyhow};
use bench_contest::serve::Case;
use ta_lib::{Core, MAType, OutRange, RetCode};

pub(super) fn prepare(case: &Case) -> Outcome<'_> {
    let Some((bars, settings)) = Bars::of(case)? else { return Ok(None) };
    let (Bars { high, low, close, volume }, len) = (bars, bars.len());
    let (core, end) = (Core::new(), len - 1);
    let n = settings.period as i32;
    let run = match case.operation() {
        "smma" => one(len, move |out| core.rma(0, end, close, n, out)),
        "ema" => one(len, move |out| core.ema(0, end, close, n, out)),
        "sma" => one(len, move |out| core.sma(0, end, close, n, out)),
        "wma" => one(len, move |out| core.wma(0, end, close, n, out)),
        "alma" => {
            let [offset, sigma] = settings.alma()?;
            one(len, move |out| core.alma(0, end, close, n, sigma, offset, out))
                .differs("rounds the place of the peak to a bar")
        }
        "stddev" => one(len, move |out| core.stddev(0, end, close, n, 1.0, out)),
        "bollinger" => {
            let k = settings.bollinger()?;
            several(len, 3, move |[upper, middle, lower]| {
                core.bbands(0, end, close, n, k, k, MAType::SMA, upper, middle, lower)
            })
        }
        "dema" => one(len, move |out| core.dema(0, end, close, n, out)),
        "tema" => one(len, move |out| core.tema(0, end, close, n, out)),
        "hma" => one(len, move |out| core.hma(0, end, close, n, out)),
        "macd" => {
            let [fast, slow, signal] = settings.macd()?.map(|n| n as i32);
            several(len, 3, move |[line, signals, histogram]| {
                core.macd(0, end, close, fast, slow, signal, line, signals, histogram)
            })
        }
        "rsi" => one(len, move |out| core.rsi(0, end, close, n, out)),
        "true_range" => one(len, move |out| core.trange(0, end, high, low, close, out)),
        "atr" => one(len, move |out| core.atr(0, end, high, low, close, n, out)),
        "stochastic" => {
            let [slow, signal] = settings.stochastic()?.map(|n| n as i32);
            let sma = MAType::SMA;
            several(len, 2, move |[k, d, _]| {
                core.stoch(0, end, high, low, close, n, slow, sma, signal, sma, k, d)
            })
        }
        "obv" => one(len, move |out| core.obv(0, end, close, volume, out)),
        "vwma" => one(len, move |out| core.vwma(0, end, close, volume, n, out)),
        "vwap" => one(len, move |out| core.vwap(0, end, high, low, close, volume, out)),
        "adx" => several(len, 3, move |[adx, plus_di, minus_di]| {
            // It has its first value so many bars after them.
            let later = settings.period - 1;
            core.adx(0, end, high, low, close, n, &mut adx[later..])?;
            core.plus_di(0, end, high, low, close, n, plus_di)?;
            core.minus_di(0, end, high, low, close, n, minus_di)
        })
        .differs("three functions, of which each computes anew what they share"),
        _ => return Ok(None),
    };
    run.prepared().map(Some)
}

type Written = Result<OutRange, RetCode>;

fn one<'a>(bars: usize, mut work: impl FnMut(&mut [f64]) -> Written + 'a) -> Run<'a> {
    several(bars, 1, move |[out, ..]| work(out))
}

fn several<'a>(bars: usize, columns: usize, mut work: impl FnMut(&mut Outputs) -> Written + 'a) -> Run<'a> {
    Run::packed(bars, columns, move |outputs| {
        work(outputs).map(|range| range.beg_idx).map_err(|code| anyhow!("{code:?}"))
    })
}
