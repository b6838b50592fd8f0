//! `top_k` against sorting everything.

use proptest::prelude::*;
use simd_core::{top_k, top_k_into};

/// The contract as a sort: larger first, NaN last, the lower index first among equals.
fn sorted(scores: &[f32]) -> Vec<usize> {
    let mut indices: Vec<usize> = (0..scores.len()).collect();
    indices.sort_by(|&a, &b| {
        let key =
            |i: usize| if scores[i].is_nan() { f64::NEG_INFINITY } else { f64::from(scores[i]).max(-1e300) };
        key(b).partial_cmp(&key(a)).unwrap()
    });
    indices
}

#[test]
fn infinities_nan_and_ties() {
    let (inf, nan) = (f32::INFINITY, f32::NAN);
    let scores = [nan, -inf, 1.0, -0.0, 0.0, inf, nan, -inf, 1.0];
    assert_eq!(top_k(&scores, 9), [5, 2, 8, 3, 4, 1, 7, 0, 6]);
    assert_eq!(top_k(&scores, 3), [5, 2, 8]);
    assert_eq!(top_k(&scores, 0), [0; 0]);
    assert_eq!(top_k(&[], 3), [0; 0]);
    assert_eq!(top_k(&[1.0], usize::MAX), [0]);
}

#[test]
fn beyond_the_scores_nothing_is_written() {
    let mut indices = [77; 4];
    assert_eq!(top_k_into(&[1.0, 2.0], &mut indices), 2);
    assert_eq!(indices, [1, 0, 77, 77]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if cfg!(miri) { 0 } else { 512 }, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn as_sorting(
        scores in prop::collection::vec(
            prop_oneof![prop::num::f32::ANY, (0..5_i8).prop_map(f32::from), Just(f32::NAN), Just(f32::NEG_INFINITY)],
            0..60,
        ),
        k in 0..70_usize,
    ) {
        let want = sorted(&scores);
        prop_assert_eq!(top_k(&scores, k), &want[..k.min(want.len())]);
    }
}
