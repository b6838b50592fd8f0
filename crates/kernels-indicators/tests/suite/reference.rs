//! Every indicator against its reference on every instruction set: all small shapes, and those round the
//! sizes of vectors, runs and pieces; unaligned, with guards round the output.

use crate::cases::{Case, Form, all};
use crate::data::{Data, Real, assert_close};
use kernels_indicators::spec;
use kernels_testing::{Guarded, Random, each_isa, small};

/// What no value is off by, in units in the last place of the largest price (100 for percentages).
const BOUND: f64 = 32.0;

/// Compares the first `len` bars, read from and written to `offset` values past an aligned address.
fn check<T: Real>(case: &dyn Case<T>, data: &Data<T>, want: &[Vec<f64>], len: usize, offset: usize) {
    let guard = T::from_f64(7.0);
    let level = data.level(case);
    let mut input: Vec<_> = data.input(case, len).iter().map(|xs| Guarded::copy(xs, offset, guard)).collect();
    let input: Vec<&[T]> = input.iter_mut().map(|xs| &*xs.middle()).collect();
    each_isa(case.name(), |isa| {
        let mut out = vec![Guarded::new(len, 8 - offset, guard); case.outputs()];
        let mut slices: Vec<&mut [T]> = out.iter_mut().map(Guarded::middle).collect();
        case.run_into(Form::On(isa), &input, &mut slices).unwrap();
        for (out, want) in out.iter().zip(want) {
            assert_close(BOUND, level, out.check(), &want[..len], &|| {
                format!("{case:?} of {len} bars on {isa}")
            });
        }

        let mut data = Guarded::copy(input[0], offset, guard);
        if let Some(result) = case.run_in_place(Form::On(isa), data.middle()) {
            result.unwrap();
            let what = || format!("{case:?} of {len} bars in place on {isa}");
            assert_close(BOUND, level, data.check(), &want[0][..len], &what);
        }
    });
}

fn small_shapes<T: Real>() {
    let longest = if cfg!(miri) {
        2
    } else if small() {
        9
    } else {
        40
    };
    let data = Data::<T>::walk(1, longest);
    for n in 1..=longest {
        for case in all(n) {
            let want = data.want(&*case);
            (n..=longest).for_each(|len| check(&*case, &data, &want, len, (n + len) % 8));
        }
    }
}

#[test]
fn all_small_lengths_and_periods() {
    small_shapes::<f64>();
    small_shapes::<f32>();
}

/// Lengths with periods: round squares of lanes, runs of 256 windows, taps and pieces of 1024 bars.
fn shapes<T: Real>() -> Vec<(usize, Vec<usize>)> {
    if cfg!(miri) {
        // A square of lanes, and a little.
        return vec![((32 / size_of::<T>()).pow(2) + 10, vec![9])];
    }
    let mut shapes: Vec<(usize, Vec<usize>)> =
        [63, 64, 65, 71, 72, 100].map(|len| (len, vec![7, 8, 9, 15])).into();
    shapes.push((300, vec![16, 17, 255, 256, 257, 299, 300]));
    if !small() {
        shapes.push((2100, vec![1, 2, 3, 14, 33, 256, 512, 513, 1023, 1024, 1025, 2100]));
        shapes.push((5000, vec![5, 8, 100, 300]));
    }
    shapes
}

fn other_shapes<T: Real>() {
    for (len, periods) in shapes::<T>() {
        let data = Data::<T>::walk(len as u64, len);
        for case in periods.into_iter().flat_map(all) {
            check(&*case, &data, &data.want(&*case), len, len % 8);
        }
    }
}

#[test]
fn sizes_round_those_of_vectors_and_pieces() {
    other_shapes::<f64>();
    other_shapes::<f32>();
}

/// Prices of both signs and any size below 1, and closes outside of their bars.
fn wild<T: Real>(bars: usize) -> Data<T> {
    let mut random = Random::new(3);
    let mut uniform = || random.uniform(bars).into_iter().map(f64::from).collect::<Vec<f64>>();
    let [a, b, close, volume] = [uniform(), uniform(), uniform(), uniform()];
    let high = a.iter().zip(&b).map(|(a, b)| a.max(*b)).collect();
    let low = a.iter().zip(&b).map(|(a, b)| a.min(*b)).collect();
    Data::new([high, low, close, volume.iter().map(|x| x.abs()).collect()])
}

#[test]
#[cfg_attr(miri, ignore = "other numbers, but the same memory accesses as above")]
fn prices_of_any_size_and_sign() {
    fn check_all<T: Real>() {
        let bars = if small() { 30 } else { 1500 };
        let data = wild::<T>(bars);
        for case in [1, 2, 5, 14, 30].into_iter().flat_map(all) {
            check(&*case, &data, &data.want(&*case), bars, 3);
        }
    }
    check_all::<f64>();
    check_all::<f32>();
}

