//! How far results are off: the bounds that the documentation states.

use crate::cases::{Case, Form, all};
use crate::data::{CLOSE, Data, Real, off};
use kernels_indicators::{Bands, Error, Indicator, Isa, Stochastic, spec};
use kernels_testing::reference::{Double, indicators as reference, ulps, ulps_f32};
use kernels_testing::{Random, each_isa, small};

fn on<T: Real>(case: &dyn Case<T>, isa: Isa, input: &[&[T]]) -> Vec<Vec<T>> {
    let mut out = vec![vec![T::ZERO; input[0].len()]; case.outputs()];
    let mut slices: Vec<&mut [T]> = out.iter_mut().map(Vec::as_mut_slice).collect();
    case.run_into(Form::On(isa), input, &mut slices).unwrap();
    out
}

/// The root of the mean square, and the largest.
fn rms_and_max(errors: impl Iterator<Item = f64>) -> [f64; 2] {
    let (mut squares, mut max, mut count) = (0.0, 0.0_f64, 0);
    for error in errors {
        (squares, max, count) = (squares + error * error, max.max(error), count + 1);
    }
    [(squares / f64::from(count)).sqrt(), max]
}

#[test]
#[cfg_attr(miri, ignore = "a million steps")]
fn smma_and_ema_are_right_to_the_last_places_after_a_million_steps() {
    let bars = if small() { 20_000 } else { 1_000_000 };
    let walk = Random::new(9).price_walk(bars);
    let single: Vec<f32> = walk.iter().map(|x| *x as f32).collect();
    let widened: Vec<f64> = single.iter().copied().map(f64::from).collect();
    for (n, rms, max) in [(14, 0.6, 2.5), (5000, f64::INFINITY, 8.0)] {
        type Reference = fn(&[f64], usize) -> Vec<Double>;
        let cases: [(&dyn Case<f64>, &dyn Case<f32>, Reference); 2] = [
            (&spec::Smma::new(n), &spec::Smma::new(n), reference::smma_exact),
            (&spec::Ema::new(n), &spec::Ema::new(n), reference::ema_exact),
        ];
        for (double, float, exact) in cases {
            let (want, want_single) = (exact(&walk, n), exact(&widened, n));
            each_isa(double.name(), |isa| {
                let check = |what: &str, [got_rms, got_max]: [f64; 2]| {
                    assert!(
                        got_rms <= rms && got_max <= max,
                        "{what} {double:?} {isa}: rms {got_rms}, max {got_max}"
                    );
                };
                let got = on(double, isa, &[&walk]);
                check(
                    "f64",
                    rms_and_max(got[0].iter().zip(&want).skip(n - 1).map(|(got, want)| ulps(*got, *want))),
                );
                let got = on(float, isa, &[&single]);
                let errors =
                    got[0].iter().zip(&want_single).skip(n - 1).map(|(got, want)| ulps_f32(*got, *want));
                check("f32", rms_and_max(errors));
            });
        }
    }
}

#[test]
#[cfg_attr(miri, ignore = "other numbers, but the same memory accesses as in reference.rs")]
fn the_seed_is_the_mean_to_the_last_place() {
    fn check<T: Real>() {
        for n in if small() { vec![14, 1000] } else { vec![14, 1000, 30_000] } {
            let data = Data::<T>::walk(6, n);
            let want = reference::sma(&data.wide[CLOSE], n)[n - 1];
            let input = [&data.real[CLOSE][..]];
            each_isa("smma", |isa| {
                for case in [&spec::Smma::new(n) as &dyn Case<T>, &spec::Ema::new(n)] {
                    let off = off(0.0, on(case, isa, &input)[0][n - 1], want);
                    assert!(off <= 1.0, "{case:?} on {isa}: {off} ulp");
                }
            });
            let mut stream = Indicator::stream::<T>(&spec::Smma::new(n)).unwrap();
            let last = input[0].iter().fold(None, |_, x| stream.update(*x)).unwrap();
            assert!(off(0.0, last, want) <= 1.0, "the stream of period {n}: {last}, expected {want}");
        }
    }
    check::<f64>();
    check::<f32>();
}

