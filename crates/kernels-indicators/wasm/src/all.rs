//! Every indicator: what it reads, its parameters, what it writes; and what all that is made of it is called.
#![allow(
    clippy::too_many_arguments,
    missing_debug_implementations,
    non_snake_case,
    reason = "functions of JavaScript, under the names there; streams of any indicator"
)]

use crate::call::{Form, call};
use crate::define::{forms, function, indicator, result_of, shape, stream, sweeps, type_of};
use crate::indicator::{INPUTS, Indicator, Kind, OUTPUTS, Output, Param};
use crate::stream::{Bar, Bars, Live, Values};
use kernels_indicators::{Error, Indicator as _, Stream, spec};
use kernels_indicators_batch as batch;
use kernels_wasm::Result;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** The middle one is a moving average; the others are `k` standard deviations above and below it. */
export interface Bands<T> {
  upper: T;
  middle: T;
  lower: T;
}

/** The fast average less the slow one, the average of that, and their difference. */
export interface Macd<T> {
  line: T;
  signal: T;
  histogram: T;
}

/** How strong a trend is, and how much of the range highs rose and lows fell by. */
export interface Adx<T> {
  adx: T;
  plusDi: T;
  minusDi: T;
}

/** %K and %D. */
export interface Stochastic<T> {
  k: T;
  d: T;
}
"#;

indicator! {
    "Smoothed moving average, also called RMA or Wilder's: `y += (x - y) / period`, from the mean of the first `period` \
     values on. First value at bar `period - 1`."
    SMMA = Smma(data; period: Count) -> One;
    smma smmaInto smmaMany smmaManyInto smmaSweep smmaSweepInto;
    SmmaStream -> "number | undefined";
}
function! { "As `smma`, under another name."; SMMA One rma(data: Series, period: Count One) -> One }
function! { "As `smmaInto`."; SMMA OneInto rmaInto(data: Series, period: Count One, out: One) -> Nothing }
function! { "As `smma`, under another name."; SMMA One wilders(data: Series, period: Count One) -> One }
function! { "As `smmaInto`."; SMMA OneInto wildersInto(data: Series, period: Count One, out: One) -> Nothing }

indicator! {
    "Exponential moving average: `y += 2 (x - y) / (period + 1)`, from the mean of the first `period` values on. First value \
     at bar `period - 1`."
    EMA = Ema(data; period: Count) -> One;
    ema emaInto emaMany emaManyInto emaSweep emaSweepInto;
    EmaStream -> "number | undefined";
}

indicator! {
    "Simple moving average: the mean of the last `period` values. First value at bar `period - 1`."
    SMA = Sma(data; period: Count) -> One;
    sma smaInto smaMany smaManyInto smaSweep smaSweepInto;
    SmaStream -> "number | undefined";
}

indicator! {
    "Weighted moving average: of the last `period` values, the newest `period` times, the oldest once. First value at bar \
     `period - 1`."
    WMA = Wma(data; period: Count) -> One;
    wma wmaInto wmaMany wmaManyInto wmaSweep wmaSweepInto;
    WmaStream -> "number | undefined";
}

indicator! {
    "Arnaud Legoux moving average: the last `period` values under a bell curve, whose peak is at `offset`, from the oldest \
     bar, 0, to the newest, 1 (usually 0.85), and whose width is `period / sigma` (usually 6). First value at bar `period - 1`."
    ALMA = Alma(data; period: Count, offset: Number, sigma: Number) -> One;
    alma almaInto almaMany almaManyInto almaSweep almaSweepInto;
    AlmaStream -> "number | undefined";
}

indicator! {
    "Standard deviation of the last `period` values, as of a population. First value at bar `period - 1`."
    STDDEV = StdDev(data; period: Count) -> One;
    stddev stddevInto stddevMany stddevManyInto stddevSweep stddevSweepInto;
    StddevStream -> "number | undefined";
}

indicator! {
    "Bollinger bands: `sma`, and `k` times `stddev` above and below it. First values at bar `period - 1`."
    BOLLINGER = Bollinger(data; period: Count, k: Number) -> Bands;
    bollinger bollingerInto bollingerMany bollingerManyInto bollingerSweep bollingerSweepInto;
    BollingerStream -> "Bands<number> | undefined";
}

indicator! {
    "Double exponential moving average: `2 e1 - e2`, each the `ema` of the one before. First value at bar `2 (period - 1)`."
    DEMA = Dema(data; period: Count) -> One;
    dema demaInto demaMany demaManyInto demaSweep demaSweepInto;
    DemaStream -> "number | undefined";
}

