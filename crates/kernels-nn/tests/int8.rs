//! Products with weights of eight bits, and of integers.

use kernels_nn::*;
use kernels_testing::reference::nn::gemm::{gemm as reference, transpose};
use kernels_testing::{Guarded, Random, each_isa, small};

const BITS: [WeightBits; 2] = [WeightBits::Eight, WeightBits::Seven];

/// Sizes round those of tiles, panels, blocks and steps.
fn shapes() -> Vec<[usize; 3]> {
    if cfg!(miri) {
        return vec![[5, 5, 17], [17, 3, 2]];
    }
    let most = if small() { 5 } else { 9 };
    let mut shapes = Vec::new();
    for m in 1..=most {
        for k in 1..=most {
            shapes.extend((1..=most).map(|n| [m, k, n]));
        }
    }
    shapes.extend((10..=if small() { 17 } else { 36 }).flat_map(|n| [[3, 6, n], [n, 5, 17], [2, n, 7]]));
    shapes.extend([[33, 130, 35], [16, 127, 16], [1, 600, 64], [4, 1029, 5]]);
    shapes
}

/// Integers as random as the floats of `Random` are.
fn integers<T>(random: &mut Random, len: usize, of: impl Fn(f32) -> T) -> Vec<T> {
    random.uniform(len).iter().map(|x: &f32| of(*x)).collect()
}

#[test]
fn errors_are_within_the_documented_bound() {
    each_isa("int8", |isa| {
        for [m, k, n] in shapes() {
            let mut random = Random::new((m * 1000 + k * 100 + n) as u64);
            let (a, b): (Vec<f32>, Vec<f32>) = (random.uniform(m * k), random.uniform(k * n));
            // A row above zero, and one below.
            let a: Vec<f32> = a.iter().enumerate().map(|(i, x)| x + [0.0, 1.5, -1.5][i / k % 3]).collect();
            for bits in BITS {
                let matrix = Int8Matrix::new_on(isa, &b, k, n, bits).unwrap();
                let weights = matrix.dequantize().unwrap();
                let transposed =
                    Int8Matrix::from_transposed_on(isa, &transpose(&b, k, n), n, k, bits).unwrap();
                assert_eq!(transposed.dequantize().unwrap(), weights);
                let mut out = Guarded::new(m * n, n % 5, -12345.0);
                let mut scratch = Scratch::with_limit(Int8Gemm::new(&matrix).scratch_bytes(m));
                Int8Gemm::new(&matrix).run_into(&a, m, out.middle(), &mut scratch).unwrap();
                let (got, want) = (out.check(), reference(&a, &weights, m, k, n));
                assert_eq!(Int8Gemm::new(&transposed).run(&a, m).unwrap(), got);
                for (i, (got, want)) in got.iter().zip(&want).enumerate() {
                    let (row, column) = (&a[i / n * k..][..k], weights[i % n..].iter().step_by(n));
                    let ends = row.iter().fold([0.0_f32; 2], |[a, b], x| [a.min(*x), b.max(*x)]);
                    let step = (f64::from(ends[1]) - f64::from(ends[0])) / 255.0;
                    let sizes: f64 = column.map(|b| f64::from(b.abs())).sum();
                    let bound = (0.5 + 2.0_f64.powi(-15)) * step * sizes;
                    let bound = bound + 3.1 * 2.0_f64.powi(-24) * (want.abs() + step * sizes);
                    let error = (f64::from(*got) - want).abs();
                    assert!(
                        error <= bound,
                        "{isa} {bits:?} {m}x{k}x{n} [{i}]: {got}, not {want} within {bound:e}"
                    );
                }
            }
        }
    });
}

#[test]
fn weights_are_off_by_half_a_step_at_most() {
    let (k, n) = (if cfg!(miri) { 9 } else { 130 }, 19);
    let b: Vec<f32> = Random::new(3).uniform(k * n);
    for (bits, most) in [(WeightBits::Eight, 127.0), (WeightBits::Seven, 63.0)] {
        each_isa("int8_weights", |isa| {
            let matrix = Int8Matrix::new_on(isa, &b, k, n, bits).unwrap();
            assert_eq!((matrix.k(), matrix.n(), matrix.bits(), matrix.isa()), (k, n, bits, isa));
            assert!(matrix.bytes() >= k * n && matrix.bytes() < 2 * k * n + 1200);
            let got = matrix.dequantize().unwrap();
            for j in 0..n {
                let column = (0..k).map(|i| b[i * n + j]);
                let scale = column.clone().map(f32::abs).fold(0.0, f32::max) / most;
                for (i, x) in column.enumerate() {
                    let error = f64::from(got[i * n + j]) - f64::from(x);
                    assert!(error.abs() <= f64::from(scale) * 0.500_01, "{isa} {bits:?} [{i}, {j}]");
                }
            }
        });
    }
}

