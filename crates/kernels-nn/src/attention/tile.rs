//! The hot loops: a tile of queries, one in each lane, and a block of keys.
//!
//! What belongs to a tile lies as rows of `W` values, one for each query: `V` vectors. Keys and values come as numbers for all
//! lanes. So nothing is ever added up across lanes, and the largest score of each query is found like a sum.

use crate::rows::softmax::powers;
use simd_core::{Mask, Simd, Vector};

/// Rows of a product that are summed up together: with three vectors, as many accumulators as there are registers for.
pub(super) const ROWS: usize = 4;

/// `scores[j] = sum of keys[..][i][j] * queries[i]`, for the keys of each panel of `P`.
#[inline(always)]
pub(super) fn scores<S: Simd, const W: usize, const V: usize, const P: usize>(
    simd: S,
    queries: &[[f32; W]],
    keys: &[[f32; P]],
    scores: &mut [[f32; W]],
) {
    let panels = keys.chunks_exact(queries.len());
    for (panel, scores) in panels.zip(scores.as_chunks_mut::<P>().0) {
        for first in (0..P).step_by(ROWS) {
            let mut sums = [[simd.splat(0.0_f32); V]; ROWS];
            for (query, keys) in queries.iter().zip(panel) {
                let query = load::<S, W, V>(simd, query);
                for r in 0..ROWS {
                    let key = simd.splat(keys[first + r]);
                    for v in 0..V {
                        sums[r][v] = key.mul_add(query[v], sums[r][v]);
                    }
                }
            }
            for r in 0..ROWS {
                store(sums[r], &mut scores[first + r]);
            }
        }
    }
}

/// Replaces scores by weights, `exp(score - largest)`, and brings `largest` and `sum` up to date. Returns what weights so far
/// are to be multiplied by: `exp(largest before - largest now)`.
#[inline(always)]
pub(super) fn weights<S: Simd, const W: usize, const V: usize>(
    simd: S,
    scores: &mut [[f32; W]],
    largest: &mut [f32; W],
    sum: &mut [f32; W],
) -> [f32; W] {
    let before = load::<S, W, V>(simd, largest);
    let mut now = before;
    for score in &*scores {
        let score = load::<S, W, V>(simd, score);
        for v in 0..V {
            // NaN is passed by here; as a weight it stays NaN.
            now[v] = score[v].max(now[v]);
        }
    }
    store(now, largest);
    // Where nothing counts yet, so that the differences are not NaN.
    let none = simd.splat(f32::NEG_INFINITY);
    for now in &mut now {
        *now = now.eq(none).select(simd.splat(0.0_f32), *now);
    }
    let mut sums = [simd.splat(0.0_f32); V];
    for scores in scores.as_chunks_mut::<4>().0 {
        for v in 0..V {
            let lanes = v * S::F32::LANES;
            let mut block = [now[v]; 4];
            for (x, scores) in block.iter_mut().zip(&*scores) {
                *x = simd.load(&scores[lanes..]);
            }
            let block = powers(simd, block, now[v]);
            for (x, scores) in block.iter().zip(scores.iter_mut()) {
                x.store(&mut scores[lanes..]);
            }
            let [a, b, c, d] = block;
            sums[v] = sums[v] + ((a + b) + (c + d));
        }
    }
    let mut factors = [0.0; W];
    let mut total = load::<S, W, V>(simd, sum);
    for v in 0..V {
        let [factor] = powers(simd, [before[v]], now[v]);
        factor.store(&mut factors[v * S::F32::LANES..]);
        total[v] = factor.mul_add(total[v], sums[v]);
    }
    store(total, sum);
    factors
}

/// `out[j] = out[j] * factors + sum of values[..][i][j] * weights[i]`, for each panel of values.
#[inline(always)]
pub(super) fn accumulate<S: Simd, const W: usize, const V: usize>(
    simd: S,
    weights: &[[f32; W]],
    values: &[[f32; ROWS]],
    factors: &[f32; W],
    out: &mut [[f32; W]],
) {
    let panels = values.chunks_exact(weights.len());
    for (panel, out) in panels.zip(out.as_chunks_mut::<ROWS>().0) {
        let mut sums = [[simd.splat(0.0_f32); V]; ROWS];
        for (weight, values) in weights.iter().zip(panel) {
            let weight = load::<S, W, V>(simd, weight);
            for r in 0..ROWS {
                let value = simd.splat(values[r]);
                for v in 0..V {
                    sums[r][v] = value.mul_add(weight[v], sums[r][v]);
                }
            }
        }
        let factors = load::<S, W, V>(simd, factors);
        for r in 0..ROWS {
            let before = load::<S, W, V>(simd, &out[r]);
            for v in 0..V {
                sums[r][v] = before[v].mul_add(factors[v], sums[r][v]);
            }
            store(sums[r], &mut out[r]);
        }
    }
}

#[inline(always)]
fn load<S: Simd, const W: usize, const V: usize>(simd: S, values: &[f32; W]) -> [S::F32; V] {
    // Folds. (Not in a `const` block: tiles of other sets are compiled for this one too, and never called.)
    assert!(V * S::F32::LANES == W, "vectors that do not make a row");
    let mut vectors = [simd.splat(0.0_f32); V];
    for v in 0..V {
        vectors[v] = simd.load(&values[v * S::F32::LANES..]);
    }
    vectors
}

#[inline(always)]
fn store<X: Vector<Element = f32>, const W: usize, const V: usize>(vectors: [X; V], values: &mut [f32; W]) {
    for v in 0..V {
        vectors[v].store(&mut values[v * X::LANES..]);
    }
}
