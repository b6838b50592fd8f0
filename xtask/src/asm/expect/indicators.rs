//! Indicators.

use super::{Kind, any, kind};

// What is narrow has vectors of sixteen bytes: NEON, and both sets of WebAssembly.

/// Loops over bars in lanes, for a weak decay and a strong one.
const AVX2_SCANS: &[Kind] = &[kind(&["Scan<f64>"], &[10, 12]), kind(&["Scan<f32>"], &[12, 14])];
const NARROW_SCANS: &[Kind] = &[kind(&["Scan<f64>"], &[8, 10]), kind(&["Scan<f32>"], &[10, 12])];

/// Sums, which multiply nothing.
const SEEDS: &[Kind] = &[kind(&["Average<f64>"], &[]), kind(&["Average<f32>"], &[])];

/// A square of bars, whose result is the sum's share and the base. How far the loops of the others are unrolled is the
/// compiler's choice.
const AVX2_WINDOWS: &[Kind] = &[
    kind(&["::Mean<f64>"], &[4]),
    kind(&["::Mean<f32>"], &[8]),
    any(&["::Weighted<"]),
    any(&["::Deviation<"]),
    any(&["::Bands<"]),
    any(&["::Range>"]),
    any(&["::Traded>"]),
];
const NARROW_WINDOWS: &[Kind] = &[
    kind(&["::Mean<f64>"], &[2]),
    kind(&["::Mean<f32>"], &[4]),
    any(&["::Weighted<"]),
    any(&["::Deviation<"]),
    any(&["::Bands<"]),
    any(&["::Range>"]),
    any(&["::Traded>"]),
];

/// Eight vectors of bars, or one, times two weights, for as many of those as a vector has lanes; or times one weight.
const AVX2_WEIGHTS: &[Kind] = &[kind(&[", f64, "], &[8, 64]), kind(&[", f32, "], &[1, 4, 8, 16, 128])];
const NARROW_WEIGHTS: &[Kind] = &[kind(&[", f64, "], &[4, 32]), kind(&[", f32, "], &[8, 64])];

/// Four vectors of periods, or one, over as many bars as a vector has lanes, and over one bar.
const AVX2_PERIODS: &[Kind] = &[
    kind(&[", f64, ", ", 1>"], &[1, 8]),
    kind(&[", f64, ", ", 4>"], &[4]),
    kind(&[", f32, ", ", 1>"], &[1]),
    kind(&[", f32, ", ", 4>"], &[4, 8]),
];
const NARROW_PERIODS: &[Kind] = &[
    kind(&[", f64, ", ", 1>"], &[1, 4]),
    kind(&[", f64, ", ", 4>"], &[4, 16]),
    kind(&[", f32, ", ", 1>"], &[1, 8]),
    kind(&[", f32, ", ", 4>"], &[4]),
];

/// All that runs on vectors, what is computed bar by bar included: it calls nothing but the functions above, and what is
/// done once for many bars.
const ALL: &[Kind] = &[any(&["f64"]), any(&["f32"])];
const CALLED: &[&str] = &[
    "::vectorize::<",
    "Average<f32>>::seed::<",
    "Average<f64>>::seed::<",
    "Scan<f32>>::new",
    "Scan<f64>>::new",
    "Scan<f32>>::fades",
    "Scan<f64>>::fades",
    "::piece_with_gaps",
    "Alma>::weight",
    "libm::",
    "Hma>::averages",
    "Recursive>::start::<",
    "memcpy",
    "memmove",
    "memset",
];

expectations! {
    "indicators-scan" in "kernels-instances", functions ["Scan<", ">>::advance<"],
        // Powers of the decay, and one of the sums: there are more than registers.
        // Powers of the decay, from piece to piece.
        calls &[">>::fades"], spills [Anywhere, BetweenLoops, Anywhere],
        kinds [AVX2_SCANS, NARROW_SCANS, NARROW_SCANS, NARROW_SCANS];
    "indicators-seed" in "kernels-instances", functions ["Average<", ">>::seed<"],
        calls &[], spills [Nowhere, Nowhere, BetweenLoops],
        kinds [SEEDS, SEEDS, SEEDS, SEEDS];
    "indicators-windows" in "kernels-instances", functions ["window::fill<"],
        // What is known of each bar of a run is kept there.
        calls &["memset"], spills [Anywhere, Anywhere, Anywhere],
        kinds [AVX2_WINDOWS, NARROW_WINDOWS, NARROW_WINDOWS, NARROW_WINDOWS];
    "indicators-weights" in "kernels-instances", functions ["weights::fill<"],
        calls &[], spills [Nowhere, Nowhere, BetweenLoops],
        kinds [AVX2_WEIGHTS, NARROW_WEIGHTS, NARROW_WEIGHTS, NARROW_WEIGHTS];
    "indicators-side-by-side" in "kernels-instances", functions ["side_by_side::run_group<"],
        // Squares of bars, and the state of the periods whose turn it is not.
        calls &["memcpy"], spills [Anywhere, Anywhere, Anywhere],
        kinds [AVX2_PERIODS, NARROW_PERIODS, NARROW_PERIODS, NARROW_PERIODS];
    "indicators-all" in "kernels-instances", functions ["kernels_indicators::"],
        // Bars of intermediate series, and the states of indicators.
        calls CALLED, spills [Anywhere, Anywhere, Anywhere],
        kinds [ALL, ALL, ALL, ALL];
}
