//! Weights in fewer bits.

use crate::data::{Case, shapes};
use kernels_nn::*;
use kernels_testing::reference::nn::{gemm::transpose, int4::steps};
use kernels_testing::{Guarded, Random, each_isa, small};

const GUARD: f32 = -12345.0;

const FORMATS: [HalfFormat; 2] = [HalfFormat::F16, HalfFormat::Bf16];

/// Columns up to which a matrix is filled with zeros.
fn panel_width(isa: Isa) -> usize {
    match isa {
        Isa::Avx2 | Isa::Neon | Isa::Simd128 => 16,
        _ => 8,
    }
}

/// A divisor of `k`: another one for another `i`.
fn group(k: usize, i: usize) -> usize {
    let divisors: Vec<_> = (1..=k).filter(|group| k.is_multiple_of(*group)).collect();
    divisors[i % divisors.len()]
}

/// Both kinds of groups of one size.
fn kinds(size: usize) -> [Int4Groups; 2] {
    [Int4Groups::symmetric(size), Int4Groups::with_zero_points(size)]
}

/// A product by all forms, whose bits are those with the numbers that the weights hold, in `f32`.
#[track_caller]
fn check_product<'a>(what: &str, case: &Case, weights: impl Into<Weights<'a>>, held: &[f32], offset: usize) {
    let (weights, Case { m, k, n, a, .. }) = (weights.into(), case);
    assert_eq!((weights.k(), weights.n()), (*k, *n));
    let mut random = Random::new(5);
    let (bias, residual) = (random.uniform(*n), random.uniform(m * n));
    let packed = PackedMatrix::new_on(weights.isa(), held, *k, *n).unwrap();
    for fused in [false, true] {
        let [gemm, of_f32] = [weights, (&packed).into()].map(|weights| {
            let gemm = Gemm::new(weights);
            if fused { gemm.bias(&bias).activation(Activation::Relu).residual(&residual) } else { gemm }
        });
        let mut out = Guarded::new(m * n, offset % 17, GUARD);
        gemm.run_into(Guarded::copy(a, offset % 16, f32::MAX).check(), *m, out.middle()).unwrap();
        assert_eq!(out.check(), of_f32.run(a, *m).unwrap(), "{what} {m}x{k}x{n}");
        assert_eq!(out.check(), gemm.run(a, *m).unwrap());
        #[cfg(all(feature = "parallel", not(miri)))]
        assert_eq!(out.check(), gemm.run_parallel(a, *m).unwrap(), "{what} {m}x{k}x{n}");
    }
}

#[test]
#[cfg_attr(miri, ignore = "slow, and what it loads is loaded in the tests of simd-core")]
fn products_are_those_with_the_numbers_that_are_held() {
    let cases: Vec<_> = shapes().into_iter().map(Case::new).collect();
    each_isa("gemm_weights", |isa| {
        for (i, case) in cases.iter().enumerate() {
            let Case { k, n, b, bt, .. } = case;
            let (k, n) = (*k, *n);
            for format in FORMATS {
                let half = HalfMatrix::new_on(isa, b, k, n, format).unwrap();
                let held = half.dequantize().unwrap();
                check_product(&format!("{format:?} on {isa}"), case, &half, &held, i);
                let half = HalfMatrix::from_transposed_on(isa, bt, n, k, format).unwrap();
                assert_eq!(half.dequantize().unwrap(), held, "{format:?} on {isa}");
            }
            for groups in kinds(group(k, i)) {
                let int4 = Int4Matrix::new_on(isa, b, k, n, groups).unwrap();
                let held = int4.dequantize().unwrap();
                check_product(&format!("{groups:?} on {isa}"), case, &int4, &held, i);
                let int4 = Int4Matrix::from_transposed_on(isa, bt, n, k, groups).unwrap();
                assert_eq!(int4.dequantize().unwrap(), held, "{groups:?} on {isa}");
            }
        }
    });
}

