//! The range of activations, against all of them, sorted. Not under Miri: there are thousands of bins, and no unsafe code.
#![cfg(not(miri))]

use kernels_nn::CalibrationMethod::{MinMax, Percentile};
use kernels_nn::*;
use kernels_testing::{Random, each_isa, small};

/// Values whose sizes span many powers of two, mostly small, on both sides of 0.
fn spread(len: usize, seed: u64) -> Vec<f32> {
    let mut random = Random::new(seed);
    random.uniform(len).iter().map(|x| x * x * x * (0.5_f32).powi(random.below(12) as i32)).collect()
}

fn of(batches: &[&[f32]]) -> Calibration {
    let mut calibration = Calibration::new().unwrap();
    for batch in batches {
        calibration.observe(batch).unwrap();
    }
    calibration
}

const METHODS: [CalibrationMethod; 7] = [
    MinMax,
    Percentile(100.0),
    Percentile(99.99),
    Percentile(99.0),
    Percentile(50.0),
    Percentile(1.0),
    Percentile(1e-30),
];

/// Everything that can be asked.
fn answers(calibration: &Calibration) -> Vec<f32> {
    let of = |method| {
        let [min, max] = calibration.range(method).unwrap();
        [min, max, calibration.largest(method).unwrap()]
    };
    METHODS.iter().flat_map(|&method| of(method)).chain([calibration.bin_width()]).collect()
}

#[test]
fn percentiles_are_those_of_sorted_values_within_a_bin() {
    let lens: &[usize] = if small() { &[1, 2, 60] } else { &[1, 2, 3, 10, 101, 1000, 20_001] };
    for &len in lens {
        for shift in [0.0, 0.5, -3.0] {
            let mut x: Vec<f32> = spread(len, 1).iter().map(|x| x + shift).collect();
            let calibration = of(&[&x]);
            x.sort_by(f32::total_cmp);
            let mut sizes: Vec<f32> = x.iter().map(|x| x.abs()).collect();
            sizes.sort_by(f32::total_cmp);
            let width = calibration.bin_width();
            assert!(width <= sizes[len - 1] / 2048.0 && width > sizes[len - 1] / 8192.0);
            assert_eq!(calibration.range(MinMax).unwrap(), [x[0], x[len - 1]]);
            assert_eq!(calibration.largest(MinMax).unwrap(), sizes[len - 1]);
            for percentile in [100.0, 99.99, 99.5, 75.0, 50.0, 10.0, 0.5] {
                let outside = len as f64 * (100.0 - percentile) / 100.0;
                let on_a_side = (outside / 2.0) as usize;
                let [min, max] = calibration.range(Percentile(percentile)).unwrap();
                let near = |end: f32, value: f32| (0.0..=width).contains(&(end - value));
                assert!(near(-min, -x[on_a_side]) && min >= x[0], "{len} {percentile}: {min}");
                assert!(near(max, x[len - 1 - on_a_side]) && max <= x[len - 1], "{len} {percentile}: {max}");
                let inside = x.iter().filter(|&&x| min <= x && x <= max).count();
                assert!(inside as f64 >= len as f64 * percentile / 100.0 - 1e-9, "{len} {percentile}");
                let largest = calibration.largest(Percentile(percentile)).unwrap();
                assert!(near(largest, sizes[len - 1 - outside as usize]), "{len} {percentile}: {largest}");
            }
        }
    }
}

#[test]
fn neither_order_nor_batches_nor_merging_change_anything() {
    let x = spread(if small() { 40 } else { 2000 }, 2);
    let mut reversed = x.clone();
    reversed.reverse();
    let mut ascending = x.clone();
    ascending.sort_by(|a, b| a.abs().total_cmp(&b.abs()));
    // Widths double one by one, some at a time, and not at all.
    let whole = of(&[&x]);
    let want = answers(&whole);
    assert_eq!(answers(&of(&[&reversed])), want);
    assert_eq!(answers(&of(&ascending.chunks(1).collect::<Vec<_>>())), want);
    assert_eq!(answers(&of(&ascending.rchunks(7).collect::<Vec<_>>())), want);
    let (small, large) = ascending.split_at(x.len() / 2);
    for (first, second) in [(small, large), (large, small), (&x[..], &[])] {
        let mut merged = of(&[first]);
        merged.merge(&of(&[second]));
        assert_eq!(answers(&merged), want);
        let mut merged = of(&[]);
        merged.merge(&of(&[first]));
        merged.merge(&of(&[second]));
        assert_eq!(answers(&merged), want);
        assert_eq!(merged.count(), x.len() as u64);
    }
    each_isa("calibration", |isa| {
        let mut calibration = Calibration::new().unwrap();
        calibration.observe_on(isa, &x).unwrap();
        assert_eq!(answers(&calibration), want, "{isa}");
    });
}

