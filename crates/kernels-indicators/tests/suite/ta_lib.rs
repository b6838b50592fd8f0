//! The indicators and their references against TA-Lib, in its authors' port to Rust, bar for bar, to 1e-10.
//!
//! What differs, by the contract of the indicators. TA-Lib's side is tested below: the list stays true.
//!
//! | | TA-Lib | here | why |
//! |---|---|---|---|
//! | ALMA | the peak is at a bar, rounded down | at `offset * (n - 1)` | the formula as published |
//! | RSI without any change | 50 | 0 | as the other ratios whose denominator is 0 |
//! | +DI + -DI in DX, stochastic's range | 0 if below 1e-14 | only where 0 | what is small is not nothing |
//! | VWAP before any volume | 0 | NaN | there is no price |
//! | VWMA of period 1 without volume | the price | NaN | as at any other period |
//! | DI of period 1 | the plain ratio | in percent | as at any other period |
//! | RSI, ADX, deviation, Bollinger bands of period 1, MACD below 2 | an error | defined | period 1 works |
//! | MACD, fast above slow | swapped | not defined | more likely a mistake |
//! | NaN in the input | lasts, or is passed over (VWAP) | NaN at what depends on it | prices have gaps |
#![cfg(not(miri))]

use crate::cases::Case;
use crate::data::{CLOSE, Data};
use kernels_indicators::spec;
use kernels_testing::{Random, prices, small};
use ta_lib::{Core, MAType, OutRange, RetCode};

/// Periods that are odd, even, square and not, in the series and longer than a part of it.
const PERIODS: [usize; 8] = [1, 2, 3, 5, 14, 16, 50, 200];

/// The real series, and a random one.
fn series() -> [Data<f64>; 2] {
    let (mut real, bars) = (prices::bitcoin(), if small() { 1300 } else { 10_000 });
    if small() {
        for xs in [&mut real.high, &mut real.low, &mut real.close, &mut real.volume] {
            xs.truncate(bars);
        }
    }
    [Data::of(real), Data::of(Random::new(1).bars(bars))]
}

/// `N` outputs of TA-Lib, NaN before the first value.
fn theirs<const N: usize>(
    len: usize,
    call: impl FnOnce(&Core, usize, [&mut [f64]; N]) -> Result<OutRange, RetCode>,
) -> [Vec<f64>; N] {
    let mut outputs: [Vec<f64>; N] = std::array::from_fn(|_| vec![f64::NAN; len]);
    let range = call(&Core::new(), len - 1, outputs.each_mut().map(|output| &mut output[..])).unwrap();
    assert!(range.count == 0 || range.beg_idx + range.count == len);
    for output in &mut outputs {
        output.rotate_right(len - range.count);
    }
    outputs
}

/// The indicator and its reference, to 1e-10 of the value.
#[track_caller]
fn assert_same<const N: usize>(case: &dyn Case<f64>, data: &Data<f64>, want: [Vec<f64>; N]) {
    assert_same_from(0.0, case, data, want);
}

/// To 1e-10 of the value, or 1e-12 of what it is a difference of, if that is `part` of the close: TA-Lib has
/// lost what is below.
#[track_caller]
fn assert_same_from<const N: usize>(part: f64, case: &dyn Case<f64>, data: &Data<f64>, want: [Vec<f64>; N]) {
    let got = case.run(&data.input(case, data.bars())).unwrap();
    let all = want.iter().zip(got).zip(data.want(case));
    for (output, ((want, got), reference)) in all.enumerate() {
        assert_eq!((got.len(), reference.len()), (want.len(), want.len()));
        for (i, want) in want.iter().enumerate() {
            let bound = (1e-10 * want.abs()).max(1e-12 * part * data.wide[CLOSE][i]);
            for got in [got[i], reference[i]] {
                let same = if want.is_nan() { got.is_nan() } else { (got - want).abs() <= bound };
                assert!(same, "{case:?}, output {output}, bar {i}: {got}, TA-Lib {want}");
            }
        }
    }
}

