//! Ranges: of samples, in batches, and given.

use kernels_pool::{Calibration, Error, Ranges};
use kernels_testing::{Random, reference, small};

#[test]
fn ranges_of_a_sample_are_its_smallest_and_largest() {
    let mut random = Random::new(1);
    for dim in 1..if small() { 5 } else { 40 } {
        let rows = 1 + random.below(9);
        let x = random.uniform(rows * dim);
        let want = reference::pool::ranges(&x, dim);
        let got = Ranges::from_sample(&x, dim).unwrap();
        assert_eq!((got.dim(), got.min()), (dim, &want.min[..]));
        let ends = want.min.iter().zip(&want.max);
        let step = |(min, max): (&f32, &f32)| if max == min { 1.0 } else { (max - min) / 255.0 };
        assert_eq!(got.step(), ends.map(step).collect::<Vec<_>>());
        assert_eq!(got, Ranges::new(&want.min, &want.max).unwrap());
    }
}

#[test]
fn batches_are_one_sample() {
    let (dim, rows) = (7, if small() { 5 } else { 60 });
    let x = Random::new(2).uniform(rows * dim);
    let want = Ranges::from_sample(&x, dim).unwrap();
    for size in 1..=rows {
        let mut all = Calibration::new(dim).unwrap();
        let mut merged = all.clone();
        for batch in x.chunks(size * dim) {
            all.add(batch).unwrap();
            let mut one = Calibration::new(dim).unwrap();
            one.add(batch).unwrap();
            merged.merge(&one).unwrap();
        }
        assert_eq!((all.rows(), all.dim()), (rows as u64, dim));
        assert_eq!(all, merged);
        assert_eq!(all.ranges().unwrap(), want);
    }
}

#[test]
fn nothing_merged_changes_nothing() {
    let mut some = Calibration::new(2).unwrap();
    some.add(&[1.0, 2.0, 3.0, -4.0]).unwrap();
    let (before, none) = (some.clone(), Calibration::new(2).unwrap());
    some.merge(&none).unwrap();
    assert_eq!(some, before);
    let mut other = none;
    assert_eq!(other.ranges(), Err(Error::Empty { what: "calibration" }));
    other.merge(&some).unwrap();
    assert_eq!(other, some);
}

/// What is wrong shows when ranges are made of it, wherever it stood.
#[test]
fn a_nan_or_an_infinity_in_a_sample_is_an_error() {
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        for at in 0..3 {
            let mut x = [0.0, 5.0, 1.0, 6.0, 2.0, 7.0];
            x[2 * at + 1] = bad;
            let mut seen = Calibration::new(2).unwrap();
            x.chunks(2).for_each(|row| seen.add(row).unwrap());
            for result in [Ranges::from_sample(&x, 2), seen.ranges()] {
                assert!(matches!(result, Err(Error::Range { index: 1, .. })), "{bad} at {at}: {result:?}");
            }
            let mut other = Calibration::new(2).unwrap();
            other.add(&[0.0; 2]).unwrap();
            other.merge(&seen).unwrap();
            assert!(matches!(other.ranges(), Err(Error::Range { index: 1, .. })));
            seen.merge(&Calibration::new(2).unwrap()).unwrap();
            assert!(matches!(seen.ranges(), Err(Error::Range { index: 1, .. })));
        }
    }
}

#[test]
fn given_ranges_that_are_none_are_errors() {
    let error = |min: &[f32], max: &[f32]| Ranges::new(min, max).unwrap_err().to_string();
    assert_eq!(error(&[], &[]), "min: expected at least one, got none");
    assert_eq!(error(&[0.0; 2], &[1.0]), "max: expected a length of 2, got 1");
    assert_eq!(error(&[0.0], &[]), "max: expected a length of 1, got 0");
    let message =
        "ranges[1]: expected finite ends, the lower one first, not further apart than f32 holds, got 2 to 1";
    assert_eq!(error(&[0.0, 2.0], &[1.0, 1.0]), message);
    let (inf, max) = (f32::INFINITY, f32::MAX);
    for (lower, upper) in [
        (f32::NAN, 0.0),
        (0.0, f32::NAN),
        (f32::NAN, f32::NAN),
        (-inf, 0.0),
        (0.0, inf),
        (inf, inf),
        (-max, max),
    ] {
        assert!(
            matches!(Ranges::new(&[lower], &[upper]), Err(Error::Range { index: 0, .. })),
            "{lower}, {upper}"
        );
    }
    // Wide, and as narrow as can be.
    for (lower, upper) in
        [(0.0, 3e38), (-1.5e38, 1.5e38), (1.0, 1.0_f32.next_up()), (0.0, 1e-45), (-1e-45, 1e-45)]
    {
        let ranges = Ranges::new(&[lower], &[upper]).unwrap();
        assert!(ranges.step()[0] > 0.0 && ranges.step()[0].is_finite());
    }
}

#[test]
fn wrong_samples_are_errors_and_are_not_taken() {
    assert_eq!(Calibration::new(0), Err(Error::OutOfRange { what: "dim", min: 1, max: usize::MAX, got: 0 }));
    assert!(matches!(Calibration::new(usize::MAX), Err(Error::OutOfMemory { .. })));
    let sample = |x: &[f32], dim| Ranges::from_sample(x, dim).unwrap_err().to_string();
    assert_eq!(sample(&[1.0], 0), "dim: expected at least 1, got 0");
    assert_eq!(sample(&[], 3), "x: expected at least one, got none");
    assert_eq!(sample(&[1.0; 4], 3), "x: expected whole rows of 3 values, got 4 values");
    let mut seen = Calibration::new(2).unwrap();
    seen.add(&[0.0, 1.0, 2.0, 3.0]).unwrap();
    let before = seen.clone();
    assert_eq!(seen.add(&[]), Err(Error::Empty { what: "x" }));
    assert_eq!(seen.add(&[9.0; 3]), Err(Error::PartialRow { what: "x", dim: 2, got: 3 }));
    let other = Calibration::new(3).unwrap();
    assert_eq!(seen.merge(&other), Err(Error::Length { what: "other", expected: 2, got: 3 }));
    assert_eq!(seen, before);
}
