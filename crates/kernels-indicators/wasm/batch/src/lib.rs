//! The kernels of kernels-indicators in 64 bits, behind one type.
//!
//! Generic code is compiled as the crate is that says for which types: here for speed, while what calls it is compiled
//! for size.
#![deny(unsafe_code)]

mod shapes;

use kernels_indicators::{Error, Indicator as _, spec};
pub use shapes::{Inputs, Outputs};
use std::slice;

/// Writes a row of each output for each setting. These are numbers, one for each parameter.
pub type Run = fn(settings: &[f64], input: &[&[f64]], out: &mut [&mut [f64]]) -> Result<(), Error>;

/// What no indicator is called with: series and settings come as it says itself.
pub const MISMATCH: Error = Error::Empty { what: "series" };

/// The parameters of settings, one after another.
#[derive(Debug)]
pub struct Numbers<'a>(slice::Iter<'a, f64>);

impl Numbers<'_> {
    /// The next one.
    pub fn take<P: Parameter>(&mut self) -> P {
        P::of(self.0.next().copied().unwrap_or_default())
    }
}

/// The type of a parameter.
pub trait Parameter {
    /// From any number.
    fn of(number: f64) -> Self;
}

impl Parameter for usize {
    fn of(number: f64) -> Self {
        number as Self
    }
}

impl Parameter for f64 {
    fn of(number: f64) -> Self {
        number
    }
}

/// Parameters of an indicator.
pub trait Setting: Sized {
    /// How many there are.
    const WIDTH: usize;
    /// The next numbers.
    fn of(numbers: &mut Numbers<'_>) -> Self;
}

/// As many settings as there are numbers for. Without parameters, there is one.
///
/// # Errors
/// If there is no memory for them.
pub fn settings<S: Setting>(numbers: &[f64]) -> Result<Vec<S>, Error> {
    let rows = numbers.len().checked_div(S::WIDTH).unwrap_or(1);
    let mut settings = Vec::new();
    settings.try_reserve_exact(rows).map_err(|_| Error::TooLarge { what: "settings", rows, bars: 1 })?;
    let mut numbers = Numbers(numbers.iter());
    settings.extend((0..rows).map(|_| S::of(&mut numbers)));
    Ok(settings)
}

/// The first of them.
pub fn setting<S: Setting>(numbers: &[f64]) -> S {
    S::of(&mut Numbers(numbers.iter()))
}

impl Setting for usize {
    const WIDTH: usize = 1;

    fn of(numbers: &mut Numbers<'_>) -> Self {
        numbers.take()
    }
}

macro_rules! batch {
    ($($name:ident = $spec:ident($($param:ident),*);)*) => {
        $(
            #[doc = concat!("[`", stringify!($spec), "`](spec::", stringify!($spec), ").")]
            pub static $name: Run = {
                fn run(numbers: &[f64], input: &[&[f64]], out: &mut [&mut [f64]]) -> Result<(), Error> {
                    spec::$spec::sweep_into(&settings(numbers)?, Inputs::of(input)?, Outputs::of(out)?)
                }
                run
            };

            impl Setting for spec::$spec {
                const WIDTH: usize = <[&str]>::len(&[$(stringify!($param)),*]);

                fn of(_numbers: &mut Numbers<'_>) -> Self {
                    $(let $param = _numbers.take();)*
                    Self::new($($param),*)
                }
            }
        )*
    };
}
batch! {
    SMMA = Smma(period);
    EMA = Ema(period);
    SMA = Sma(period);
    WMA = Wma(period);
    ALMA = Alma(period, offset, sigma);
    STDDEV = StdDev(period);
    BOLLINGER = Bollinger(period, k);
    DEMA = Dema(period);
    TEMA = Tema(period);
    HMA = Hma(period);
    MACD = Macd(fast, slow, signal);
    RSI = Rsi(period);
    TRUE_RANGE = TrueRange();
    ATR = Atr(period);
    ADX = Adx(period);
    STOCHASTIC = Stochastic(k_period, k_slow, d_period);
    OBV = Obv();
    VWMA = Vwma(period);
    VWAP = Vwap();
}

/// [`VwapAnchored`](spec::VwapAnchored), whose numbers are all of one setting.
pub static VWAP_ANCHORED: Run = {
    fn run(starts: &[f64], input: &[&[f64]], out: &mut [&mut [f64]]) -> Result<(), Error> {
        let starts = settings(starts)?;
        spec::VwapAnchored::new(&starts).batch_into(Inputs::of(input)?, Outputs::of(out)?)
    }
    run
};
