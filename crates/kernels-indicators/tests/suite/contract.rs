//! What the documentation promises of wrong input: an error that names the values, and nothing is written.

use crate::cases::{Case, Form, all};
use crate::data::Data;
use kernels_indicators::{Adx, Bands, Error, Indicator, Isa, Macd, Stochastic, Stream, spec};
use std::fmt::Debug;

/// The message, whether it is written to vectors or to slices; these stay as they were.
#[track_caller]
fn message(case: &dyn Case<f64>, lens: &[usize]) -> String {
    let input: Vec<Vec<f64>> = lens.iter().map(|len| vec![1.0; *len]).collect();
    let input: Vec<&[f64]> = input.iter().map(Vec::as_slice).collect();
    // As text: no NaN equals itself.
    let error = case.run(&input).unwrap_err().to_string();
    let is = |result: Result<(), Error>| assert_eq!(result.unwrap_err().to_string(), error);
    let mut out = vec![vec![7.0; lens[0]]; case.outputs()];
    for form in [Form::Plain, Form::On(Isa::Scalar)] {
        let mut slices: Vec<&mut [f64]> = out.iter_mut().map(Vec::as_mut_slice).collect();
        is(case.run_into(form, &input, &mut slices));
        let mut data = input[0].to_vec();
        case.run_in_place(form, &mut data).into_iter().for_each(is);
        assert!(data.iter().all(|x| *x == 1.0) && out.iter().flatten().all(|x| *x == 7.0), "{error}");
    }
    error
}

#[test]
fn no_bars_are_an_error() {
    for case in all::<f64>(2) {
        let name = if case.series().len() == 1 || case.name() == "vwma" {
            "data"
        } else {
            ["high", "close"][usize::from(case.name() == "obv")]
        };
        let lens = vec![0; case.series().len()];
        assert_eq!(
            message(&*case, &lens),
            format!("{name}: expected at least one bar, got none"),
            "{case:?}"
        );
    }
}

#[test]
fn inputs_of_different_lengths_are_an_error() {
    let cases: [(&dyn Case<f64>, &[usize], &str); 9] = [
        (&spec::TrueRange::new(), &[5, 4, 5], "low: expected a length of 5, got 4"),
        (&spec::TrueRange::new(), &[5, 5, 6], "close: expected a length of 5, got 6"),
        (&spec::Atr::new(2), &[4, 5, 5], "low: expected a length of 4, got 5"),
        (&spec::Adx::new(2), &[5, 5, 0], "close: expected at least one bar, got none"),
        (&spec::Stochastic::new(2, 1, 1), &[5, 5, 4], "close: expected a length of 5, got 4"),
        (&spec::Obv::new(), &[5, 4], "volume: expected a length of 5, got 4"),
        (&spec::Vwma::new(2), &[5, 6], "volume: expected a length of 5, got 6"),
        (&spec::Vwap::new(), &[5, 5, 5, 4], "volume: expected a length of 5, got 4"),
        (&spec::VwapAnchored::new(&[1]), &[5, 5, 6, 5], "close: expected a length of 5, got 6"),
    ];
    for (case, lens, want) in cases {
        assert_eq!(message(case, lens), want);
    }
}

#[test]
fn outputs_of_another_length_are_an_error() {
    let data = Data::<f64>::walk(1, 9);
    for case in all::<f64>(2) {
        let input = data.input(&*case, 9);
        for wrong in 0..case.outputs() {
            for len in [0, 8, 10] {
                let mut out = vec![vec![7.0; 9]; case.outputs()];
                out[wrong] = vec![7.0; len];
                let mut slices: Vec<&mut [f64]> = out.iter_mut().map(Vec::as_mut_slice).collect();
                let error = case.run_into(Form::Plain, &input, &mut slices).unwrap_err();
                let names: &[&str] = match case.name() {
                    "bollinger" => &["upper", "middle", "lower"],
                    "macd" => &["line", "signal", "histogram"],
                    "adx" => &["adx", "plus_di", "minus_di"],
                    "stochastic" => &["k", "d"],
                    _ => &["out"],
                };
                assert_eq!(error, Error::Length { what: names[wrong], expected: 9, got: len }, "{case:?}");
                assert!(out.iter().flatten().all(|x| *x == 7.0), "{case:?}");
            }
        }
    }
}