#[test]
fn products_of_integers_are_exact() {
    each_isa("matmul_integer", |isa| {
        for (s, [m, k, n]) in shapes().into_iter().enumerate() {
            let mut random = Random::new(s as u64);
            let a = integers(&mut random, m * k, |x| (x.abs() * 255.0) as u8);
            let b = integers(&mut random, k * n, |x| (x * 128.0) as i8);
            let zeros = integers(&mut random, m, |x| (x.abs() * 255.0) as u8);
            let of_columns = integers(&mut random, n, |x| (x * 128.0) as i8);
            for (a_zero, b_zero) in [(&[][..], &[][..]), (&[7], &[-9]), (&zeros[..], &of_columns[..])] {
                let at = |zeros: &[u8], i: usize| i64::from(*zeros.get(i).or(zeros.first()).unwrap_or(&0));
                let at_column =
                    |zeros: &[i8], j: usize| i64::from(*zeros.get(j).or(zeros.first()).unwrap_or(&0));
                let want: Vec<i32> = (0..m * n)
                    .map(|i| {
                        let (i, j) = (i / n, i % n);
                        let term = |l| {
                            (i64::from(a[i * k + l]) - at(a_zero, i))
                                * (i64::from(b[l * n + j]) - at_column(b_zero, j))
                        };
                        (0..k).map(term).sum::<i64>() as i32
                    })
                    .collect();
                let mut out = Guarded::new(m * n, s % 4, -12345);
                let mut scratch = Scratch::with_limit(1 << 20);
                matmul_integer_into_on(isa, &a, &b, [m, k, n], a_zero, b_zero, out.middle(), &mut scratch)
                    .unwrap();
                assert_eq!(out.check(), want, "{isa} {m}x{k}x{n}");
                // The same with all signs the other way round.
                let a: Vec<i8> = a.iter().map(|x| (x ^ 0x80).cast_signed()).collect();
                let b: Vec<u8> = b.iter().map(|x| x.cast_unsigned() ^ 0x80).collect();
                let mut a_zero: Vec<i8> = a_zero.iter().map(|x| (x ^ 0x80).cast_signed()).collect();
                let mut b_zero: Vec<u8> = b_zero.iter().map(|x| x.cast_unsigned() ^ 0x80).collect();
                if a_zero.is_empty() {
                    (a_zero, b_zero) = (vec![-128], vec![128]);
                }
                assert_eq!(matmul_integer(&a, &b, [m, k, n], &a_zero, &b_zero).unwrap(), want, "{m}x{k}x{n}");
            }
        }
    });
}

#[test]
fn the_largest_integers_saturate_nowhere() {
    // With zero points products are up to 255 * 255: 33,025 of them fit into 32 bits, and beyond sums wrap around.
    let sizes = if cfg!(miri) { [6, 7, 8] } else { [33_025, 33_026, Int8Matrix::MOST_STEPS] };
    each_isa("matmul_integer_extremes", |isa| {
        for k in sizes {
            for (x, y, zero) in [(255_u8, -128_i8, 0), (255, 127, -128), (0, -128, 127)] {
                let mut out = [0; 1];
                let (a, b, mut scratch) = (vec![x; k], vec![y; k], Scratch::with_limit(1 << 22));
                matmul_integer_into_on(isa, &a, &b, [1, k, 1], &[], &[zero], &mut out, &mut scratch).unwrap();
                let want = i64::from(x) * (i64::from(y) - i64::from(zero)) * k as i64;
                assert_eq!(out[0], want as i32, "{isa} {k}");
                assert!(k > 33_025 || i64::from(out[0]) == want, "{isa} {k}");
            }
        }
        let k = sizes[2];
        let given = Int8Matrix::from_quantized_on(isa, &vec![-128; k], &[1.0], 1, k).unwrap();
        let got = Int8Gemm::new(&given).run(&vec![255.0; k], 1).unwrap();
        assert_eq!(got, [(-255.0 * 128.0 * k as f64) as f32], "{isa}");
        // The same by weights that are rounded, to themselves: all are the largest.
        for (bits, most) in [(WeightBits::Eight, 127.0), (WeightBits::Seven, 63.0)] {
            let matrix = Int8Matrix::new_on(isa, &vec![-most; k], k, 1, bits).unwrap();
            let got = Int8Gemm::new(&matrix).run(&vec![255.0; k], 1).unwrap();
            assert_eq!(got, [(-255.0 * f64::from(most) * k as f64) as f32], "{isa} {bits:?}");
        }
    });
}

