//! The references themselves: published values, what is known without computing, and the contract's corners by hand.

use kernels_testing::Random;
use kernels_testing::prices;
use kernels_testing::reference::indicators::{
    adx, alma, atr, bollinger, dema, ema, hma, macd, obv, rsi, sma, smma, smma_exact, stddev, stochastic,
    tema, true_range, vwap, vwap_anchored, vwma, wma,
};
use kernels_testing::reference::{Double, ulps, ulps_f32};

const NAN: f64 = f64::NAN;

#[track_caller]
fn assert_are(got: &[f64], want: &[f64]) {
    let same = got.len() == want.len() && got.iter().zip(want).all(|(&got, &want)| ulps(got, want) <= 1.0);
    assert!(same, "got {got:?}, expected {want:?}");
}

#[test]
fn double_is_finer_than_f64() {
    let of = Double::from;
    let third = of(1.0) / of(3.0);
    assert_eq!((of(1e16) + of(1.0) - of(1e16)).round(), 1.0);
    assert!((third + third + third - of(1.0)).round().abs() < 1e-31);
    assert!((third * of(3.0) - of(1.0)).round().abs() < 1e-31);
    let root = of(2.0).sqrt();
    assert!((root * root - of(2.0)).round().abs() < 1e-31);
    assert_eq!(Double::ZERO.sqrt(), Double::ZERO);
    // A sum of equal terms, and their mean, are exact.
    let sum: Double = (0..1000).map(|_| of(0.1)).sum();
    assert_eq!(sum / of(1000.0), of(0.1));
}

#[test]
fn ulps_see_fractions() {
    assert_eq!(ulps(1.0, 1.0), 0.0);
    assert_eq!(ulps(1.0_f64.next_up(), 1.0), 1.0);
    assert_eq!(ulps(1.0, Double::from(1.0) + Double::from(f64::EPSILON / 4.0)), 0.25);
    assert_eq!(ulps(NAN, NAN), 0.0);
    assert_eq!(ulps(NAN, 1.0), f64::INFINITY);
    assert_eq!(ulps(1.0, NAN), f64::INFINITY);
    assert_eq!(ulps_f32(1.0_f32.next_up(), 1.0), 1.0);
}

#[test]
fn published_values() {
    let data = prices::golden_input();
    let goldens = prices::goldens();
    assert_eq!(goldens.len(), 24);
    for golden in goldens {
        let got = smma(&data, golden.period)[golden.bar];
        for value in golden.values {
            // Next to a change of sign an average has lost what is below an ulp of its input, which is up to 25.
            assert!((got - value).abs() <= (1e-12 * value.abs()).max(1e-15 * 25.0), "{golden:?}, got {got}");
        }
    }
}

#[test]
fn inputs_are_prices() {
    let real = prices::bitcoin();
    assert_eq!(real.time.len(), 15_577);
    assert!(real.time.windows(2).all(|pair| pair[1] - pair[0] == 4 * 3_600_000));
    for bars in [real, Random::new(1).bars(1000)] {
        let inside = |x: &[f64]| (0..x.len()).all(|i| bars.low[i] <= x[i] && x[i] <= bars.high[i]);
        assert!(inside(&bars.open) && inside(&bars.close));
        assert!(bars.low.iter().all(|&low| low > 0.0) && bars.volume.iter().all(|&volume| volume >= 0.0));
    }
    let walk = Random::new(2).price_walk(1_000_000);
    assert!(walk.iter().all(|price| (1e-4..1e8).contains(price)));
}

