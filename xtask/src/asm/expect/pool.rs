//! Pooling, codes and comparisons.

use super::{AARCH64, Arch, Expectation, Kind, Spills, X86_64, any, kind};

/// Sums and maxima of tokens: nothing is multiplied and added.
const FOLDS: &[Kind] = &[any(&["Sum<false>"]), any(&["Sum<true>"]), any(&["Max>"])];

/// Four vectors of a row, or one, each in one sum or in two.
const METRICS: &[Kind] = &[
    kind(&["floats::Dot>"], &[4]),
    any(&["floats::Cosine>"]),
    kind(&["floats::L2Squared>"], &[4]),
    kind(&["DotInt8>"], &[]),
    kind(&["Hamming>"], &[]),
    kind(&["DotBinary>"], &[]),
];

/// Eight vectors of squares, and what is left of a row.
const NORMS: &[Kind] = &[any(&["Norms"]), any(&["InPlace"]), any(&["Truncate"])];

/// Quotients by the inverse; elsewhere by division.
const AVX2_CODES: &[Kind] = &[kind(&["ToBytes<"], &[8]), kind(&["ToBits<"], &[]), kind(&["ToHalf<"], &[])];
const NEON_CODES: &[Kind] = &[kind(&["ToBytes<"], &[]), kind(&["ToBits<"], &[]), kind(&["ToHalf<"], &[])];

/// Four rows of weights times two or four others, or eight times one.
const AVX2_PRODUCTS: &[Kind] = &[kind(&[", 4, 2, 6>"], &[8]), kind(&[", 8, 1, 9>"], &[8])];
const NEON_PRODUCTS: &[Kind] = &[kind(&[", 4, 4, 8>"], &[16]), kind(&[", 8, 1, 9>"], &[8])];

pub(super) const EXPECTATIONS: &[Expectation] = &[
    Expectation {
        kernel: "pool-fold",
        package: "kernels-instances",
        target: X86_64,
        arch: Arch::X86_64,
        names: &["::vectorized::<", "kernels_pool::", "::fold_runs<"],
        calls: &["kernel::rests::<"],
        // The last columns, where they fill no step, and weights.
        spills: Spills::Anywhere,
        kinds: FOLDS,
    },
    Expectation {
        kernel: "pool-compare",
        package: "kernels-pool",
        target: X86_64,
        arch: Arch::X86_64,
        names: &["::vectorized::<", "compare::All<", "::Kernel>::run<"],
        calls: &["memset", "memcpy", "Cosine>::exactly", "bytes::dot_rest"],
        // The last values, where they fill no vector.
        spills: Spills::BetweenLoops,
        kinds: METRICS,
    },
    Expectation {
        kernel: "pool-normalize",
        package: "kernels-pool",
        target: X86_64,
        arch: Arch::X86_64,
        names: &["::vectorized::<", "kernels_pool::normalize::", "::Kernel>::run<"],
        // For rows that fill no vector, the copy.
        calls: &["normalize::exactly", "memcpy"],
        // Round what is done for tiny and huge rows.
        spills: Spills::BetweenLoops,
        kinds: NORMS,
    },
    Expectation {
        kernel: "pool-encode",
        package: "kernels-pool",
        target: X86_64,
        arch: Arch::X86_64,
        names: &["::vectorized::<", "EncodeRows<", "::Kernel>::run<"],
        calls: &["memset", "memcpy"],
        // The last values, where they fill no vector.
        spills: Spills::BetweenLoops,
        kinds: AVX2_CODES,
    },
    Expectation {
        kernel: "pool-projection",
        package: "kernels-pool",
        target: X86_64,
        arch: Arch::X86_64,
        names: &["::vectorized::<", "projection::kernel::Products<", ">::rows<"],
        calls: &[],
        // The last columns, where they fill no vector.
        spills: Spills::BetweenLoops,
        kinds: AVX2_PRODUCTS,
    },
    Expectation {
        kernel: "pool-fold",
        package: "kernels-instances",
        target: AARCH64,
        arch: Arch::Aarch64,
        names: &["Neon", "::vectorize::<", "kernels_pool::", "::fold_runs<"],
        calls: &["kernel::rests::<"],
        // The last columns, where they fill no step, and weights.
        spills: Spills::Anywhere,
        kinds: FOLDS,
    },
    Expectation {
        kernel: "pool-compare",
        package: "kernels-pool",
        target: AARCH64,
        arch: Arch::Aarch64,
        names: &["Neon", "::vectorize::<", "compare::All<", "::Kernel>::run<"],
        calls: &["memset", "memcpy", "Cosine>::exactly", "bytes::dot_rest"],
        // The last values, where they fill no vector.
        spills: Spills::BetweenLoops,
        kinds: METRICS,
    },
    Expectation {
        kernel: "pool-normalize",
        package: "kernels-pool",
        target: AARCH64,
        arch: Arch::Aarch64,
        names: &["Neon", "::vectorize::<", "kernels_pool::normalize::", "::Kernel>::run<"],
        // For rows that fill no vector, the copy.
        calls: &["normalize::exactly", "memcpy"],
        // Round what is done for tiny and huge rows.
        spills: Spills::BetweenLoops,
        kinds: NORMS,
    },
    Expectation {
        kernel: "pool-encode",
        package: "kernels-pool",
        target: AARCH64,
        arch: Arch::Aarch64,
        names: &["Neon", "::vectorize::<", "EncodeRows<", "::Kernel>::run<"],
        calls: &["memset", "memcpy"],
        // The last values, where they fill no vector.
        spills: Spills::BetweenLoops,
        kinds: NEON_CODES,
    },
    Expectation {
        kernel: "pool-projection",
        package: "kernels-pool",
        target: AARCH64,
        arch: Arch::Aarch64,
        names: &["Neon", "::vectorize::<", "projection::kernel::Products<", ">::rows<"],
        calls: &[],
        // The last columns, where they fill no vector.
        spills: Spills::BetweenLoops,
        kinds: NEON_PRODUCTS,
    },
];