#[test]
fn fused_equals_the_steps_and_a_row_does_not_depend_on_the_others() {
    let [m, k, n] = if cfg!(miri) { [3, 5, 9] } else { [19, 70, 35] };
    let mut random = Random::new(7);
    let (a, b): (Vec<f32>, Vec<f32>) = (random.uniform(m * k), random.uniform(k * n));
    let (bias, residual): (Vec<f32>, Vec<f32>) = (random.uniform(n), random.uniform(m * n));
    each_isa("int8_fused", |isa| {
        for bits in BITS {
            let matrix = Int8Matrix::new_on(isa, &b, k, n, bits).unwrap();
            let product = Int8Gemm::new(&matrix);
            let mut want = product.run(&a, m).unwrap();
            for (row, want) in a.chunks_exact(k).zip(want.chunks_exact(n)) {
                assert_eq!(product.run(row, 1).unwrap(), want, "{isa} {bits:?}");
            }
            want.iter_mut().enumerate().for_each(|(i, x)| *x += bias[i % n]);
            Activation::Gelu.apply_in_place_on(isa, &mut want).unwrap();
            want.iter_mut().zip(&residual).for_each(|(x, residual)| *x += residual);
            let fused = product.bias(&bias).activation(Activation::Gelu).residual(&residual);
            assert_eq!(fused.run(&a, m).unwrap(), want, "{isa} {bits:?}");
        }
    });
}

#[test]
fn rows_can_be_quantised_by_a_calibration() {
    // In the range, beyond it, and far beyond.
    let far = f32::MAX;
    let rows = [[0.0, 1.0, 2.0, 4.0], [-1.0, 0.5, 0.25, 0.0], [8.0, -8.0, 1.0, 1.0], [far, 0.0, -far, 1e12]];
    let mut calibration = Calibration::new().unwrap();
    calibration.observe(rows[..2].as_flattened()).unwrap();
    let params = calibration.affine::<u8>(CalibrationMethod::MinMax).unwrap();
    let codes = quantize_linear(rows.as_flattened(), params.scale, params.zero_point).unwrap();
    let held = dequantize_linear(&codes, params.scale, params.zero_point).unwrap();
    each_isa("int8_calibrated", |isa| {
        for bits in BITS {
            let matrix = Int8Matrix::new_on(isa, &[1.0, -1.0, 1.0, 1.0], 4, 1, bits).unwrap();
            let product = Int8Gemm::new(&matrix).quantized_by(params);
            let got = product.run(rows.as_flattened(), 4).unwrap();
            let want = reference(&held, &matrix.dequantize().unwrap(), 4, 4, 1);
            for (got, want) in got.iter().zip(want) {
                assert!((f64::from(*got) - want).abs() < 1e-5, "{isa} {bits:?}: {got}, not {want}");
            }
            let nan = product.run(&[1.0, f32::NAN, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0], 2).unwrap();
            assert!(nan[0].is_nan() && nan[1].is_finite());
        }
    });
    let matrix = Int8Matrix::new(&[1.0], 1, 1, WeightBits::Eight).unwrap();
    for scale in [0.0, -1.0, f32::NAN, f32::INFINITY] {
        let params = QuantizationParams { scale, zero_point: 0 };
        let error = message(Int8Gemm::new(&matrix).quantized_by(params).run(&[1.0], 1));
        assert_eq!(error, format!("scale: expected a positive number, got {scale}"));
    }
}

