//! Products against those in `f64`.

use crate::data::{Case, shapes};
use kernels_nn::*;
use kernels_testing::{Guarded, Random, each_isa, small};

/// A value that no result should have.
const GUARD: f32 = -12345.0;

#[test]
fn products_are_within_their_bound() {
    let cases: Vec<_> = shapes().into_iter().map(Case::new).collect();
    each_isa("gemm", |isa| {
        for (i, case) in cases.iter().enumerate() {
            let Case { m, k, n, a, b, bt } = case;
            let (m, k, n) = (*m, *k, *n);
            // Wherever the values lie.
            let mut out = Guarded::new(m * n, i % 17, GUARD);
            let [a, b, bt] =
                [(a, 3), (b, 5), (bt, 7)].map(|(x, step)| Guarded::copy(x, i * step % 16, f32::MAX));
            gemm_into_on(isa, a.check(), b.check(), m, k, n, out.middle()).unwrap();
            case.check(&format!("gemm on {isa}"), out.check());
            let plain = out.check().to_vec();
            out.middle().fill(GUARD);
            gemm_bt_into_on(isa, a.check(), bt.check(), m, k, n, out.middle()).unwrap();
            case.check(&format!("gemm_bt on {isa}"), out.check());

            let packed = PackedMatrix::new_on(isa, b.check(), k, n).unwrap();
            out.middle().fill(GUARD);
            Gemm::new(&packed).run_into(a.check(), m, out.middle()).unwrap();
            case.check(&format!("Gemm on {isa}"), out.check());
            // The same sums, but where a product is one of a matrix and a vector.
            if n > 1 {
                assert_eq!(out.check(), plain, "{isa}");
            }
            let of_packed = out.check().to_vec();
            let packed = PackedMatrix::from_transposed_on(isa, bt.check(), n, k).unwrap();
            Gemm::new(&packed).run_into(a.check(), m, out.middle()).unwrap();
            assert_eq!(out.check(), of_packed, "{isa}");
        }
    });
}

#[test]
fn allocating_forms_give_the_same() {
    let Case { m, k, n, a, b, bt } = Case::new([9, 20, 18]);
    let isa = Isa::active().unwrap();
    let mut out = vec![GUARD; m * n];
    gemm_into(&a, &b, m, k, n, &mut out).unwrap();
    assert_eq!(gemm(&a, &b, m, k, n).unwrap(), out);
    assert_eq!(gemm_bt(&a, &bt, m, k, n).unwrap(), out);
    out.fill(GUARD);
    gemm_bt_into(&a, &bt, m, k, n, &mut out).unwrap();
    assert_eq!(gemm(&a, &b, m, k, n).unwrap(), out);
    let packed = PackedMatrix::new(&b, k, n).unwrap();
    assert_eq!((packed.k(), packed.n(), packed.isa()), (k, n, isa));
    assert_eq!(Gemm::new(&packed).run(&a, m).unwrap(), out);
    assert_eq!(Gemm::new(&PackedMatrix::from_transposed(&bt, n, k).unwrap()).run(&a, m).unwrap(), out);
    let mut y = vec![GUARD; m];
    gemv_into(&a, &b[..k], m, k, &mut y).unwrap();
    assert_eq!(gemv(&a, &b[..k], m, k).unwrap(), y);
}

