//! The references of kernels-pool: what numpy makes of the published formulas, and corners by hand.

use kernels_testing::reference::pool::{
    Ranges, bf16_value, chunk_centre_weighted, chunk_length_weighted, chunk_max, chunk_mean, cls_pool,
    cosine, dequantize_binary, dequantize_int8, dequantize_ubinary, dequantize_uint8, dot, dot_binary,
    dot_int8, f16_value, hamming, l2_normalize, l2_squared, last_token_pool, max_pool, mean_pool,
    mean_sqrt_len_pool, nearest, pack_padded, pack_padded_left, pca, pool, project, quantize_binary,
    quantize_int8, quantize_ubinary, quantize_uint8, ranges, round_to_bf16, round_to_f16, top_k, truncate,
    weighted_mean_pool, windows,
};
use kernels_testing::{Random, goldens};

const NAN: f64 = f64::NAN;

/// The same but for what the order of a sum makes of the last digits, of values up to about `size`.
#[track_caller]
fn assert_near(got: &[f64], want: &[f64], size: f64) {
    let near =
        |(got, want): (&f64, &f64)| (got.is_nan() && want.is_nan()) || (got - want).abs() <= 1e-14 * size;
    assert!(got.len() == want.len() && got.iter().zip(want).all(near), "got {got:?}, expected {want:?}");
}

/// Equal as numbers, with the sign of zeros; or both NaN.
fn same(a: f64, b: f64) -> bool {
    a.is_nan() && b.is_nan() || a == b && a.is_sign_negative() == b.is_sign_negative()
}

#[test]
fn poolings_are_the_goldens() {
    let cases = goldens::pool().pooling;
    assert_eq!(cases.len(), 4);
    for case in cases {
        let active = case.active();
        assert_eq!(case.pooled.len(), 6, "{}", case.name);
        for (name, want) in &case.pooled {
            let got = pool(name, &case.x, &active, case.batch, case.seq, case.hidden);
            assert_near(&got, want, 1.0);
            assert_near(&l2_normalize(&got, case.hidden), &case.normalized[name], 1.0);
            assert_near(&truncate(&got, case.hidden, case.k), &case.truncated[name], 1.0);
        }
    }
}

#[test]
fn codes_are_the_goldens() {
    let want = goldens::pool().scalar;
    let ranges = ranges(&want.sample, want.dim);
    assert_eq!(ranges, Ranges { min: want.min, max: want.max });
    assert_eq!(quantize_uint8(&want.x, want.dim, &ranges), want.uint8);
    assert_eq!(quantize_int8(&want.x, want.dim, &ranges), want.int8);
    assert_near(&dequantize_uint8(&want.uint8, want.dim, &ranges), &want.dequantized, 1000.0);
    assert_near(&dequantize_int8(&want.int8, want.dim, &ranges), &want.dequantized, 1000.0);
}

#[test]
fn bits_are_the_goldens() {
    let goldens = goldens::pool();
    assert_eq!(goldens.binary.iter().map(|case| case.dim).collect::<Vec<_>>(), [1, 8, 13, 16, 27]);
    for want in goldens.binary {
        assert_eq!(quantize_ubinary(&want.x, want.dim), want.ubinary);
        assert_eq!(quantize_binary(&want.x, want.dim), want.binary);
        assert_eq!(dequantize_ubinary(&want.ubinary, want.dim), want.signs);
        assert_eq!(dequantize_binary(&want.binary, want.dim), want.signs);
    }
    let want = goldens.bits;
    assert_eq!(quantize_ubinary(&want.query, want.query.len()), want.ubinary_query);
    assert_eq!(hamming(&want.ubinary_query, &want.ubinary_rows), want.hamming);
    assert_near(&dot_binary(&want.query, &want.ubinary_rows), &want.dot, 10.0);
}

#[test]
fn halves_are_the_goldens() {
    let want = goldens::pool().half;
    assert_eq!((want.f16_bits.len(), want.bf16_bits.len()), (want.x_bits.len(), want.x_bits.len()));
    for (i, &bits) in want.x_bits.iter().enumerate() {
        let x = f32::from_bits(bits);
        let (f16, bf16) = (round_to_f16(x), round_to_bf16(x));
        assert!(same(f16, f16_value(want.f16_bits[i])), "f16 of {x:e}: {f16:e}, {:#x}", want.f16_bits[i]);
        assert!(
            same(bf16, bf16_value(want.bf16_bits[i])),
            "bf16 of {x:e}: {bf16:e}, {:#x}",
            want.bf16_bits[i]
        );
    }
}