#[test]
fn averages() {
    for data in series() {
        let (close, len) = (&data.wide[CLOSE], data.bars());
        let same = |case: &dyn Case<f64>, want: [Vec<f64>; 1]| assert_same(case, &data, want);
        for n in PERIODS {
            let period = n as i32;
            same(&spec::Smma::new(n), theirs(len, |core, end, [out]| core.rma(0, end, close, period, out)));
            same(&spec::Ema::new(n), theirs(len, |core, end, [out]| core.ema(0, end, close, period, out)));
            same(&spec::Sma::new(n), theirs(len, |core, end, [out]| core.sma(0, end, close, period, out)));
            same(&spec::Wma::new(n), theirs(len, |core, end, [out]| core.wma(0, end, close, period, out)));
            same(&spec::Dema::new(n), theirs(len, |core, end, [out]| core.dema(0, end, close, period, out)));
            same(&spec::Tema::new(n), theirs(len, |core, end, [out]| core.tema(0, end, close, period, out)));
            same(&spec::Hma::new(n), theirs(len, |core, end, [out]| core.hma(0, end, close, period, out)));
            // Offsets whose peak is at a bar, so that TA-Lib does not round it.
            let last = (n - 1) as f64;
            for (bar, sigma) in [(0.0, 6.0), ((0.85 * last).floor(), 6.0), (last, 0.5)] {
                // Above the quotient: below it, `offset * last` could round to less than the bar.
                let offset = if bar == last { 1.0 } else { (bar / last).next_up() };
                let want =
                    theirs(len, |core, end, [out]| core.alma(0, end, close, period, sigma, offset, out));
                same(&spec::Alma::new(n, offset, sigma), want);
            }
        }
    }
}

#[test]
fn deviations() {
    for data in series() {
        let (close, len) = (&data.wide[CLOSE], data.bars());
        for n in PERIODS.into_iter().filter(|&n| n > 1) {
            let period = n as i32;
            let want = theirs(len, |core, end, [out]| core.stddev(0, end, close, period, 1.0, out));
            assert_same_from(1.0, &spec::StdDev::new(n), &data, want);
            let k = 2.5;
            let want = theirs(len, |core, end, [upper, middle, lower]| {
                core.bbands(0, end, close, period, k, k, MAType::SMA, upper, middle, lower)
            });
            assert_same(&spec::Bollinger::new(n, k), &data, want);
        }
    }
}

#[test]
fn momentum() {
    for data in series() {
        let ([high, low, close, _], len) = (&data.wide, data.bars());
        for (fast, slow, signal) in [(12, 26, 9), (2, 3, 1), (5, 35, 5), (20, 21, 50)] {
            let want = theirs(len, |core, end, [line, average, histogram]| {
                let (fast, slow, signal) = (fast as i32, slow as i32, signal as i32);
                core.macd(0, end, close, fast, slow, signal, line, average, histogram)
            });
            assert_same_from(1.0, &spec::Macd::new(fast, slow, signal), &data, want);
        }
        for n in PERIODS.into_iter().filter(|&n| n > 1) {
            let want = theirs(len, |core, end, [out]| core.rsi(0, end, close, n as i32, out));
            assert_same(&spec::Rsi::new(n), &data, want);
        }
        for (k_period, k_slow, d_period) in [(14, 3, 3), (5, 1, 1), (1, 2, 3), (100, 10, 20)] {
            let want = theirs(len, |core, end, [k, d]| {
                let (fast, slow, last) = (k_period as i32, k_slow as i32, d_period as i32);
                core.stoch(0, end, high, low, close, fast, slow, MAType::SMA, last, MAType::SMA, k, d)
            });
            // A part of 100 rather than of the close, which is no less than that.
            assert_same_from(1.0, &spec::Stochastic::new(k_period, k_slow, d_period), &data, want);
        }
    }
}

