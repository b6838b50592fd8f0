//! Wrong calls: the errors, their messages, and that nothing is written.

use kernels_nn::*;
use std::fmt::Debug;

const TOO_LARGE: &str = "expected sizes that memory can hold, got a product or sum beyond it";

#[track_caller]
fn message<T: Debug>(result: Result<T, Error>) -> String {
    result.unwrap_err().to_string()
}

/// All forms of one wrong call give the same message, and write nothing.
#[track_caller]
fn check(a: usize, b: usize, [m, k, n]: [usize; 3], want: &str) {
    let (a, b) = (vec![1.0; a], vec![1.0; b]);
    let mut out = vec![7.0; m.saturating_mul(n).min(1000)];
    assert_eq!(message(gemm(&a, &b, m, k, n)), want);
    assert_eq!(message(gemm_bt(&a, &b, m, k, n)), want);
    assert_eq!(message(gemm_into(&a, &b, m, k, n, &mut out)), want);
    assert_eq!(message(gemm_bt_into(&a, &b, m, k, n, &mut out)), want);
    #[cfg(feature = "parallel")]
    {
        assert_eq!(message(gemm_parallel(&a, &b, m, k, n)), want);
        assert_eq!(message(gemm_bt_parallel(&a, &b, m, k, n)), want);
    }
    assert!(out.iter().all(|x| *x == 7.0));
}

#[test]
fn shapes_are_checked() {
    check(0, 6, [0, 2, 3], "m: expected at least 1, got 0");
    check(0, 0, [2, 0, 3], "k: expected at least 1, got 0");
    check(4, 0, [2, 2, 0], "n: expected at least 1, got 0");
    check(3, 6, [2, 2, 3], "a: expected a length of 4, got 3");
    check(5, 6, [2, 2, 3], "a: expected a length of 4, got 5");
    check(4, 5, [2, 2, 3], "b: expected a length of 6, got 5");
    check(4, 7, [2, 2, 3], "b: expected a length of 6, got 7");
    check(0, 4, [usize::MAX, 2, 2], &format!("a: {TOO_LARGE}"));
    check(4, 0, [2, 2, usize::MAX], &format!("b: {TOO_LARGE}"));
    check(4, 0, [2, usize::MAX, 2], &format!("b: {TOO_LARGE}"));
    check(4, 0, [1 << (usize::BITS - 1), 1 << (usize::BITS - 1), 2], &format!("b: {TOO_LARGE}"));
}

#[test]
fn outputs_are_checked() {
    let mut out = [7.0; 7];
    for len in [5, 7] {
        let want = format!("out: expected a length of 6, got {len}");
        let out = &mut out[..len];
        assert_eq!(message(gemm_into(&[1.0; 4], &[1.0; 6], 2, 2, 3, out)), want);
        assert_eq!(message(gemm_bt_into(&[1.0; 4], &[1.0; 6], 2, 2, 3, out)), want);
        assert_eq!(message(gemv_into(&[1.0; 12], &[1.0; 2], 6, 2, out)), want);
        let packed = PackedMatrix::new(&[1.0; 6], 2, 3).unwrap();
        assert_eq!(message(Gemm::new(&packed).run_into(&[1.0; 4], 2, out)), want);
        #[cfg(feature = "parallel")]
        assert_eq!(message(Gemm::new(&packed).run_parallel_into(&[1.0; 4], 2, out)), want);
    }
    assert_eq!(out, [7.0; 7]);
}

#[test]
fn vectors_are_checked() {
    let wrong = |a: usize, x: usize, m, k| {
        let (a, x) = (vec![1.0; a], vec![1.0; x]);
        let mut out = [7.0; 2];
        let want = message(gemv(&a, &x, m, k));
        assert_eq!(message(gemv_into(&a, &x, m, k, &mut out)), want);
        #[cfg(feature = "parallel")]
        assert_eq!(message(gemv_parallel(&a, &x, m, k)), want);
        assert_eq!(out, [7.0; 2]);
        want
    };
    assert_eq!(wrong(0, 3, 0, 3), "m: expected at least 1, got 0");
    assert_eq!(wrong(0, 0, 2, 0), "k: expected at least 1, got 0");
    assert_eq!(wrong(5, 3, 2, 3), "a: expected a length of 6, got 5");
    assert_eq!(wrong(6, 2, 2, 3), "x: expected a length of 3, got 2");
    assert_eq!(wrong(0, 3, usize::MAX, 3), format!("a: {TOO_LARGE}"));
}

#[test]
fn packed_matrices_are_checked() {
    let both = |values: usize, k, n| {
        let b = vec![1.0; values];
        let want = message(PackedMatrix::new(&b, k, n));
        assert_eq!(message(PackedMatrix::from_transposed(&b, n, k)), want);
        want
    };
    assert_eq!(both(0, 0, 3), "k: expected at least 1, got 0");
    assert_eq!(both(0, 3, 0), "n: expected at least 1, got 0");
    assert_eq!(both(5, 2, 3), "b: expected a length of 6, got 5");
    assert_eq!(both(0, usize::MAX, 3), format!("b: {TOO_LARGE}"));
    let missing = Isa::ALL.iter().find(|isa| !isa.is_available()).unwrap();
    let want = format!("instruction set `{missing}` is not available here");
    assert!(message(PackedMatrix::new_on(*missing, &[1.0], 1, 1)).starts_with(&want));
    assert!(message(PackedMatrix::from_transposed_on(*missing, &[1.0], 1, 1)).starts_with(&want));
    let mut out = [7.0];
    assert!(message(gemm_into_on(*missing, &[1.0], &[1.0], 1, 1, 1, &mut out)).starts_with(&want));
    assert!(message(gemm_bt_into_on(*missing, &[1.0; 2], &[1.0], 2, 1, 1, &mut [7.0; 2])).starts_with(&want));
    assert!(message(gemv_into_on(*missing, &[1.0], &[1.0], 1, 1, &mut out)).starts_with(&want));
    assert_eq!(out, [7.0]);
}

#[test]
fn fused_operands_are_checked() {
    let packed = PackedMatrix::new(&[1.0; 6], 2, 3).unwrap();
    let gemm = Gemm::new(&packed);
    let wrong = |gemm: Gemm<'_>, a: usize, m| {
        let a = vec![1.0; a];
        let want = message(gemm.run(&a, m));
        let mut out = [7.0; 6];
        assert_eq!(message(gemm.run_into(&a, m, &mut out)), want);
        #[cfg(feature = "parallel")]
        {
            assert_eq!(message(gemm.run_parallel(&a, m)), want);
            assert_eq!(message(gemm.run_parallel_into(&a, m, &mut out)), want);
        }
        assert_eq!(out, [7.0; 6]);
        want
    };
    assert_eq!(wrong(gemm, 0, 0), "m: expected at least 1, got 0");
    assert_eq!(wrong(gemm, 5, 2), "a: expected a length of 4, got 5");
    assert_eq!(wrong(gemm, 0, usize::MAX), format!("a: {TOO_LARGE}"));
    assert_eq!(wrong(gemm.bias(&[1.0; 2]), 4, 2), "bias: expected a length of 3, got 2");
    assert_eq!(wrong(gemm.residual(&[1.0; 7]), 4, 2), "residual: expected a length of 6, got 7");
}