#[test]
fn periods_out_of_range_are_errors() {
    let zero = |what: &str| format!("{what}: expected at least 1, got 0");
    let long = |what: &str, got: usize| format!("{what}: expected at most the number of bars, 5, got {got}");
    for n in [0, 6, usize::MAX] {
        let of = |what: &str| if n == 0 { zero(what) } else { long(what, n) };
        let cases: [(&dyn Case<f64>, usize, &str); 20] = [
            (&spec::Smma::new(n), 1, "period"),
            (&spec::Ema::new(n), 1, "period"),
            (&spec::Sma::new(n), 1, "period"),
            (&spec::Wma::new(n), 1, "period"),
            (&spec::Alma::new(n, 0.85, 6.0), 1, "period"),
            (&spec::StdDev::new(n), 1, "period"),
            (&spec::Bollinger::new(n, 2.0), 1, "period"),
            (&spec::Dema::new(n), 1, "period"),
            (&spec::Tema::new(n), 1, "period"),
            (&spec::Hma::new(n), 1, "period"),
            (&spec::Rsi::new(n), 1, "period"),
            (&spec::Atr::new(n), 3, "period"),
            (&spec::Adx::new(n), 3, "period"),
            (&spec::Vwma::new(n), 2, "period"),
            (&spec::Macd::new(n, 3, 1), 1, "fast"),
            (&spec::Macd::new(1, n, 1), 1, "slow"),
            (&spec::Macd::new(1, 3, n), 1, "signal"),
            (&spec::Stochastic::new(n, 1, 1), 3, "k_period"),
            (&spec::Stochastic::new(1, n, 1), 3, "k_slow"),
            (&spec::Stochastic::new(1, 1, n), 3, "d_period"),
        ];
        for (case, inputs, what) in cases {
            assert_eq!(message(case, &vec![5; inputs]), of(what), "{case:?}");
        }
    }
    // All that there are is enough.
    for case in all::<f64>(5) {
        assert!(case.run(&vec![&[1.0; 5][..]; case.series().len()]).is_ok(), "{case:?}");
    }
}

#[test]
fn other_parameters_out_of_range_are_errors() {
    assert_eq!(message(&spec::Macd::new(3, 3, 1), &[5]), "fast: expected less than slow = 3, got 3");
    assert_eq!(message(&spec::Macd::new(4, 3, 1), &[5]), "fast: expected less than slow = 3, got 4");
    for (offset, got) in [(f64::NAN, "NaN"), (-0.1, "-0.1"), (1.5, "1.5"), (f64::INFINITY, "inf")] {
        let want = format!("offset: expected a number from 0 to 1, got {got}");
        assert_eq!(message(&spec::Alma::new(3, offset, 6.0), &[5]), want);
    }
    for (sigma, got) in [(f64::NAN, "NaN"), (0.0, "0"), (-6.0, "-6"), (f64::INFINITY, "inf")] {
        let want = format!("sigma: expected a finite number above 0, got {got}");
        assert_eq!(message(&spec::Alma::new(3, 0.85, sigma), &[5]), want);
    }
    for (k, got) in [(f64::NAN, "NaN"), (f64::INFINITY, "inf"), (f64::NEG_INFINITY, "-inf")] {
        assert_eq!(
            message(&spec::Bollinger::new(3, k), &[5]),
            format!("k: expected a finite number, got {k}"),
            "{got}"
        );
    }
    let anchored = |starts: &'static [usize]| message(&spec::VwapAnchored::new(starts), &[5; 4]);
    assert_eq!(anchored(&[5]), "starts[0]: expected a bar from 0 on and below 5, got 5");
    assert_eq!(anchored(&[1, 1]), "starts[1]: expected a bar from 2 on and below 5, got 1");
    assert_eq!(anchored(&[1, 3, 2]), "starts[2]: expected a bar from 4 on and below 5, got 2");
    assert_eq!(anchored(&[4, 5]), "starts[1]: expected a bar from 5 on and below 5, got 5");
    assert_eq!(
        anchored(&[usize::MAX]),
        format!("starts[0]: expected a bar from 0 on and below 5, got {}", usize::MAX)
    );
}

