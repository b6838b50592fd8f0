//! Set-up objects that are refilled: as good as new ones, and as they were on an error.

use crate::contract::message;
use kernels_pool::*;
use kernels_testing::Random;

/// Larger, smaller, and within one block of 4, 8 or 32 values.
const DIMS: [usize; 8] = [9, 1, 70, 64, 33, 12, 13, 70];

#[test]
fn a_query_is_as_good_as_new() {
    let mut random = Random::new(1);
    let mut refilled = BinaryQuery::new(&[1.0; 20]).unwrap();
    for dim in DIMS {
        let query = random.uniform(dim);
        let rows: Vec<u8> = (0..5 * dim.div_ceil(8)).map(|_| random.bits() as u8).collect();
        refilled.repack(&query).unwrap();
        assert_eq!(message(refilled.repack(&[])), "query: expected at least one, got none");
        let mut got = [f32::NAN; 5];
        dot_binary_into(&refilled, &rows, &mut got).unwrap();
        assert_eq!(got[..], dot_binary(&query, &rows).unwrap());
        assert_eq!(refilled.dim(), dim);
    }
}

#[test]
fn ranges_are_as_good_as_new() {
    let mut random = Random::new(2);
    // No inverse stands for this step: ranges that follow must not remember it.
    let mut refilled = Ranges::new(&[0.0], &[1e-38]).unwrap();
    for dim in DIMS {
        let min = random.uniform(dim);
        let max: Vec<f32> = min.iter().map(|x| x + 3.0).collect();
        let new = Ranges::new(&min, &max).unwrap();
        refilled.repack(&min, &max).unwrap();
        assert_eq!(refilled, new);
        // A wrong end is found before anything is taken.
        let mut wrong = [vec![-7.0; dim], vec![7.0; dim]];
        wrong[1][dim - 1] = f32::NAN;
        assert!(matches!(refilled.repack(&wrong[0], &wrong[1]), Err(Error::Range { .. })));
        let error = format!("max: expected a length of {dim}, got {}", dim + 1);
        assert_eq!(message(refilled.repack(&min, &vec![0.0; dim + 1])), error);
        assert_eq!(message(refilled.repack(&[], &[])), "min: expected at least one, got none");
        assert_eq!(refilled, new);
    }
}

#[test]
fn ranges_of_a_calibration_take_the_place_of_others() {
    let mut ranges = Ranges::new(&[0.0], &[1.0]).unwrap();
    let mut calibration = Calibration::new(2).unwrap();
    let before = ranges.clone();
    assert_eq!(message(calibration.ranges_into(&mut ranges)), "calibration: expected at least one, got none");
    assert_eq!(ranges, before);
    calibration.add(&[1.0, 4.0, 3.0, 2.0]).unwrap();
    calibration.ranges_into(&mut ranges).unwrap();
    assert_eq!(ranges, calibration.ranges().unwrap());
    calibration.add(&[f32::NAN, 0.0]).unwrap();
    let before = ranges.clone();
    assert!(matches!(calibration.ranges_into(&mut ranges), Err(Error::Range { index: 0, .. })));
    assert_eq!(ranges, before);
}

#[test]
fn a_projection_is_as_good_as_new() {
    let (hidden, k) = (7, 3);
    let mut random = Random::new(3);
    let x = random.uniform(2 * hidden);
    let mut refilled = Projection::random(hidden, k, 1).unwrap().on(Isa::Scalar);
    for has_bias in [true, false, false, true, true] {
        let (weights, bias) = (random.uniform(k * hidden), random.uniform(k));
        let bias = has_bias.then_some(&bias[..]);
        let new = Projection::new(&weights, bias, hidden, k).unwrap().on(Isa::Scalar);
        refilled.repack(&weights, bias).unwrap();
        assert_eq!(refilled, new);
        assert_eq!((refilled.bias(), refilled.project(&x)), (bias, new.project(&x)));
        let short = refilled.repack(&weights[1..], None);
        assert_eq!(message(short), "weights: expected a length of 21, got 20");
        for wrong in [&[][..], &[1.0; 4]] {
            let error = format!("bias: expected a length of 3, got {}", wrong.len());
            assert_eq!(message(refilled.repack(&[1.0; 21], Some(wrong))), error);
        }
        assert_eq!(refilled, new);
    }
}
