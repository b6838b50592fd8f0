//! What numpy makes of the published formulas, against the functions themselves.
#![cfg(not(miri))] // reading them alone takes longer than all other tests

use half::{bf16, f16};
use kernels_pool::*;
use kernels_testing::{each_isa, goldens};

/// Pairs of what came and what numpy has, which is exact beside `f32`.
#[track_caller]
fn assert_near(got: &[f32], want: &[f64], roundings: f64, size: f64, isa: Isa) {
    assert_eq!(got.len(), want.len());
    for (i, (&got, &want)) in got.iter().zip(want).enumerate() {
        let bound = roundings * 2.0_f64.powi(-24) * size.max(want.abs());
        assert!((f64::from(got) - want).abs() <= bound, "{isa}, value {i}: {got} for {want}");
    }
}

#[test]
fn poolings_are_the_goldens() {
    for case in goldens::pool().pooling {
        for pooling in Pooling::ALL {
            each_isa("pool_goldens", |isa| {
                let active = case.active();
                let tokens = Tokens::masked(&case.x, &active, case.batch, case.seq, case.hidden).unwrap();
                let pooler = Pooler::new(pooling).on(isa);
                let name = pooling.name();
                // Values are of the size of 1.
                assert_near(&pooler.pool(tokens).unwrap(), &case.pooled[name], 20.0, 1.0, isa);
                let unit = pooler.clone().normalized().pool(tokens).unwrap();
                assert_near(&unit, &case.normalized[name], 20.0, 1.0, isa);
                let cut = pooler.normalized().truncated(case.k).pool(tokens).unwrap();
                assert_near(&cut, &case.truncated[name], 20.0, 1.0, isa);
            });
        }
    }
}

#[test]
fn codes_are_the_goldens() {
    let want = goldens::pool().scalar;
    let ranges = Ranges::from_sample(&want.sample, want.dim).unwrap();
    assert_eq!(ranges, Ranges::new(&want.min, &want.max).unwrap());
    assert_eq!(ranges.min(), want.min);
    each_isa("quantize_goldens", |isa| {
        let (mut bytes, mut codes) = (vec![7; want.x.len()], vec![7; want.x.len()]);
        quantize_uint8_into_on(isa, &want.x, want.dim, &ranges, &mut bytes).unwrap();
        quantize_int8_into_on(isa, &want.x, want.dim, &ranges, &mut codes).unwrap();
        assert_eq!((&bytes, &codes), (&want.uint8, &want.int8), "{isa}");
        let mut back = vec![7.0; want.x.len()];
        dequantize_uint8_into_on(isa, &bytes, want.dim, &ranges, &mut back).unwrap();
        let size = want.dequantized.iter().chain(&[1.0]).fold(0.0, |max: f64, x| max.max(x.abs()));
        assert_near(&back, &want.dequantized, 4.0, size, isa);
        back.fill(7.0);
        dequantize_int8_into_on(isa, &codes, want.dim, &ranges, &mut back).unwrap();
        assert_near(&back, &want.dequantized, 4.0, size, isa);
    });
}

#[test]
fn bits_are_the_goldens() {
    let goldens = goldens::pool();
    for want in goldens.binary {
        assert_eq!(quantize_ubinary(&want.x, want.dim).unwrap(), want.ubinary);
        assert_eq!(quantize_binary(&want.x, want.dim).unwrap(), want.binary);
        let signs: Vec<f32> = want.signs.iter().map(|&sign| sign as f32).collect();
        assert_eq!(dequantize_ubinary(&want.ubinary, want.dim).unwrap(), signs);
        assert_eq!(dequantize_binary(&want.binary, want.dim).unwrap(), signs);
    }
    let want = goldens.bits;
    assert_eq!(quantize_ubinary(&want.query, want.query.len()).unwrap(), want.ubinary_query);
    each_isa("bits_goldens", |isa| {
        let (mut distances, mut dots) = (vec![7; want.hamming.len()], vec![7.0; want.dot.len()]);
        hamming_into_on(isa, &want.ubinary_query, &want.ubinary_rows, &mut distances).unwrap();
        assert_eq!(distances, want.hamming, "{isa}");
        let query = BinaryQuery::new(&want.query).unwrap();
        dot_binary_into_on(isa, &query, &want.ubinary_rows, &mut dots).unwrap();
        let size = want.query.iter().map(|x| f64::from(x.abs())).sum();
        assert_near(&dots, &want.dot, want.query.len() as f64 / 16.0 + 6.0, size, isa);
    });
}

