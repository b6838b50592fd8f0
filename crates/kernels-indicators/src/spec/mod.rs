//! The indicators with their parameters, for streams, sweeps and many series: see [`Indicator`](crate::Indicator).

mod adx;
mod alma;
mod atr;
mod bollinger;
mod dema;
mod ema;
mod hma;
mod macd;
mod obv;
mod rsi;
mod sma;
mod smma;
mod stddev;
mod stochastic;
mod tema;
mod true_range;
mod vwap;
mod vwma;
mod wma;

/// What all of these files use.
mod prelude {
    pub(super) use super::{Sma, Wma};
    pub(super) use crate::define::indicator;
    pub(super) use crate::engine::average::Average;
    pub(super) use crate::engine::chain::Chain;
    pub(super) use crate::engine::lanes::{self, finite_or_nan, gap, map, map_with_last, percent, range_of};
    pub(super) use crate::engine::recursive::{Of, Recursive, Scratch};
    pub(super) use crate::engine::scan::Scan;
    pub(super) use crate::engine::side_by_side::Averaged;
    pub(super) use crate::engine::weights;
    pub(super) use crate::engine::window::{
        self, Aggregate, Count, Moments, Queue, Windowed, moments, windowed,
    };
    pub(super) use crate::error::{self, Error};
    pub(super) use crate::forms;
    pub(super) use crate::formula::{Formula, InPlace};
    pub(super) use crate::shape;
    pub(super) use crate::shape::{CloseVolume, DataVolume, HighLowClose, HighLowCloseVolume, One};
    pub(super) use simd_core::{Element, Mask, Simd, Vector};
}

pub use adx::Adx;
pub use alma::Alma;
pub use atr::Atr;
pub use bollinger::Bollinger;
pub use dema::Dema;
pub use ema::Ema;
pub use hma::Hma;
pub use macd::Macd;
pub use obv::Obv;
pub use rsi::Rsi;
pub use sma::Sma;
pub use smma::Smma;
pub use stddev::StdDev;
pub use stochastic::Stochastic;
pub use tema::Tema;
pub use true_range::TrueRange;
pub use vwap::{Vwap, VwapAnchored};
pub use vwma::Vwma;
pub use wma::Wma;

/// The functions, which have their place at the root of the crate.
pub(crate) mod functions {
    pub use super::adx::{adx, adx_into};
    pub use super::alma::{alma, alma_in_place, alma_into};
    pub use super::atr::{atr, atr_into};
    pub use super::bollinger::{bollinger, bollinger_into};
    pub use super::dema::{dema, dema_in_place, dema_into};
    pub use super::ema::{ema, ema_in_place, ema_into};
    pub use super::hma::{hma, hma_in_place, hma_into};
    pub use super::macd::{macd, macd_into};
    pub use super::obv::{obv, obv_into};
    pub use super::rsi::{rsi, rsi_in_place, rsi_into};
    pub use super::sma::{sma, sma_in_place, sma_into};
    pub use super::smma::{smma, smma_in_place, smma_into};
    pub use super::stddev::{stddev, stddev_in_place, stddev_into};
    pub use super::stochastic::{stochastic, stochastic_into};
    pub use super::tema::{tema, tema_in_place, tema_into};
    pub use super::true_range::{true_range, true_range_into};
    pub use super::vwap::{vwap, vwap_anchored, vwap_anchored_into, vwap_into};
    pub use super::vwma::{vwma, vwma_into};
    pub use super::wma::{wma, wma_in_place, wma_into};
}
