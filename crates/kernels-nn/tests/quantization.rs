//! Linear quantisation, on every instruction set, and calibration.

use kernels_nn::*;
use kernels_testing::reference::nn::quantization as reference;
use kernels_testing::{Guarded, Random, each_isa, small};
use std::fmt::Debug;

/// A type of codes, as the reference has them.
trait Code: QuantizedCode + Copy + Debug + Default + PartialEq + Into<i32> + TryFrom<i32, Error: Debug> {
    const RANGE: [i32; 2];
}

macro_rules! codes {
    ($($code:ty)*) => { $(impl Code for $code { const RANGE: [i32; 2] = [<$code>::MIN as i32, <$code>::MAX as i32]; })* };
}
codes!(i8 u8 i16 u16);

/// Zero points at the ends and in the middle.
fn zero_points<T: Code>() -> [T; 4] {
    let [min, max] = T::RANGE;
    [min, max, 0, (max - min) / 3 + min].map(|zero_point| zero_point.try_into().unwrap())
}

/// Values of some codes, of numbers between them, and of numbers beyond.
fn values(len: usize, scale: f32) -> Vec<f32> {
    let special = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN, 0.0, -0.0, 1e-40];
    let mut random = Random::new(len as u64);
    let steps = (0..len).map(|i| match i % 4 {
        0 => (random.below(600) as f32 - 300.0) / 2.0, // as many ties as not
        1 => random.below(150_000) as f32 - 75_000.0,
        2 => (random.below(1 << 20) as f32 - (1 << 19) as f32) / 1000.0,
        _ => special[i / 4 % special.len()] / scale,
    });
    steps.map(|steps| steps * scale).collect()
}

fn codes_are_those_of_the_reference<T: Code>() {
    let lens: Vec<usize> = if small() { vec![1, 7, 40] } else { (1..100).chain([1000, 4099]).collect() };
    let scales: &[f32] = if small() { &[0.1, 1e30] } else { &[1.0, 0.1, 0.037, 3.0, 1e-38, 1e30] };
    for &scale in scales {
        for &len in &lens {
            let x = values(len, scale);
            for zero_point in zero_points::<T>() {
                let params = QuantizationParams { scale, zero_point };
                let want: Vec<i32> = x
                    .iter()
                    .map(|&x| reference::quantize_linear(x, scale, zero_point.into(), T::RANGE))
                    .collect();
                each_isa("quantize_linear", |isa| {
                    let quantizer = LinearQuantizer::per_tensor(&params).unwrap().on(isa);
                    let mut codes = Guarded::new(len, len % 5, T::default());
                    quantizer.quantize_into(&x, codes.middle()).unwrap();
                    let got: Vec<i32> = codes.check().iter().map(|&code| code.into()).collect();
                    assert_eq!(got, want, "{isa} {scale} {zero_point:?}");
                    let mut back = Guarded::new(len, len % 5, 7.0_f32);
                    quantizer.dequantize_into(codes.check(), back.middle()).unwrap();
                    for (back, code) in back.check().iter().zip(&want) {
                        let exact = reference::dequantize_linear(*code, scale, zero_point.into());
                        assert_eq!(*back, exact as f32, "{isa} {scale} {zero_point:?}");
                    }
                });
                assert_eq!(quantize_linear(&x, scale, zero_point).unwrap().len(), len);
            }
        }
    }
}

#[test]
fn codes_of_8_bits_are_those_of_the_reference() {
    codes_are_those_of_the_reference::<i8>();
    codes_are_those_of_the_reference::<u8>();
}

#[test]
fn codes_of_16_bits_are_those_of_the_reference() {
    codes_are_those_of_the_reference::<i16>();
    codes_are_those_of_the_reference::<u16>();
}

#[test]
fn differences_of_large_integers_do_not_overflow() {
    let codes = [i32::MAX, i32::MIN, 0, 16_777_217];
    let back = dequantize_linear(&codes, 0.5, i32::MIN).unwrap();
    assert_eq!(back, [2_147_483_648.0, 0.0, 1_073_741_824.0, 1_082_130_432.0]);
    assert_eq!(dequantize_linear(&codes, 1.0, 0).unwrap()[3], 16_777_216.0);
}

#[test]
fn values_come_back_within_half_a_step() {
    let x: Vec<f32> = Random::new(3).uniform(500);
    let params = QuantizationParams::<u8>::affine(-1.0, 1.0).unwrap();
    let codes = quantize_linear(&x, params.scale, params.zero_point).unwrap();
    let back = dequantize_linear(&codes, params.scale, params.zero_point).unwrap();
    for (x, back) in x.iter().zip(back) {
        assert!((x - back).abs() <= params.scale * 0.5001, "{x} {back}");
    }
}