#[test]
fn trend() {
    for data in series() {
        let ([high, low, close, _], len) = (&data.wide, data.bars());
        let want = theirs(len, |core, end, [out]| core.trange(0, end, high, low, close, out));
        assert_same(&spec::TrueRange::new(), &data, want);
        for n in PERIODS {
            let period = n as i32;
            let want = theirs(len, |core, end, [out]| core.atr(0, end, high, low, close, period, out));
            assert_same(&spec::Atr::new(n), &data, want);
            let [mut plus, mut minus] = theirs(len, |core, end, [plus, minus]| {
                core.plus_di(0, end, high, low, close, period, plus)?;
                core.minus_di(0, end, high, low, close, period, minus)
            });
            let percent = if n == 1 { 100.0 } else { 1.0 };
            plus.iter_mut().chain(&mut minus).for_each(|di| *di *= percent);
            // TA-Lib has no index of period 1.
            let [adx] = if n > 1 {
                theirs(len, |core, end, [out]| core.adx(0, end, high, low, close, period, out))
            } else {
                [data.want(&spec::Adx::new(1)).swap_remove(0)]
            };
            assert_same(&spec::Adx::new(n), &data, [adx, plus, minus]);
        }
    }
}

#[test]
fn volume() {
    for data in series() {
        let ([high, low, close, volume], len) = (&data.wide, data.bars());
        let want = theirs(len, |core, end, [out]| core.obv(0, end, close, volume, out));
        assert_same(&spec::Obv::new(), &data, want);
        for n in PERIODS.into_iter().filter(|&n| n > 1) {
            let want = theirs(len, |core, end, [out]| core.vwma(0, end, close, volume, n as i32, out));
            assert_same(&spec::Vwma::new(n), &data, want);
        }
        let want = theirs(len, |core, end, [out]| core.vwap(0, end, high, low, close, volume, out));
        assert_same(&spec::Vwap::new(), &data, want);
        // TA-Lib's range begins where ours is anchored.
        static STARTS: [usize; 3] = [3, 1000, 1001];
        let mut want = vec![f64::NAN; len];
        for (i, &start) in STARTS.iter().enumerate() {
            let next = STARTS.get(i + 1).map_or(len, |&next| next);
            Core::new().vwap(start, next - 1, high, low, close, volume, &mut want[start..next]).unwrap();
        }
        assert_same(&spec::VwapAnchored::new(&STARTS), &data, [want]);
    }
}

// What differs.

/// TA-Lib's values from the first on.
fn their_values(call: impl FnOnce(&Core, &mut [f64]) -> Result<OutRange, RetCode>) -> Vec<f64> {
    let mut out = vec![0.0; 100];
    let range = call(&Core::new(), &mut out).unwrap();
    out.truncate(range.count);
    out
}

#[test]
fn alma_peaks_where_it_should() {
    let data = [0.0, 0.0, 1.0, 0.0, 0.0, 0.0];
    // 0.5 of a window of four is between two bars, which weigh the same.
    let got = kernels_indicators::alma(&data, 4, 0.5, 6.0).unwrap();
    assert_eq!(got[3], got[4]);
    let want = their_values(|core, out| core.alma(0, 5, &data, 4, 6.0, 0.5, out));
    assert!(want[0] < want[1]);
}

#[test]
fn rsi_of_what_does_not_change_is_zero() {
    assert_eq!(kernels_indicators::rsi(&[7.0; 5], 3).unwrap()[3..], [0.0; 2]);
    assert_eq!(their_values(|core, out| core.rsi(0, 4, &[7.0; 5], 3, out)), [50.0; 2]);
}

#[test]
fn nearly_nothing_is_not_nothing() {
    let (low, high) = ([1.0; 3], [1.0_f64.next_up(); 3]);
    let got = kernels_indicators::stochastic(&high, &low, &high, 2, 1, 1).unwrap().k;
    assert_eq!(got[1..], [100.0; 2]);
    let want = their_values(|core, out| {
        core.stoch(0, 2, &high, &low, &high, 2, 1, MAType::SMA, 1, MAType::SMA, out, &mut [0.0; 3])
    });
    assert_eq!(want, [0.0; 2]);

    let (high, low, close) = ([0.0, 0.0, 0.0, 0.0, 1e-17], [-1.0; 5], [-0.5; 5]);
    assert_eq!(kernels_indicators::adx(&high, &low, &close, 2).unwrap().adx[3..], [0.0, 50.0]);
    assert_eq!(their_values(|core, out| core.adx(0, 4, &high, &low, &close, 2, out)), [0.0; 2]);
}

