//! [ta-lib](https://crates.io/crates/ta-lib): the Rust port of TA-Lib by its authors, whose conventions are ours but for
//! ALMA, and for what is divided by zero.
//!
//! It writes the defined values only, from the start of the buffer.

use super::indicator::{ALMA, BOLLINGER, HMA_PERIOD, Indicator, MACD, PERIOD, STDDEV_PERIOD, STOCHASTIC};
use super::{Peer, Run};
use kernels_testing::prices::Bars;
use ta_lib::{Core, MAType, OutRange, RetCode};

pub(super) struct TaLib;

impl Peer for TaLib {
    fn name(&self) -> &'static str {
        "ta-lib"
    }

    fn prepare<'a>(&self, indicator: Indicator, input: &'a Bars) -> Option<Run<'a>> {
        let Bars { high, low, close, volume, .. } = input;
        let core = Core::new();
        let (end, n) = (input.close.len() - 1, PERIOD as i32);
        let run = match indicator {
            Indicator::Smma => one(move |out| core.rma(0, end, close, n, out)),
            Indicator::Ema => one(move |out| core.ema(0, end, close, n, out)),
            Indicator::Sma => one(move |out| core.sma(0, end, close, n, out)),
            Indicator::Wma => one(move |out| core.wma(0, end, close, n, out)),
            Indicator::Alma => {
                let (n, offset, sigma) = ALMA;
                one(move |out| core.alma(0, end, close, n as i32, sigma, offset, out))
                    .differs("it rounds the place of the peak to a bar")
            }
            Indicator::Stddev => one(move |out| core.stddev(0, end, close, STDDEV_PERIOD as i32, 1.0, out)),
            Indicator::Bollinger => {
                let (n, k) = BOLLINGER;
                several(3, move |[upper, middle, lower]| {
                    core.bbands(0, end, close, n as i32, k, k, MAType::SMA, upper, middle, lower)
                })
            }
            Indicator::Dema => one(move |out| core.dema(0, end, close, n, out)),
            Indicator::Tema => one(move |out| core.tema(0, end, close, n, out)),
            Indicator::Hma => one(move |out| core.hma(0, end, close, HMA_PERIOD as i32, out)),
            Indicator::Macd => {
                let (fast, slow, signal) = (MACD.0 as i32, MACD.1 as i32, MACD.2 as i32);
                several(3, move |[line, signals, histogram]| {
                    core.macd(0, end, close, fast, slow, signal, line, signals, histogram)
                })
            }
            Indicator::Rsi => one(move |out| core.rsi(0, end, close, n, out)),
            Indicator::TrueRange => one(move |out| core.trange(0, end, high, low, close, out)),
            Indicator::Atr => one(move |out| core.atr(0, end, high, low, close, n, out)),
            // Only this one of our three outputs: +DI and -DI are functions of their own, as long as this.
            Indicator::Adx => one(move |out| core.adx(0, end, high, low, close, n, out)),
            Indicator::Stochastic => {
                let (range, slow, d) = (STOCHASTIC.0 as i32, STOCHASTIC.1 as i32, STOCHASTIC.2 as i32);
                let sma = MAType::SMA;
                several(2, move |[k, d_line, _]| {
                    core.stoch(0, end, high, low, close, range, slow, sma, d, sma, k, d_line)
                })
            }
            Indicator::Obv => one(move |out| core.obv(0, end, close, volume, out)),
            Indicator::Vwma => one(move |out| core.vwma(0, end, close, volume, n, out)),
            Indicator::Vwap => one(move |out| core.vwap(0, end, high, low, close, volume, out)),
        };
        Some(run)
    }
}

type Written = Result<OutRange, RetCode>;

fn one<'a>(mut work: impl FnMut(&mut [f64]) -> Written + 'a) -> Run<'a> {
    several(1, move |[out, ..]| work(out))
}

fn several<'a>(columns: usize, mut work: impl FnMut(&mut super::Outputs) -> Written + 'a) -> Run<'a> {
    Run::packed(columns, move |outputs| work(outputs).expect("valid").beg_idx)
}
