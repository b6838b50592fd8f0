//! Maps of slices, value by value, for use inside kernels.
//!
//! `f` takes `N` vectors at once, so that a long formula can be applied to all of them step by step: each waits for its
//! own results only. It must treat all lanes alike. Ends that do not fill `N` vectors overlap with their neighbours:
//! `f` sees some values twice, and zeros where there are fewer than `N` vectors in all.

use crate::{Element, MAX_LANES, Simd, Vector};

/// Writes `f` of each value of `xs` to `out`, from its first whole vector on with stores that cross no cache line: such
/// stores cost twice.
///
/// # Panics
/// If `out` has another length.
#[inline(always)]
pub fn map<S: Simd, T: Element, const N: usize>(
    simd: S,
    xs: &[T],
    out: &mut [T],
    f: impl Fn([T::Vector<S>; N]) -> [T::Vector<S>; N],
) {
    assert_eq!(xs.len(), out.len(), "as many results as values");
    let together = N * T::Vector::<S>::LANES;
    let Some(last) = xs.len().checked_sub(together) else {
        out.copy_from_slice(&short(simd, xs, f).as_flattened()[..xs.len()]);
        return;
    };
    store(f(load(simd, xs)), out);
    store(f(load(simd, &xs[last..])), &mut out[last..]);
    let head = to_alignment::<S, T>(out);
    for (xs, out) in xs[head..].chunks_exact(together).zip(out[head..].chunks_exact_mut(together)) {
        store(f(load(simd, xs)), out);
    }
}

/// Replaces each value of `xs` by `f` of it.
#[inline(always)]
pub fn map_in_place<S: Simd, T: Element, const N: usize>(
    simd: S,
    xs: &mut [T],
    f: impl Fn([T::Vector<S>; N]) -> [T::Vector<S>; N],
) {
    let (together, len) = (N * T::Vector::<S>::LANES, xs.len());
    let Some(last) = len.checked_sub(together) else {
        let results = short(simd, xs, f);
        return xs.copy_from_slice(&results.as_flattened()[..len]);
    };
    // Before what they overlap with is replaced.
    let (first_results, last_results) = (f(load(simd, xs)), f(load(simd, &xs[last..])));
    let head = to_alignment::<S, T>(xs);
    for xs in xs[head..].chunks_exact_mut(together) {
        store(f(load(simd, xs)), xs);
    }
    store(first_results, xs);
    store(last_results, &mut xs[last..]);
}

/// How many values come before the first aligned vector.
#[inline(always)]
fn to_alignment<S: Simd, T: Element>(out: &[T]) -> usize {
    let lanes = T::Vector::<S>::LANES;
    // Nothing says that it must find an answer.
    out.as_ptr().align_offset(lanes * size_of::<T>()).min(lanes)
}

#[inline(always)]
fn load<S: Simd, T: Element, const N: usize>(simd: S, xs: &[T]) -> [T::Vector<S>; N] {
    let mut vectors = [simd.splat(T::ZERO); N];
    for (vector, xs) in vectors.iter_mut().zip(xs.chunks_exact(T::Vector::<S>::LANES)) {
        *vector = simd.load(xs);
    }
    vectors
}

#[inline(always)]
fn store<V: Vector, const N: usize>(vectors: [V; N], out: &mut [V::Element]) {
    for (vector, out) in vectors.iter().zip(out.chunks_exact_mut(V::LANES)) {
        vector.store(out);
    }
}

/// Of fewer values than fill the vectors: `f` of them and of zeros.
#[inline(always)]
fn short<S: Simd, T: Element, const N: usize>(
    simd: S,
    xs: &[T],
    f: impl Fn([T::Vector<S>; N]) -> [T::Vector<S>; N],
) -> [[T; MAX_LANES]; N] {
    let mut values = [[T::ZERO; MAX_LANES]; N];
    values.as_flattened_mut()[..xs.len()].copy_from_slice(xs);
    let results = f(load(simd, values.as_flattened()));
    store(results, values.as_flattened_mut());
    values
}
