//! Pooling, codes and comparisons.

use super::{Kind, any, kind};

/// Sums and maxima of tokens: nothing is multiplied and added.
const FOLDS: &[Kind] = &[any(&["Sum<false>"]), any(&["Sum<true>"]), any(&["Max>"])];

/// Four vectors of a row, or one, each in one sum or in two.
const FLOATS: &[Kind] =
    &[kind(&["floats::Dot>"], &[4]), any(&["floats::Cosine>"]), kind(&["floats::L2Squared>"], &[4])];

const CODES: &[Kind] = &[any(&["DotInt8>"]), kind(&["Hamming>"], &[]), kind(&["DotBinary>"], &[])];

/// Eight vectors of squares, and what is left of a row.
const NORMS: &[Kind] = &[any(&["Norms"]), any(&["InPlace"]), any(&["Truncate"])];

/// Quotients by the inverse; elsewhere by division.
const AVX2_CODES: &[Kind] = &[kind(&["ToBytes<"], &[8]), kind(&["ToBits<"], &[]), kind(&["ToHalf<"], &[])];
const DIVIDED_CODES: &[Kind] = &[kind(&["ToBytes<"], &[]), kind(&["ToBits<"], &[]), kind(&["ToHalf<"], &[])];

/// Four rows of weights times two others, with NEON four, or eight times one.
const PRODUCTS: &[Kind] = &[kind(&[", 4, 2, 6>"], &[8]), kind(&[", 8, 1, 9>"], &[8])];
const NEON_PRODUCTS: &[Kind] = &[kind(&[", 4, 4, 8>"], &[16]), kind(&[", 8, 1, 9>"], &[8])];

expectations! {
    "pool-fold" in "kernels-instances", functions ["kernels_pool::", "::fold_runs<"],
        // The last columns, where they fill no step, and weights.
        calls &["kernel::rests::<"], spills [Anywhere, Anywhere, Anywhere],
        kinds [FOLDS, FOLDS, FOLDS, FOLDS];
    "pool-compare" in "kernels-pool", functions ["compare::All<kernels_pool::compare::floats::", "::Kernel>::run<"],
        // The last values, where they fill no vector.
        calls &["memset", "memcpy", "Cosine>::exactly"], spills [BetweenLoops, BetweenLoops, BetweenLoops],
        kinds [FLOATS, FLOATS, FLOATS, FLOATS];
    "pool-compare-codes" in "kernels-pool", functions ["compare::All<kernels_pool::compare::b", "::Kernel>::run<"],
        // That, and a query of bytes, which is read again for each row.
        calls &["memset", "memcpy", "bytes::dot_rest"], spills [Anywhere, Anywhere, BetweenLoops],
        kinds [CODES, CODES, CODES, CODES];
    "pool-normalize" in "kernels-pool", functions ["kernels_pool::normalize::", "::Kernel>::run<"],
        // For rows that fill no vector, the copy.
        // Round what is done for tiny and huge rows.
        calls &["normalize::exactly", "memcpy"], spills [BetweenLoops, BetweenLoops, Anywhere],
        kinds [NORMS, NORMS, NORMS, NORMS];
    "pool-encode" in "kernels-pool", functions ["EncodeRows<", "::Kernel>::run<"],
        // The last values, where they fill no vector.
        calls &["memset", "memcpy"], spills [BetweenLoops, BetweenLoops, BetweenLoops],
        kinds [AVX2_CODES, DIVIDED_CODES, DIVIDED_CODES, DIVIDED_CODES];
    "pool-projection" in "kernels-pool", functions ["projection::kernel::Products<", ">::rows<"],
        // The last columns, where they fill no vector.
        calls &[], spills [BetweenLoops, BetweenLoops, BetweenLoops],
        kinds [PRODUCTS, NEON_PRODUCTS, PRODUCTS, PRODUCTS];
}
