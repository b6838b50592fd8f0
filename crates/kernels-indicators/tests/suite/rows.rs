//! Several rows at once are what each is alone.

use crate::cases::{Form, all};
use crate::data::{Data, Real, assert_close};
use kernels_indicators::{Error, Indicator, spec};
use kernels_testing::{each_isa, small};

/// In any order, with repeats; more than are computed side by side; 1 and all bars among them.
fn lists(bars: usize) -> Vec<Vec<usize>> {
    if cfg!(miri) {
        // As many as are computed side by side, of either type, and some more.
        return vec![(1..=9).chain((1..=9).rev()).chain(1..=9).chain(1..=9).collect()];
    }
    vec![
        vec![14],
        vec![5, 3, 9, 9, 1, 2, 30],
        (2..=bars.min(67)).collect(),
        (1..=12).rev().chain([bars, 20, bars - 1, 1]).collect(),
    ]
}

fn sweeps<T: Real>(bars: usize) {
    let data = Data::<T>::walk(1, bars);
    for periods in lists(bars) {
        for case in all::<T>(2).into_iter().filter(|case| !cfg!(miri) || case.name() == "ema") {
            let input = data.input(&*case, bars);
            let level = data.level(&*case);
            let alone = |form: Form| {
                let mut rows = vec![Vec::new(); case.outputs()];
                for setting in
                    periods.iter().flat_map(|n| all::<T>(*n)).filter(|one| one.name() == case.name())
                {
                    let mut out = vec![vec![T::ZERO; bars]; case.outputs()];
                    let mut slices: Vec<&mut [T]> = out.iter_mut().map(Vec::as_mut_slice).collect();
                    setting.run_into(form, &input, &mut slices).unwrap();
                    rows.iter_mut()
                        .zip(out)
                        .for_each(|(row, out)| row.extend(out.iter().map(|x| x.to_f64())));
                }
                rows
            };
            let check = |form: Form| {
                let got = case.run_sweep(form, &periods, &input).unwrap();
                for (got, want) in got.iter().zip(alone(form)) {
                    assert_close(4.0, level, got, &want, &|| {
                        format!("{} of {periods:?}, {form:?}", case.name())
                    });
                }
            };
            each_isa(case.name(), |isa| check(Form::On(isa)));
            check(Form::Plain);
        }
    }
}

#[test]
fn a_sweep_gives_for_each_setting_what_it_gives_alone() {
    for bars in if cfg!(miri) {
        vec![10]
    } else if small() {
        vec![40]
    } else {
        vec![40, 1100, 2500]
    } {
        sweeps::<f64>(bars);
        sweeps::<f32>(bars);
    }
}

#[test]
#[cfg_attr(miri, ignore = "other numbers, but the same memory accesses as in reference.rs")]
fn a_sweep_passes_over_gaps() {
    let bars = if small() { 60 } else { 1300 };
    let mut series = Data::<f64>::walk(2, bars).wide;
    for xs in &mut series {
        xs[..3].fill(f64::NAN);
        xs[20] = f64::INFINITY;
        xs[bars - 20] = f64::NAN;
    }
    let data = Data::<f64>::new(series);
    let periods: Vec<usize> = (1..=33).rev().collect();
    for case in all::<f64>(2) {
        let got = case.run_sweep(Form::Plain, &periods, &data.input(&*case, bars)).unwrap();
        let level = data.level(&*case);
        let settings = periods.iter().flat_map(|n| all::<f64>(*n)).filter(|one| one.name() == case.name());
        for (row, setting) in settings.enumerate() {
            for (got, want) in got.iter().zip(data.want(&*setting)) {
                assert_close(32.0, level, &got[row * bars..][..bars], &want, &|| {
                    format!("{setting:?} in a sweep")
                });
            }
        }
    }
}

