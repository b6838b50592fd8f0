//! Multiplying allocates nothing but results, and repacking nothing at all.
#![cfg(not(miri))]

use crate::data::Case;
use allocation_counter::measure;
use kernels_nn::*;
use kernels_testing::{each_isa, small};

#[test]
fn alloc_free_forms_allocate_nothing() {
    let shape = if small() { [8, 20, 33] } else { [130, 600, 70] };
    let Case { m, k, n, a, b, bt } = Case::new(shape);
    each_isa("gemm_allocations", |isa| {
        let mut packed = PackedMatrix::new_on(isa, &b, k, n).unwrap();
        let mut half = HalfMatrix::new_on(isa, &b, k, n, HalfFormat::F16).unwrap();
        let mut int4 = Int4Matrix::new_on(isa, &b, k, n, Int4Groups::with_zero_points(4)).unwrap();
        let mut held = vec![0.0; k * n];
        let (bias, residual) = (vec![1.0; n], vec![1.0; m * n]);
        let (mut out, mut y) = (vec![0.0; m * n], vec![0.0; m]);
        let counted = measure(|| {
            gemm_into_on(isa, &a, &b, m, k, n, &mut out).unwrap();
            gemm_bt_into_on(isa, &a, &bt, m, k, n, &mut out).unwrap();
            gemv_into_on(isa, &a, &b[..k], m, k, &mut y).unwrap();
            let fused = Gemm::new(&packed).bias(&bias).activation(Activation::Relu).residual(&residual);
            fused.run_into(&a, m, &mut out).unwrap();
            fused.run_into(&a, m, &mut out[1..]).unwrap_err();
            packed.repack(&b).unwrap();
            packed.repack_transposed(&bt).unwrap();
            packed.repack(&b[1..]).unwrap_err();
            for m in [1, m] {
                Gemm::new(&half).run_into(&a[..m * k], m, &mut out[..m * n]).unwrap();
                Gemm::new(&int4).run_into(&a[..m * k], m, &mut out[..m * n]).unwrap();
            }
            half.repack(&b).unwrap();
            half.dequantize_into(&mut held).unwrap();
            int4.repack_transposed(&bt).unwrap();
            int4.dequantize_into(&mut held).unwrap();
        });
        assert_eq!(counted.count_total, 0, "{isa}");
    });
}

#[test]
fn the_counter_counts() {
    assert_eq!(measure(|| drop(gemm(&[1.0], &[1.0], 1, 1, 1))).count_total, 1);
}
