//! Indicators against plain loops, compiled for the default target, and against a copy of their input; every result is
//! checked. Run it by `cargo xtask bench indicators`.

use anyhow::Result;
use kernels_benches::measure::{Rows, Work, calls, side_by_side};
use kernels_indicators::{self as ours, Adx, Bands, Error, Indicator, Isa, Macd, Stochastic, spec};
use kernels_testing::prices::Bars;
use kernels_testing::{Random, reference::indicators as reference};
use simd_core::Element;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Where nothing else is said.
const PERIOD: usize = 14;

/// Period, offset and sigma.
const ALMA: (usize, f64, f64) = (9, 0.85, 6.0);

const LENGTHS: [(&str, usize); 3] = [("10k", 10_000), ("100k", 100_000), ("1M", 1_000_000)];

/// Bars that the volume-weighted price starts anew at.
const ANCHORS: [usize; 3] = [0, 1000, 5000];

/// What results may be off by, as a fraction of the largest of them.
const BOUND: f64 = 1e-12;
const BOUND_F32: f64 = 1e-6;

/// The recurrence as anybody writes it: from the mean of the first values on.
#[inline(never)]
fn plain_smma<T: Element>(data: &[T], period: usize, out: &mut [T]) {
    let r = T::from_f64(1.0 / period as f64);
    let (seed, data) = data.split_at(period);
    let (first, out) = out.split_at_mut(period);
    let mut p = seed.iter().fold(T::ZERO, |sum, x| sum + *x) * r;
    first.fill(T::NAN);
    first[period - 1] = p;
    for (x, out) in data.iter().zip(out) {
        p = p + (*x - p) * r;
        *out = p;
    }
}

/// The windows one after another, with weights that are there already.
#[inline(never)]
fn plain_alma(data: &[f64], weights: &[f64], out: &mut [f64]) {
    let (first, out) = out.split_at_mut(weights.len() - 1);
    first.fill(f64::NAN);
    for (window, out) in data.windows(weights.len()).zip(out) {
        let mut sum = 0.0;
        for (x, weight) in window.iter().zip(weights) {
            sum += x * weight;
        }
        *out = sum;
    }
}

fn alma_weights() -> Vec<f64> {
    let (period, offset, sigma) = ALMA;
    let (peak, width) = (offset * (period - 1) as f64, period as f64 / sigma);
    let bell = |i: usize| (-((i as f64 - peak) / width).powi(2) / 2.0).exp();
    let sum: f64 = (0..period).map(bell).sum();
    (0..period).map(|i| bell(i) / sum).collect()
}

/// How far results are off, as a fraction of the largest.
fn error<T: Element + Into<f64>>(name: &str, got: &[T], want: &[f64], bound: f64) -> f64 {
    assert_eq!(got.len(), want.len(), "{name}");
    let largest = want.iter().filter(|x| !x.is_nan()).fold(0.0, |largest: f64, x| largest.max(x.abs()));
    let off = got.iter().zip(want).fold(0.0, |off: f64, (got, want)| {
        let got: f64 = (*got).into();
        assert_eq!(got.is_nan(), want.is_nan(), "{name}: {got}, expected {want}");
        if want.is_nan() { off } else { off.max((got - want).abs() / largest) }
    });
    assert!(off <= bound, "{name} is off by {off:e}");
    off
}

/// One of several ways to compute the same.
struct Way<'a> {
    case: String,
    isa: Isa,
    work: Work<'a>,
    /// How many values it computes.
    values: usize,
    max_error: f64,
    /// What it is compared with.
    limits: &'static [&'static str],
}