#[test]
fn what_is_not_a_number_stays_in_its_row() {
    let k = 37;
    each_isa("int8_nan", |isa| {
        // Scales whose product is infinite, or zero.
        let large = Int8Matrix::new_on(isa, &[0.0, 1e12], 2, 1, WeightBits::Eight).unwrap();
        assert_eq!(Int8Gemm::new(&large).run(&[3e38, 0.0], 1).unwrap(), [0.0], "{isa}");
        let small = Int8Matrix::new_on(isa, &[1e-14; 9], 9, 1, WeightBits::Eight).unwrap();
        let got = Int8Gemm::new(&small).run(&[1e-23; 9], 1).unwrap();
        assert!((got[0] / 9e-37 - 1.0).abs() < 0.01, "{isa}: {got:?}");
        for bits in BITS {
            let matrix = Int8Matrix::new_on(isa, &vec![1.0; k * 3], k, 3, bits).unwrap();
            for wrong in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                for at in [0, k - 1] {
                    let mut a = vec![1.0; 3 * k];
                    a[k + at] = wrong;
                    let got = Int8Gemm::new(&matrix).run(&a, 3).unwrap();
                    assert!(got[3..6].iter().all(|x| x.is_nan()), "{isa} {wrong}");
                    assert!(
                        got[..3].iter().chain(&got[6..]).all(|x| (x - k as f32).abs() < 0.01),
                        "{isa} {wrong}"
                    );
                }
            }
            // The ends of the range, whose difference is infinite; nothing; and what counts as nothing.
            let mut a = [vec![f32::MAX; k], vec![0.0; k], vec![1e-37; k]].concat();
            a[0] = -f32::MAX;
            let got = Int8Gemm::new(&matrix).run(&a, 3).unwrap();
            assert!(got[0] == f32::INFINITY && got[3..] == [0.0; 6], "{isa} {got:?}");
        }
    });
}

#[test]
fn columns_of_zeros_are_zeros_and_other_weights_can_be_taken() {
    let mut matrix = Int8Matrix::new(&[0.0, 1.0, 0.0, -3.0, 1e-40, 2.0], 3, 2, WeightBits::Eight).unwrap();
    let got = Int8Gemm::new(&matrix).run(&[1.0, 2.0, 3.0], 1).unwrap();
    assert!(got[0] == 0.0 && (got[1] - 1.0).abs() < 0.05, "{got:?}");
    matrix.repack_transposed(&[1.0, 1.0, 1.0, 0.0, 0.0, 0.0]).unwrap();
    let got = Int8Gemm::new(&matrix).run(&[1.0, 2.0, 3.0], 1).unwrap();
    assert!((got[0] - 6.0).abs() < 0.05 && got[1] == 0.0, "{got:?}");
    // [n, k], as they are: -128 too.
    let given = Int8Matrix::from_quantized(&[-128, 3, 0, 1, 2, 127], &[0.5, 2.0], 2, 3).unwrap();
    assert_eq!(given.dequantize().unwrap(), [-64.0, 2.0, 1.5, 4.0, 0.0, 254.0]);
    assert_eq!(Int8Gemm::new(&given).run(&[255.0, 0.0, 1.0], 1).unwrap(), [-16320.0, 764.0]);
}

