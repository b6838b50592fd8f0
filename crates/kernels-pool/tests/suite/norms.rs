//! Lengths, and rows of length 1, of any size of values.

use crate::data::{TINY, U, assert_same, assert_within, ulp};
use kernels_pool::{
    Isa, l2_norm, l2_norm_into, l2_norm_into_on, l2_normalize, l2_normalize_in_place,
    l2_normalize_in_place_on, l2_normalize_into, l2_normalize_into_on, truncate, truncate_into,
    truncate_into_on,
};
use kernels_testing::{Guarded, Random, each_isa, reference, small};

fn dims() -> Vec<usize> {
    if cfg!(miri) {
        vec![17, 67]
    } else if small() {
        vec![1, 3, 8, 17, 64, 129]
    } else {
        (1..=70).chain([96, 127, 128, 129, 384, 1000, 1024, 1030, 4095, 4096]).collect()
    }
}

/// Rows of values of many sizes: round what `f32` can square, and where it cannot.
fn rows(random: &mut Random, dim: usize) -> Vec<f32> {
    let scales = [
        1.0, 1e-3, 1e3, 1e-12, 1e-13, 1e-18, 1e-19, 1e-20, 2e-20, 4e-20, 1e-19, 1e-22, 1e-30, 1e-37, 1e-38,
        1e-40, 1e-44, 1e14, 1e15, 1e16, 1e18, 1e19, 1e20, 1e30, 3.4e38,
    ];
    let mut rows = Vec::new();
    for scale in if cfg!(miri) { &scales[9..10] } else { &scales[..] } {
        rows.extend(random.uniform(dim).iter().map(|x| x * scale));
        rows.extend(vec![0.7 * scale; dim]);
        // Several sizes in one row.
        rows.extend(
            random
                .uniform(dim)
                .iter()
                .enumerate()
                .map(|(i, x)| if i % 5 == 3 { x * scale } else { x * 1e-20 }),
        );
    }
    // As large as can be, as small as can be, and one value among zeros.
    rows.extend(vec![f32::MAX; dim]);
    rows.extend(vec![-f32::from_bits(1); dim]);
    rows.extend((0..dim).map(|i| if i + 1 == dim { 1e-41 } else { 0.0 }));
    rows.extend((0..dim).map(|i| if i == dim / 2 { -f32::MAX } else { 0.0 }));
    rows
}

fn norm(row: &[f32]) -> f64 {
    row.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>().sqrt()
}

#[test]
fn lengths_are_within_four_units() {
    let mut random = Random::new(1);
    for dim in dims() {
        let rows = rows(&mut random, dim);
        let mut out = Guarded::new(rows.len() / dim, 3, 7.0);
        l2_norm_into(Guarded::copy(&rows, dim % 8, 7.0).middle(), dim, out.middle()).unwrap();
        assert_eq!(l2_norm(&rows, dim).unwrap(), out.check());
        each_isa("l2_norm", |isa| {
            let mut out = Guarded::new(rows.len() / dim, 3, 7.0);
            l2_norm_into_on(isa, Guarded::copy(&rows, dim % 8, 7.0).middle(), dim, out.middle()).unwrap();
            for (row, got) in rows.chunks(dim).zip(out.check()) {
                let want = norm(row);
                // Beyond the largest number there is none to be near.
                if want > f64::from(f32::MAX) {
                    assert!(*got == f32::INFINITY || *got == f32::MAX, "{isa}: {want:e} is no {got}");
                } else {
                    let off = (f64::from(*got) - want).abs();
                    assert!(off <= 4.0 * ulp(want), "{isa}, {dim}: {got:e} for {want:e}");
                }
            }
        });
    }
}

/// Each value of the reference, and how far off it may be: 6 roundings of itself, and no less than is between numbers.
fn want(rows: &[f32], dim: usize, k: usize) -> Vec<(f64, f64)> {
    let unit = reference::pool::truncate(rows, dim, k);
    unit.into_iter().map(|want| (want, 6.0 * U * want.abs() + TINY)).collect()
}

#[test]
fn rows_of_length_one_are_within_their_bound() {
    let mut random = Random::new(2);
    for dim in dims() {
        let rows = rows(&mut random, dim);
        let want = want(&rows, dim, dim);
        each_isa("l2_normalize", |isa| {
            let mut out = Guarded::new(rows.len(), dim % 8, 7.0);
            let mut x = Guarded::copy(&rows, 3, 7.0);
            l2_normalize_into_on(isa, x.middle(), dim, out.middle()).unwrap();
            assert_within(out.check(), &want, (isa, dim));
            let mut in_place = Guarded::copy(&rows, 5, 7.0);
            l2_normalize_in_place_on(isa, in_place.middle(), dim).unwrap();
            assert_same(in_place.check(), out.check(), (isa, dim));
        });
    }
}