#[test]
fn counts_stop_at_the_largest() {
    let mut calibration = of(&[&[0.5, 0.5, 0.5, -1.0]]);
    for _ in 0..70 {
        calibration.merge(&calibration.clone());
    }
    assert_eq!(calibration.count(), u64::MAX);
    // Into wider bins, and into full ones.
    calibration.observe(&[0.5, -1.0, 5.0]).unwrap();
    calibration.observe(&[0.5, -1.0]).unwrap();
    assert_eq!(calibration.count(), u64::MAX);
    assert_eq!(calibration.range(MinMax).unwrap(), [-1.0, 5.0]);
    // Half of them are 0.5, as far as can be told, the other half -1, and next to none 5.
    let width = calibration.bin_width();
    assert_eq!(calibration.range(Percentile(99.0)).unwrap(), [-1.0, 0.5 + width]);
    assert_eq!(calibration.largest(Percentile(99.0)).unwrap(), 1.0 + width);
    assert_eq!(calibration.range(Percentile(100.0)).unwrap(), [-1.0, 5.0]);
}

#[test]
fn sizes_from_the_smallest_to_the_largest_fit() {
    let all = [0.0, -0.0, 1e-45, -1e-45, f32::MIN_POSITIVE, -1.0, 1.0, f32::MAX, f32::MIN];
    for end in 1..=all.len() {
        let x = &all[..end];
        let calibration = of(&x.chunks(1).collect::<Vec<_>>());
        assert_eq!(answers(&calibration), answers(&of(&[x])));
        let [min, max] = calibration.range(Percentile(100.0)).unwrap();
        assert_eq!([min, max], calibration.range(MinMax).unwrap());
        assert!(calibration.affine::<u8>(Percentile(99.0)).unwrap().scale.is_finite());
        assert!(calibration.symmetric::<i8>(Percentile(99.0)).unwrap().scale.is_finite());
    }
}

#[test]
fn an_outlier_is_left_out() {
    let mut x = spread(if small() { 200 } else { 10_000 }, 3);
    x[17] = 100.0;
    let calibration = of(&[&x]);
    let all = calibration.affine::<u8>(MinMax).unwrap().scale;
    let most = calibration.affine::<u8>(Percentile(99.0)).unwrap().scale;
    assert!(most < all / 20.0, "{most} {all}");
    assert!(calibration.symmetric::<i8>(Percentile(99.0)).unwrap().scale < 1.2 / 127.0);
}

#[test]
fn bad_values_are_named_and_not_taken() {
    let mut calibration = of(&[&[1.0, -2.0]]);
    let before = answers(&calibration);
    let mut check = |x: &[f32], want: &str| {
        assert_eq!(calibration.observe(x).unwrap_err().to_string(), want);
        assert_eq!((answers(&calibration), calibration.count()), (before.clone(), 2));
    };
    check(&[9.0, f32::NAN, 9.0], "x[1]: expected a finite number, got NaN");
    check(&[f32::NEG_INFINITY], "x[0]: expected a finite number, got -inf");
    let mut long = vec![5.0; 2 * 2048 + 3];
    long[2048] = f32::NAN;
    long[4098] = f32::INFINITY;
    check(&long, "x[2048]: expected a finite number, got NaN");
    calibration.observe(&[]).unwrap();
    assert_eq!(answers(&calibration), before);
    let message = |percentile| calibration.range(Percentile(percentile)).unwrap_err().to_string();
    assert_eq!(message(0.0), "percentile: expected more than 0 and at most 100, got 0");
    assert_eq!(message(101.0), "percentile: expected more than 0 and at most 100, got 101");
    let want = "percentile: expected more than 0 and at most 100, got 100.00000000000001";
    assert_eq!(message(100.0_f64.next_up()), want);
    assert_eq!(message(f64::NAN), "percentile: expected more than 0 and at most 100, got NaN");
    let empty = of(&[&[]]);
    for method in METHODS {
        let want = "observed values: expected at least 1, got 0";
        assert_eq!(empty.range(method).unwrap_err().to_string(), want);
        assert_eq!(empty.largest(method).unwrap_err().to_string(), want);
        assert_eq!(empty.affine::<u8>(method).unwrap_err().to_string(), want);
    }
}