/// `2^exponent`, exactly: Miri's `powi` is not.
fn power(exponent: i32) -> f32 {
    let factor = if exponent < 0 { 0.5 } else { 2.0 };
    (0..exponent.abs()).fold(1.0, |power, _| power * factor)
}

#[test]
#[cfg_attr(miri, ignore = "slow, and what it loads is loaded in the tests of simd-core")]
fn halves_are_the_nearest() {
    each_isa("gemm_halves", |isa| {
        let (k, n) = if small() { (3, 19) } else { (40, 35) };
        // Of all sizes.
        let mut b = Random::new(3).uniform(k * n);
        for (i, b) in b.iter_mut().enumerate() {
            *b *= power(i as i32 % 31 - 16);
        }
        for (format, bits, tiny) in [(HalfFormat::F16, 11, 25), (HalfFormat::Bf16, 8, 140)] {
            let half = HalfMatrix::new_on(isa, &b, k, n, format).unwrap();
            let held = half.dequantize().unwrap();
            for (b, held) in b.iter().zip(&held) {
                let bound = (b.abs() * power(-bits)).max(power(-tiny));
                assert!((held - b).abs() <= bound, "{isa} {format:?}: {b} becomes {held}");
            }
            // These are in the format already.
            let again = HalfMatrix::new_on(isa, &held, k, n, format).unwrap();
            assert_eq!(again.dequantize().unwrap(), held);
            assert_eq!((again.k(), again.n(), again.isa(), again.format()), (k, n, isa, format));
            assert_eq!(half.bytes(), 2 * k * n.next_multiple_of(panel_width(isa)));
        }
    });
}

#[test]
fn bits_stay_as_they_are() {
    let f16 = [0x3C00, 0xC000, 0x3555, 0x7BFF, 0x0001, 0x7C00];
    // The fifth is 2^-24.
    let want = [1.0, -2.0, 0.333_251_95, 65_504.0, f32::from_bits(103 << 23), f32::INFINITY];
    let bf16 = [0x3F80, 0xC000, 0x7F7F];
    each_isa("gemm_bits", |isa| {
        let half = HalfMatrix::from_bits_on(isa, &f16, 3, 2, HalfFormat::F16).unwrap();
        assert_eq!((half.dequantize().unwrap(), half.isa()), (want.to_vec(), isa));
        let half = HalfMatrix::from_transposed_bits_on(isa, &f16, 2, 3, HalfFormat::F16).unwrap();
        assert_eq!((half.dequantize().unwrap(), half.isa()), (transpose(&want, 2, 3), isa));
        let half = HalfMatrix::from_bits_on(isa, &bf16, 1, 3, HalfFormat::Bf16).unwrap();
        assert_eq!(half.dequantize().unwrap(), [1.0, -2.0, f32::from_bits(0x7F7F_0000)], "{isa}");
        // More than a panel.
        let bits: Vec<u16> = (0..3 * 19).map(|i| 0x3C00 + 7 * i).collect();
        let half = HalfMatrix::from_bits_on(isa, &bits, 3, 19, HalfFormat::F16).unwrap();
        let held = half.dequantize().unwrap();
        let exact = bits.iter().map(|bits| 1.0 + f32::from(bits - 0x3C00) / 1024.0);
        assert_eq!(held, exact.collect::<Vec<_>>(), "{isa}");
        // What is beyond the range becomes an infinity, and NaN stays.
        let half = HalfMatrix::new_on(isa, &[1e5, -1e5, f32::NAN], 1, 3, HalfFormat::F16).unwrap();
        let held = half.dequantize().unwrap();
        assert!(held[..2] == [f32::INFINITY, f32::NEG_INFINITY] && held[2].is_nan(), "{isa}");
    });
    let half = HalfMatrix::from_bits(&f16, 3, 2, HalfFormat::F16).unwrap();
    assert_eq!(half.dequantize().unwrap(), want);
    let half = HalfMatrix::from_transposed_bits(&f16, 2, 3, HalfFormat::F16).unwrap();
    assert_eq!(half.dequantize().unwrap(), transpose(&want, 2, 3));
}