#[test]
fn cut_rows_are_within_their_bound() {
    let mut random = Random::new(3);
    for dim in dims() {
        let mut rows = rows(&mut random, dim);
        for k in [1, 7, 8, 64, 65, dim / 2, dim - 1, dim] {
            if !(1..=dim).contains(&k) || cfg!(miri) && k > 8 {
                continue;
            }
            let want = want(&rows, dim, k);
            // What is cut off has no effect.
            let bad = if k % 2 == 0 { f32::NAN } else { f32::INFINITY };
            let clean = rows.clone();
            rows.chunks_mut(dim).for_each(|row| row[k..].fill(bad));
            each_isa("truncate", |isa| {
                let mut out = Guarded::new(want.len(), k % 8, 7.0);
                truncate_into_on(isa, Guarded::copy(&rows, 3, 7.0).middle(), dim, k, out.middle()).unwrap();
                assert_within(out.check(), &want, (isa, dim, k));
            });
            rows = clean;
        }
    }
}

/// What allocates, what does not, and what is named, is the same function.
#[test]
fn all_forms_agree() {
    let (dim, k) = (19, 11);
    let x = Random::new(4).uniform(5 * dim);
    let isa = Isa::active().unwrap();
    let (mut unit, mut cut) = (vec![7.0; 5 * dim], vec![7.0; 5 * k]);
    l2_normalize_into_on(isa, &x, dim, &mut unit).unwrap();
    truncate_into_on(isa, &x, dim, k, &mut cut).unwrap();
    assert_eq!(l2_normalize(&x, dim).unwrap(), unit);
    assert_eq!(truncate(&x, dim, k).unwrap(), cut);
    let (mut out, mut in_place) = (vec![7.0; 5 * dim], x.clone());
    l2_normalize_into(&x, dim, &mut out).unwrap();
    l2_normalize_in_place(&mut in_place, dim).unwrap();
    assert_eq!((&out, &in_place), (&unit, &unit));
    truncate_into(&x, dim, k, &mut out[..5 * k]).unwrap();
    assert_eq!(out[..5 * k], cut);
}

#[test]
fn zeros_stay_as_they_are() {
    for dim in 1..if cfg!(miri) { 4 } else { 40 } {
        let x: Vec<f32> = (0..3 * dim).map(|i| if i % 3 == 1 { -0.0 } else { 0.0 }).collect();
        each_isa("l2_normalize", |isa| {
            let (mut out, mut in_place) = (vec![7.0; 3 * dim], x.clone());
            l2_normalize_into_on(isa, &x, dim, &mut out).unwrap();
            l2_normalize_in_place_on(isa, &mut in_place, dim).unwrap();
            assert_same(&out, &x, isa);
            assert_same(&in_place, &x, isa);
        });
        assert_eq!(l2_norm(&x, dim), Ok(vec![0.0; 3]));
    }
    // The sign of a zero among others stays too.
    assert_same(&l2_normalize(&[-0.0, 2.0, 0.0], 3).unwrap(), &[-0.0, 1.0, 0.0], "zeros");
}

#[test]
fn what_is_not_finite_stays_in_its_row() {
    for dim in if cfg!(miri) { vec![5] } else { vec![1, 2, 7, 8, 9, 16, 65, 130] } {
        let clean = Random::new(5).uniform(3 * dim);
        for (at, bad) in
            (0..dim).flat_map(|at| [f32::NAN, f32::INFINITY, f32::NEG_INFINITY].map(|bad| (at, bad)))
        {
            let mut x = clean.clone();
            x[dim + at] = bad;
            each_isa("l2_normalize", |isa| {
                let (mut out, mut want) = (vec![7.0; 3 * dim], vec![7.0; 3 * dim]);
                l2_normalize_into_on(isa, &clean, dim, &mut want).unwrap();
                l2_normalize_into_on(isa, &x, dim, &mut out).unwrap();
                for (i, want) in want[dim..2 * dim].iter_mut().enumerate() {
                    *want = if bad.is_nan() || i == at { f32::NAN } else { 0.0 * x[dim + i] };
                }
                assert_same(&out, &want, (isa, dim, at, bad));
                let mut in_place = x.clone();
                l2_normalize_in_place_on(isa, &mut in_place, dim).unwrap();
                assert_same(&in_place, &want, (isa, dim, at, bad));
            });
            let norm = l2_norm(&x, dim).unwrap()[1];
            assert!(if bad.is_nan() { norm.is_nan() } else { norm == f32::INFINITY }, "{dim}, {at}: {norm}");
        }
    }
}