/// Numbers whose sums and products round.
fn constants<T: Real>() -> Vec<T> {
    let mut random = Random::new(1);
    let mut constants = vec![0.0, 0.1, -1.0 / 3.0, 1e-30, -1e30, 123_456.789, 0.9999999999999999, 1.0000001];
    let more = if small() { 2 } else { 40 };
    constants.extend((0..more).map(|_| f64::from_bits(random.bits() >> 12 | 0x3FF0 << 48) * 10.0 - 12.0));
    constants.into_iter().map(T::from_f64).collect()
}

#[test]
#[cfg_attr(miri, ignore = "other numbers, but the same memory accesses as in reference.rs")]
fn a_constant_stays_exactly_what_it_is() {
    fn check<T: Real>() {
        let bars = if small() { 40 } else { 2200 };
        let periods: &[usize] =
            if small() { &[1, 3, 9, 14] } else { &[1, 2, 3, 5, 7, 9, 14, 21, 100, 333, 1025, 2000] };
        // All others divide by a sum of weights, or by nothing.
        let exact = [
            "smma",
            "ema",
            "dema",
            "tema",
            "sma",
            "wma",
            "hma",
            "vwma",
            "macd",
            "stddev",
            "bollinger",
            "rsi",
        ];
        for constant in constants::<T>() {
            let close = vec![constant; bars];
            let volume: Vec<T> = (0..bars).map(|i| T::from_f64(1.0 + (i % 7) as f64)).collect();
            for case in periods.iter().flat_map(|n| all::<T>(*n)).filter(|case| exact.contains(&case.name()))
            {
                let what = ["macd", "stddev", "rsi"].contains(&case.name());
                let want = if what { T::ZERO } else { constant };
                let input: Vec<&[T]> =
                    case.series().iter().map(|s| if *s == CLOSE { &close[..] } else { &volume }).collect();
                each_isa(case.name(), |isa| {
                    for out in on(&*case, isa, &input) {
                        let (before, rest) = out.split_at(case.first_bar().min(bars));
                        assert!(before.iter().all(|x| x.same(T::NAN)), "{case:?} of {constant} on {isa}");
                        let wrong = rest.iter().find(|x| **x != want);
                        assert_eq!(wrong, None, "{case:?} of {constant} on {isa}");
                    }
                });
                let mut stream = case.new_stream().unwrap();
                for bar in 0..bars.min(300) {
                    let values: Vec<T> = input.iter().map(|xs| xs[bar]).collect();
                    let got = stream.update(&values);
                    let right = got.is_none_or(|got| got[..case.outputs()].iter().all(|x| *x == want));
                    assert!(
                        right && got.is_some() == (bar >= case.first_bar()),
                        "the stream of {case:?}: {got:?}"
                    );
                }
            }
        }
    }
    check::<f64>();
    check::<f32>();
}

#[test]
#[cfg_attr(miri, ignore = "other numbers, but the same memory accesses as in reference.rs")]
fn ranges_that_stay_are_their_own_average() {
    let bars = if small() { 60 } else { 2000 };
    for range in constants::<f64>() {
        let (high, zeros) = (vec![range.abs(); bars], vec![0.0; bars]);
        for n in [1, 2, 14, 50] {
            let atr = kernels_indicators::atr(&high, &zeros, &zeros, n).unwrap();
            let off = atr[n..].iter().map(|x| ulps(*x, range.abs())).fold(0.0, f64::max);
            assert!(off <= 4.0, "{range} of period {n}: {off} ulp off");
        }
    }
}

