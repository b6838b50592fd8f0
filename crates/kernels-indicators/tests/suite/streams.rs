//! Streams give what a batch gives, bar by bar, and `peek` what `update` would.

use crate::cases::{Case, Streamed, all};
use crate::data::{CLOSE, Data, LOW, Level, Real, assert_close};
use kernels_indicators::{Error, Indicator, Stream, spec};
use kernels_testing::reference::indicators as reference;
use kernels_testing::{Random, small};

/// The stream's values at all bars; every bar is looked at before it is taken, and another in its place.
fn streamed<T: Real>(case: &dyn Case<T>, data: &Data<T>) -> Vec<Vec<T>> {
    let mut stream = case.new_stream().unwrap();
    let mut out = vec![vec![T::NAN; data.bars()]; case.outputs()];
    let input = data.input(case, data.bars());
    for bar in 0..data.bars() {
        let values: [T; 4] = std::array::from_fn(|i| input.get(i).map_or(T::ZERO, |xs| xs[bar]));
        let other = values.map(|x| x * T::from_f64(1.5));
        let _ = stream.peek(&other);
        let _ = stream.peek(&[T::NAN; 4]);
        let peeked = stream.peek(&values);
        let updated = stream.update(&values);
        assert!(same(peeked, updated), "{case:?}, bar {bar}: {peeked:?}, then {updated:?}");
        if let Some(values) = updated {
            out.iter_mut().zip(values).for_each(|(out, value)| out[bar] = value);
        }
    }
    out
}

fn same<T: Real>(a: Option<[T; 3]>, b: Option<[T; 3]>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a.iter().zip(b).all(|(a, b)| a.same(b)),
        (None, None) => true,
        _ => false,
    }
}

/// What a unit in the last place is one of: the least price, where a value is a mean or difference of prices.
fn level<T: Real>(case: &dyn Case<T>, data: &Data<T>) -> f64 {
    match case.level() {
        Level::Price => data.wide[LOW].iter().copied().fold(f64::INFINITY, f64::min),
        _ => data.level(case),
    }
}

fn check<T: Real>(bars: usize, periods: &[usize], bound: impl Fn(usize) -> f64) {
    let data = Data::<T>::walk(1, bars);
    for &n in periods {
        for case in all(n) {
            let level = level(&*case, &data);
            let batch = case.run(&data.input(&*case, bars)).unwrap();
            for (got, want) in streamed(&*case, &data).iter().zip(batch) {
                let want: Vec<f64> = want.iter().map(|x| x.to_f64()).collect();
                assert_close(bound(n), level, got, &want, &|| format!("the stream of {case:?}"));
            }
        }
    }
}

#[test]
fn a_stream_is_within_4_ulp_of_the_batch_at_period_14() {
    let bars = if cfg!(miri) { 15 } else { 12_000 };
    check::<f64>(bars, &[14], |_| 4.0);
    check::<f32>(bars, &[14], |_| 4.0);
}

#[test]
#[cfg_attr(miri, ignore = "other numbers, but the same memory accesses as in reference.rs")]
fn a_stream_is_near_the_batch_at_any_period() {
    // Measured: 9 ulp up to period 1000 (TEMA), 14 at 5000 (Bollinger bands).
    let bound = |n: usize| 12.0 + n as f64 / 400.0;
    if small() {
        check::<f64>(20, &[1, 2, 9], bound);
        return check::<f32>(20, &[1, 2, 9], bound);
    }
    for (bars, periods) in
        [(100, &[1, 2, 3, 5, 8, 9, 20, 50][..]), (4000, &[2, 100, 1000]), (12_000, &[5000])]
    {
        check::<f64>(bars, periods, bound);
        check::<f32>(bars, periods, bound);
    }
}

#[test]
#[cfg_attr(miri, ignore = "other numbers, but the same memory accesses as in reference.rs")]
fn a_deviation_is_near_to_itself() {
    let bars = if small() { 60 } else { 12_000 };
    let data = Data::<f64>::walk(2, bars);
    let batch = kernels_indicators::stddev(&data.wide[CLOSE], 14).unwrap();
    assert_close(4.0, 0.0, &streamed(&spec::StdDev::new(14), &data)[0], &batch, &|| "stddev".into());
}

#[test]
fn reset_makes_a_stream_new() {
    let bars = if small() { 20 } else { 100 };
    let data = Data::<f64>::walk(3, bars);
    for case in [3, 1, 9, 14][..if cfg!(miri) { 1 } else { 4 }].iter().flat_map(|n| all::<f64>(*n)) {
        let input = data.input(&*case, bars);
        let mut stream = case.new_stream().unwrap();
        let mut run = |bars: usize| -> Vec<Option<[f64; 3]>> {
            stream.reset();
            (0..bars).map(|bar| stream.update(&input.iter().map(|xs| xs[bar]).collect::<Vec<_>>())).collect()
        };
        let want = run(bars);
        for stop in [0, 1, 2, 9, 10, 19] {
            run(stop);
            let got = run(bars);
            assert!(got.iter().zip(&want).all(|(got, want)| same(*got, *want)), "{case:?} after {stop} bars");
        }
    }
}

