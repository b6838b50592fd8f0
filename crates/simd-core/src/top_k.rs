//! The best of many scores.

use core::cmp::Ordering;

/// The indices of the `k` best of `scores`, the best first; all of them if there are fewer.
///
/// Larger is better, then negative infinity, then NaN; among equals the lower index is better.
///
/// ```
/// let scores = [0.5, f32::NAN, 2.0, f32::NEG_INFINITY, 2.0];
/// assert_eq!(simd_core::top_k(&scores, 2), [2, 4]);
/// assert_eq!(simd_core::top_k(&scores, 9), [2, 4, 0, 3, 1]);
/// ```
#[cfg(feature = "alloc")]
#[must_use]
pub fn top_k(scores: &[f32], k: usize) -> alloc::vec::Vec<usize> {
    let mut indices = alloc::vec![0; k.min(scores.len())];
    top_k_into(scores, &mut indices);
    indices
}

/// As `top_k` with `k = indices.len()`, without allocating: writes the indices and returns how many there are,
/// which is less than `k` only if there are fewer scores. What lies beyond is left as it was.
pub fn top_k_into(scores: &[f32], indices: &mut [usize]) -> usize {
    let k = indices.len().min(scores.len());
    let heap = &mut indices[..k];
    for (i, slot) in heap.iter_mut().enumerate() {
        *slot = i;
    }
    // A heap with the worst on top: most scores only meet that one.
    for parent in (0..k / 2).rev() {
        sift_down(scores, heap, parent);
    }
    for i in k..scores.len() {
        if k > 0 && better_first(scores, &i, &heap[0]).is_lt() {
            heap[0] = i;
            sift_down(scores, heap, 0);
        }
    }
    // The worst of the rest to the end, again and again. A sort from the library does it as fast where `k` is small,
    // and takes 17 kB of a wasm binary.
    for end in (1..k).rev() {
        heap.swap(0, end);
        sift_down(scores, &mut heap[..end], 0);
    }
    k
}

/// Restores the order below `parent`, whose children are heaps.
fn sift_down(scores: &[f32], heap: &mut [usize], mut parent: usize) {
    let worse = |heap: &[usize], a: usize, b: usize| better_first(scores, &heap[a], &heap[b]).is_gt();
    loop {
        let (left, right) = (2 * parent + 1, 2 * parent + 2);
        let mut worst = parent;
        for child in [left, right] {
            if child < heap.len() && worse(heap, child, worst) {
                worst = child;
            }
        }
        if worst == parent {
            return;
        }
        heap.swap(parent, worst);
        parent = worst;
    }
}

/// Orders two indices of `scores`, the better one first.
fn better_first(scores: &[f32], a: &usize, b: &usize) -> Ordering {
    let (x, y) = (scores[*a], scores[*b]);
    let by_score = y.partial_cmp(&x).unwrap_or_else(|| x.is_nan().cmp(&y.is_nan()));
    by_score.then(a.cmp(b))
}
