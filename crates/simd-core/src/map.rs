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
    write_ends(ends(simd, xs, &f), out);
    let head = to_alignment::<S, T>(out);
    let (xs, out) = (xs.get(head..).unwrap_or_default(), out.get_mut(head..).unwrap_or_default());
    for (xs, out) in xs.chunks_exact(together).zip(out.chunks_exact_mut(together)) {
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
    // Before what they overlap with is replaced.
    let results = ends(simd, xs, &f);
    let head = to_alignment::<S, T>(xs);
    for xs in xs.get_mut(head..).unwrap_or_default().chunks_exact_mut(N * T::Vector::<S>::LANES) {
        store(f(load(simd, xs)), xs);
    }
    write_ends(results, xs);
}

/// How many values come before the first aligned vector.
#[inline(always)]
fn to_alignment<S: Simd, T: Element>(out: &[T]) -> usize {
    let lanes = T::Vector::<S>::LANES;
    // Nothing says that it must find an answer.
    out.as_ptr().align_offset(lanes * size_of::<T>()).min(lanes)
}

/// `f` of the first values and of the last; of fewer than fill the vectors, of them and of zeros.
#[inline(always)]
fn ends<S: Simd, T: Element, const N: usize>(
    simd: S,
    xs: &[T],
    f: &impl Fn([T::Vector<S>; N]) -> [T::Vector<S>; N],
) -> [[T::Vector<S>; N]; 2] {
    let mut values = [[T::ZERO; MAX_LANES]; N];
    let mut ends = match xs.len().checked_sub(N * T::Vector::<S>::LANES) {
        Some(last) => [load(simd, xs), load(simd, &xs[last..])],
        None => {
            values.as_flattened_mut()[..xs.len()].copy_from_slice(xs);
            [load(simd, values.as_flattened()); 2]
        }
    };
    // A loop: `f`, which may be long, is compiled once for both.
    for end in &mut ends {
        *end = f(*end);
    }
    ends
}

/// Writes what [`ends`] returned.
#[inline(always)]
fn write_ends<V: Vector, const N: usize>([first, last]: [[V; N]; 2], out: &mut [V::Element]) {
    match out.len().checked_sub(N * V::LANES) {
        Some(at) => {
            store(first, out);
            store(last, &mut out[at..]);
        }
        None => {
            let mut values = [[V::Element::ZERO; MAX_LANES]; N];
            store(first, values.as_flattened_mut());
            out.copy_from_slice(&values.as_flattened()[..out.len()]);
        }
    }
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
