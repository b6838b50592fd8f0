//! Layers of networks.

use super::{AARCH64, Arch, Expectation, Kind, Spills, X86_64, any, kind};

/// Six rows times two vectors of columns, or fewer rows.
const AVX2_TILES: &[Kind] = &[
    kind(&["16, 2, 6>"], &[12]),
    kind(&["16, 2, 5>"], &[10]),
    kind(&["16, 2, 4>"], &[8]),
    kind(&["16, 2, 3>"], &[6]),
    any(&["16, 2, 2>"]),
    any(&["16, 2, 1>"]),
];
/// Five rows times four vectors of columns, or fewer rows.
const NEON_TILES: &[Kind] = &[
    kind(&["16, 4, 5>"], &[20]),
    kind(&["16, 4, 4>"], &[16]),
    kind(&["16, 4, 3>"], &[12]),
    any(&["16, 4, 2>"]),
    any(&["16, 4, 1>"]),
];
/// One row times four panels.
const AVX2_ROWS: &[Kind] = &[kind(&["16, 2, 4>"], &[8])];
const NEON_ROWS: &[Kind] = &[kind(&["16, 4, 4>"], &[16])];
/// Two rows times four vectors, and what is left of them vector by vector; eight neighbours times one.
const AVX2_VECTORS: &[Kind] = &[
    kind(&["8, 2, 4, 32>"], &[8]),
    any(&["8, 1, 4, 32>"]),
    kind(&["8, 8, 1, 8>"], &[8]),
    any(&["8, 1, 1, 8>"]),
];
const NEON_VECTORS: &[Kind] = &[
    kind(&["4, 2, 4, 16>"], &[8]),
    any(&["4, 1, 4, 16>"]),
    kind(&["4, 8, 1, 4>"], &[8]),
    any(&["4, 1, 1, 4>"]),
];

/// Without an activation, and with each.
const EPILOGUES: &[Kind] = &[any(&["Identity>"]), any(&["formula::"])];

pub(super) const EXPECTATIONS: &[Expectation] = &[
    Expectation {
        kernel: "nn-gemm",
        package: "kernels-nn",
        target: X86_64,
        arch: Arch::X86_64,
        names: &["::vectorized::<", "gemm::tile::pass<"],
        calls: &[],
        spills: Spills::Nowhere,
        kinds: AVX2_TILES,
    },
    Expectation {
        kernel: "nn-gemm-row",
        package: "kernels-nn",
        target: X86_64,
        arch: Arch::X86_64,
        names: &["::vectorized::<", "gemm::tile::row_pass<"],
        calls: &[],
        spills: Spills::Nowhere,
        kinds: AVX2_ROWS,
    },
    Expectation {
        kernel: "nn-gemm-epilogue",
        package: "kernels-nn",
        target: X86_64,
        arch: Arch::X86_64,
        names: &["::vectorized::<", "epilogue::Update<", "::run<"],
        // What is out of the way: numbers that are not easy, and rows that fill no vector.
        calls: &["function::some_hard", "memcpy"],
        spills: Spills::Anywhere,
        kinds: EPILOGUES,
    },
    Expectation {
        kernel: "nn-gemv",
        package: "kernels-nn",
        target: X86_64,
        arch: Arch::X86_64,
        names: &["::vectorized::<", "Gemv>::part<"],
        calls: &[],
        spills: Spills::BetweenLoops,
        kinds: AVX2_VECTORS,
    },
    Expectation {
        kernel: "nn-gemm",
        package: "kernels-nn",
        target: AARCH64,
        arch: Arch::Aarch64,
        names: &["Neon", "::vectorize::<", "gemm::tile::pass<"],
        calls: &[],
        spills: Spills::Nowhere,
        kinds: NEON_TILES,
    },
    Expectation {
        kernel: "nn-gemm-row",
        package: "kernels-nn",
        target: AARCH64,
        arch: Arch::Aarch64,
        names: &["Neon", "::vectorize::<", "gemm::tile::row_pass<"],
        calls: &[],
        spills: Spills::Nowhere,
        kinds: NEON_ROWS,
    },
    Expectation {
        kernel: "nn-gemm-epilogue",
        package: "kernels-nn",
        target: AARCH64,
        arch: Arch::Aarch64,
        names: &["Neon", "::vectorize::<", "epilogue::Update<", "::run<"],
        // What is out of the way: numbers that are not easy, and rows that fill no vector.
        calls: &["function::some_hard", "memcpy"],
        spills: Spills::Anywhere,
        kinds: EPILOGUES,
    },
    Expectation {
        kernel: "nn-gemv",
        package: "kernels-nn",
        target: AARCH64,
        arch: Arch::Aarch64,
        names: &["Neon", "::vectorize::<", "Gemv>::part<"],
        calls: &[],
        spills: Spills::BetweenLoops,
        kinds: NEON_VECTORS,
    },
];