#[test]
fn comparisons_are_the_goldens() {
    let goldens = goldens::pool();
    let want = goldens.similarity;
    assert_near(&dot(&want.query, &want.rows), &want.dot, 10.0);
    assert_near(&cosine(&want.query, &want.rows), &want.cosine, 1.0);
    assert_near(&l2_squared(&want.query, &want.rows), &want.l2_squared, 100.0);
    assert_eq!(dot_int8(&goldens.int8.query, &goldens.int8.rows), goldens.int8.dot);
}

#[test]
fn chunks_are_the_goldens() {
    let want = goldens::pool().chunks;
    assert_near(&chunk_mean(&want.x, want.dim), &want.mean, 1.0);
    assert_near(&chunk_max(&want.x, want.dim), &want.max, 0.0);
    assert_near(&chunk_length_weighted(&want.x, &want.lens, want.dim), &want.length_weighted, 1.0);
    assert_near(&chunk_centre_weighted(&want.x, want.dim), &want.centre_weighted, 1.0);
}

#[test]
fn components_are_the_goldens() {
    let want = goldens::pool().pca;
    let got = pca(&want.sample, want.hidden, want.k);
    assert_near(&got.components, &want.components, 10.0);
    assert_near(&got.bias, &want.bias, 10.0);
    assert_near(&got.variances, &want.variances, 1.0);
    let rows = &want.sample[..5 * want.hidden];
    assert_near(&project(rows, &got.components, Some(&got.bias), want.hidden), &want.projected, 10.0);
}

/// Components that are right are so for any sample: orthogonal, of length 1, with no variance in common.
#[test]
fn components_diagonalize_the_covariance() {
    let (n, hidden) = (100, 48);
    let sample = Random::new(1).uniform(n * hidden);
    let got = pca(&sample, hidden, hidden);
    assert!(got.variances.is_sorted_by(|a, b| a >= b));
    let projected = project(&sample, &got.components, Some(&got.bias), hidden);
    for i in 0..hidden {
        for j in 0..hidden {
            let row = |i: usize| &got.components[i * hidden..(i + 1) * hidden];
            let product: f64 = row(i).iter().zip(row(j)).map(|(a, b)| a * b).sum();
            let column = |i: usize| projected.iter().skip(i).step_by(hidden);
            let covariance = column(i).zip(column(j)).map(|(a, b)| a * b).sum::<f64>() / n as f64;
            let one = f64::from(u8::from(i == j));
            assert_near(&[product, covariance], &[one, one * got.variances[i]], 10.0);
        }
        assert!(projected.iter().skip(i).step_by(hidden).sum::<f64>().abs() < 1e-12);
    }
}

#[test]
fn poolings_by_hand() {
    // Two dimensions; of the four tokens the second and the last count.
    let x = [9.0, 9.0, 1.0, -1.0, f32::NAN, f32::INFINITY, 4.0, -7.0];
    let active = [false, true, false, true];
    assert_eq!(cls_pool(&x, &active, 1, 4, 2), [1.0, -1.0]);
    assert_eq!(last_token_pool(&x, &active, 1, 4, 2), [4.0, -7.0]);
    assert_eq!(max_pool(&x, &active, 1, 4, 2), [4.0, -1.0]);
    assert_eq!(mean_pool(&x, &active, 1, 4, 2), [2.5, -4.0]);
    let root = 2.0_f64.sqrt();
    assert_eq!(mean_sqrt_len_pool(&x, &active, 1, 4, 2), [5.0 / root, -8.0 / root]);
    // The weights are 1 and 3.
    assert_eq!(weighted_mean_pool(&x, &active, 1, 4, 2), [3.25, -5.5]);

    let x = [1.0, f32::NAN, 3.0, 4.0];
    for name in ["max", "mean", "mean_sqrt_len_tokens", "weightedmean"] {
        let got = pool(name, &x, &[true; 2], 1, 2, 2);
        assert!(got[0].is_finite() && got[1].is_nan(), "{name}: {got:?}");
    }
}

#[test]
fn codes_by_hand() {
    let ranges = Ranges { min: vec![0.0, -1.0], max: vec![255.0, -1.0] };
    let x = [0.0, -1.0, 0.99, 0.0, 255.0, 300.0, 254.99, f32::NEG_INFINITY, f32::NAN, f32::INFINITY];
    assert_eq!(quantize_uint8(&x, 2, &ranges), [0, 0, 0, 1, 255, 255, 254, 0, 0, 255]);
    assert_eq!(quantize_int8(&x[..6], 2, &ranges), [-128, -128, -128, -127, 127, 127]);
    assert_eq!(dequantize_int8(&[-128, -128, 127, -127], 2, &ranges), [0.5, -0.5, 255.5, 0.5]);

    let x = [1.0, -1.0, 0.0, f32::NAN, f32::MIN_POSITIVE, -0.0, 2.0, f32::INFINITY, 1.0];
    assert_eq!(quantize_ubinary(&x, 9), [0b1000_1011, 0b1000_0000]);
    assert_eq!(quantize_binary(&x, 9), [11, 0]);
    assert_eq!(dequantize_ubinary(&[0b1010_0000], 3), [1.0, -1.0, 1.0]);
}