#[test]
#[cfg_attr(miri, ignore = "other numbers, but the same memory accesses as above")]
fn steps_repeats_and_halts() {
    fn check_all<T: Real>() {
        let bars = if small() { 70 } else { 3000 };
        // Prices that stay, rise and fall by whole numbers, in long runs; none is traded in some.
        let mut random = Random::new(4);
        let mut steps = Vec::new();
        while steps.len() < bars {
            let (step, run) = (random.below(3) as f64 - 1.0, 1 + random.below(40));
            steps.extend(vec![step; run.min(bars - steps.len())]);
        }
        let mut price = 50.0;
        let close: Vec<f64> = steps
            .iter()
            .map(|step| {
                price += step;
                price
            })
            .collect();
        let volume = steps.iter().map(|step| step.abs() * 3.0).collect();
        let data = Data::<T>::new([close.clone(), close.clone(), close, volume]);
        for case in [1, 2, 5, 14, 30].into_iter().flat_map(all) {
            check(&*case, &data, &data.want(&*case), bars, 5);
        }
    }
    check_all::<f64>();
    check_all::<f32>();
}

#[test]
#[cfg_attr(miri, ignore = "other numbers, but the same memory accesses as above")]
fn other_parameters() {
    fn check_all<T: Real>() {
        let bars = if small() { 40 } else { 700 };
        let data = Data::<T>::walk(7, bars);
        let mut cases: Vec<Box<dyn Case<T>>> = Vec::new();
        for (offset, sigma) in
            [(0.0, 6.0), (1.0, 6.0), (0.5, 0.1), (0.85, 1000.0), (0.3, 1e-300), (0.7, 1e300)]
        {
            cases.extend(
                [1, 2, 9, 40].map(|n| Box::new(spec::Alma::new(n, offset, sigma)) as Box<dyn Case<T>>),
            );
        }
        for k in [0.0, -1.5, 30.0] {
            cases.push(Box::new(spec::Bollinger::new(20, k)));
        }
        for (fast, slow, signal) in [(12, 26, 9), (1, 2, 1), (1, 40, 1), (39, 40, 40), (2, 3, 40)] {
            cases.push(Box::new(spec::Macd::new(fast, slow, signal)));
        }
        for (k_period, k_slow, d_period) in
            [(14, 1, 3), (1, 1, 1), (40, 1, 1), (1, 40, 1), (1, 1, 40), (9, 10, 11)]
        {
            cases.push(Box::new(spec::Stochastic::new(k_period, k_slow, d_period)));
        }
        for starts in [&[][..], &[0], &[39], &[0, 1, 2, 3, 39], &[5, 8, 13, 21, 34]] {
            cases.push(Box::new(spec::VwapAnchored::new(starts)));
        }
        for case in cases {
            check(&*case, &data, &data.want(&*case), bars, 1);
        }
    }
    check_all::<f64>();
    check_all::<f32>();
}

#[test]
#[cfg_attr(miri, ignore = "other numbers, but the same memory accesses as above")]
fn the_true_range_follows_its_formula_where_the_high_is_below_the_low() {
    let mut random = Random::new(5);
    let bars = if small() { 20 } else { 200 };
    let mut uniform = || random.uniform(bars).into_iter().map(f64::from).collect::<Vec<f64>>();
    let data = Data::<f64>::new([uniform(), uniform(), uniform(), uniform()]);
    for case in [&spec::TrueRange::new() as &dyn Case<f64>, &spec::Atr::new(3)] {
        check(case, &data, &data.want(case), bars, 0);
    }
}

#[test]
#[cfg_attr(miri, ignore = "other numbers, but the same memory accesses as above")]
fn the_first_value_is_at_the_lookback() {
    fn check_all<T: Real>() {
        let bars = if small() { 40 } else { 200 };
        let data = Data::<T>::walk(6, bars);
        for n in [1, 2, 3, 9, 14, 30, 64] {
            for case in all(n).into_iter().filter(|case| case.first_bar() < bars && n <= bars) {
                let outputs = case.run(&data.input(&*case, bars)).unwrap();
                let firsts = outputs.iter().filter_map(|out| out.iter().position(|x| x.is_finite()));
                assert_eq!(firsts.min(), Some(case.first_bar()), "{case:?}");
                // Nothing in between is missing, and nothing is known with one bar less.
                for out in &outputs {
                    assert!(out.iter().skip_while(|x| !x.is_finite()).all(|x| x.is_finite()), "{case:?}");
                }
                if n <= case.first_bar() {
                    let shorter = case.run(&data.input(&*case, case.first_bar())).unwrap();
                    assert!(shorter.iter().flatten().all(|x| !x.is_finite()), "{case:?}");
                }
            }
        }
    }
    check_all::<f64>();
    check_all::<f32>();
}