/// Whether the bar `at` of the windows of `data` is right to 1e-9, for each output.
fn right_at(
    at: usize,
    data: &[f64],
    n: usize,
    isa: Isa,
    bands: &Bands<Vec<f64>>,
    wma: &[f64],
    stddev: &[f64],
) {
    let window = &data[at + 1 - n..=at];
    let last = |values: Vec<f64>| values[n - 1];
    let wants = [
        (bands.middle[at], last(reference::sma(window, n))),
        (bands.upper[at], last(reference::bollinger(window, n, 2.0).upper)),
        (bands.lower[at], last(reference::bollinger(window, n, 2.0).lower)),
        (wma[at], last(reference::wma(window, n))),
        (stddev[at], last(reference::stddev(window, n))),
    ];
    for (i, (got, want)) in wants.into_iter().enumerate() {
        let off = (got - want).abs() / want.abs();
        assert!(
            off <= 1e-9,
            "{i} of period {n} on {isa}, bar {at} of {}: {got}, expected {want}",
            data.len()
        );
    }
}

#[test]
#[cfg_attr(miri, ignore = "ten million bars")]
fn windows_do_not_drift_after_a_spike() {
    let bars = if small() { 50_000 } else { 10_000_000 };
    let mut close: Vec<f64> = Random::new(2).price_walk(bars.min(100_000));
    close = close.iter().copied().cycle().take(bars).collect();
    let spike = 3000;
    close[spike] = 1e12;
    let out = || vec![0.0; bars];
    let (mut bands, mut wma, mut stddev) =
        (Bands { upper: out(), middle: out(), lower: out() }, out(), out());
    for n in if small() { vec![14] } else { vec![14, 200] } {
        each_isa("sma", |isa| {
            let Bands { upper, middle, lower } = &mut bands;
            let slices = Bands { upper: &mut upper[..], middle: &mut middle[..], lower: &mut lower[..] };
            spec::Bollinger::new(n, 2.0).batch_into_on(isa, &close, slices).unwrap();
            spec::Wma::new(n).batch_into_on(isa, &close, &mut wma).unwrap();
            spec::StdDev::new(n).batch_into_on(isa, &close, &mut stddev).unwrap();
            // The last one, the first that the spike has left, and the last before it came.
            for at in [bars - 1, spike + n, spike + n + 1, spike - 1] {
                right_at(at, &close, n, isa, &bands, &wma, &stddev);
            }
            let sma = &mut stddev;
            spec::Sma::new(n).batch_into_on(isa, &close, sma).unwrap();
            assert_eq!(sma[n..], bands.middle[n..], "{isa}");
        });
    }
}

/// The bars of a window, and `u` of the bounds.
fn windows<T: Real>(data: &Data<T>, n: usize) -> impl Iterator<Item = (usize, &[f64])> {
    data.wide[CLOSE].windows(n).enumerate().map(move |(i, window)| (i + n - 1, window))
}

fn spread(window: &[f64]) -> f64 {
    let max = window.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    max - window.iter().copied().fold(f64::INFINITY, f64::min)
}

