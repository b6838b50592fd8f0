//! Indicators.

use super::{AARCH64, Arch, Expectation, Kind, Spills, X86_64, any, kind};

/// Loops over bars in lanes, for a weak decay and a strong one.
const AVX2_SCANS: &[Kind] = &[kind(&["Scan<f64>"], &[10, 12]), kind(&["Scan<f32>"], &[12, 14])];
const NEON_SCANS: &[Kind] = &[kind(&["Scan<f64>"], &[8, 10]), kind(&["Scan<f32>"], &[10, 12])];

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
const NEON_WINDOWS: &[Kind] = &[
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
const NEON_WEIGHTS: &[Kind] = &[kind(&[", f64, "], &[4, 32]), kind(&[", f32, "], &[8, 64])];

/// Four vectors of periods, or one, over as many bars as a vector has lanes, and over one bar.
const AVX2_PERIODS: &[Kind] = &[
    kind(&[", f64, ", ", 1>"], &[1, 8]),
    kind(&[", f64, ", ", 4>"], &[4]),
    kind(&[", f32, ", ", 1>"], &[1]),
    kind(&[", f32, ", ", 4>"], &[4, 8]),
];
const NEON_PERIODS: &[Kind] = &[
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

pub(super) const EXPECTATIONS: &[Expectation] = &[
    Expectation {
        kernel: "indicators-scan",
        package: "kernels-instances",
        target: X86_64,
        arch: Arch::X86_64,
        names: &["::vectorized::<", "Scan<", ">>::advance<"],
        calls: &[">>::fades"],
        // Powers of the decay, and one of the sums: there are more than registers.
        spills: Spills::Anywhere,
        kinds: AVX2_SCANS,
    },
    Expectation {
        kernel: "indicators-seed",
        package: "kernels-instances",
        target: X86_64,
        arch: Arch::X86_64,
        names: &["::vectorized::<", "Average<", ">>::seed<"],
        calls: &[],
        spills: Spills::Nowhere,
        kinds: SEEDS,
    },
    Expectation {
        kernel: "indicators-windows",
        package: "kernels-instances",
        target: X86_64,
        arch: Arch::X86_64,
        names: &["::vectorized::<", "window::fill<"],
        calls: &["memset"],
        // What is known of each bar of a run is kept there.
        spills: Spills::Anywhere,
        kinds: AVX2_WINDOWS,
    },
    Expectation {
        kernel: "indicators-weights",
        package: "kernels-instances",
        target: X86_64,
        arch: Arch::X86_64,
        names: &["::vectorized::<", "weights::fill<"],
        calls: &[],
        spills: Spills::Nowhere,
        kinds: AVX2_WEIGHTS,
    },
    Expectation {
        kernel: "indicators-side-by-side",
        package: "kernels-instances",
        target: X86_64,
        arch: Arch::X86_64,
        names: &["::vectorized::<", "side_by_side::run_group<"],
        calls: &["memcpy"],
        // Squares of bars, and the state of the periods whose turn it is not.
        spills: Spills::Anywhere,
        kinds: AVX2_PERIODS,
    },
    Expectation {
        kernel: "indicators-all",
        package: "kernels-instances",
        target: X86_64,
        arch: Arch::X86_64,
        names: &["::vectorized::<", "kernels_indicators::"],
        calls: CALLED,
        // Bars of intermediate series, and the states of indicators.
        spills: Spills::Anywhere,
        kinds: ALL,
    },
    Expectation {
        kernel: "indicators-scan",
        package: "kernels-instances",
        target: AARCH64,
        arch: Arch::Aarch64,
        names: &["Neon", "::vectorize::<", "Scan<", ">>::advance<"],
        calls: &[">>::fades"],
        // Powers of the decay, from piece to piece.
        spills: Spills::BetweenLoops,
        kinds: NEON_SCANS,
    },
    Expectation {
        kernel: "indicators-seed",
        package: "kernels-instances",
        target: AARCH64,
        arch: Arch::Aarch64,
        names: &["Neon", "::vectorize::<", "Average<", ">>::seed<"],
        calls: &[],
        spills: Spills::Nowhere,
        kinds: SEEDS,
    },
    Expectation {
        kernel: "indicators-windows",
        package: "kernels-instances",
        target: AARCH64,
        arch: Arch::Aarch64,
        names: &["Neon", "::vectorize::<", "window::fill<"],
        calls: &["memset"],
        // What is known of each bar of a run is kept there.
        spills: Spills::Anywhere,
        kinds: NEON_WINDOWS,
    },
    Expectation {
        kernel: "indicators-weights",
        package: "kernels-instances",
        target: AARCH64,
        arch: Arch::Aarch64,
        names: &["Neon", "::vectorize::<", "weights::fill<"],
        calls: &[],
        spills: Spills::Nowhere,
        kinds: NEON_WEIGHTS,
    },
    Expectation {
        kernel: "indicators-side-by-side",
        package: "kernels-instances",
        target: AARCH64,
        arch: Arch::Aarch64,
        names: &["Neon", "::vectorize::<", "side_by_side::run_group<"],
        calls: &["memcpy"],
        // Squares of bars, and the state of the periods whose turn it is not.
        spills: Spills::Anywhere,
        kinds: NEON_PERIODS,
    },
    Expectation {
        kernel: "indicators-all",
        package: "kernels-instances",
        target: AARCH64,
        arch: Arch::Aarch64,
        names: &["Neon", "::vectorize::<", "kernels_indicators::"],
        calls: CALLED,
        // Bars of intermediate series, and the states of indicators.
        spills: Spills::Anywhere,
        kinds: ALL,
    },
];
