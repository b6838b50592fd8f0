//! The functions at the root of the crate: each is its indicator, its inputs in the documented order.

use crate::cases::values;
use crate::data::Data;
use kernels_indicators::{Adx, Bands, Indicator, Macd, Stochastic, spec};
use kernels_testing::small;

fn same(got: &[f64], want: &[f64]) -> bool {
    got.len() == want.len() && got.iter().zip(want).all(|(a, b)| a == b || a.is_nan() && b.is_nan())
}

/// A function and the one that ends in `_into` against their indicator.
macro_rules! function {
    ($bars:expr, $name:ident $into:ident ($($arg:expr),+), $spec:expr, $of:expr) => {
        let want: Vec<f64> = $spec.batch($of).unwrap();
        assert!(same(&kernels_indicators::$name($($arg),+).unwrap(), &want), stringify!($name));
        let mut out = vec![7.0; $bars];
        kernels_indicators::$into($($arg,)+ &mut out).unwrap();
        assert!(same(&out, &want), stringify!($into));
    };
}

/// The same, and the one that ends in `_in_place`.
macro_rules! in_place {
    ($bars:expr, $name:ident $into:ident $in_place:ident ($data:expr $(, $param:expr)+), $spec:expr) => {
        function!($bars, $name $into ($data $(, $param)+), $spec, $data);
        let (mut got, mut want) = ($data.to_vec(), $data.to_vec());
        kernels_indicators::$in_place(&mut got $(, $param)+).unwrap();
        $spec.in_place(&mut want).unwrap();
        assert!(same(&got, &want), stringify!($in_place));
    };
}

#[test]
fn functions_are_their_indicators() {
    let bars = if small() { 40 } else { 100 };
    let data = Data::<f64>::walk(1, bars);
    let [h, l, c, v] = data.real.each_ref().map(|xs| &xs[..]);
    in_place!(bars, smma smma_into smma_in_place (c, 5), spec::Smma::new(5));
    in_place!(bars, rma rma_into rma_in_place (c, 5), spec::Smma::new(5));
    in_place!(bars, wilders wilders_into wilders_in_place (c, 5), spec::Smma::new(5));
    in_place!(bars, ema ema_into ema_in_place (c, 5), spec::Ema::new(5));
    in_place!(bars, sma sma_into sma_in_place (c, 5), spec::Sma::new(5));
    in_place!(bars, wma wma_into wma_in_place (c, 5), spec::Wma::new(5));
    in_place!(bars, dema dema_into dema_in_place (c, 5), spec::Dema::new(5));
    in_place!(bars, tema tema_into tema_in_place (c, 5), spec::Tema::new(5));
    in_place!(bars, hma hma_into hma_in_place (c, 5), spec::Hma::new(5));
    in_place!(bars, rsi rsi_into rsi_in_place (c, 5), spec::Rsi::new(5));
    in_place!(bars, stddev stddev_into stddev_in_place (c, 5), spec::StdDev::new(5));
    in_place!(bars, alma alma_into alma_in_place (c, 5, 0.8, 4.0), spec::Alma::new(5, 0.8, 4.0));
    function!(bars, true_range true_range_into (h, l, c), spec::TrueRange::new(), [h, l, c]);
    function!(bars, atr atr_into (h, l, c, 5), spec::Atr::new(5), [h, l, c]);
    function!(bars, obv obv_into (c, v), spec::Obv::new(), [c, v]);
    function!(bars, vwma vwma_into (c, v, 5), spec::Vwma::new(5), [c, v]);
    function!(bars, vwap vwap_into (h, l, c, v), spec::Vwap::new(), [h, l, c, v]);
    let starts = [3, 9];
    let anchored = spec::VwapAnchored::new(&starts);
    function!(bars, vwap_anchored vwap_anchored_into (h, l, c, v, &starts), anchored, [h, l, c, v]);
}

/// The same for several outputs.
macro_rules! struct_function {
    (
        $bars:expr, $name:ident $into:ident ($($arg:expr),+), $spec:expr, $of:expr,
        $out:ident { $($field:ident),+ }
    ) => {
        let want: $out<Vec<f64>> = $spec.batch($of).unwrap();
        let got = kernels_indicators::$name($($arg),+).unwrap();
        $(let mut $field = vec![7.0; $bars];)+
        kernels_indicators::$into($($arg,)+ $out { $($field: &mut $field[..]),+ }).unwrap();
        $(assert!(same(&got.$field, &want.$field) && same(&$field, &want.$field), stringify!($name $field));)+
        // Names and order agree, for what goes by the order.
        let in_order: Vec<Vec<f64>> = values(want);
        assert!([$($field),+].iter().zip(in_order).all(|(a, b)| same(a, &b)), stringify!($name));
    };
}

#[test]
fn functions_with_several_outputs_are_their_indicators() {
    let bars = if small() { 40 } else { 100 };
    let data = Data::<f64>::walk(2, bars);
    let [h, l, c, _] = data.real.each_ref().map(|xs| &xs[..]);
    struct_function!(
        bars, bollinger bollinger_into (c, 5, 2.0), spec::Bollinger::new(5, 2.0), c,
        Bands { upper, middle, lower }
    );
    struct_function!(
        bars, macd macd_into (c, 3, 6, 4), spec::Macd::new(3, 6, 4), c,
        Macd { line, signal, histogram }
    );
    struct_function!(
        bars, adx adx_into (h, l, c, 5), spec::Adx::new(5), [h, l, c],
        Adx { adx, plus_di, minus_di }
    );
    struct_function!(
        bars, stochastic stochastic_into (h, l, c, 5, 3, 2), spec::Stochastic::new(5, 3, 2), [h, l, c],
        Stochastic { k, d }
    );
}

#[test]
fn outputs_have_the_values_that_their_names_say() {
    let rising: Vec<f64> = (1..=30).map(f64::from).collect();
    let bands = kernels_indicators::bollinger(&rising, 5, 2.0).unwrap();
    assert!(bands.upper[9] > bands.middle[9] && bands.middle[9] > bands.lower[9]);
    let adx = kernels_indicators::adx(&rising, &rising, &rising, 3).unwrap();
    assert_eq!([adx.plus_di[9], adx.minus_di[9]], [100.0, 0.0]);
    assert!(adx.adx[4].is_nan() && adx.plus_di[4] == 100.0);
    let macd = kernels_indicators::macd(&rising, 2, 5, 3).unwrap();
    assert!(macd.line[9] > 1.0 && macd.histogram[9].abs() < 1e-12);
    let stochastic =
        kernels_indicators::stochastic(&[3.0, 5.0, 5.0], &[1.0, 3.0, 1.0], &[2.0, 4.0, 3.0], 2, 1, 2);
    assert_eq!(stochastic.map(|it| [it.k[2], it.d[2]]), Ok([50.0, 62.5]));
}