#[test]
#[cfg_attr(miri, ignore = "other numbers, but the same memory accesses as in reference.rs")]
fn windows_are_as_exact_as_their_documentation_says() {
    fn check<T: Real>() {
        let (u, bars) = (T::EPSILON / 2.0, if cfg!(miri) { 20 } else { 3000 });
        let walk = Data::<T>::walk(3, bars);
        let mut level = walk.wide.clone();
        // Little moves on a high level.
        level[CLOSE].iter_mut().for_each(|x| *x = *x * 1e-3 + 5e3);
        for data in [walk, Data::new(level)] {
            let close = &data.wide[CLOSE];
            for n in if small() { vec![2, 9] } else { vec![1, 2, 3, 9, 14, 64, 257, 600] } {
                let [sma, wma] = [reference::sma(close, n), reference::wma(close, n)];
                let [alma, stddev] = [reference::alma(close, n, 0.85, 6.0), reference::stddev(close, n)];
                each_isa("sma", |isa| {
                    let input = [&data.real[CLOSE][..]];
                    let steps = (n + 4) as f64;
                    let got = on::<T>(&spec::Sma::new(n), isa, &input);
                    let near = |what: &str, at: usize, got: T, want: f64, bound: f64| {
                        // The reference is rounded too, by half a unit of `f64`.
                        let off = (got.to_f64() - want).abs();
                        assert!(
                            off <= bound + f64::ulp(want) / 2.0,
                            "{what} {n} on {isa}, bar {at}: {got}, expected {want}"
                        );
                    };
                    for (at, window) in windows(&data, n) {
                        near(
                            "sma",
                            at,
                            got[0][at],
                            sma[at],
                            T::ulp(sma[at]) / 2.0 + steps * u * spread(window),
                        );
                    }
                    let got = on::<T>(&spec::Wma::new(n), isa, &input);
                    for (at, window) in windows(&data, n) {
                        near(
                            "wma",
                            at,
                            got[0][at],
                            wma[at],
                            T::ulp(wma[at]) / 2.0 + steps * u * spread(window),
                        );
                    }
                    let got = on::<T>(&spec::Alma::new(n, 0.85, 6.0), isa, &input);
                    for (at, window) in windows(&data, n) {
                        let max = window.iter().copied().fold(0.0, f64::max);
                        near("alma", at, got[0][at], alma[at], steps * u * max);
                    }
                    let got = on::<T>(&spec::StdDev::new(n), isa, &input);
                    for (at, window) in windows(&data, n) {
                        if spread(window) > 1000.0 * T::ulp(window[0]) || n == 1 {
                            near("stddev", at, got[0][at], stddev[at], steps * u * stddev[at]);
                        }
                    }
                });
            }
        }
    }
    check::<f64>();
    check::<f32>();
}

#[test]
#[cfg_attr(miri, ignore = "other numbers, but the same memory accesses as in reference.rs")]
fn percentages_stay_exact_through_long_halts() {
    // After a move and a halt both averages have all but faded; their ratio has not.
    let bars = if small() { 60 } else { 400 };
    let close: Vec<f64> = (0..bars).map(|i| 100.0 + f64::from([3, 3, 1, 1, 2, 5][(i / 30) % 6])).collect();
    let single: Vec<f32> = close.iter().map(|x| *x as f32).collect();
    for n in [2, 5, 14] {
        let want = reference::rsi(&close, n);
        each_isa("rsi", |isa| {
            let check = |bar: usize, got: f64, epsilon: f64| {
                assert!(
                    (got - want[bar]).abs() <= 100.0 * epsilon * 100.0,
                    "rsi {n} on {isa}, bar {bar}: {got}, expected {}",
                    want[bar]
                );
            };
            let case = spec::Rsi::new(n);
            on::<f64>(&case, isa, &[&close])[0]
                .iter()
                .enumerate()
                .skip(n)
                .for_each(|(i, x)| check(i, *x, f64::EPSILON));
            on::<f32>(&case, isa, &[&single])[0]
                .iter()
                .enumerate()
                .skip(n)
                .for_each(|(i, x)| check(i, f64::from(*x), f32::EPSILON.into()));
        });
    }
}

#[test]
#[cfg_attr(miri, ignore = "other numbers, but the same memory accesses as in reference.rs")]
fn percentages_are_from_0_to_100() -> Result<(), Error> {
    let data = Data::<f32>::walk(12, if small() { 60 } else { 5000 });
    let [high, low, close, _] = data.real.each_ref().map(|xs| &xs[..]);
    for n in [1, 2, 5, 14] {
        let adx = kernels_indicators::adx(high, low, close, n)?;
        let Stochastic { k, d } = kernels_indicators::stochastic(high, low, close, n, 1, 1)?;
        for x in [adx.adx, adx.plus_di, adx.minus_di, k, d, kernels_indicators::rsi(close, n)?].concat() {
            assert!(x.is_nan() || (-1e-4..=100.0001).contains(&x), "period {n}: {x}");
        }
    }
    Ok(())
}