#[test]
fn a_vector_is_a_matrix_of_one_column() {
    let most = match (cfg!(miri), small()) {
        (true, _) => 3,
        (_, true) => 12,
        _ => 70,
    };
    let mut shapes = Vec::new();
    for m in 1..=most.min(20) {
        shapes.extend((1..=most).map(|k| [m, k, 1]));
    }
    if !small() {
        // From memory, as far as it can tell.
        shapes.extend([[1030, 2049, 1], [15, 150_000, 1]]);
    }
    let cases: Vec<_> = shapes.into_iter().map(Case::new).collect();
    each_isa("gemv", |isa| {
        for (i, case) in cases.iter().enumerate() {
            let Case { m, k, n: _, a, b: x, .. } = case;
            let (m, k) = (*m, *k);
            let mut out = Guarded::new(m, i % 9, GUARD);
            let (a, x) = (Guarded::copy(a, i * 3 % 16, f32::MAX), Guarded::copy(x, i * 7 % 16, f32::MAX));
            gemv_into_on(isa, a.check(), x.check(), m, k, out.middle()).unwrap();
            case.check(&format!("gemv on {isa}"), out.check());
            let y = out.check().to_vec();
            gemm_into_on(isa, a.check(), x.check(), m, k, 1, out.middle()).unwrap();
            assert_eq!(out.check(), y, "{isa}");
            // The transpose: one row times a matrix.
            gemm_bt_into_on(isa, x.check(), a.check(), 1, k, m, out.middle()).unwrap();
            assert_eq!(out.check(), y, "{isa}");
        }
    });
}

#[test]
fn what_is_not_finite_stays_where_it_belongs() {
    // Odd ends everywhere, and two blocks along `k`.
    let shapes: &[[usize; 3]] = if cfg!(miri) {
        &[[7, 3, 17]]
    } else if small() {
        &[[7, 3, 17], [3, 515, 5]]
    } else {
        &[[7, 3, 17], [1, 5, 70], [13, 515, 35], [130, 20, 18], [5, 9, 1]]
    };
    each_isa("gemm_special", |isa| {
        for &shape in shapes {
            let clean = Case::new(shape);
            let Case { m, k, n, .. } = clean;
            let want = all_forms(isa, &clean);
            let mut random = Random::new(1);
            for special in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                for _ in 0..if small() { 2 } else { 6 } {
                    let (i, l, j) = (random.below(m), random.below(k), random.below(n));
                    let mut case = Case::new(shape);
                    case.a[i * k + l] = special;
                    for (got, want) in all_forms(isa, &case).iter().zip(&want) {
                        check_rest(got, want, |at| at / n == i, special);
                    }
                    let mut case = Case::new(shape);
                    case.b[l * n + j] = special;
                    case.bt[j * k + l] = special;
                    for (got, want) in all_forms(isa, &case).iter().zip(&want) {
                        check_rest(got, want, |at| at % n == j, special);
                    }
                }
            }
        }
    });
}

fn all_forms(isa: Isa, Case { m, k, n, a, b, bt }: &Case) -> Vec<Vec<f32>> {
    let (m, k, n) = (*m, *k, *n);
    let mut outs = vec![vec![GUARD; m * n]; 3];
    gemm_into_on(isa, a, b, m, k, n, &mut outs[0]).unwrap();
    gemm_bt_into_on(isa, a, bt, m, k, n, &mut outs[1]).unwrap();
    Gemm::new(&PackedMatrix::new_on(isa, b, k, n).unwrap()).run_into(a, m, &mut outs[2]).unwrap();
    outs
}

/// That what depends on it is NaN or infinite, as it is, and all else as before.
#[track_caller]
fn check_rest(got: &[f32], want: &[f32], depends: impl Fn(usize) -> bool, special: f32) {
    for (at, (got, want)) in got.iter().zip(want).enumerate() {
        match (depends(at), special.is_nan()) {
            (false, _) => assert_eq!(got, want, "[{at}]"),
            (true, true) => assert!(got.is_nan(), "[{at}]: {got}"),
            (true, false) => assert!(got.is_infinite(), "[{at}]: {got}"),
        }
    }
}

#[test]
fn zero_times_infinity_is_nan_and_sums_overflow() {
    each_isa("gemm_overflow", |isa| {
        let mut out = [0.0; 4];
        gemm_into_on(isa, &[0.0, 1.0], &[f32::INFINITY, 1.0, 1.0, 1.0], 1, 2, 2, &mut out[..2]).unwrap();
        assert!(out[0].is_nan() && out[1] == 1.0, "{out:?}");
        gemm_into_on(isa, &[f32::MAX, f32::MAX], &[1.0, -1.0, 1.0, 1.0], 1, 2, 2, &mut out[..2]).unwrap();
        assert_eq!(out[..2], [f32::INFINITY, 0.0]);
    });
}