#[test]
fn each_value_has_the_scale_of_its_place() {
    let mut random = Random::new(4);
    let shapes: &[[usize; 3]] = if small() {
        &[[2, 3, 1], [2, 5, 3]]
    } else {
        &[[1, 1, 1], [2, 3, 1], [3, 70, 1], [1, 4, 9], [2, 5, 3], [3, 7, 40], [5, 64, 1]]
    };
    for &[outer, axis, inner] in shapes {
        let shape = AxisShape { outer, axis, inner };
        let x: Vec<f32> = random.uniform(outer * axis * inner).iter().map(|x| x * 40.0).collect();
        // 0: a scale for each place.
        for block in 0..axis + 2 {
            let count = if block == 0 { axis } else { outer * axis.div_ceil(block) * inner };
            let scales: Vec<f32> = random.uniform(count).iter().map(|x| x.abs() + 0.1).collect();
            let zero_points: Vec<i8> = (0..count).map(|_| random.below(256) as u8 as i8).collect();
            let index = |i: usize| {
                let (row, place, column) = (i / inner / axis, i / inner % axis, i % inner);
                if block == 0 { place } else { (row * axis.div_ceil(block) + place / block) * inner + column }
            };
            for with_zero_points in [true, false] {
                let quantizer = if block == 0 {
                    LinearQuantizer::per_axis(shape, &scales)
                } else {
                    LinearQuantizer::blocked(shape, block, &scales)
                };
                let mut quantizer = quantizer.unwrap();
                if with_zero_points {
                    quantizer = quantizer.zero_points(&zero_points).unwrap();
                }
                let zero_point = |i: usize| if with_zero_points { zero_points[index(i)].into() } else { 0 };
                each_isa("quantize_linear_axis", |isa| {
                    let quantizer = quantizer.on(isa);
                    let mut codes = Guarded::new(x.len(), 3, 77);
                    quantizer.quantize_into(&x, codes.middle()).unwrap();
                    let codes = codes.check();
                    assert_eq!(quantizer.quantize(&x).unwrap(), codes);
                    let back = quantizer.dequantize(codes).unwrap();
                    for (i, x) in x.iter().enumerate() {
                        let scale = scales[index(i)];
                        let want = reference::quantize_linear(*x, scale, zero_point(i), i8::RANGE);
                        assert_eq!(i32::from(codes[i]), want, "{isa} {shape:?} {block} at {i}");
                        let want = reference::dequantize_linear(want, scale, zero_point(i));
                        assert_eq!(back[i], want as f32, "{isa} {shape:?} {block} at {i}");
                    }
                });
            }
        }
    }
}

#[test]
fn the_range_of_values_makes_their_codes() {
    let lens: Vec<usize> = if small() { vec![1, 9, 50] } else { (1..70).chain([2047, 2049, 5000]).collect() };
    for len in lens {
        let mut x = Random::new(len as u64).uniform(len);
        x[len / 2] = 2.0;
        x[len - 1] = -1.5;
        // Widened to include 0.
        let (min, max) = x.iter().fold((0.0_f32, 0.0_f32), |(min, max), &x| (min.min(x), max.max(x)));
        let params = QuantizationParams::<u8>::affine(min, max).unwrap();
        assert_eq!(params.scale, (max - min) / 255.0);
        assert_eq!(params.zero_point, (-min / params.scale).round_ties_even() as u8);
        let want = quantize_linear(&x, params.scale, params.zero_point).unwrap();
        each_isa("dynamic_quantize_linear", |isa| {
            let mut codes = Guarded::new(len, 1, 77);
            assert_eq!(dynamic_quantize_linear_into_on(isa, &x, codes.middle()).unwrap(), params);
            assert_eq!(codes.check(), want);
        });
        assert_eq!(dynamic_quantize_linear(&x).unwrap(), (want, params));
    }
}

#[test]
fn ranges_at_the_ends_of_f32_have_usable_scales() {
    let affine = |x: &[f32]| dynamic_quantize_linear(x).unwrap();
    let (codes, params) = affine(&[0.0, -0.0]);
    assert_eq!((codes, params), (vec![0, 0], QuantizationParams { scale: 1.0 / 255.0, zero_point: 0 }));
    let (codes, params) = affine(&[f32::MAX, f32::MIN, 0.0]);
    assert!(params.scale.is_finite());
    assert_eq!((codes, params.zero_point), (vec![255, 0, 128], 128));
    let (codes, params) = affine(&[f32::from_bits(3), 0.0]);
    assert_eq!((codes, params), (vec![3, 0], QuantizationParams { scale: f32::from_bits(1), zero_point: 0 }));
    assert_eq!(affine(&[3.0, 5.1]).1.zero_point, 0);
    assert_eq!(affine(&[-3.0, -5.1]).1.zero_point, 255);
    let symmetric = |largest| QuantizationParams::<u8>::symmetric(largest).unwrap();
    assert_eq!(symmetric(0.0), QuantizationParams { scale: 1.0 / 127.0, zero_point: 128 });
    assert_eq!(symmetric(1e-45).scale, f32::from_bits(1));
    let symmetric = QuantizationParams::<i16>::symmetric(32_767.0).unwrap();
    assert_eq!(symmetric, QuantizationParams { scale: 1.0, zero_point: 0 });
}