#[test]
#[cfg_attr(miri, ignore = "slow, and what it loads is loaded in the tests of simd-core")]
fn what_is_not_finite_stays_in_its_column() {
    each_isa("gemm_weights_nan", |isa| {
        let case = Case::new([3, 5, 19]);
        for m in [1, 3] {
            for format in FORMATS {
                let mut b = case.b.clone();
                b[2 * 19 + 17] = f32::NAN;
                let half = HalfMatrix::new_on(isa, &b, 5, 19, format).unwrap();
                for (i, x) in Gemm::new(&half).run(&case.a[..m * 5], m).unwrap().iter().enumerate() {
                    assert_eq!(x.is_nan(), i % 19 == 17, "{isa} [{i}]");
                }
            }
        }
    });
}

/// Weights of one sign, of both, zeros, and such that differ much in size.
fn weights(k: usize, n: usize) -> Vec<f32> {
    let mut b = Random::new(7).uniform(k * n);
    for (i, b) in b.iter_mut().enumerate() {
        *b = match i % n % 7 {
            0 => *b,
            1 => b.abs() + 1.0,
            2 => -b.abs(),
            3 => 0.0,
            4 => *b * power((i / n) as i32 % 20),
            5 => *b * power(-145),
            _ => *b * power(126),
        };
    }
    b
}

#[test]
#[cfg_attr(miri, ignore = "slow, and what it loads is loaded in the tests of simd-core")]
fn numbers_of_four_bits_are_within_half_a_step() {
    let (k, n) = if small() { (12, 9) } else { (120, 37) };
    let b = weights(k, n);
    for size in [1, 2, 3, 4, k / 2, k] {
        for groups in kinds(size) {
            let steps = steps(&b, k, n, size, groups.zero_points);
            let mut first = None;
            each_isa("gemm_int4", |isa| {
                let int4 = Int4Matrix::new_on(isa, &b, k, n, groups).unwrap();
                let held = int4.dequantize().unwrap();
                for ((b, held), step) in b.iter().zip(&held).zip(&steps) {
                    // A step has 20 bits, and the least that it can be is 2^-145.
                    let bound = step * (0.5 + f64::from(power(-19))) + f64::from(power(-146));
                    let error = (f64::from(*b) - f64::from(*held)).abs();
                    assert!(error <= bound, "{isa} {groups:?}: {b} becomes {held}, with steps of {step}");
                    assert!(*b != 0.0 || *held == 0.0, "{isa} {groups:?}: zero becomes {held}");
                }
                // The same on every set.
                assert_eq!(*first.get_or_insert_with(|| held.clone()), held, "{isa} {groups:?}");
                assert_eq!((int4.k(), int4.n(), int4.isa(), int4.groups()), (k, n, isa, groups));
                let all = k * n.next_multiple_of(panel_width(isa));
                let zeros = if groups.zero_points { all / size / 2 } else { 0 };
                assert_eq!(int4.bytes(), all / 2 + all / size * 4 + zeros);
            });
        }
    }
}

#[test]
fn all_sixteen_numbers_are_used() {
    let b: Vec<f32> = (0..16).map(|i| i as f32 - 5.0).collect();
    let int4 = Int4Matrix::new(&b, 16, 1, Int4Groups::with_zero_points(16)).unwrap();
    assert_eq!(int4.dequantize().unwrap(), b);
    let b: Vec<f32> = (0..15).map(|i| i as f32 - 7.0).collect();
    let int4 = Int4Matrix::new(&b, 15, 1, Int4Groups::symmetric(15)).unwrap();
    assert_eq!(int4.dequantize().unwrap(), b);
}

