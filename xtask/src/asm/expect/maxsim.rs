//! MaxSim.

use super::{Kind, kind};

/// Two vectors of query tokens times six rows, or five or four; or times one row, for four steps at once.
const AVX2_TILES: &[Kind] = &[
    kind(&["2>, 2, 6,"], &[12]),
    kind(&["2>, 2, 5,"], &[10]),
    kind(&["2>, 2, 4,"], &[8]),
    kind(&["2>, 2, 1,"], &[8]),
];
/// Four vectors of query tokens times four rows; or times one row, for four steps at once.
const NEON_TILES: &[Kind] = &[kind(&["4>, 4, 4,"], &[16]), kind(&["4>, 4, 1,"], &[16])];
/// Four vectors of query tokens times two rows.
const WASM_TILES: &[Kind] = &[kind(&["4>, 4, 2,"], &[8])];

expectations! {
    "maxsim" in "kernels-maxsim", functions ["Scan>::tiles", "::Best<"],
        calls &[], spills [Nowhere, Nowhere, BetweenLoops],
        kinds [AVX2_TILES, NEON_TILES, WASM_TILES, WASM_TILES];
    "maxsim-argmax" in "kernels-maxsim", functions ["Scan>::tiles", "::First<"],
        // The rows' numbers, once a tile.
        calls &[], spills [BetweenLoops, Nowhere, BetweenLoops],
        kinds [AVX2_TILES, NEON_TILES, WASM_TILES, WASM_TILES];
}