/// Measures ways to compute the same side by side with what limits them, and adds a row for each of both.
fn compare<'a>(
    rows: &mut Rows,
    kernel: &str,
    ways: Vec<Way<'a>>,
    limits: impl IntoIterator<Item = (&'static str, Work<'a>)>,
) {
    let (names, mut work): (Vec<_>, Vec<_>) = limits.into_iter().unzip();
    let mut done = Vec::new();
    for Way { case, isa, work: way, values, max_error, limits } in ways {
        work.push(way);
        done.push((case, isa, values, max_error, limits));
    }
    let ns = side_by_side(&mut work);
    let (of_limits, of_ways) = ns.split_at(names.len());
    for ((case, isa, values, max_error, limits), &ns) in done.iter().zip(of_ways) {
        for (limit, &of_limit) in names.iter().zip(of_limits).filter(|(name, _)| limits.contains(name)) {
            let case = if *limit == "plain" { case.clone() } else { format!("{case} vs {limit}") };
            let mut row = rows.row(kernel, &case, *isa, ns);
            row.ns_per_element = Some(ns / *values as f64);
            row.limit = Some((*limit).to_owned());
            row.limit_fraction = Some(of_limit / ns);
            row.max_error = Some(*max_error);
            rows.push(row);
        }
    }
}

/// SMMA into a buffer and in place on each instruction set, and as the function that allocates.
fn smma<T: Element + Into<f64>>(rows: &mut Rows, length: &str, element: &str, data: &[T], bound: f64) {
    let smma = spec::Smma::new(PERIOD);
    let wide: Vec<f64> = data.iter().map(|x| (*x).into()).collect();
    let want = reference::smma(&wide, PERIOD);
    let (n, mut ways) = (data.len(), Vec::new());
    let way = |form: &str, isa, got: &[T], limits, work| {
        let case = format!("{length} {form}{element}");
        let max_error = error(&case, got, &want, bound);
        Way { case, isa, work, values: n, max_error, limits }
    };
    for isa in Isa::available() {
        let mut out = vec![T::ZERO; n];
        smma.batch_into_on(isa, data, &mut out).expect("valid");
        let got = out.clone();
        let work = calls(move || smma.batch_into_on(isa, data, black_box(&mut out)).expect("valid"));
        ways.push(way("into", isa, &got, &["plain", "memcpy"], work));

        let mut room = data.to_vec();
        smma.in_place_on(isa, &mut room).expect("valid");
        let got = room.clone();
        // Each call takes the data anew, which is not timed: what is already smooth is another input.
        let work = move |count| {
            let mut time = Duration::ZERO;
            for _ in 0..count {
                room.copy_from_slice(data);
                let start = Instant::now();
                smma.in_place_on(isa, black_box(&mut room)).expect("valid");
                time += start.elapsed();
            }
            time
        };
        ways.push(way("in place", isa, &got, &["plain"], Box::new(work)));
    }
    let got = ours::smma(data, PERIOD).expect("valid");
    let work = calls(|| _ = black_box(ours::smma(black_box(data), PERIOD).expect("valid")));
    ways.push(way("safe", Isa::detect(), &got, &["plain"], work));

    let (mut out, mut copy) = (vec![T::ZERO; n], vec![T::ZERO; n]);
    plain_smma(data, PERIOD, &mut out);
    error("the plain loop", &out, &want, 10.0 * bound);
    let plain = calls(move || plain_smma(black_box(data), PERIOD, black_box(&mut out)));
    let memcpy = calls(move || black_box(&mut copy).copy_from_slice(black_box(data)));
    compare(rows, "smma", ways, [("plain", plain), ("memcpy", memcpy)]);
}

