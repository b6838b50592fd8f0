//! Bar by bar.

use crate::indicator::{INPUTS, Indicator, OUTPUTS, failed, failure};
use crate::settings::{Settings, number};
use kernels_indicators::{Adx, Bands, Error, Macd, Stochastic};
use kernels_wasm::{Result, object};
use std::array;
use wasm_bindgen::prelude::*;

/// The stream of any indicator.
pub(crate) trait Bars {
    fn update(&mut self, bar: &[f64; INPUTS]) -> Option<[f64; OUTPUTS]>;
    fn peek(&self, bar: &[f64; INPUTS]) -> Option<[f64; OUTPUTS]>;
    fn reset(&mut self);
}

/// Begins one, and says at which bar its first value is.
pub(crate) type Start = fn(setting: &[f64]) -> std::result::Result<(Box<dyn Bars>, usize), Error>;

/// What the class of every stream holds.
pub(crate) struct Live {
    indicator: &'static Indicator,
    bars: Box<dyn Bars>,
    pub(crate) lookback: usize,
}

impl Live {
    pub(crate) fn new(indicator: &'static Indicator, params: &[&JsValue]) -> Result<Self> {
        let setting = Settings::one(indicator.params, params)?.numbers()?;
        let (bars, lookback) =
            (indicator.start)(&setting).map_err(|error| failed(indicator, error, &failure))?;
        Ok(Self { indicator, bars, lookback })
    }

    pub(crate) fn update(&mut self, values: &[&JsValue]) -> Result<JsValue> {
        let bar = self.bar(values)?;
        let values = self.bars.update(&bar);
        Ok(self.result(values))
    }

    pub(crate) fn peek(&self, values: &[&JsValue]) -> Result<JsValue> {
        Ok(self.result(self.bars.peek(&self.bar(values)?)))
    }

    pub(crate) fn reset(&mut self) {
        self.bars.reset();
    }

    /// The numbers of a bar.
    fn bar(&self, values: &[&JsValue]) -> Result<[f64; INPUTS]> {
        let mut bar = [0.0; INPUTS];
        for ((of_bar, what), value) in bar.iter_mut().zip(self.indicator.inputs).zip(values) {
            *of_bar = number(what, value)?;
        }
        Ok(bar)
    }

    fn result(&self, values: Option<[f64; OUTPUTS]>) -> JsValue {
        let (Some(values), names) = (values, self.indicator.outputs) else { return JsValue::UNDEFINED };
        if names.len() == 1 {
            return values[0].into();
        }
        let properties: [_; OUTPUTS] =
            array::from_fn(|i| (names.get(i).map_or("", |name| name.name), values[i].into()));
        object(&properties[..names.len()])
    }
}

/// A bar as a stream takes it.
pub(crate) trait Bar: Sized {
    fn of(bar: &[f64; INPUTS]) -> Self;
}

impl Bar for f64 {
    fn of(bar: &[f64; INPUTS]) -> Self {
        bar[0]
    }
}

impl<const N: usize> Bar for [f64; N] {
    fn of(bar: &[f64; INPUTS]) -> Self {
        array::from_fn(|i| bar[i])
    }
}

/// What a stream returns.
pub(crate) trait Values {
    fn array(self) -> [f64; OUTPUTS];
}

impl Values for f64 {
    fn array(self) -> [f64; OUTPUTS] {
        [self, 0.0, 0.0]
    }
}

macro_rules! values {
    ($($shape:ident: $values:ident => $array:expr;)*) => {
        $(
            impl Values for $shape<f64> {
                fn array(self) -> [f64; OUTPUTS] {
                    let $values = self;
                    $array
                }
            }
        )*
    };
}
values! {
    Bands: it => [it.upper, it.middle, it.lower];
    Macd: it => [it.line, it.signal, it.histogram];
    Adx: it => [it.adx, it.plus_di, it.minus_di];
    Stochastic: it => [it.k, it.d, 0.0];
}
