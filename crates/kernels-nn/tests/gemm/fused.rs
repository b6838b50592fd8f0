//! Fused products against the same in steps.

use crate::data::Case;
use kernels_nn::*;
use kernels_testing::{Guarded, Random, each_isa, small};

/// A value that no result should have.
const GUARD: f32 = -12345.0;

#[test]
fn fused_equals_the_steps() {
    let shapes: &[[usize; 3]] = if cfg!(miri) {
        &[[3, 4, 17]]
    } else if small() {
        &[[3, 4, 17], [1, 5, 67], [7, 3, 5]]
    } else {
        &[[3, 4, 17], [1, 5, 67], [1, 520, 130], [7, 3, 5], [13, 520, 35], [130, 20, 18], [131, 9, 16]]
    };
    each_isa("gemm_fused", |isa| {
        for (i, &[m, k, n]) in shapes.iter().enumerate() {
            let Case { a, b, .. } = Case::new([m, k, n]);
            let packed = PackedMatrix::new_on(isa, &b, k, n).unwrap();
            let product = Gemm::new(&packed).run(&a, m).unwrap();
            let mut random = Random::new(9);
            let (bias, residual) = (random.uniform(n), random.uniform(m * n));
            let activations = Activation::ALL.map(Some);
            for (with, activation) in activations.into_iter().chain([None]).enumerate().flat_map(each_option)
            {
                let mut gemm = Gemm::new(&packed);
                let mut want = product.clone();
                if with & 1 != 0 {
                    gemm = gemm.bias(&bias);
                    want.iter_mut().enumerate().for_each(|(i, x)| *x += bias[i % n]);
                }
                if let Some(activation) = activation {
                    gemm = gemm.activation(activation);
                    activation.apply_in_place_on(isa, &mut want).unwrap();
                }
                if with & 2 != 0 {
                    gemm = gemm.residual(&residual);
                    want.iter_mut().zip(&residual).for_each(|(x, residual)| *x += residual);
                }
                let mut out = Guarded::new(m * n, i % 5, GUARD);
                gemm.run_into(&a, m, out.middle()).unwrap();
                assert_eq!(out.check(), want, "{isa} {m}x{k}x{n} {activation:?} {with}");
            }
        }
    });
}

/// With and without a bias (1), with and without a residual (2): all of it for some, and for the others in turn.
fn each_option(
    (i, activation): (usize, Option<Activation>),
) -> impl Iterator<Item = (usize, Option<Activation>)> {
    let all = matches!(activation, None | Some(Activation::Relu));
    (0..4).filter(move |with| all || i % 4 == *with).map(move |with| (with, activation))
}

#[test]
fn a_nan_in_the_bias_or_the_residual_stays_where_it_belongs() {
    each_isa("gemm_fused_nan", |isa| {
        let (m, k, n) = (7, 3, 19);
        let Case { a, b, .. } = Case::new([m, k, n]);
        let packed = PackedMatrix::new_on(isa, &b, k, n).unwrap();
        let (mut bias, mut residual) = (vec![0.0; n], vec![0.0; m * n]);
        bias[17] = f32::NAN;
        residual[2 * n + 5] = f32::NAN;
        let out = Gemm::new(&packed).bias(&bias).residual(&residual).run(&a, m).unwrap();
        for (i, x) in out.iter().enumerate() {
            assert_eq!(x.is_nan(), i % n == 17 || i == 2 * n + 5, "{isa} [{i}]");
        }
    });
}

#[test]
fn nothing_is_added_to_a_negative_zero() {
    each_isa("gemm_fused_zero", |isa| {
        let packed = PackedMatrix::new_on(isa, &[1.0], 1, 1).unwrap();
        let gemm = Gemm::new(&packed).activation(Activation::LeakyRelu { slope: 1.0 });
        for zero in [-0.0, 0.0] {
            let plain = Gemm::new(&packed).run(&[zero], 1).unwrap();
            assert_eq!(gemm.run(&[zero], 1).unwrap()[0].to_bits(), plain[0].to_bits(), "{isa}");
        }
    });
}
