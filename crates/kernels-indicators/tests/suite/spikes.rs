//! Values far from their neighbours: what they leave behind is what the formula says, and no lost digits.

use kernels_indicators::{Indicator, adx, dema, ema, macd, smma, spec, tema, vwap};
use kernels_testing::Random;

/// Volumes, and one of another order of magnitude.
fn volumes(spike: usize) -> Vec<f32> {
    let mut volumes: Vec<f32> = Random::new(5).uniform(1200).iter().map(|x| 100.0 + 50.0 * x).collect();
    volumes[spike] = 2e9;
    volumes
}

fn wide(xs: &[f32]) -> Vec<f64> {
    xs.iter().map(|&x| f64::from(x)).collect()
}

#[track_caller]
fn assert_near(what: &str, got: &[f32], want: &[f64], bound: f64) {
    for (bar, (&got, want)) in got.iter().zip(want).enumerate().filter(|(_, (got, _))| !got.is_nan()) {
        let error = (f64::from(got) - want).abs();
        assert!(error <= bound * want.abs().max(1.0), "{what}, bar {bar}: {got}, expected {want}");
    }
}

#[test]
#[cfg_attr(miri, ignore = "other numbers, but the same memory accesses as in reference.rs")]
fn an_average_has_its_digits_back_when_a_spike_has_faded() {
    for spike in [0, 300, 511, 512] {
        let (narrow, data) = (volumes(spike), wide(&volumes(spike)));
        for n in [2, 3, 5, 14] {
            let want = smma(&data, n).unwrap();
            assert_near("smma", &smma(&narrow, n).unwrap()[spike + 1..], &want[spike + 1..], 1e-5);
            let want = ema(&data, n).unwrap();
            assert_near("ema", &ema(&narrow, n).unwrap()[spike + 1..], &want[spike + 1..], 1e-5);
        }
        let periods: Vec<_> = (2..34).map(spec::Smma::new).collect();
        let rows = spec::Smma::sweep(&periods, &narrow).unwrap();
        for (period, row) in periods.iter().zip(rows.chunks_exact(data.len())) {
            let want = period.batch(&data).unwrap();
            assert_near("sweep", &row[spike + 1..], &want[spike + 1..], 1e-4);
        }
    }
}

#[test]
#[cfg_attr(miri, ignore = "other numbers, but the same memory accesses as in reference.rs")]
fn averages_of_averages_do_not_hang_on_to_a_spike() {
    let (narrow, data) = (volumes(512), wide(&volumes(512)));
    // The spike itself is gone by then, to the last digit.
    let later = 900..;
    for n in [2, 5] {
        assert_near(
            "dema",
            &dema(&narrow, n).unwrap()[later.clone()],
            &dema(&data, n).unwrap()[later.clone()],
            1e-5,
        );
        assert_near(
            "tema",
            &tema(&narrow, n).unwrap()[later.clone()],
            &tema(&data, n).unwrap()[later.clone()],
            1e-5,
        );
    }
    let (got, want) = (macd(&narrow, 5, 8, 3).unwrap(), macd(&data, 5, 8, 3).unwrap());
    assert_near("macd", &got.line[later.clone()], &want.line[later], 1e-4);
}

#[test]
fn over_one_bar_everything_is_its_own_average() {
    let data = [1000.0, 0.1, 1e17, 1.0, -1.5e300, 2.0, 1e-300, 3.0];
    for average in [smma::<f64>, ema, dema, tema] {
        assert_eq!(average(&data, 1).unwrap(), data);
    }
    for row in spec::Ema::sweep(&[spec::Ema::new(1); 20], &data).unwrap().chunks_exact(data.len()) {
        assert_eq!(row, data);
    }
}

#[test]
#[cfg_attr(miri, ignore = "other numbers, but the same memory accesses as in reference.rs")]
fn a_sweep_goes_on_after_an_overflow() {
    let mut data = [1.0_f64; 200];
    (data[100], data[101]) = (1.5e308, -1.5e308);
    let periods: Vec<_> = (2..34).map(spec::Ema::new).collect();
    for row in spec::Ema::sweep(&periods, &data).unwrap().chunks_exact(data.len()) {
        assert!(row[110..].iter().all(|value| value.is_finite()));
        assert!(row.iter().all(|value| !value.is_infinite()));
    }
}

#[test]
#[cfg_attr(miri, ignore = "other numbers, but the same memory accesses as in reference.rs")]
fn an_index_stays_within_a_hundred() {
    let rising = |from: f64| (0..400).map(|bar| from + 0.1 * f64::from(bar)).collect::<Vec<_>>();
    let (high, low) = (rising(2.0), rising(1.0));
    let narrow = |xs: &[f64]| xs.iter().map(|&x| x as f32).collect::<Vec<_>>();
    for n in [1, 2, 3, 7, 14, 30] {
        assert!(adx(&high, &low, &low, n).unwrap().adx[2 * n..].iter().all(|&adx| adx <= 100.0));
        let (high, low) = (narrow(&high), narrow(&low));
        assert!(adx(&high, &low, &low, n).unwrap().adx[2 * n..].iter().all(|&adx| adx <= 100.0));
    }
}

#[test]
#[cfg_attr(miri, ignore = "other numbers, but the same memory accesses as in reference.rs")]
fn a_price_without_volume_says_nothing_of_the_level() {
    let mut price = vec![100.25; 1000];
    let mut volume = vec![3.0; 1000];
    (price[0], volume[0]) = (1e12, 0.0);
    assert_eq!(vwap(&price, &price, &price, &volume).unwrap()[999], 100.25);
}