/// SMMA of 64 periods in one call; what it writes is copied for comparison.
fn sweep(rows: &mut Rows, length: &str, data: &[f64]) {
    let periods: Vec<_> = (5..=68).collect();
    let settings: Vec<_> = periods.iter().copied().map(spec::Smma::new).collect();
    let want: Vec<_> = periods.iter().flat_map(|period| reference::smma(data, *period)).collect();
    let (settings, mut ways) = (&settings, Vec::new());
    for isa in Isa::available() {
        let mut out = vec![0.0; want.len()];
        spec::Smma::sweep_into_on(isa, settings, data, &mut out).expect("valid");
        let case = format!("{length} sweep of {}", periods.len());
        let max_error = error(&case, &out, &want, BOUND);
        let work = calls(move || {
            spec::Smma::sweep_into_on(isa, settings, data, black_box(&mut out)).expect("valid")
        });
        ways.push(Way { case, isa, work, values: want.len(), max_error, limits: &["plain", "memcpy"] });
    }
    let mut out = vec![0.0; want.len()];
    let plain = calls(move || {
        for (period, out) in periods.iter().zip(out.chunks_exact_mut(data.len())) {
            plain_smma(black_box(data), *period, black_box(out));
        }
    });
    let mut copy = vec![0.0; want.len()];
    let memcpy = calls(|| black_box(&mut copy).copy_from_slice(black_box(&want)));
    compare(rows, "smma", ways, [("plain", plain), ("memcpy", memcpy)]);
}

fn alma(rows: &mut Rows, length: &str, data: &[f64]) {
    let (period, offset, sigma) = ALMA;
    let alma = spec::Alma::new(period, offset, sigma);
    let want = reference::alma(data, period, offset, sigma);
    let mut ways = Vec::new();
    for isa in Isa::available() {
        let mut out = vec![0.0; data.len()];
        alma.batch_into_on(isa, data, &mut out).expect("valid");
        let case = format!("{length} into");
        let max_error = error(&case, &out, &want, BOUND);
        let work = calls(move || alma.batch_into_on(isa, data, black_box(&mut out)).expect("valid"));
        ways.push(Way { case, isa, work, values: data.len(), max_error, limits: &["plain"] });
    }
    let (weights, mut out) = (alma_weights(), vec![0.0; data.len()]);
    plain_alma(data, &weights, &mut out);
    error("the plain loop", &out, &want, BOUND);
    let plain = calls(move || plain_alma(black_box(data), black_box(&weights), black_box(&mut out)));
    compare(rows, "alma", ways, [("plain", plain)]);
}

type Ours = fn(&Bars, [&mut [f64]; 3]) -> Result<(), Error>;
type Reference = fn(&Bars) -> Vec<Vec<f64>>;