#[test]
fn many_series_give_what_each_gives_alone_bit_for_bit() {
    fn check<T: Real>(series: usize, bars: usize) {
        let data = Data::<T>::walk(3, series * bars);
        for case in [1, 3, 14].into_iter().flat_map(all::<T>) {
            let input = data.input(&*case, series * bars);
            let got = case.run_many(Form::Plain, &input, series).unwrap();
            let mut again = vec![vec![T::ONE; series * bars]; case.outputs()];
            let mut slices: Vec<&mut [T]> = again.iter_mut().map(Vec::as_mut_slice).collect();
            case.run_many_into(Form::Plain, &input, series, &mut slices).unwrap();
            for row in 0..series {
                let input: Vec<&[T]> = input.iter().map(|xs| &xs[row * bars..][..bars]).collect();
                let want = case.run(&input).unwrap();
                for ((got, again), want) in got.iter().zip(&again).zip(&want) {
                    let is = |got: &[T]| got[row * bars..][..bars].iter().zip(want).all(|(a, b)| a.same(*b));
                    assert!(is(got) && is(again), "{case:?}, series {row} of {series}");
                }
            }
        }
    }
    for (series, bars) in if cfg!(miri) {
        vec![(2, 14)]
    } else if small() {
        vec![(3, 20)]
    } else {
        vec![(1, 60), (7, 60), (33, 14), (3, 1500)]
    } {
        check::<f64>(series, bars);
        check::<f32>(series, bars);
    }
}

#[test]
fn no_setting_is_no_row() {
    let data = Data::<f64>::walk(1, 9);
    for case in all::<f64>(2) {
        let input = data.input(&*case, 9);
        assert_eq!(case.run_sweep(Form::Plain, &[], &input), Ok(vec![vec![]; case.outputs()]));
        each_isa(case.name(), |isa| {
            assert_eq!(case.run_sweep(Form::On(isa), &[], &input), Ok(vec![vec![]; case.outputs()]));
        });
    }
    // The bars are looked at all the same.
    assert_eq!(spec::Sma::sweep::<f64>(&[], &[]), Err(Error::Empty { what: "data" }));
}

#[test]
fn rows_that_do_not_fit_are_an_error_and_nothing_is_written() {
    let data = [1.0; 12];
    let mut out = [7.0; 24];
    let smma = spec::Smma::new;
    let sweep =
        |settings: &[spec::Smma], data: &[f64], out: &mut [f64]| spec::Smma::sweep_into(settings, data, out);
    let wrong = sweep(&[smma(2), smma(3)], &data, &mut out[..23]);
    assert_eq!(wrong, Err(Error::Length { what: "out", expected: 24, got: 23 }));
    assert_eq!(sweep(&[smma(2), smma(0)], &data, &mut out), Err(Error::ZeroPeriod { what: "period" }));
    let wrong = sweep(&[smma(2), smma(13)], &data, &mut out);
    assert_eq!(wrong, Err(Error::Period { what: "period", bars: 12, got: 13 }));
    assert_eq!(sweep(&[smma(2)], &[], &mut out), Err(Error::Empty { what: "data" }));

    let many = |series, data: &[f64], out: &mut [f64]| smma(3).many_into(data, series, out);
    assert_eq!(many(5, &data, &mut out[..12]), Err(Error::Series { what: "data", series: 5, got: 12 }));
    assert_eq!(many(0, &data, &mut out[..12]), Err(Error::Series { what: "data", series: 0, got: 12 }));
    assert_eq!(many(24, &data, &mut out[..12]), Err(Error::Series { what: "data", series: 24, got: 12 }));
    assert_eq!(many(2, &data, &mut out), Err(Error::Length { what: "out", expected: 12, got: 24 }));
    // A row is shorter than the period, though all of them are not.
    assert_eq!(many(6, &data, &mut out[..12]), Err(Error::Period { what: "period", bars: 2, got: 3 }));
    assert_eq!(many(1, &[], &mut []), Err(Error::Empty { what: "data" }));
    let uneven = spec::Obv::new().many::<f64>([&data, &data[1..]], 2);
    assert_eq!(uneven, Err(Error::Length { what: "volume", expected: 12, got: 11 }));
    assert_eq!(out, [7.0; 24]);
}
