//! Series as the kernels take them, of any number of series.

use crate::MISMATCH;
use kernels_indicators::{Adx, Bands, Error, Macd, Stochastic};

/// Series to read.
pub trait Inputs<'a>: Sized {
    /// These series.
    ///
    /// # Errors
    /// If there are as many others.
    fn of(series: &[&'a [f64]]) -> Result<Self, Error>;
}

impl<'a> Inputs<'a> for &'a [f64] {
    fn of(series: &[&'a [f64]]) -> Result<Self, Error> {
        series.first().copied().ok_or(MISMATCH)
    }
}

impl<'a, const N: usize> Inputs<'a> for [&'a [f64]; N] {
    fn of(series: &[&'a [f64]]) -> Result<Self, Error> {
        series.try_into().map_err(|_| MISMATCH)
    }
}

/// Series to write.
pub trait Outputs<'a>: Sized {
    /// These series.
    ///
    /// # Errors
    /// If there are as many others.
    fn of(series: &'a mut [&mut [f64]]) -> Result<Self, Error>;
}

impl<'a> Outputs<'a> for &'a mut [f64] {
    fn of(series: &'a mut [&mut [f64]]) -> Result<Self, Error> {
        series.first_mut().map(|series| &mut **series).ok_or(MISMATCH)
    }
}

macro_rules! outputs {
    ($($shape:ident { $($field:ident),+ })*) => {
        $(
            impl<'a> Outputs<'a> for $shape<&'a mut [f64]> {
                fn of(series: &'a mut [&mut [f64]]) -> Result<Self, Error> {
                    let [$($field),+] = series else { return Err(MISMATCH) };
                    Ok(Self { $($field),+ })
                }
            }
        )*
    };
}
outputs! {
    Bands { upper, middle, lower }
    Macd { line, signal, histogram }
    Adx { adx, plus_di, minus_di }
    Stochastic { k, d }
}
