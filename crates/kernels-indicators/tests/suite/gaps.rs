//! NaN and infinities: nothing but what depends on them is missing.

use crate::cases::{Case, Form, all};
use crate::data::{CLOSE, Data, HIGH, LOW, Real, VOLUME, assert_close};
use kernels_indicators::{Isa, atr, obv, smma, spec, true_range};
use kernels_testing::reference::indicators as reference;
use kernels_testing::{Random, each_isa, small};

const BOUND: f64 = 32.0;

/// The batch on every instruction set, in place too, and the stream, against the reference.
fn check<T: Real>(case: &dyn Case<T>, data: &Data<T>) {
    let (want, level, bars) = (data.want(case), data.level(case), data.bars());
    let input = data.input(case, bars);
    each_isa(case.name(), |isa| {
        let out = on(case, isa, &input);
        for (out, want) in out.iter().zip(&want) {
            assert_close(BOUND, level, out, want, &|| format!("{case:?} on {isa}"));
        }
        let mut out = input[0].to_vec();
        if let Some(result) = case.run_in_place(Form::On(isa), &mut out) {
            result.unwrap();
            assert_close(BOUND, level, &out, &want[0], &|| format!("{case:?} in place on {isa}"));
        }
    });

    let mut stream = case.new_stream().unwrap();
    let mut out = vec![vec![T::NAN; bars]; case.outputs()];
    for bar in 0..bars {
        let values: Vec<T> = input.iter().map(|xs| xs[bar]).collect();
        if let Some(values) = stream.update(&values) {
            out.iter_mut().zip(values).for_each(|(out, value)| out[bar] = value);
        }
    }
    for (out, want) in out.iter().zip(&want) {
        assert_close(BOUND, level, out, want, &|| format!("the stream of {case:?}"));
    }
}

fn on<T: Real>(case: &dyn Case<T>, isa: Isa, input: &[&[T]]) -> Vec<Vec<T>> {
    let mut out = vec![vec![T::ZERO; input[0].len()]; case.outputs()];
    let mut slices: Vec<&mut [T]> = out.iter_mut().map(Vec::as_mut_slice).collect();
    case.run_into(Form::On(isa), input, &mut slices).unwrap();
    out
}

/// A walk in which the bars that `gap` names are missing: one input of them, or all.
fn with_gaps<T: Real>(bars: usize, mut gap: impl FnMut(usize, usize) -> Option<f64>) -> Data<T> {
    let mut series = Data::<f64>::walk(11, bars).wide;
    for (which, xs) in series.iter_mut().enumerate() {
        for (bar, x) in xs.iter_mut().enumerate() {
            *x = gap(which, bar).unwrap_or(*x);
        }
    }
    Data::new(series)
}

/// Where one input of several is missing, these may know the bar after it: see below.
fn looks_back_on_one_input<T: Real>(case: &dyn Case<T>) -> bool {
    ["true_range", "atr", "obv"].contains(&case.name())
}

fn periods() -> &'static [usize] {
    if small() { &[1, 3, 9] } else { &[1, 2, 3, 8, 14, 40] }
}

#[test]
#[cfg_attr(miri, ignore = "other numbers, but the same memory accesses as in reference.rs")]
fn leading_gaps_are_skipped() {
    fn check_all<T: Real>() {
        let leads: &[usize] = if small() { &[1, 9] } else { &[1, 2, 7, 40, 1023, 1024, 1025, 2100] };
        for &lead in leads {
            let bars = lead + if small() { 30 } else { 200 };
            for gap in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                let whole = with_gaps::<T>(bars, |_, bar| (bar < lead).then_some(gap));
                periods().iter().flat_map(|n| all(*n)).for_each(|case| check(&*case, &whole));
            }
            for one in [HIGH, LOW, CLOSE, VOLUME] {
                let data =
                    with_gaps::<T>(bars, |which, bar| (which == one && bar < lead).then_some(f64::NAN));
                for case in periods().iter().flat_map(|n| all(*n)) {
                    if case.series().contains(&one) && !looks_back_on_one_input(&*case) {
                        check(&*case, &data);
                    }
                }
            }
        }
    }
    check_all::<f64>();
    check_all::<f32>();
}

#[test]
#[cfg_attr(miri, ignore = "other numbers, but the same memory accesses as in reference.rs")]
fn a_gap_touches_only_what_depends_on_it() {
    fn check_all<T: Real>() {
        let (bars, places) = if small() {
            (40, &[0, 1, 12, 39][..])
        } else {
            (1300, &[1, 13, 14, 63, 700, 1023, 1024, 1299][..])
        };
        for &place in places {
            for (gap, one) in [
                (f64::NAN, None),
                (f64::INFINITY, None),
                (f64::NAN, Some(HIGH)),
                (f64::NEG_INFINITY, Some(LOW)),
                (f64::NAN, Some(CLOSE)),
                (f64::NAN, Some(VOLUME)),
            ] {
                let data = with_gaps::<T>(bars, |which, bar| {
                    (bar == place && one.is_none_or(|one| one == which)).then_some(gap)
                });
                for case in [1, 5, 14].into_iter().flat_map(all) {
                    let reads = one.is_none_or(|one| case.series().contains(&one));
                    if reads && (one.is_none() || !looks_back_on_one_input(&*case)) {
                        check(&*case, &data);
                    }
                }
            }
        }
    }
    check_all::<f64>();
    check_all::<f32>();
}