/// The indicators that no target is about, into buffers.
const OTHERS: [(&str, Ours, Reference); 18] = [
    ("ema", |b, [out, ..]| ours::ema_into(&b.close, PERIOD, out), |b| vec![reference::ema(&b.close, PERIOD)]),
    ("sma", |b, [out, ..]| ours::sma_into(&b.close, PERIOD, out), |b| vec![reference::sma(&b.close, PERIOD)]),
    ("wma", |b, [out, ..]| ours::wma_into(&b.close, PERIOD, out), |b| vec![reference::wma(&b.close, PERIOD)]),
    (
        "stddev",
        |b, [out, ..]| ours::stddev_into(&b.close, PERIOD, out),
        |b| vec![reference::stddev(&b.close, PERIOD)],
    ),
    (
        "bollinger",
        |b, [upper, middle, lower]| {
            ours::bollinger_into(&b.close, PERIOD, 2.0, Bands { upper, middle, lower })
        },
        |b| {
            let bands = reference::bollinger(&b.close, PERIOD, 2.0);
            vec![bands.upper, bands.middle, bands.lower]
        },
    ),
    (
        "dema",
        |b, [out, ..]| ours::dema_into(&b.close, PERIOD, out),
        |b| vec![reference::dema(&b.close, PERIOD)],
    ),
    (
        "tema",
        |b, [out, ..]| ours::tema_into(&b.close, PERIOD, out),
        |b| vec![reference::tema(&b.close, PERIOD)],
    ),
    ("hma", |b, [out, ..]| ours::hma_into(&b.close, PERIOD, out), |b| vec![reference::hma(&b.close, PERIOD)]),
    (
        "macd",
        |b, [line, signal, histogram]| ours::macd_into(&b.close, 12, 26, 9, Macd { line, signal, histogram }),
        |b| {
            let macd = reference::macd(&b.close, 12, 26, 9);
            vec![macd.line, macd.signal, macd.histogram]
        },
    ),
    ("rsi", |b, [out, ..]| ours::rsi_into(&b.close, PERIOD, out), |b| vec![reference::rsi(&b.close, PERIOD)]),
    (
        "true_range",
        |b, [out, ..]| ours::true_range_into(&b.high, &b.low, &b.close, out),
        |b| vec![reference::true_range(&b.high, &b.low, &b.close)],
    ),
    (
        "atr",
        |b, [out, ..]| ours::atr_into(&b.high, &b.low, &b.close, PERIOD, out),
        |b| vec![reference::atr(&b.high, &b.low, &b.close, PERIOD)],
    ),
    (
        "adx",
        |b, [adx, plus_di, minus_di]| {
            ours::adx_into(&b.high, &b.low, &b.close, PERIOD, Adx { adx, plus_di, minus_di })
        },
        |b| {
            let adx = reference::adx(&b.high, &b.low, &b.close, PERIOD);
            vec![adx.adx, adx.plus_di, adx.minus_di]
        },
    ),
    (
        "stochastic",
        |b, [k, d, _]| ours::stochastic_into(&b.high, &b.low, &b.close, PERIOD, 3, 3, Stochastic { k, d }),
        |b| {
            let stochastic = reference::stochastic(&b.high, &b.low, &b.close, PERIOD, 3, 3);
            vec![stochastic.k, stochastic.d]
        },
    ),
    (
        "obv",
        |b, [out, ..]| ours::obv_into(&b.close, &b.volume, out),
        |b| vec![reference::obv(&b.close, &b.volume)],
    ),
    (
        "vwma",
        |b, [out, ..]| ours::vwma_into(&b.close, &b.volume, PERIOD, out),
        |b| vec![reference::vwma(&b.close, &b.volume, PERIOD)],
    ),
    (
        "vwap",
        |b, [out, ..]| ours::vwap_into(&b.high, &b.low, &b.close, &b.volume, out),
        |b| vec![reference::vwap(&b.high, &b.low, &b.close, &b.volume)],
    ),
    (
        "vwap_anchored",
        |b, [out, ..]| ours::vwap_anchored_into(&b.high, &b.low, &b.close, &b.volume, &ANCHORS, out),
        |b| vec![reference::vwap_anchored(&b.high, &b.low, &b.close, &b.volume, &ANCHORS)],
    ),
];

/// Adds a row for one of those.
fn other(rows: &mut Rows, length: &str, bars: &Bars, (name, ours, reference): (&str, Ours, Reference)) {
    let mut out = [const { Vec::new() }; 3].map(|_: Vec<f64>| vec![0.0; bars.close.len()]);
    let mut run = || ours(black_box(bars), out.each_mut().map(|out| black_box(&mut out[..]))).expect("valid");
    let ns = side_by_side(&mut [calls(&mut run)])[0];
    let mut row = rows.row(name, length, Isa::detect(), ns);
    row.ns_per_element = Some(ns / bars.close.len() as f64);
    let errors = reference(bars).into_iter().zip(&out).map(|(want, got)| error(name, got, &want, BOUND));
    row.max_error = Some(errors.fold(0.0, f64::max));
    rows.push(row);
}

fn main() -> Result<()> {
    let mut rows = Rows::new();
    for (length, n) in LENGTHS {
        let bars = Random::new(11).bars(n);
        let single: Vec<_> = bars.close.iter().map(|x| *x as f32).collect();
        smma(&mut rows, length, "", &bars.close, BOUND);
        smma(&mut rows, length, " of f32", &single, BOUND_F32);
        if n <= 100_000 {
            sweep(&mut rows, length, &bars.close);
            alma(&mut rows, length, &bars.close);
            OTHERS.into_iter().for_each(|one| other(&mut rows, length, &bars, one));
        }
    }
    rows.write()
}
