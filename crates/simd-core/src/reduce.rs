//! Reductions of a slice to one number, for use inside kernels.
//!
//! Each keeps several accumulators: a single one would wait out the latency of every operation.

use crate::{Element, Mask, Simd, Vector};

/// Accumulators in flight: enough for an addition of four cycles, two a cycle.
const CHAINS: usize = 8;

/// The sum of `xs`; 0 if there are none.
///
/// |error| <= (n / (8 L) + 2 L + 16) u * sum of |x|, with L lanes, and u = 2^-24 for `f32`, 2^-53 for `f64`.
#[inline(always)]
pub fn sum<S: Simd, T: Element>(simd: S, xs: &[T]) -> T {
    fold(
        simd,
        xs,
        T::ZERO,
        #[inline(always)]
        |a, b| a + b,
    )
}

/// The largest of `xs`: NaN if any is NaN, negative infinity if there are none.
#[inline(always)]
pub fn max<S: Simd, T: Element>(simd: S, xs: &[T]) -> T {
    let nan = simd.splat(T::NAN);
    fold(
        simd,
        xs,
        -T::INFINITY,
        #[inline(always)]
        |a, b| a.unordered(b).select(nan, a.max(b)),
    )
}

/// The smallest of `xs`: NaN if any is NaN, infinity if there are none.
#[inline(always)]
pub fn min<S: Simd, T: Element>(simd: S, xs: &[T]) -> T {
    let nan = simd.splat(T::NAN);
    fold(
        simd,
        xs,
        T::INFINITY,
        #[inline(always)]
        |a, b| a.unordered(b).select(nan, a.min(b)),
    )
}

/// Folds `xs` into `identity` by an operation that may take them in any order.
#[inline(always)]
fn fold<S: Simd, T: Element>(
    simd: S,
    xs: &[T],
    identity: T,
    op: impl Fn(T::Vector<S>, T::Vector<S>) -> T::Vector<S>,
) -> T {
    let lanes = T::Vector::<S>::LANES;
    let mut chains = [simd.splat(identity); CHAINS];
    let blocks = xs.chunks_exact(CHAINS * lanes);
    let vectors = blocks.remainder().chunks_exact(lanes);
    let rest = vectors.remainder();
    for block in blocks {
        for (chain, xs) in chains.iter_mut().zip(block.chunks_exact(lanes)) {
            *chain = op(*chain, simd.load(xs));
        }
    }
    for (chain, xs) in chains.iter_mut().zip(vectors) {
        *chain = op(*chain, simd.load(xs));
    }
    let mut width = CHAINS;
    while width > 1 {
        width /= 2;
        for i in 0..width {
            chains[i] = op(chains[i], chains[i + width]);
        }
    }
    let mut folded = simd.splat(identity);
    // Loops: an iterator's `fold` is not always inlined.
    for x in chains[0].to_array().as_ref() {
        folded = op(folded, simd.splat(*x));
    }
    for x in rest {
        folded = op(folded, simd.splat(*x));
    }
    folded.to_array().as_ref()[0]
}