#[test]
#[cfg_attr(miri, ignore = "other numbers, but the same memory accesses as in reference.rs")]
fn random_gaps() {
    fn check_all<T: Real>() {
        for seed in 0..if small() { 1 } else { 6 } {
            let mut random = Random::new(seed);
            let one_in = [3, 10, 50, 400][seed as usize % 4];
            let bars = if small() { 60 } else { 1500 };
            let gaps: Vec<Option<f64>> = (0..bars)
                .map(|_| {
                    (random.below(one_in) == 0)
                        .then(|| [f64::NAN, f64::INFINITY, -f64::INFINITY][random.below(3)])
                })
                .collect();
            let whole = with_gaps::<T>(bars, |_, bar| gaps[bar]);
            let scattered =
                with_gaps::<T>(bars, |which, bar| gaps[bar].filter(|_| (bar * 7 + which) % 3 > 0));
            for case in periods().iter().flat_map(|n| all(*n)) {
                check(&*case, &whole);
                if !looks_back_on_one_input(&*case) {
                    check(&*case, &scattered);
                }
            }
        }
    }
    check_all::<f64>();
    check_all::<f32>();
}

#[test]
fn nothing_but_gaps_and_too_few_values_are_no_error() {
    let sizes = [(5, 0), (1, 0), (40, 0), (40, 1), (40, 8)];
    for &(bars, known) in &sizes[..if cfg!(miri) { 1 } else { 5 }] {
        let data = with_gaps::<f64>(bars, |_, bar| (bar + known < bars).then_some(f64::NAN));
        for case in [1, 5, 9, 40].into_iter().filter(|n| *n <= bars).flat_map(all) {
            check(&*case, &data);
        }
    }
}

// The bar after one whose high, low or volume alone is missing may be known or not; in both cases nothing
// after it differs from what it should be.

#[test]
fn a_true_range_needs_no_more_of_the_last_bar_than_its_close() {
    for one in [HIGH, LOW, CLOSE] {
        let data = with_gaps::<f64>(40, |which, bar| {
            (which == one && [0, 7, 20, 21].contains(&bar)).then_some(f64::NAN)
        });
        let [high, low, close, _] = data.wide.each_ref().map(|xs| &xs[..]);
        let clean = Data::<f64>::walk(11, 40).wide;
        let [clean_high, clean_low, clean_close, _] = clean.each_ref().map(|xs| &xs[..]);
        let (got, want) =
            (true_range(high, low, close).unwrap(), true_range(clean_high, clean_low, clean_close).unwrap());
        for bar in 1..40 {
            let known = (high[bar] + low[bar] + close[bar]).is_finite();
            let known_before = (high[bar - 1] + low[bar - 1] + close[bar - 1]).is_finite();
            assert_eq!(got[bar].is_nan(), !(known && (known_before || got[bar] == want[bar])), "bar {bar}");
            assert!(got[bar].is_nan() || got[bar] == want[bar], "bar {bar}");
        }
        // Whichever it is, the average is of the ranges that there are.
        for n in [1, 3, 14] {
            let got = atr(high, low, close, n).unwrap();
            let want = smma(&true_range(high, low, close).unwrap(), n).unwrap();
            assert_close(2.0, 0.0, &got, &want, &|| format!("atr {n}"));
        }
    }
}

#[test]
fn a_volume_that_is_missing_is_not_counted() {
    let gaps = [0, 7, 20, 21];
    let data =
        with_gaps::<f64>(40, |which, bar| (which == VOLUME && gaps.contains(&bar)).then_some(f64::NAN));
    let (close, volume) = (&data.wide[CLOSE], &data.wide[VOLUME]);
    let got = obv(close, volume).unwrap();
    // Without the bar after the gap, or with it.
    let without = reference::obv(close, volume);
    let counted: Vec<f64> = volume.iter().map(|v| if v.is_nan() { 0.0 } else { *v }).collect();
    let mut with = reference::obv(&close[1..], &counted[1..]);
    with.insert(0, f64::NAN);
    gaps.iter().for_each(|bar| with[*bar] = f64::NAN);
    let is = |want: &[f64]| {
        got.iter().zip(want).all(|(got, want)| (got - want).abs() < 1e-9 || got.is_nan() && want.is_nan())
    };
    assert!(is(&without) || is(&with), "{got:?}, expected {without:?} or {with:?}");
}

#[test]
fn a_gap_in_a_row_stays_in_it() {
    let mut data = with_gaps::<f64>(90, |_, _| None);
    data.real[CLOSE][31] = f64::NAN;
    for case in [spec::Smma::new(3)].iter().map(|case| case as &dyn Case<f64>) {
        let out = case.run_many(Form::Plain, &[&data.real[CLOSE][..]], 3).unwrap();
        for row in 0..3 {
            let want = case.run(&[&data.real[CLOSE][row * 30..][..30]]).unwrap();
            assert!(out[0][row * 30..][..30].iter().zip(&want[0]).all(|(a, b)| a.same(*b)), "row {row}");
        }
    }
}