indicator! {
    "Triple exponential moving average: `3 e1 - 3 e2 + e3`, each the `ema` of the one before. First value at bar \
     `3 (period - 1)`."
    TEMA = Tema(data; period: Count) -> One;
    tema temaInto temaMany temaManyInto temaSweep temaSweepInto;
    TemaStream -> "number | undefined";
}

indicator! {
    "Hull moving average: `wma(2 wma(period / 2) - wma(period), sqrt(period))`, both rounded down."
    HMA = Hma(data; period: Count) -> One;
    hma hmaInto hmaMany hmaManyInto hmaSweep hmaSweepInto;
    HmaStream -> "number | undefined";
}

indicator! {
    "Moving average convergence/divergence: `ema` over `fast` bars less that over `slow`, its `ema` over `signal` bars, and \
     the difference of the two. First values at bar `slow + signal - 2`."
    MACD = Macd(data; fast: Count, slow: Count, signal: Count) -> Macd;
    macd macdInto macdMany macdManyInto macdSweep macdSweepInto;
    MacdStream -> "Macd<number> | undefined";
}

indicator! {
    "Relative strength index: the part of the average move that is up, from 0 to 100. First value at bar `period`."
    RSI = Rsi(data; period: Count) -> One;
    rsi rsiInto rsiMany rsiManyInto rsiSweep rsiSweepInto;
    RsiStream -> "number | undefined";
}

indicator! {
    "True range: how far the bar, and the last close, lie apart. First value at bar 1."
    TRUE_RANGE = TrueRange(high, low, close;) -> One;
    trueRange trueRangeInto trueRangeMany trueRangeManyInto;
    TrueRangeStream -> "number | undefined";
}

indicator! {
    "Average true range: the `smma` of `trueRange` from bar 1 on. First value at bar `period`."
    ATR = Atr(high, low, close; period: Count) -> One;
    atr atrInto atrMany atrManyInto atrSweep atrSweepInto;
    AtrStream -> "number | undefined";
}

indicator! {
    "Average directional index, with +DI and -DI, from 0 to 100. First +DI and -DI at bar `period`, first index at bar \
     `2 period - 1`."
    ADX = Adx(high, low, close; period: Count) -> Adx;
    adx adxInto adxMany adxManyInto adxSweep adxSweepInto;
    AdxStream -> "Adx<number> | undefined";
}

indicator! {
    "Stochastic oscillator: where the close lies in the range of the last `kPeriod` bars, from 0 to 100; %K is its mean over \
     `kSlow` bars, %D that of %K over `dPeriod`. First values at bar `kPeriod + kSlow + dPeriod - 3`."
    STOCHASTIC = Stochastic(high, low, close; kPeriod: Count, kSlow: Count, dPeriod: Count) -> Stochastic;
    stochastic stochasticInto stochasticMany stochasticManyInto stochasticSweep stochasticSweepInto;
    StochasticStream -> "Stochastic<number> | undefined";
}

indicator! {
    "On-balance volume: the sum of volumes, each with the sign of the move of the close."
    OBV = Obv(close, volume;) -> One;
    obv obvInto obvMany obvManyInto;
    ObvStream -> "number | undefined";
}

indicator! {
    "Volume-weighted moving average of the last `period` values. First value at bar `period - 1`."
    VWMA = Vwma(data, volume; period: Count) -> One;
    vwma vwmaInto vwmaMany vwmaManyInto vwmaSweep vwmaSweepInto;
    VwmaStream -> "number | undefined";
}

indicator! {
    "Volume-weighted average of `(high + low + close) / 3` from bar 0 on."
    VWAP = Vwap(high, low, close, volume;) -> One;
    vwap vwapInto vwapMany vwapManyInto;
    VwapStream -> "number | undefined";
}

/// Its parameter is a list, and it has no stream: that of `vwap` begins anew by `reset`.
static VWAP_ANCHORED: Indicator = {
    Indicator {
        inputs: &["high", "low", "close", "volume"],
        params: &[Param { name: "starts", kind: Kind::Counts }],
        outputs: shape!(One),
        run: &batch::VWAP_ANCHORED,
        start: |_| Err(batch::MISMATCH),
    }
};
forms! {
    "As `vwap`, begun anew at each of the bars `starts`, in ascending order. NaN before the first of them."
    VWAP_ANCHORED(high, low, close, volume; starts: Counts) -> One;
    vwapAnchored vwapAnchoredInto vwapAnchoredMany vwapAnchoredManyInto;
}