#[test]
fn bad_arguments_are_named_and_nothing_is_written() {
    fn message<T: Debug>(result: Result<T, Error>) -> String {
        result.unwrap_err().to_string()
    }
    let mut out = [7_u8; 4];
    let mut check = |x: &[f32], scale, len: usize, want: &str| {
        assert_eq!(message(quantize_linear_into(x, scale, 3, &mut out[..len])), want);
        assert_eq!(out, [7; 4]);
    };
    check(&[], 1.0, 0, "x: expected at least 1, got 0");
    check(&[1.0; 3], 1.0, 4, "out: expected a length of 3, got 4");
    check(&[1.0; 4], 0.0, 4, "scale: expected a positive number, got 0");
    check(&[1.0; 4], -1.0, 4, "scale: expected a positive number, got -1");
    check(&[1.0; 4], f32::NAN, 4, "scale: expected a positive number, got NaN");
    assert_eq!(message(dequantize_linear::<i8>(&[], 1.0, 0)), "codes: expected at least 1, got 0");
    let mut check = |x: &[f32], len: usize, want: &str| {
        assert_eq!(message(dynamic_quantize_linear_into(x, &mut out[..len])), want);
        assert_eq!(out, [7; 4]);
    };
    check(&[], 0, "x: expected at least 1, got 0");
    check(&[1.0; 4], 3, "out: expected a length of 4, got 3");
    check(&[1.0, f32::NAN, f32::NAN, 1.0], 4, "x[1]: expected a finite number, got NaN");
    check(&[1.0, 1.0, f32::INFINITY, f32::NAN], 4, "x[2]: expected a finite number, got inf");

    let shape = AxisShape { outer: 2, axis: 3, inner: 2 };
    let per_axis = |shape, scales| message(LinearQuantizer::<i8>::per_axis(shape, scales));
    let blocked = |block, scales| message(LinearQuantizer::<i8>::blocked(shape, block, scales));
    assert_eq!(per_axis(AxisShape { inner: 0, ..shape }, &[1.0; 3]), "inner: expected at least 1, got 0");
    assert_eq!(per_axis(shape, &[1.0; 2]), "scales: expected a length of 3, got 2");
    let infinite = [1.0, 1.0, f32::INFINITY];
    assert_eq!(per_axis(shape, &infinite), "scales[2]: expected a positive number, got inf");
    assert_eq!(blocked(0, &[1.0; 3]), "block: expected at least 1, got 0");
    assert_eq!(blocked(2, &[1.0; 6]), "scales: expected a length of 8, got 6");
    let quantizer = LinearQuantizer::<i8>::per_axis(shape, &[1.0; 3]).unwrap();
    assert_eq!(message(quantizer.zero_points(&[1; 2])), "zero_points: expected a length of 3, got 2");
    assert_eq!(message(quantizer.quantize(&[1.0; 11])), "x: expected a length of 12, got 11");
    assert_eq!(message(quantizer.dequantize(&[1; 13])), "codes: expected a length of 12, got 13");
    let huge = AxisShape { outer: usize::MAX, axis: 1, inner: 2 };
    let overflow = "expected sizes that memory can hold, got a product or sum beyond it";
    let quantizer = LinearQuantizer::<i8>::per_axis(huge, &[1.0]).unwrap();
    assert_eq!(message(quantizer.quantize(&[1.0])), format!("x: {overflow}"));
    let blocked = LinearQuantizer::<i8>::blocked(huge, 1, &[1.0]);
    assert_eq!(message(blocked), format!("scales: {overflow}"));

    let affine = |min, max| message(QuantizationParams::<u8>::affine(min, max));
    assert_eq!(affine(f32::NAN, 1.0), "min: expected a finite number, got NaN");
    assert_eq!(affine(0.0, f32::INFINITY), "max: expected a finite number, got inf");
    assert_eq!(affine(1.0, 0.5), "max: expected a number that is not less than min, got 0.5");
    let symmetric = |largest| message(QuantizationParams::<u8>::symmetric(largest));
    assert_eq!(symmetric(-1.0), "largest: expected a finite number, at least 0, got -1");
}

#[test]
#[cfg(not(miri))]
fn alloc_free_forms_allocate_nothing() {
    use allocation_counter::measure;
    let (x, scales) = (Random::new(5).uniform(4096), [0.1; 64]);
    let (mut codes, mut back) = (vec![0_u8; 4096], vec![0.0; 4096]);
    let mut calibration = Calibration::new().unwrap();
    let other = calibration.clone();
    let counted = measure(|| {
        quantize_linear_into(&x, 0.1, 3, &mut codes).unwrap();
        dequantize_linear_into(&codes, 0.1, 3, &mut back).unwrap();
        dynamic_quantize_linear_into(&x, &mut codes).unwrap();
        let shape = AxisShape { outer: 64, axis: 64, inner: 1 };
        LinearQuantizer::per_axis(shape, &scales).unwrap().quantize_into(&x, &mut codes).unwrap();
        calibration.observe(&x).unwrap();
        calibration.merge(&other);
    });
    assert_eq!(counted.count_total, 0);
    assert_eq!(measure(|| drop(quantize_linear(&[1.0], 1.0, 0_u8))).count_total, 1);
}