#[test]
fn by_hand() {
    let data = [1.0, 2.0, 4.0, 8.0];
    assert_are(&smma(&data, 2), &[NAN, 1.5, 2.75, 5.375]);
    assert_are(&ema(&data, 3), &[NAN, NAN, 7.0 / 3.0, 31.0 / 6.0]);
    assert_are(&sma(&data, 2), &[NAN, 1.5, 3.0, 6.0]);
    assert_are(&wma(&data, 3), &[NAN, NAN, 17.0 / 6.0, 34.0 / 6.0]);
    assert_are(&stddev(&data, 2), &[NAN, 0.5, 1.0, 2.0]);
    assert_are(&bollinger(&data, 2, 2.0).upper, &[NAN, 2.5, 5.0, 10.0]);
    assert_are(&bollinger(&data, 2, 2.0).lower, &[NAN, 0.5, 1.0, 2.0]);
    // Half of 3 is 1, and so is the root: 2 x - wma.
    assert_are(&hma(&data, 3), &[NAN, NAN, 8.0 - 17.0 / 6.0, 16.0 - 34.0 / 6.0]);
    // A bell so narrow that only its peak is seen, wherever it is nearest to.
    assert_are(&alma(&data, 3, 0.5, 1e6), &[NAN, NAN, 2.0, 4.0]);
    assert_are(&alma(&data, 3, 0.9, 1e6), &[NAN, NAN, 4.0, 8.0]);
    assert_are(&alma(&data, 2, 0.5, 6.0), &sma(&data, 2));
    assert_are(&vwma(&data, &[1.0, 3.0, 0.0, 1.0], 2), &[NAN, 1.75, 2.0, 8.0]);
    assert_are(&rsi(&[1.0, 2.0, 1.0, 4.0], 2), &[NAN, NAN, 50.0, 100.0 * 1.75 / 2.0]);
    assert_are(&obv(&[1.0, 2.0, 2.0, 1.0], &[5.0, 1.0, 9.0, 2.0]), &[5.0, 6.0, 6.0, 4.0]);
}

#[test]
fn first_bars() {
    let (n, data) = (5, Random::new(3).bars(60));
    let (high, low, close, volume) = (&data.high[..], &data.low[..], &data.close[..], &data.volume[..]);
    let macd = macd(close, 4, 9, n);
    let adx = adx(high, low, close, n);
    let stochastic = stochastic(high, low, close, 7, 3, 4);
    let lookbacks = [
        (4, smma(close, n)),
        (4, ema(close, n)),
        (4, sma(close, n)),
        (4, wma(close, n)),
        (4, alma(close, n, 0.85, 6.0)),
        (4, stddev(close, n)),
        (4, bollinger(close, n, 2.0).middle),
        (8, dema(close, n)),
        (12, tema(close, n)),
        (4 + 1, hma(close, n)),
        (12, macd.line),
        (12, macd.signal),
        (12, macd.histogram),
        (5, rsi(close, n)),
        (1, true_range(high, low, close)),
        (5, atr(high, low, close, n)),
        (9, adx.adx),
        (5, adx.plus_di),
        (5, adx.minus_di),
        (11, stochastic.k),
        (11, stochastic.d),
        (0, obv(close, volume)),
        (4, vwma(close, volume, n)),
        (0, vwap(high, low, close, volume)),
        (3, vwap_anchored(high, low, close, volume, &[3, 9])),
    ];
    for (i, (lookback, output)) in lookbacks.into_iter().enumerate() {
        assert_eq!(output.len(), close.len());
        assert!((0..output.len()).all(|bar| output[bar].is_nan() == (bar < lookback)), "{i}: {output:?}");
    }
}