#[test]
fn a_clone_goes_its_own_way() -> Result<(), Error> {
    let mut stream = spec::Sma::new(2).stream::<f64>()?;
    stream.update(1.0);
    let mut other = stream.clone();
    assert_eq!([stream.update(2.0), other.update(4.0)], [Some(1.5), Some(2.5)]);
    assert_eq!([stream.update(3.0), other.update(3.0)], [Some(2.5), Some(3.5)]);
    assert_eq!(other.spec(), &spec::Sma::new(2));
    Ok(())
}

#[test]
#[cfg_attr(miri, ignore = "other numbers, but the same memory accesses as in reference.rs")]
fn a_spike_leaves_nothing_behind() {
    let bars = if small() { 200 } else { 100_000 };
    let mut close = Random::new(4).price_walk(bars);
    close[20] = 1e12;
    for n in [5, 14, 50] {
        let mut streams: [Box<dyn Streamed<f64>>; 3] = [
            Box::new(spec::Sma::new(n).stream().unwrap()),
            Box::new(spec::Wma::new(n).stream().unwrap()),
            Box::new(spec::StdDev::new(n).stream().unwrap()),
        ];
        let wants = [
            reference::sma(&close[21..], n),
            reference::wma(&close[21..], n),
            reference::stddev(&close[21..], n),
        ];
        for (stream, want) in streams.iter_mut().zip(wants) {
            close[..=20].iter().for_each(|x| assert!(stream.update(&[*x]).is_none_or(|_| true)));
            for (x, want) in close[21..].iter().zip(want).map(|(x, want)| (stream.update(&[*x]), want)) {
                assert!(
                    want.is_nan() || (x.unwrap()[0] - want).abs() <= 1e-12 * want,
                    "{x:?}, expected {want}"
                );
            }
        }
    }
}

#[test]
#[cfg_attr(miri, ignore = "Miri ends where an allocator says no")]
fn a_window_that_no_memory_holds_is_an_error() {
    for n in [usize::MAX, usize::MAX / 2, usize::MAX / 8, usize::MAX / 16] {
        let too_large =
            |error: Error| assert!(matches!(error, Error::TooLarge { what: "stream", .. }), "{error}");
        too_large(spec::Sma::new(n).stream::<f64>().unwrap_err());
        too_large(spec::Wma::new(n).stream::<f64>().unwrap_err());
        too_large(spec::Alma::new(n, 0.85, 6.0).stream::<f64>().unwrap_err());
        too_large(spec::StdDev::new(n).stream::<f64>().unwrap_err());
        too_large(spec::Bollinger::new(n, 2.0).stream::<f64>().unwrap_err());
        too_large(spec::Hma::new(n).stream::<f64>().unwrap_err());
        too_large(spec::Vwma::new(n).stream::<f64>().unwrap_err());
        too_large(spec::Stochastic::new(n, 3, 3).stream::<f64>().unwrap_err());
        too_large(spec::Stochastic::new(3, n, 3).stream::<f64>().unwrap_err());
        too_large(spec::Stochastic::new(3, 3, n).stream::<f64>().unwrap_err());
        // These remember no bars.
        assert_eq!(spec::Smma::new(n).stream::<f64>().unwrap().update(1.0), None);
        assert_eq!(spec::Tema::new(n).stream::<f64>().unwrap().update(1.0), None);
        assert_eq!(spec::Rsi::new(n).stream::<f64>().unwrap().update(1.0), None);
        assert_eq!(spec::Macd::new(n - 1, n, n).stream::<f64>().unwrap().update(1.0), None);
        assert_eq!(spec::Adx::new(n).stream::<f32>().unwrap().update([1.0; 3]), None);
    }
}

#[test]
fn a_stream_checks_its_parameters() {
    assert_eq!(spec::Smma::new(0).stream::<f64>().unwrap_err(), Error::ZeroPeriod { what: "period" });
    assert_eq!(spec::Hma::new(0).stream::<f64>().unwrap_err(), Error::ZeroPeriod { what: "period" });
    assert_eq!(
        spec::Macd::new(3, 3, 1).stream::<f64>().unwrap_err(),
        Error::Order { what: "fast", than: "slow", expected: 3, got: 3 }
    );
    assert!(spec::Alma::new(3, f64::NAN, 6.0).stream::<f64>().is_err());
    assert!(spec::VwapAnchored::new(&[3, 3]).stream::<f64>().is_err());
    let is = |stream: Stream<spec::Obv, f32>| format!("{stream:?}");
    assert!(is(spec::Obv::new().stream().unwrap()).contains("Obv"));
}
