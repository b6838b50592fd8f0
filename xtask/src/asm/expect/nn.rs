//! Layers of networks.

use super::{Kind, any, kind};

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
/// Two rows times four vectors of columns, or one row.
const SIMD128_TILES: &[Kind] = &[kind(&["16, 4, 2>"], &[8]), any(&["16, 4, 1>"])];
/// Four rows times two vectors of columns, or fewer rows.
const RELAXED_TILES: &[Kind] =
    &[kind(&["8, 2, 4>"], &[8]), kind(&["8, 2, 3>"], &[6]), kind(&["8, 2, 2>"], &[4]), any(&["8, 2, 1>"])];
/// One row times four panels, or two of four vectors.
const AVX2_ROWS: &[Kind] = &[kind(&["16, 2, 4>"], &[8])];
const NEON_ROWS: &[Kind] = &[kind(&["16, 4, 4>"], &[16])];
const SIMD128_ROWS: &[Kind] = &[kind(&["16, 4, 2>"], &[8])];
const RELAXED_ROWS: &[Kind] = &[kind(&["8, 2, 4>"], &[8])];
/// Two rows times four vectors, and what is left of them vector by vector; eight neighbours times one.
const AVX2_VECTORS: &[Kind] = &[
    kind(&["8, 2, 4, 32>"], &[8]),
    any(&["8, 1, 4, 32>"]),
    kind(&["8, 8, 1, 8>"], &[8]),
    any(&["8, 1, 1, 8>"]),
];
const NARROW_VECTORS: &[Kind] = &[
    kind(&["4, 2, 4, 16>"], &[8]),
    any(&["4, 1, 4, 16>"]),
    kind(&["4, 8, 1, 4>"], &[8]),
    any(&["4, 1, 1, 4>"]),
];

/// Without an activation, and with each.
const EPILOGUES: &[Kind] = &[any(&["Identity>"]), any(&["formula::"])];

/// Four rows times two vectors of columns, or one row, two steps at once.
const AVX2_BYTES: &[Kind] = &[kind(&["Fours32x8"], &[8, 4]), kind(&["Pairs32x8"], &[8, 4])];
const NEON_BYTES: &[Kind] = &[any(&["NeonFours32x4"]), any(&["NeonNarrowFours32x4"])];
const SIMD128_BYTES: &[Kind] = &[any(&["WasmPairs32x4"])];
const RELAXED_BYTES: &[Kind] = &[kind(&["RelaxedPairs32x4"], &[8, 2]), kind(&["RelaxedFours32x4"], &[16, 4])];

/// One row times weights in 16 bits and in four.
const FEWER_BITS: &[Kind] = &[any(&["F16>"]), any(&["Bf16>"]), any(&["Int4 as"])];

/// Eight keys times two vectors of queries, or one; and as many values.
const AVX2_ATTENTION: &[Kind] = &[kind(&["16, 2, 8>"], &[8]), kind(&["8, 1, 8>"], &[4])];
const NEON_ATTENTION: &[Kind] = &[any(&["Neon, "])];
/// Four keys.
const WASM_ATTENTION: &[Kind] = &[kind(&["8, 2, 4>"], &[8]), kind(&["4, 1, 4>"], &[4])];

const SOFTMAX: &[Kind] = &[any(&["tile<"])];

const ACTIVATIONS: &[Kind] = &[any(&["apply::Copy<"]), any(&["apply::Row<"])];

const SPARSE: &[Kind] = &[any(&["Gemv<u16>"]), any(&["Gemv<u32>"])];

const ROWS: &[Kind] = &[any(&["NormRows"]), any(&["SoftmaxRows"])];

expectations! {
    "nn-gemm" in "kernels-nn", functions ["gemm::tile::pass<"],
        calls &[], spills [Nowhere, Nowhere, BetweenLoops],
        kinds [AVX2_TILES, NEON_TILES, SIMD128_TILES, RELAXED_TILES];
    "nn-gemm-row" in "kernels-nn", functions ["gemm::tile::row_pass<"],
        calls &[], spills [Nowhere, Nowhere, BetweenLoops],
        kinds [AVX2_ROWS, NEON_ROWS, SIMD128_ROWS, RELAXED_ROWS];
    "nn-gemm-epilogue" in "kernels-nn", functions ["epilogue::Update<", "::run<"],
        // What is out of the way: numbers that are not easy, and rows that fill no vector.
        calls &["function::some_hard", "memcpy"], spills [Anywhere, Anywhere, Anywhere],
        kinds [EPILOGUES, EPILOGUES, EPILOGUES, EPILOGUES];
    "nn-gemv" in "kernels-nn", functions ["Gemv>::part<"],
        calls &[], spills [BetweenLoops, BetweenLoops, BetweenLoops],
        kinds [AVX2_VECTORS, NARROW_VECTORS, NARROW_VECTORS, NARROW_VECTORS];
    "nn-int8" in "kernels-nn", functions ["<(), <kernels_nn::int8::product::Product<kernels_nn::int8::rows::Floats"],
        calls &["memcpy"], spills [BetweenLoops, BetweenLoops, Anywhere],
        kinds [AVX2_BYTES, NEON_BYTES, SIMD128_BYTES, RELAXED_BYTES];
    "nn-weights" in "kernels-nn", functions ["gemm::encoded::", "Encoding>::row<"],
        // Numbers of four bits want one register more than there are.
        calls &[], spills [Anywhere, Anywhere, BetweenLoops],
        kinds [FEWER_BITS, FEWER_BITS, FEWER_BITS, FEWER_BITS];
    "nn-sparse" in "kernels-nn", functions ["pruning::sparse::Gemv<", "Kernel>::run<"],
        calls &[], spills [Nowhere, Nowhere, BetweenLoops],
        kinds [SPARSE, SPARSE, SPARSE, SPARSE];
    "nn-attention-products" in "kernels-nn", functions ["<(), <kernels_nn::attention::kernel::Attend>::tile<"],
        calls &[], spills [BetweenLoops, BetweenLoops, BetweenLoops],
        kinds [AVX2_ATTENTION, NEON_ATTENTION, WASM_ATTENTION, WASM_ATTENTION];
    "nn-attention-weights" in "kernels-nn", functions ["f32; ", "attention::kernel::Attend>::tile<"],
        // Constants of the exponential function.
        calls &["function::some_hard"], spills [Anywhere, Anywhere, Anywhere],
        kinds [SOFTMAX, SOFTMAX, SOFTMAX, SOFTMAX];
    "nn-activation" in "kernels-nn", functions ["activation::apply::", "WithFormula>::run<"],
        // What is out of the way: numbers that are not easy, and slices that fill no vector.
        calls &["function::some_hard", "memcpy"], spills [Anywhere, Anywhere, Anywhere],
        kinds [ACTIVATIONS, ACTIVATIONS, ACTIVATIONS, ACTIVATIONS];
    "nn-rows" in "kernels-nn", functions ["kernels_nn::rows::", "Kernel>::run<"],
        // That, and the logarithm of a row's sum.
        calls &["function::some_hard", "memcpy", "log"], spills [Anywhere, Anywhere, Anywhere],
        kinds [ROWS, ROWS, ROWS, ROWS];
}
