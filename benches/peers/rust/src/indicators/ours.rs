//! Ours, by the functions that write into buffers of the caller.

use super::Run;
use super::indicator::{ALMA, BOLLINGER, HMA_PERIOD, Indicator, MACD, PERIOD, STDDEV_PERIOD, STOCHASTIC};
use kernels_indicators::{
    Adx, Bands, Error, Macd, Stochastic, adx_into, alma_into, atr_into, bollinger_into, dema_into, ema_into,
    hma_into, macd_into, obv_into, rsi_into, sma_into, smma_into, stddev_into, stochastic_into, tema_into,
    true_range_into, vwap_into, vwma_into, wma_into,
};
use kernels_testing::prices::Bars;

pub(super) fn prepare(indicator: Indicator, input: &Bars) -> Run<'_> {
    let Bars { high, low, close, volume, .. } = input;
    match indicator {
        Indicator::Smma => one(|out| smma_into(close, PERIOD, out)),
        Indicator::Ema => one(|out| ema_into(close, PERIOD, out)),
        Indicator::Sma => one(|out| sma_into(close, PERIOD, out)),
        Indicator::Wma => one(|out| wma_into(close, PERIOD, out)),
        Indicator::Alma => one(|out| alma_into(close, ALMA.0, ALMA.1, ALMA.2, out)),
        Indicator::Stddev => one(|out| stddev_into(close, STDDEV_PERIOD, out)),
        Indicator::Bollinger => Run::bars(3, |[upper, middle, lower]| {
            bollinger_into(close, BOLLINGER.0, BOLLINGER.1, Bands { upper, middle, lower }).expect("valid");
        }),
        Indicator::Dema => one(|out| dema_into(close, PERIOD, out)),
        Indicator::Tema => one(|out| tema_into(close, PERIOD, out)),
        Indicator::Hma => one(|out| hma_into(close, HMA_PERIOD, out)),
        Indicator::Macd => Run::bars(3, |[line, signal, histogram]| {
            macd_into(close, MACD.0, MACD.1, MACD.2, Macd { line, signal, histogram }).expect("valid");
        }),
        Indicator::Rsi => one(|out| rsi_into(close, PERIOD, out)),
        Indicator::TrueRange => one(|out| true_range_into(high, low, close, out)),
        Indicator::Atr => one(|out| atr_into(high, low, close, PERIOD, out)),
        Indicator::Adx => Run::bars(3, |[adx, plus_di, minus_di]| {
            adx_into(high, low, close, PERIOD, Adx { adx, plus_di, minus_di }).expect("valid");
        }),
        Indicator::Stochastic => Run::bars(2, |[k, d, _]| {
            let (range, slow, average) = STOCHASTIC;
            stochastic_into(high, low, close, range, slow, average, Stochastic { k, d }).expect("valid");
        }),
        Indicator::Obv => one(|out| obv_into(close, volume, out)),
        Indicator::Vwma => one(|out| vwma_into(close, volume, PERIOD, out)),
        Indicator::Vwap => one(|out| vwap_into(high, low, close, volume, out)),
    }
}

fn one<'a>(mut work: impl FnMut(&mut [f64]) -> Result<(), Error> + 'a) -> Run<'a> {
    Run::one(move |out| work(out).expect("valid"))
}
