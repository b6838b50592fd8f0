//! Whichever slice is the shortest ends the walk: the one place that reads without a bounds check.

use simd_core::lockstep;

#[test]
fn the_shortest_slice_ends_it() {
    let values: Vec<i32> = (0..9).collect();
    for groups in 0..5 {
        for first in 0..5 {
            for second in 0..5 {
                let (mut seen, len) = (Vec::new(), groups.min(first).min(second));
                // Copies, with nothing readable behind them.
                let copy = |start: usize, len: usize| values[start..start + len].to_vec();
                lockstep(&copy(0, groups), [&copy(1, first), &copy(3, second)], |&group, row| {
                    seen.push((group, row));
                });
                let want: Vec<_> = (0..len as i32).map(|k| (k, [k + 1, k + 3])).collect();
                assert_eq!(seen, want, "{groups} groups, {first} and {second} values");
            }
        }
    }
}