#[test]
fn without_volume_there_is_no_price() {
    let (prices, none) = ([5.0_f64; 3], [0.0, 0.0, 1.0_f64]);
    let got = kernels_indicators::vwap(&prices, &prices, &prices, &none).unwrap();
    assert!(got[0].is_nan() && got[1].is_nan() && got[2] == 5.0);
    assert_eq!(
        their_values(|core, out| core.vwap(0, 2, &prices, &prices, &prices, &none, out)),
        [0.0, 0.0, 5.0]
    );
    let got = kernels_indicators::vwma(&prices, &none, 1).unwrap();
    assert!(got[0].is_nan() && got[1].is_nan() && got[2] == 5.0);
    assert_eq!(their_values(|core, out| core.vwma(0, 2, &prices, &none, 1, out)), [5.0; 3]);
    assert!(their_values(|core, out| core.vwma(0, 2, &prices, &none, 2, out))[0].is_nan());
}

#[test]
fn period_one_works() {
    let (high, low) = ([2.0, 3.0, 4.0], [1.0, 2.0, 3.0]);
    assert_eq!(kernels_indicators::adx(&high, &low, &low, 1).unwrap().plus_di[1..], [50.0; 2]);
    assert_eq!(their_values(|core, out| core.plus_di(0, 2, &high, &low, &low, 1, out)), [0.5; 2]);
    let out = &mut [0.0; 3][..];
    let core = Core::new();
    assert!(core.rsi(0, 2, &high, 1, out).is_err());
    assert!(core.stddev(0, 2, &high, 1, 1.0, out).is_err());
    assert!(core.adx(0, 2, &high, &low, &low, 1, out).is_err());
    assert!(core.macd(0, 2, &high, 1, 2, 1, out, &mut [0.0; 3], &mut [0.0; 3]).is_err());
    let [upper, middle, lower] = &mut [[0.0; 3]; 3];
    assert!(core.bbands(0, 2, &high, 1, 2.0, 2.0, MAType::SMA, upper, middle, lower).is_err());
    assert_eq!(kernels_indicators::rsi(&high, 1).unwrap()[1..], [100.0; 2]);
    assert_eq!(kernels_indicators::stddev(&high, 1).unwrap(), [0.0; 3]);
    assert_eq!(kernels_indicators::adx(&high, &low, &low, 1).unwrap().adx[1..], [100.0; 2]);
}

#[test]
fn what_is_not_a_number_passes() {
    let data = [1.0, 2.0, f64::NAN, 3.0, 4.0];
    assert_eq!(kernels_indicators::smma(&data, 2).unwrap()[3..], [2.25, 3.125]);
    assert!(their_values(|core, out| core.rma(0, 4, &data, 2, out))[1..].iter().all(|x| x.is_nan()));
    let got = kernels_indicators::vwap(&data, &data, &data, &[1.0; 5]).unwrap();
    let want = their_values(|core, out| core.vwap(0, 4, &data, &data, &data, &[1.0; 5], out));
    assert!(got[2].is_nan() && want[2] == 1.5);
    assert_eq!(got[3..], want[3..]);
}

#[test]
fn periods_that_are_the_wrong_way_round() {
    let data = [1.0, 4.0, 2.0, 8.0, 5.0, 7.0];
    let line = |fast, slow| {
        their_values(|core, out| core.macd(0, 5, &data, fast, slow, 1, out, &mut [0.0; 6], &mut [0.0; 6]))
    };
    assert_eq!(line(3, 2), line(2, 3));
}