#[test]
#[cfg_attr(miri, ignore = "slow, and what it loads is loaded in the tests of simd-core")]
fn repacked_weights_are_as_new_ones() {
    each_isa("gemm_weights_repack", |isa| {
        let (k, n) = (6, 19);
        let (first, second) = (Case::new([1, k, n]), Case::new([2, k, n]));
        let mut half = HalfMatrix::new_on(isa, &first.b, k, n, HalfFormat::Bf16).unwrap();
        let want = HalfMatrix::new_on(isa, &second.b, k, n, HalfFormat::Bf16).unwrap().dequantize().unwrap();
        let before = half.dequantize().unwrap();
        half.repack(&second.b[1..]).unwrap_err();
        assert_eq!(half.dequantize().unwrap(), before);
        half.repack(&second.b).unwrap();
        assert_eq!(half.dequantize().unwrap(), want);
        half.repack_transposed(&first.bt).unwrap();
        assert_eq!(half.dequantize().unwrap(), before);
        for groups in kinds(3) {
            let mut int4 = Int4Matrix::new_on(isa, &first.b, k, n, groups).unwrap();
            let want = Int4Matrix::new_on(isa, &second.b, k, n, groups).unwrap().dequantize().unwrap();
            let before = int4.dequantize().unwrap();
            let mut wrong = second.b.clone();
            wrong[7] = f32::NAN;
            let error = int4.repack(&wrong).unwrap_err().to_string();
            assert_eq!(error, "b[7]: expected a size of at most 2^126, got NaN");
            assert_eq!(int4.dequantize().unwrap(), before);
            int4.repack(&second.b).unwrap();
            assert_eq!(int4.dequantize().unwrap(), want);
            int4.repack_transposed(&first.bt).unwrap();
            assert_eq!(int4.dequantize().unwrap(), before);
        }
    });
}

#[test]
fn wrong_weights_are_errors() {
    let half = |values: usize, k, n| {
        let b = vec![1.0; values];
        let want = HalfMatrix::new(&b, k, n, HalfFormat::F16).unwrap_err().to_string();
        let of_bits = HalfMatrix::from_bits(&vec![0; values], k, n, HalfFormat::F16).unwrap_err();
        assert_eq!(of_bits.to_string(), want);
        let groups = Int4Groups::symmetric(1);
        assert_eq!(Int4Matrix::new(&b, k, n, groups).unwrap_err().to_string(), want);
        assert_eq!(Int4Matrix::from_transposed(&b, n, k, groups).unwrap_err().to_string(), want);
        want
    };
    assert_eq!(half(0, 0, 3), "k: expected at least 1, got 0");
    assert_eq!(half(0, 3, 0), "n: expected at least 1, got 0");
    assert_eq!(half(5, 2, 3), "b: expected a length of 6, got 5");
    assert!(half(0, usize::MAX, 3).starts_with("b: expected sizes that memory can hold"));
    let int4 = |b: &[f32], size| {
        let error = Int4Matrix::new(b, b.len(), 1, Int4Groups::symmetric(size)).unwrap_err();
        error.to_string()
    };
    assert_eq!(int4(&[1.0; 6], 4), "k: expected a multiple of 4, got 6");
    assert_eq!(int4(&[1.0; 6], 0), "group: expected at least 1, got 0");
    assert_eq!(int4(&[1.0, f32::INFINITY], 1), "b[1]: expected a size of at most 2^126, got inf");
    let missing = Isa::ALL.iter().find(|isa| !isa.is_available()).unwrap();
    assert!(HalfMatrix::new_on(*missing, &[1.0], 1, 1, HalfFormat::F16).is_err());
    assert!(HalfMatrix::from_bits_on(*missing, &[0], 1, 1, HalfFormat::F16).is_err());
    assert!(HalfMatrix::from_transposed_bits_on(*missing, &[0], 1, 1, HalfFormat::F16).is_err());
    assert!(Int4Matrix::new_on(*missing, &[1.0], 1, 1, Int4Groups::symmetric(1)).is_err());

    let int4 = Int4Matrix::new(&[1.0; 6], 2, 3, Int4Groups::symmetric(2)).unwrap();
    let mut out = [GUARD; 7];
    let error = Gemm::new(&int4).run_into(&[1.0; 4], 2, &mut out).unwrap_err().to_string();
    assert_eq!(error, "out: expected a length of 6, got 7");
    assert_eq!(int4.dequantize_into(&mut out).unwrap_err().to_string(), error);
    assert_eq!(out, [GUARD; 7]);
}
