//! [kand](https://crates.io/crates/kand): plain loops, here without its checks, which are a feature.
//!
//! Many functions also write what they carry from bar to bar.

use super::indicator::{BOLLINGER, Indicator, MACD, PERIOD, STDDEV_PERIOD, STOCHASTIC};
use super::{Peer, Run};
use ::kand::ohlcv::{adx, atr, bbands, dema, ema, macd, obv, rma, rsi, sma, stoch, tema, trange, vwap, wma};
use ::kand::stats::stddev;
use kernels_testing::prices::Bars;

pub(super) struct Kand;

impl Peer for Kand {
    fn name(&self) -> &'static str {
        "kand"
    }

    fn prepare<'a>(&self, indicator: Indicator, input: &'a Bars) -> Option<Run<'a>> {
        let Bars { high, low, close, volume, .. } = input;
        let mut carried = [const { Vec::new() }; 4];
        carried.iter_mut().for_each(|values| *values = vec![0.0; input.close.len()]);
        let [mut a, mut b, mut c, mut d] = carried;
        let run = match indicator {
            Indicator::Smma => Run::one(move |out| rma::rma(close, PERIOD, out).expect("valid")),
            Indicator::Ema => Run::one(move |out| ema::ema(close, PERIOD, None, out).expect("valid")),
            Indicator::Sma => Run::one(move |out| sma::sma(close, PERIOD, out).expect("valid")),
            Indicator::Wma => Run::one(move |out| wma::wma(close, PERIOD, out).expect("valid")),
            Indicator::Stddev => Run::one(move |out| {
                stddev::stddev(close, STDDEV_PERIOD, out, &mut a, &mut b).expect("valid");
            }),
            Indicator::Bollinger => {
                let (n, k) = BOLLINGER;
                Run::bars(3, move |[upper, middle, lower]| {
                    bbands::bbands(close, n, k, k, upper, middle, lower, &mut a, &mut b, &mut c, &mut d)
                        .expect("valid");
                })
            }
            Indicator::Dema => {
                Run::one(move |out| dema::dema(close, PERIOD, out, &mut a, &mut b).expect("valid"))
            }
            Indicator::Tema => Run::one(move |out| {
                tema::tema(close, PERIOD, out, &mut a, &mut b, &mut c).expect("valid");
            }),
            Indicator::Macd => {
                let (fast, slow, signal) = MACD;
                Run::bars(3, move |[line, signals, histogram]| {
                    macd::macd(close, fast, slow, signal, line, signals, histogram, &mut a, &mut b)
                        .expect("valid");
                })
                .other_seed()
            }
            Indicator::Rsi => {
                Run::one(move |out| rsi::rsi(close, PERIOD, out, &mut a, &mut b).expect("valid"))
            }
            Indicator::TrueRange => {
                Run::one(move |out| trange::trange(high, low, close, out).expect("valid"))
            }
            Indicator::Atr => Run::one(move |out| atr::atr(high, low, close, PERIOD, out).expect("valid")),
            // Only this one of our three outputs. What it carries, +DI and -DI can be computed from.
            Indicator::Adx => Run::one(move |out| {
                adx::adx(high, low, close, PERIOD, out, &mut a, &mut b, &mut c).expect("valid");
            }),
            Indicator::Stochastic => {
                let (range, slow, average) = STOCHASTIC;
                Run::bars(2, move |[k, d, _]| {
                    // It adds these up before it writes them: with the NaN of its last call there, all would be NaN.
                    a[..range].fill(0.0);
                    stoch::stoch(high, low, close, range, slow, average, &mut a, k, d).expect("valid");
                })
            }
            Indicator::Obv => Run::one(move |out| obv::obv(close, volume, out).expect("valid")),
            Indicator::Vwap => Run::one(move |out| {
                vwap::vwap(high, low, close, volume, out, &mut a, &mut b).expect("valid");
            }),
            Indicator::Alma | Indicator::Hma | Indicator::Vwma => return None,
        };
        Some(run)
    }
}
