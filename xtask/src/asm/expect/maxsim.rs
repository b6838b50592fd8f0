//! MaxSim.

use super::{AARCH64, Arch, Expectation, Kind, Spills, X86_64, kind};

/// Two vectors of query tokens times six rows, or five or four; or times one row, for four steps at once.
const AVX2_TILES: &[Kind] = &[
    kind(&["2>, 2, 6,"], &[12]),
    kind(&["2>, 2, 5,"], &[10]),
    kind(&["2>, 2, 4,"], &[8]),
    kind(&["2>, 2, 1,"], &[8]),
];
/// Four vectors of query tokens times four rows; or times one row, for four steps at once.
const NEON_TILES: &[Kind] = &[kind(&["4>, 4, 4,"], &[16]), kind(&["4>, 4, 1,"], &[16])];

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
];
