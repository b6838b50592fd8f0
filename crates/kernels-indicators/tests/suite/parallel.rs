//! Many threads give what one gives, bit for bit.
#![cfg(all(feature = "parallel", not(miri)))]

use crate::cases::{Form, all};
use crate::data::{Data, Real};
use kernels_indicators::{Error, Indicator, parallel, spec};
use kernels_testing::small;

fn assert_same<T: Real>(got: &[Vec<T>], want: &[Vec<T>], what: &str) {
    assert_eq!(got.len(), want.len());
    for (got, want) in got.iter().zip(want) {
        assert!(got.len() == want.len() && got.iter().zip(want).all(|(a, b)| a.same(*b)), "{what}");
    }
}

fn check<T: Real>() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
    let bars = if small() { 60 } else { 1100 };
    let data = Data::<T>::walk(1, bars);
    // Below, at and above what is computed side by side.
    for periods in
        [vec![], vec![5], (1..=16).collect(), (2..=17).rev().collect(), (1..=50).collect::<Vec<usize>>()]
    {
        for case in all::<T>(2) {
            let input = data.input(&*case, bars);
            let want = case.run_sweep(Form::Plain, &periods, &input).unwrap();
            let got = pool.install(|| case.run_sweep(Form::Parallel, &periods, &input)).unwrap();
            assert_same(&got, &want, &format!("{} of {periods:?}", case.name()));
        }
    }
    for series in [1, 2, 5, 20] {
        for case in all::<T>(3) {
            let input = data.input(&*case, bars);
            let want = case.run_many(Form::Plain, &input, series).unwrap();
            let got = pool.install(|| case.run_many(Form::Parallel, &input, series)).unwrap();
            assert_same(&got, &want, &format!("{case:?} of {series} series"));
            let mut got = vec![vec![T::ONE; bars]; case.outputs()];
            let mut slices: Vec<&mut [T]> = got.iter_mut().map(Vec::as_mut_slice).collect();
            pool.install(|| case.run_many_into(Form::Parallel, &input, series, &mut slices)).unwrap();
            assert_same(&got, &want, &format!("{case:?} of {series} series"));
        }
    }
}

#[test]
fn as_on_one_thread() {
    check::<f64>();
    check::<f32>();
}

#[test]
fn as_on_one_thread_into_a_slice() -> Result<(), Error> {
    let data = Data::<f64>::walk(2, 100);
    let settings: Vec<_> = (1..=40).map(spec::Ema::new).collect();
    let (mut got, mut want) = (vec![0.0; 4000], vec![0.0; 4000]);
    spec::Ema::sweep_into(&settings, &data.real[0], &mut want)?;
    parallel::sweep_into(&settings, &data.real[0][..], &mut got)?;
    assert!(got.iter().zip(&want).all(|(a, b)| a.same(*b)));
    Ok(())
}

#[test]
fn errors_are_the_same_and_nothing_is_written() {
    let (data, mut out) = ([1.0; 12], [7.0; 24]);
    let wrong = parallel::sweep_into(&[spec::Smma::new(2), spec::Smma::new(13)], &data[..], &mut out[..]);
    assert_eq!(wrong, Err(Error::Period { what: "period", bars: 12, got: 13 }));
    let wrong = parallel::sweep_into(&[spec::Smma::new(2)], &data[..], &mut out[..]);
    assert_eq!(wrong, Err(Error::Length { what: "out", expected: 12, got: 24 }));
    let wrong = parallel::many_into(&spec::Smma::new(2), &data[..], 5, &mut out[..12]);
    assert_eq!(wrong, Err(Error::Series { what: "data", series: 5, got: 12 }));
    assert_eq!(parallel::many::<_, f64>(&spec::Smma::new(2), &[], 1), Err(Error::Empty { what: "data" }));
    assert_eq!(out, [7.0; 24]);
}
