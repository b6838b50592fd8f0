//! What must hold for any input.
#![cfg(not(miri))]

use crate::cases::{Case, Form, all};
use crate::data::{CLOSE, Data, HIGH, LOW, Level, VOLUME};
use kernels_indicators::{
    Isa, adx, dema, ema, hma, macd, rsi, sma, smma, stddev, stochastic, tema, vwap, vwma, wma,
};
use kernels_testing::small;
use proptest::prelude::*;

fn cases() -> ProptestConfig {
    ProptestConfig {
        cases: if small() { 8 } else { 256 },
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// A walk of 1 to 300 bars, and a period that is no longer.
fn walk() -> impl Strategy<Value = (Data<f64>, usize)> {
    (any::<u64>(), 1..300_usize, any::<prop::sample::Index>())
        .prop_map(|(seed, bars, n)| (Data::walk(seed, bars), n.index(bars) + 1))
}

/// NaN in the same places, and no further apart than `bound`.
fn near(got: &[f64], want: &[f64], bound: f64) -> Result<(), TestCaseError> {
    prop_assert_eq!(got.len(), want.len());
    for (bar, (got, want)) in got.iter().zip(want).enumerate() {
        let near = if want.is_nan() { got.is_nan() } else { (got - want).abs() <= bound };
        prop_assert!(near, "bar {}: {}, expected {}", bar, got, want);
    }
    Ok(())
}

fn largest(xs: &[f64]) -> f64 {
    xs.iter().fold(0.0, |max, x| max.max(x.abs()))
}

/// The prices of `data` made into others.
fn with_prices(data: &Data<f64>, of: impl Fn(f64) -> f64) -> Data<f64> {
    let mut series = data.wide.clone();
    for which in [HIGH, LOW, CLOSE] {
        series[which].iter_mut().for_each(|x| *x = of(*x));
    }
    Data::new(series)
}

/// But for rounding.
fn between(x: f64, min: f64, max: f64) -> bool {
    (min * (1.0 - 1e-14)..=max * (1.0 + 1e-14)).contains(&x)
}

/// What does not move with the prices.
fn is_a_difference(case: &dyn Case<f64>) -> bool {
    case.level() != Level::Price || ["macd", "true_range", "atr"].contains(&case.name())
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn higher_prices_are_averages_higher_by_as_much((data, n) in walk(), shift in -50.0..1000.0_f64) {
        let shifted = with_prices(&data, |x| x + shift);
        for case in all::<f64>(n) {
            let before = case.run(&data.input(&*case, data.bars())).unwrap();
            let after = case.run(&shifted.input(&*case, data.bars())).unwrap();
            let shift = if is_a_difference(&*case) { 0.0 } else { shift };
            // A percentage is of moves, which are rounded to the last place of the prices.
            let bound = if case.level() == Level::Percent { 1e-7 } else { 1e-9 };
            for (after, before) in after.iter().zip(before) {
                near(after, &before.iter().map(|x| x + shift).collect::<Vec<_>>(), bound)?;
            }
        }
    }

    #[test]
    fn a_power_of_two_scales_exactly((data, n) in walk(), power in -30..30_i32) {
        let scale = 2.0_f64.powi(power);
        let scaled = with_prices(&data, |x| x * scale);
        for case in all::<f64>(n) {
            let before = case.run(&data.input(&*case, data.bars())).unwrap();
            let after = case.run(&scaled.input(&*case, data.bars())).unwrap();
            let factor = if [Level::Percent, Level::Volume].contains(&case.level()) { 1.0 } else { scale };
            for (after, before) in after.iter().zip(before) {
                near(after, &before.iter().map(|x| x * factor).collect::<Vec<_>>(), 0.0)?;
            }
        }
    }

    #[test]
    fn what_is_to_come_changes_nothing((data, n) in walk(), cut in any::<prop::sample::Index>()) {
        let len = n + cut.index(data.bars() - n + 1);
        for case in all::<f64>(n).into_iter().filter(|case| case.name() != "vwap_anchored") {
            let whole = case.run(&data.input(&*case, data.bars())).unwrap();
            let part = case.run(&data.input(&*case, len)).unwrap();
            let bound = 1e-12 * data.level(&*case);
            for (part, whole) in part.iter().zip(whole) {
                near(part, &whole[..len], bound)?;
            }
        }
    }

    #[test]
    fn averages_lie_between_the_least_and_the_largest((data, n) in walk()) {
        let (close, volume) = (&data.wide[CLOSE], &data.wide[VOLUME]);
        let windows = [sma(close, n), wma(close, n), vwma(close, volume, n)];
        for out in windows.map(Result::unwrap) {
            for (window, x) in close.windows(n).zip(&out[n - 1..]) {
                let (min, max) = window.iter().fold((f64::MAX, f64::MIN), |(a, b), x| (a.min(*x), b.max(*x)));
                prop_assert!(between(*x, min, max), "{} not in {}..={}", x, min, max);
            }
        }
        let (min, max) = close.iter().fold((f64::MAX, f64::MIN), |(a, b), x| (a.min(*x), b.max(*x)));
        for x in [smma(close, n).unwrap(), ema(close, n).unwrap()].concat().iter().filter(|x| !x.is_nan()) {
            prop_assert!(between(*x, min, max), "{} not in {}..={}", x, min, max);
        }
        prop_assert!(stddev(close, n).unwrap()[n - 1..].iter().all(|x| *x >= 0.0 && *x <= max - min));
    }

    #[test]
    fn percentages_lie_between_0_and_100((data, n) in walk()) {
        let [high, low, close, _] = data.wide.each_ref().map(|xs| &xs[..]);
        let adx = adx(high, low, close, n).unwrap();
        let stochastic = stochastic(high, low, close, n, n.min(3), n.min(3)).unwrap();
        let rsi = rsi(close, n).unwrap();
        for x in [adx.adx, adx.plus_di, adx.minus_di, stochastic.k, stochastic.d, rsi].concat() {
            prop_assert!(x.is_nan() || (-1e-11..=100.0 + 1e-11).contains(&x), "{}", x);
        }
    }

    #[test]
    fn compounds_are_what_they_are_made_of((data, n) in walk()) {
        let close = &data.wide[CLOSE];
        let bound = 1e-13 * largest(close);
        let zip = |a: &[f64], b: &[f64], of: fn(f64, f64) -> f64| -> Vec<f64> {
            a.iter().zip(b).map(|(a, b)| of(*a, *b)).collect()
        };
        let e1 = ema(close, n).unwrap();
        let e2 = ema(&e1, n).unwrap();
        let e3 = ema(&e2, n).unwrap();
        near(&dema(close, n).unwrap(), &zip(&e1, &e2, |a, b| 2.0 * a - b), bound)?;
        near(&tema(close, n).unwrap(), &zip(&zip(&e1, &e2, |a, b| 3.0 * (a - b)), &e3, |a, b| a + b), bound)?;
        let lead = zip(&wma(close, (n / 2).max(1)).unwrap(), &wma(close, n).unwrap(), |a, b| 2.0 * a - b);
        near(&hma(close, n).unwrap(), &wma(&lead, n.isqrt()).unwrap(), bound)?;
        // Wilder's average is the exponential one of another period, but for its seed.
        if 2 * n - 1 <= close.len() {
            let (slow, exponential) = (smma(close, n).unwrap(), ema(close, 2 * n - 1).unwrap());
            let seeds = slow[2 * n - 2] - exponential[2 * n - 2];
            let fade = |bar: usize| seeds * (1.0 - 1.0 / n as f64).powi((bar + 2) as i32 - 2 * n as i32);
            let faded: Vec<f64> = exponential.iter().enumerate().map(|(bar, x)| x + fade(bar)).collect();
            near(&slow[2 * n - 2..], &faded[2 * n - 2..], bound)?;
        }
        if n > 1 {
            let macd = macd(close, 1, n, 1).unwrap();
            near(&macd.line, &zip(close, &e1, |a, b| a - b), bound)?;
            near(&macd.signal, &macd.line, 0.0)?;
        }
        // All of one weight: by volume is by number.
        near(&vwma(close, &vec![3.5; close.len()], n).unwrap(), &sma(close, n).unwrap(), bound)?;
        let [high, low, close, volume] = data.wide.each_ref().map(|xs| &xs[..]);
        let sums = zip(&zip(high, low, |a, b| a + b), close, |a, b| a + b);
        let typical: Vec<f64> = sums.iter().map(|sum| sum / 3.0).collect();
        let last = *vwap(high, low, close, volume).unwrap().last().unwrap();
        let whole = *vwma(&typical, volume, close.len()).unwrap().last().unwrap();
        prop_assert!((last - whole).abs() <= bound, "{} and {}", last, whole);
    }

    /// Any bit pattern: subnormals, infinities and NaN among them.
    #[test]
    fn nothing_panics(
        series in prop::array::uniform4(prop::collection::vec(prop::num::f64::ANY, 1..200)),
        n in prop_oneof![0..40_usize, any::<usize>()],
    ) {
        let bars = series.iter().map(Vec::len).min().unwrap();
        for case in all::<f64>(n.clamp(1, 40)) {
            let input: Vec<&[f64]> = case.series().iter().map(|which| &series[*which][..bars]).collect();
            let mut out = vec![vec![0.0; bars]; case.outputs()];
            for isa in Isa::available() {
                let mut slices: Vec<&mut [f64]> = out.iter_mut().map(Vec::as_mut_slice).collect();
                let _ = case.run_into(Form::On(isa), &input, &mut slices);
                let _ = case.run_in_place(Form::On(isa), &mut input[0].to_vec());
            }
            let mut stream = case.new_stream().unwrap();
            for bar in 0..bars {
                let values: Vec<f64> = input.iter().map(|xs| xs[bar]).collect();
                let (peeked, updated) = (stream.peek(&values), stream.update(&values));
                prop_assert_eq!(peeked.map(|x| x.map(f64::to_bits)), updated.map(|x| x.map(f64::to_bits)));
            }
        }
        let x = &series[0][..];
        for of in [smma, ema, sma, wma, hma, dema, tema, rsi] {
            let result = of(x, n);
            prop_assert_eq!(result.is_ok(), n > 0 && n <= x.len());
        }
    }

    #[test]
    fn nothing_panics_in_single_precision(
        series in prop::array::uniform4(prop::collection::vec(prop::num::f32::ANY, 1..200)),
        n in 1..40_usize,
    ) {
        let bars = series.iter().map(Vec::len).min().unwrap();
        for case in all::<f32>(n) {
            let input: Vec<&[f32]> = case.series().iter().map(|which| &series[*which][..bars]).collect();
            let mut out = vec![vec![0.0; bars]; case.outputs()];
            for isa in Isa::available() {
                let mut slices: Vec<&mut [f32]> = out.iter_mut().map(Vec::as_mut_slice).collect();
                let _ = case.run_into(Form::On(isa), &input, &mut slices);
                let _ = case.run_in_place(Form::On(isa), &mut input[0].to_vec());
            }
        }
    }
}
