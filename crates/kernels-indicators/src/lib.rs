//! Technical indicators at the machine's limit: moving averages, oscillators and volumes of price series.
//!
//! | for | call |
//! |---|---|
//! | all bars of a series | [`smma`], [`ema`], [`sma`], [`wma`], [`alma`], [`dema`], [`tema`], [`hma`], [`stddev`], [`bollinger`], [`macd`], [`rsi`], [`true_range`], [`atr`], [`adx`], [`stochastic`], [`obv`], [`vwma`], [`vwap`], [`vwap_anchored`] |
//! | the same without allocating | the same with `_into`, and with `_in_place` where one series gives one |
//! | bar by bar, with a look at the unclosed one | [`Indicator::stream`] of a [`spec`] |
//! | many settings over one series | [`Indicator::sweep`] |
//! | one setting over many series | [`Indicator::many`] |
//! | sweeps and many series on all cores | `parallel` (feature `parallel`) |
//! | memory that Rust does not own | [`smma_raw`] |
//!
//! Everything is for `f32` and `f64`. Formulas, their sources and the bar of the first value are with each function; the
//! conventions (seeds, warm-up) are those of TA-Lib, bar for bar. [`rma`] and [`wilders`] are other names of [`smma`].
//!
//! # Contract
//! - Outputs have the length of the input. Bars before the first value are NaN; leading NaNs of the input are skipped.
//! - A NaN later on touches only what depends on it: the windows that hold it, or, in a recursion, its own bar, after which
//!   the recursion goes on from its last state. A NaN in any input of a bar is a NaN bar. For what looks one bar back
//!   (true range, ATR, RSI, ADX, OBV) the bar after it is NaN too. Infinities count as NaN.
//! - Where a denominator is zero: RSI, +DI, -DI and the stochastic are 0, DX keeps its last value (0 at first), VWMA and
//!   VWAP are NaN.
//! - Too few values after leading NaNs give NaN everywhere. No bars at all, a period of 0 or longer than the input, inputs
//!   of several lengths, parameters out of their range and an output of another length are errors that name the
//!   argument, what was expected and what came; the output is then as it was. Nothing panics.
//! - SMMA and EMA are, on price-like series, within 2.5 units in the last place of exact arithmetic at period 14 and
//!   within 8 at period 5,000 (measured over a million bars: 0.9 and 1.6, and 0.3 on average); a constant series gives that
//!   constant. What is made of them is within 32 units in the last place of the prices, of the ranges or, if it is a
//!   percentage, of 100. Sums of windows only ever grow, so nothing that left a window has an effect.
//! - Streams and rows of a sweep are within 4 units in the last place of the batch at period 14 and within
//!   `12 + period / 400` at any, on such series: of the prices, of the volumes summed, or, of percentages, of 100.
//!   Results depend on the instruction set (within the bounds), not on the number of threads or on where the data lies.
//! - What overflows is NaN, or infinite in part of the outputs: sums beyond the largest number, values beyond it divided by
//!   the period, and in standard deviations differences beyond its square root divided by the square of the period.
//!
//! # Instruction sets
//! AVX2 with FMA is detected at run time, NEON is part of AArch64, simd128 and relaxed-simd are chosen when a wasm binary is
//! compiled, and plain Rust runs elsewhere. The environment variable `KERNELS_ISA` (e.g. `scalar`) forces a set, for tests
//! and bug reports; where it names none that is there, every call returns [`Error::Isa`].
//!
//! This crate uses the standard library.
#![deny(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod define;
mod engine;
mod error;
mod forms;
mod formula;
mod indicator;
#[cfg(feature = "parallel")]
pub mod parallel;
#[expect(unsafe_code, reason = "the form over pointers; everything else is safe")]
mod raw;
mod rows;
pub mod shape;
pub mod spec;
mod stream;

pub use error::Error;
pub use indicator::Indicator;
pub use raw::smma_raw;
pub use shape::{Adx, Bands, Macd, Stochastic};
pub use simd_core::{Element, Isa, UnavailableIsa};
pub use spec::functions::*;
pub use spec::functions::{smma as rma, smma_in_place as rma_in_place, smma_into as rma_into};
pub use spec::functions::{smma as wilders, smma_in_place as wilders_in_place, smma_into as wilders_into};
pub use stream::Stream;

/// The README's examples, as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
