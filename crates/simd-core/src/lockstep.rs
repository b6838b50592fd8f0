//! Several rows read side by side, under one bound.

/// Calls `f(&groups[k], [rows[0][k], rows[1][k], …])` for `k` from 0 up to the end of the shortest of them.
///
/// The same over indices has a bounds check for each row, which the compiler can only sometimes prove away: it
/// depends on the target and on the profile of whoever builds the program, and halves the speed where it fails.
///
/// ```
/// let (mut sums, weights) = ([0; 3], [[2], [3]]);
/// simd_core::lockstep(&weights, [&[1, 2], &[3, 4], &[5, 6]], |[weight], values| {
///     for (sum, value) in sums.iter_mut().zip(values) {
///         *sum += weight * value;
///     }
/// });
/// assert_eq!(sums, [8, 18, 28]);
/// ```
#[inline(always)]
pub fn lockstep<G, T: Copy, const N: usize>(groups: &[G], rows: [&[T]; N], mut f: impl FnMut(&G, [T; N])) {
    const { assert!(N > 0, "no rows to read") };
    let len = rows.iter().fold(groups.len(), |len, row| len.min(row.len()));
    for k in 0..len {
        // SAFETY: `k < len`, and no slice is shorter than `len`.
        let (group, mut values) = unsafe { (groups.get_unchecked(k), [*rows[0].get_unchecked(k); N]) };
        // A plain loop: `array::map` is not always inlined.
        for (value, row) in values.iter_mut().zip(rows) {
            // SAFETY: likewise.
            *value = unsafe { *row.get_unchecked(k) };
        }
        f(group, values);
    }
}