#[test]
fn what_is_not_a_number_touches_what_depends_on_it() {
    let gaps = [NAN, f64::INFINITY, 1.0, NAN, 2.0, 4.0, f64::NEG_INFINITY, 8.0];
    // Recursions: their own bar.
    assert_are(&smma(&gaps, 2), &[NAN, NAN, NAN, NAN, 1.5, 2.75, NAN, 5.375]);
    assert_are(&smma(&gaps, 5), &[NAN; 8]);
    let there = [1.0, 2.0, 4.0, 8.0];
    let (dense, sparse) = (macd(&there, 1, 2, 1), macd(&gaps, 1, 2, 1));
    assert_are(&sparse.line[2..], &[NAN, NAN, dense.line[1], dense.line[2], NAN, dense.line[3]]);
    // Windows: those that contain it.
    assert_are(&sma(&gaps, 2), &[NAN, NAN, NAN, NAN, NAN, 3.0, NAN, NAN]);
    assert_are(&vwma(&gaps, &[1.0; 8], 1), &[NAN, NAN, 1.0, NAN, 2.0, 4.0, NAN, 8.0]);
    // What looks back: the bar after, too.
    let (up, flat) = ([1.0, 2.0, NAN, 4.0, 5.0, 7.0], [1.0; 6]);
    assert_are(&rsi(&up, 1), &[NAN, 100.0, NAN, NAN, 100.0, 100.0]);
    assert_are(&true_range(&up, &up, &flat), &[NAN, 1.0, NAN, NAN, 4.0, 6.0]);
    assert_are(&true_range(&flat, &flat, &up), &[NAN, 0.0, NAN, NAN, 3.0, 4.0]);
    assert_are(&atr(&up, &up, &flat, 2), &[NAN, NAN, NAN, NAN, 2.5, 4.25]);
    assert_are(&obv(&up, &flat), &[1.0, 2.0, NAN, NAN, 3.0, 4.0]);
    assert_are(&obv(&flat, &up), &[1.0, 1.0, NAN, NAN, 1.0, 1.0]);
    assert_are(&obv(&gaps[1..6], &flat[..5]), &[NAN, 1.0, NAN, NAN, 2.0]);
    assert_are(&adx(&up, &flat, &flat, 1).plus_di[1..], &[100.0, NAN, NAN, 25.0, 100.0 * 2.0 / 6.0]);
    // Sums: their own bar.
    assert_are(&vwap(&up, &up, &up, &flat), &[1.0, 1.5, NAN, 7.0 / 3.0, 3.0, 19.0 / 5.0]);
    assert_are(&vwap_anchored(&up, &up, &up, &flat, &[1, 2, 4]), &[NAN, 2.0, NAN, 4.0, 5.0, 6.0]);
    assert_are(&vwap_anchored(&up, &up, &up, &flat, &[]), &[NAN; 6]);
    // Stochastic: every window with the bar in it, and two bars more for `d`.
    let (high, low) = ([4.0; 9], [0.0; 9]);
    let mut close = [1.0; 9];
    close[0] = NAN;
    close[5] = NAN;
    let got = stochastic(&high, &low, &close, 1, 1, 2);
    assert_are(&got.k, &[NAN, NAN, 25.0, 25.0, 25.0, NAN, 25.0, 25.0, 25.0]);
    assert_are(&got.d, &[NAN, NAN, 25.0, 25.0, 25.0, NAN, NAN, 25.0, 25.0]);
}

#[test]
fn where_a_denominator_is_zero() {
    let flat = [3.0; 6];
    assert_are(&rsi(&flat, 2)[2..], &[0.0; 4]);
    let still = adx(&flat, &flat, &flat, 2);
    assert_are(&still.plus_di[2..], &[0.0; 4]);
    assert_are(&still.adx[3..], &[0.0; 3]);
    assert_are(&stochastic(&flat, &flat, &flat, 2, 1, 1).k[1..], &[0.0; 5]);
    assert_are(&vwma(&flat, &[0.0, 0.0, 1.0, 0.0, 0.0, 0.0], 2), &[NAN, NAN, 3.0, 3.0, NAN, NAN]);
    assert_are(&vwap(&flat, &flat, &flat, &[0.0, 0.0, 1.0, 0.0, 0.0, 0.0]), &[NAN, NAN, 3.0, 3.0, 3.0, 3.0]);
    // DX of period 1 is 100 where there is a direction, and stays where there is none.
    let high = [2.0, 2.0, 3.0, 3.0, 2.0, 2.0];
    let got = adx(&high, &high.map(|x| x - 1.0), &high, 1);
    assert_are(&got.adx, &[NAN, 0.0, 100.0, 100.0, 100.0, 100.0]);
    assert_are(&got.minus_di, &[NAN, 0.0, 0.0, 0.0, 50.0, 0.0]);
}

#[test]
fn a_constant_stays_what_it_is() {
    let data = [0.1; 3000];
    for n in [1, 2, 7, 14, 1000] {
        for output in [smma(&data, n), ema(&data, n), sma(&data, n), wma(&data, n), hma(&data, n)] {
            assert!(output.iter().all(|&x| x == 0.1 || x.is_nan()));
        }
        assert!(stddev(&data, n).iter().all(|&x| x == 0.0 || x.is_nan()));
    }
}

#[test]
fn a_recursion_is_much_finer_than_f64() {
    // The same average in another form: a sum that fades, divided at the end.
    let (n, data) = (14, Random::new(4).price_walk(2000));
    let decay = Double::from(13.0) / Double::from(14.0);
    let mut sum = data[..n].iter().map(|&x| Double::from(x)).sum::<Double>();
    for &x in &data[n..] {
        sum = sum * decay + x.into();
    }
    let got = smma_exact(&data, n)[data.len() - 1];
    let off = (got - sum / Double::from(14.0)).round();
    assert!(off.abs() < 1e-26, "{off}");
}