#[track_caller]
fn message<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn wrong_calls_are_errors() {
    let new = |b: &[f32], k, n| message(Int8Matrix::new(b, k, n, WeightBits::Eight));
    assert_eq!(new(&[1.0; 6], 0, 3), "k: expected 1 to 65536, got 0");
    assert_eq!(new(&[1.0; 6], 65_537, 3), "k: expected 1 to 65536, got 65537");
    assert_eq!(new(&[1.0; 6], 2, 0), "n: expected at least 1, got 0");
    assert_eq!(new(&[1.0; 5], 2, 3), "b: expected a length of 6, got 5");
    assert!(new(&[1.0; 5], 2, usize::MAX).starts_with("b: expected sizes that memory can hold"));
    assert_eq!(new(&[1.0, f32::NAN], 2, 1), "b[1]: expected a finite number, got NaN");
    let scales = message(Int8Matrix::from_quantized(&[1; 6], &[1.0], 2, 3));
    assert_eq!(scales, "scales: expected a length of 2, got 1");
    let scales = message(Int8Matrix::from_quantized(&[1; 6], &[1.0, f32::INFINITY], 2, 3));
    assert_eq!(scales, "scales[1]: expected a finite number, got inf");

    let mut matrix = Int8Matrix::new(&[1.0; 6], 2, 3, WeightBits::Eight).unwrap();
    assert_eq!(message(matrix.repack(&[2.0; 5])), "b: expected a length of 6, got 5");
    assert_eq!(message(matrix.repack(&[f32::INFINITY; 6])), "b[0]: expected a finite number, got inf");
    assert_eq!(matrix.dequantize().unwrap(), [1.0; 6]);
    let (mut out, mut scratch, mut none) = ([7.0; 3], Scratch::with_limit(1 << 10), Scratch::with_limit(0));
    let product = Int8Gemm::new(&matrix);
    assert_eq!(
        message(product.run_into(&[1.0; 2], 0, &mut out, &mut scratch)),
        "m: expected at least 1, got 0"
    );
    assert_eq!(message(product.run(&[1.0; 3], 1)), "a: expected a length of 2, got 3");
    assert_eq!(message(product.bias(&[1.0; 2]).run(&[1.0; 2], 1)), "bias: expected a length of 3, got 2");
    let residual = message(product.residual(&[1.0; 4]).run(&[1.0; 2], 1));
    assert_eq!(residual, "residual: expected a length of 3, got 4");
    let short = message(product.run_into(&[1.0; 2], 1, &mut out[..2], &mut scratch));
    assert_eq!(short, "out: expected a length of 3, got 2");
    assert!(message(product.run_into(&[1.0; 2], 1, &mut out, &mut none)).starts_with("scratch: "));
    assert_eq!(out, [7.0; 3]);

    let (mut out, a, b) = ([7; 4], [1_u8; 4], [1_i8; 4]);
    let mut into = |m, k, n, a_zero: &[u8], b_zero: &[i8], limit| {
        let mut scratch = Scratch::with_limit(limit);
        let result = matmul_integer_into(&a, &b, [m, k, n], a_zero, b_zero, &mut out, &mut scratch);
        assert_eq!(out, [7; 4]);
        message(result)
    };
    assert_eq!(into(0, 2, 2, &[], &[], 1 << 10), "m: expected at least 1, got 0");
    assert_eq!(into(3, 2, 2, &[], &[], 1 << 10), "a: expected a length of 6, got 4");
    assert_eq!(into(2, 2, 1, &[], &[], 1 << 10), "b: expected a length of 2, got 4");
    assert_eq!(into(2, 2, 2, &[1; 3], &[], 1 << 10), "a_zero: expected a length of 2, got 3");
    assert_eq!(into(2, 2, 2, &[], &[1; 3], 1 << 10), "b_zero: expected a length of 2, got 3");
    assert!(into(2, 2, 2, &[], &[], 0).starts_with("scratch: "));
}

#[test]
#[cfg(not(miri))]
fn alloc_free_forms_allocate_nothing() {
    let [m, k, n] = [40, 70, 35];
    let mut random = Random::new(7);
    let (a, b): (Vec<f32>, Vec<f32>) = (random.uniform(m * k), random.uniform(k * n));
    let (mut out, mut sums, mut held) = (vec![0.0; m * n], vec![0; m * n], vec![0.0; k * n]);
    let (codes, params) = (vec![3_u8; m * k], QuantizationParams { scale: 0.01, zero_point: 100 });
    each_isa("int8_allocations", |isa| {
        for bits in BITS {
            let mut matrix = Int8Matrix::new_on(isa, &b, k, n, bits).unwrap();
            let mut scratch = Scratch::with_limit(1 << 20);
            let mut run = || {
                Int8Gemm::new(&matrix).run_into(&a, m, &mut out, &mut scratch).unwrap();
                Int8Gemm::new(&matrix).quantized_by(params).run_into(&a, m, &mut out, &mut scratch).unwrap();
                matmul_integer_into_on(
                    isa,
                    &codes,
                    &codes[..k * n],
                    [m, k, n],
                    &[1],
                    &[2],
                    &mut sums,
                    &mut scratch,
                )
                .unwrap();
                matrix.repack(&b).unwrap();
                matrix.dequantize_into(&mut held).unwrap();
            };
            run();
            assert_eq!(allocation_counter::measure(run).count_total, 0, "{isa} {bits:?}");
        }
    });
}