#[test]
fn halves_by_hand() {
    for (x, want) in [(65519.0, 65504.0), (65520.0, f64::INFINITY), (2049.0, 2048.0), (2051.0, 2052.0)] {
        assert_eq!(round_to_f16(x), want);
    }
    assert!(same(round_to_f16(-1e-8), -0.0));
    assert!(round_to_f16(f32::NAN).is_nan() && round_to_bf16(f32::NAN).is_nan());
    assert_eq!(round_to_bf16(257.0), 256.0);
    assert_eq!(round_to_bf16(f32::MAX), f64::INFINITY);
    // Every bfloat16 is a float with nothing in the lower half, and stays itself.
    for bits in 0..=u16::MAX {
        let x = f32::from_bits(u32::from(bits) << 16);
        assert!(same(bf16_value(bits), x.into()) && same(round_to_bf16(x), x.into()));
        let x = f16_value(bits);
        assert!(same(round_to_f16(x as f32), x));
    }
}

#[test]
fn vectors_by_hand() {
    assert_eq!(l2_normalize(&[3.0_f32, 4.0, 0.0, 0.0], 2), [0.6, 0.8, 0.0, 0.0]);
    assert_eq!(truncate(&[3.0_f32, 4.0, 5.0], 3, 2), [0.6, 0.8]);
    assert_near(&l2_normalize(&[f32::MAX, -f32::MAX], 2), &[0.5_f64.sqrt(), -0.5_f64.sqrt()], 1.0);
    assert_near(&l2_normalize(&[1e-45_f32, f32::NAN, 1e-45, 0.0], 2), &[NAN, NAN, 1.0, 0.0], 1.0);
    assert_eq!(cosine(&[3.0, 4.0], &[0.0, 0.0, 6.0, 8.0, -3.0, -4.0]), [0.0, 1.0, -1.0]);
    assert_eq!(l2_squared(&[1.0, 2.0], &[4.0, -2.0]), [25.0]);
    assert_eq!(dot_int8(&[-128; 131_072], &[-128; 131_072]), [1 << 31]);
    assert_eq!(hamming(&[0b1100, 255], &[0b1010, 0, 0b1100, 255]), [10, 0]);
    assert_eq!(dot_binary(&[1.0, 2.0, 4.0], &[0b0110_0000, 0]), [5.0, -7.0]);
    assert_eq!(top_k(&[1.0, 3.0, 2.0, 3.0], 3), [1, 3, 2]);
    assert_eq!(nearest(&[5, 1, 2, 1], 9), [1, 3, 2, 0]);
    assert_eq!(project(&[1.0, 2.0], &[3.0, 4.0, 5.0, 6.0], Some(&[0.5, -0.5]), 2), [11.5, 16.5]);
}

#[test]
fn documents_by_hand() {
    assert_eq!(windows(0, 4, 1), []);
    assert_eq!(windows(4, 4, 3), vec![0..4; 1]);
    assert_eq!(windows(10, 4, 1), [0..4, 3..7, 6..10]);
    assert_eq!(windows(11, 4, 1), [0..4, 3..7, 6..10, 9..11]);
    assert_eq!(windows(6, 4, 3), [0..4, 1..5, 2..6]);
    let x = [1.0, 3.0, 2.0, 5.0, 0.0, 7.0];
    assert_eq!(chunk_mean(&x, 2), [1.0, 5.0]);
    assert_eq!(chunk_max(&x, 2), [2.0, 7.0]);
    assert_eq!(chunk_length_weighted(&x, &[4, 4, 2], 2), [1.2, 4.6]);
    // The weights are 3, 4 and 3.
    assert_eq!(chunk_centre_weighted(&x, 2), [1.1, 5.0]);

    let (ids, lens) = ([5, 6, 7, 8], [1, 0, 3]);
    assert_eq!(
        pack_padded(&ids, &lens, 9),
        (vec![5, 9, 9, 9, 9, 9, 6, 7, 8], vec![1, 0, 0, 0, 0, 0, 1, 1, 1])
    );
    let left = pack_padded_left(&ids, &lens, 9);
    assert_eq!(left, (vec![9, 9, 5, 9, 9, 9, 6, 7, 8], vec![0, 0, 1, 0, 0, 0, 1, 1, 1]));
}
