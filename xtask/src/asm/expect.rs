//! What the hot functions of each kernel are to look like: to add a kernel or a target, add an entry.

use super::arch::Arch;

/// The hot functions of one kernel on one target.
pub(super) struct Expectation {
    /// By this name `cargo xtask asm` finds it.
    pub(super) kernel: &'static str,
    pub(super) package: &'static str,
    pub(super) target: &'static str,
    pub(super) arch: Arch,
    /// The hot functions are those whose demangled names have all of these parts.
    pub(super) names: &'static [&'static str],
    /// Parts of the names of what they may call, apart from panics.
    pub(super) calls: &'static [&'static str],
    /// Whether all vectors have registers, or only those of the innermost loops with FMAs.
    pub(super) spills: Spills,
    /// Which kinds of them there are. Each hot function is of one kind, and each kind has a function.
    pub(super) kinds: &'static [Kind],
}

/// Where vector registers may go to the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spills {
    Nowhere,
    /// Not in an innermost loop with FMAs.
    BetweenLoops,
    Anywhere,
}

impl Spills {
    /// Whether one is a fault; `hot`: it is in an innermost loop with FMAs.
    pub(super) fn is_fault(self, hot: bool) -> bool {
        match self {
            Self::Nowhere => true,
            Self::BetweenLoops => hot,
            Self::Anywhere => false,
        }
    }
}

/// Hot functions whose loops look alike.
pub(super) struct Kind {
    /// Parts of their names that no other kind has all of.
    pub(super) names: &'static [&'static str],
    /// The FMAs of the innermost loops that have any: just these counts occur, or, without a list, any. (Innermost
    /// loops without FMAs are those of tails and reductions.)
    pub(super) fmas: Option<&'static [usize]>,
}

impl Kind {
    pub(super) fn is_of(&self, function: &str) -> bool {
        self.names.iter().all(|part| function.contains(part))
    }
}

const fn kind(names: &'static [&'static str], fmas: &'static [usize]) -> Kind {
    Kind { names, fmas: Some(fmas) }
}

const fn any(names: &'static [&'static str]) -> Kind {
    Kind { names, fmas: None }
}

const X86_64: &str = "x86_64-unknown-linux-gnu";
const AARCH64: &str = "aarch64-unknown-linux-gnu";

/// Two vectors of query tokens times six rows, or five or four; or times one row, for four steps at once.
const AVX2_TILES: &[Kind] = &[
    kind(&["2>, 2, 6,"], &[12]),
    kind(&["2>, 2, 5,"], &[10]),
    kind(&["2>, 2, 4,"], &[8]),
    kind(&["2>, 2, 1,"], &[8]),
];
/// Four vectors of query tokens times four rows; or times one row, for four steps at once.
const NEON_TILES: &[Kind] = &[kind(&["4>, 4, 4,"], &[16]), kind(&["4>, 4, 1,"], &[16])];

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
        kernel: "maxsim",
        package: "kernels-maxsim",
        target: X86_64,
        arch: Arch::X86_64,
        names: &["::vectorized::<", "Scan>::tiles", "::Best<"],
        calls: &[],
        spills: Spills::Nowhere,
        kinds: AVX2_TILES,
    },
    Expectation {
        kernel: "maxsim",
        package: "kernels-maxsim",
        target: AARCH64,
        arch: Arch::Aarch64,
        names: &["Neon", "::vectorize::<", "Scan>::tiles", "::Best<"],
        calls: &[],
        spills: Spills::Nowhere,
        kinds: NEON_TILES,
    },
    Expectation {
        kernel: "maxsim-argmax",
        package: "kernels-maxsim",
        target: X86_64,
        arch: Arch::X86_64,
        names: &["::vectorized::<", "Scan>::tiles", "::First<"],
        calls: &[],
        // The rows' numbers, once a tile.
        spills: Spills::BetweenLoops,
        kinds: AVX2_TILES,
    },
    Expectation {
        kernel: "maxsim-argmax",
        package: "kernels-maxsim",
        target: AARCH64,
        arch: Arch::Aarch64,
        names: &["Neon", "::vectorize::<", "Scan>::tiles", "::First<"],
        calls: &[],
        spills: Spills::Nowhere,
        kinds: NEON_TILES,
    },
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
        names: &["::vectorized::<"],
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
        names: &["Neon", "::vectorize::<"],
        calls: CALLED,
        // Bars of intermediate series, and the states of indicators.
        spills: Spills::Anywhere,
        kinds: ALL,
    },
];