#[test]
fn halves_are_the_goldens() {
    let want = goldens::pool().half;
    let x: Vec<f32> = want.x_bits.iter().map(|&bits| f32::from_bits(bits)).collect();
    each_isa("halves_goldens", |isa| {
        let (mut short, mut brain) = (vec![f16::ONE; x.len()], vec![bf16::ONE; x.len()]);
        quantize_f16_into_on(isa, &x, &mut short).unwrap();
        quantize_bf16_into_on(isa, &x, &mut brain).unwrap();
        for (i, x) in x.iter().enumerate() {
            let is_f16 = short[i].to_bits() == want.f16_bits[i] || x.is_nan() && short[i].is_nan();
            assert!(is_f16, "{isa}: {:#x} for {:#x} of {x:e}", short[i].to_bits(), want.f16_bits[i]);
            let is_bf16 = brain[i].to_bits() == want.bf16_bits[i] || x.is_nan() && brain[i].is_nan();
            assert!(is_bf16, "{isa}: {:#x} for {:#x} of {x:e}", brain[i].to_bits(), want.bf16_bits[i]);
        }
    });
}

#[test]
fn comparisons_are_the_goldens() {
    let goldens = goldens::pool();
    let want = goldens.similarity;
    let dim = want.query.len();
    let roundings = dim as f64 / 8.0 + 16.0;
    each_isa("compare_goldens", |isa| {
        let mut out = vec![7.0; want.dot.len()];
        let largest = want.rows.iter().fold(0.0, |max: f32, x| max.max(x.abs()));
        let size = f64::from(largest) * want.query.iter().map(|x| f64::from(x.abs())).sum::<f64>();
        dot_into_on(isa, &want.query, &want.rows, &mut out).unwrap();
        assert_near(&out, &want.dot, roundings, size, isa);
        cosine_into_on(isa, &want.query, &want.rows, &mut out).unwrap();
        assert_near(&out, &want.cosine, roundings, 1.0, isa);
        l2_squared_into_on(isa, &want.query, &want.rows, &mut out).unwrap();
        assert_near(&out, &want.l2_squared, roundings, 0.0, isa);
        let mut out = vec![7; goldens.int8.dot.len()];
        dot_int8_into_on(isa, &goldens.int8.query, &goldens.int8.rows, &mut out).unwrap();
        assert_eq!(out.iter().map(|&dot| i64::from(dot)).collect::<Vec<_>>(), goldens.int8.dot, "{isa}");
    });
}

#[test]
fn chunks_are_the_goldens() {
    let want = goldens::pool().chunks;
    for (pooling, want_values) in [
        (ChunkPooling::Mean, &want.mean),
        (ChunkPooling::Max, &want.max),
        (ChunkPooling::LengthWeighted, &want.length_weighted),
        (ChunkPooling::CentreWeighted, &want.centre_weighted),
    ] {
        let mut pooler = ChunkPooler::new(pooling, want.dim).unwrap();
        for (chunk, &len) in want.x.chunks(want.dim).zip(&want.lens) {
            pooler.add(chunk, len).unwrap();
        }
        // Rounded once, as the references of `f64` are too.
        assert_near(&pooler.finish().unwrap(), want_values, 1.001, 0.0, Isa::Scalar);
    }
}

#[test]
fn components_are_the_goldens() {
    let want = goldens::pool().pca;
    let got = Projection::pca(&want.sample, want.hidden, want.k).unwrap();
    assert_near(got.weights(), &want.components, 4.0, 1.0, Isa::Scalar);
    let size = want.sample.iter().fold(0.0, |max: f64, &x| max.max(f64::from(x.abs()))) * want.hidden as f64;
    assert_near(got.bias().unwrap(), &want.bias, 4.0, size, Isa::Scalar);
    each_isa("pca_goldens", |isa| {
        let projected = got.clone().on(isa).project(&want.sample[..5 * want.hidden]).unwrap();
        assert_near(&projected, &want.projected, 30.0, size, isa);
    });
}