#[test]
fn a_lookback_of_any_parameters_is_a_number_or_an_error() {
    let huge = usize::MAX;
    assert_eq!(spec::Smma::new(huge).lookback(), Ok(huge - 1));
    assert_eq!(spec::Dema::new(huge).lookback(), Ok(huge));
    assert_eq!(spec::Tema::new(huge).lookback(), Ok(huge));
    assert_eq!(spec::Tema::new(huge / 3 + 1).lookback(), Ok(huge));
    assert_eq!(spec::Hma::new(huge).lookback(), Ok(huge));
    assert_eq!(spec::Macd::new(1, huge, huge).lookback(), Ok(huge));
    assert_eq!(spec::Stochastic::new(huge, huge, huge).lookback(), Ok(huge));
    assert_eq!(spec::Rsi::new(huge).lookback(), Ok(huge));
    assert_eq!(spec::Dema::new(0).lookback(), Err(Error::ZeroPeriod { what: "period" }));
    assert_eq!(spec::Alma::new(0, 0.85, 6.0).lookback(), Err(Error::ZeroPeriod { what: "period" }));
    assert!(spec::Alma::new(3, f64::NAN, 6.0).lookback().is_err());
    assert!(spec::Bollinger::new(3, f64::NAN).lookback().is_err());
    assert_eq!(spec::VwapAnchored::new(&[7, 9]).lookback(), Ok(7));
}

#[test]
fn a_set_that_is_not_here_is_an_error() {
    let absent = Isa::ALL.iter().copied().find(|isa| !isa.is_available()).unwrap();
    let data = Data::<f64>::walk(1, 9);
    for case in all::<f64>(3) {
        let input = data.input(&*case, 9);
        let mut out = vec![vec![7.0; 9]; case.outputs()];
        let mut slices: Vec<&mut [f64]> = out.iter_mut().map(Vec::as_mut_slice).collect();
        let error = case.run_into(Form::On(absent), &input, &mut slices).unwrap_err().to_string();
        assert!(error.starts_with(&format!("instruction set `{absent}` is not available here; ")), "{error}");
        assert!(error.ends_with("scalar"), "{error}");
        let mut over = input[0].to_vec();
        assert!(!matches!(case.run_in_place(Form::On(absent), &mut over), Some(Ok(()))));
        assert!(over == input[0] && out.iter().flatten().all(|x| *x == 7.0));
        assert!(matches!(case.run_sweep(Form::On(absent), &[2, 3], &input), Err(Error::Isa(_))));
    }
}

#[test]
fn everything_can_be_shared_cloned_and_printed() {
    fn is<T: Send + Sync + Clone + Debug>() {}
    is::<Error>();
    is::<spec::Alma>();
    is::<spec::VwapAnchored<'_>>();
    is::<Stream<spec::Smma, f32>>();
    is::<Stream<spec::Bollinger, f64>>();
    is::<Stream<spec::Stochastic, f64>>();
    is::<Stream<spec::VwapAnchored<'_>, f64>>();
    is::<Bands<Vec<f32>>>();
    is::<Macd<f64>>();
    is::<Adx<&[f64]>>();
    is::<Stochastic<f32>>();
    fn is_error<T: std::error::Error>() {}
    is_error::<Error>();
}
