//! The best of many.

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
    let mut best =
        Best::new(indices, |a: &usize, b: &usize| larger_first(scores[*a], scores[*b]).then(a.cmp(b)));
    for i in 0..scores.len() {
        best.push(i);
    }
    best.finish()
}

/// The order of [`top_k_into`]: the larger first, then negative infinity, then NaN; any two NaNs are equal.
#[inline]
#[must_use]
pub fn larger_first(a: f32, b: f32) -> Ordering {
    b.partial_cmp(&a).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}

/// The best of items that come one after another, kept in a slice of the caller's.
///
/// ```
/// let mut largest = [0; 3];
/// let mut best = simd_core::Best::new(&mut largest, |a: &i32, b: &i32| b.cmp(a));
/// for x in [3, 1, 4, 1, 5, 9, 2, 6] {
///     best.push(x);
/// }
/// assert_eq!(best.finish(), 3);
/// assert_eq!(largest, [9, 6, 5]);
/// ```
#[derive(Debug)]
pub struct Best<'a, T, F> {
    /// The first `len` are a heap with the worst on top: most items only meet that one.
    slots: &'a mut [T],
    len: usize,
    /// The better one first. No two items may be equal, or which of them stays is not said.
    order: F,
}

impl<'a, T, F: Fn(&T, &T) -> Ordering> Best<'a, T, F> {
    /// None yet; as many as there are slots will be kept. `order` tells the better one first.
    #[inline]
    pub fn new(slots: &'a mut [T], order: F) -> Self {
        Self { slots, len: 0, order }
    }

    /// Keeps the item, if it is among the best so far.
    #[inline]
    pub fn push(&mut self, item: T) {
        if self.len < self.slots.len() {
            self.slots[self.len] = item;
            self.len += 1;
            self.sift_up();
        } else if self.slots.first().is_some_and(|worst| (self.order)(&item, worst).is_lt()) {
            self.slots[0] = item;
            self.sift_down(self.len);
        }
    }

    /// Sorts what was kept, the best first, and says how many there are. What lies beyond is left as it was.
    pub fn finish(mut self) -> usize {
        // The worst of the rest to the end, again and again. A sort from the library does it as fast where there are
        // few, and takes 17 kB of a wasm binary.
        for end in (1..self.len).rev() {
            self.slots.swap(0, end);
            self.sift_down(end);
        }
        self.len
    }

    /// Whether one of two slots holds the worse item.
    fn is_worse(&self, a: usize, b: usize) -> bool {
        (self.order)(&self.slots[a], &self.slots[b]).is_gt()
    }

    /// Restores the order above the last item.
    fn sift_up(&mut self) {
        let mut child = self.len - 1;
        while child > 0 && self.is_worse(child, (child - 1) / 2) {
            self.slots.swap(child, (child - 1) / 2);
            child = (child - 1) / 2;
        }
    }

    /// Restores the order below the first item, among the first `len`.
    fn sift_down(&mut self, len: usize) {
        let mut parent = 0;
        loop {
            let mut worst = parent;
            for child in [2 * parent + 1, 2 * parent + 2] {
                if child < len && self.is_worse(child, worst) {
                    worst = child;
                }
            }
            if worst == parent {
                return;
            }
            self.slots.swap(parent, worst);
            parent = worst;
        }
    }
}
