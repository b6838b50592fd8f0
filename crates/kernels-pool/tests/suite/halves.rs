//! Codes of a bit, and halves: on every set, bit by bit.

use half::{bf16, f16};
use kernels_pool::*;
use kernels_testing::{Guarded, Random, each_isa, reference, small};

fn dims() -> Vec<usize> {
    if cfg!(miri) {
        vec![1, 13, 33]
    } else if small() {
        vec![1, 8, 17, 33, 65]
    } else {
        (1..=130).chain([255, 256, 1027]).collect()
    }
}

/// Values of all kinds.
fn values(random: &mut Random, n: usize) -> Vec<f32> {
    let special =
        [0.0, -0.0, f32::NAN, -f32::NAN, 1e-45, -1e-45, f32::INFINITY, f32::NEG_INFINITY, 1.0, -1.0];
    let mut value = |_| match random.below(3) {
        0 => special[random.below(special.len())],
        1 => f32::from_bits(random.bits() as u32),
        _ => random.uniform(1)[0],
    };
    (0..n).map(&mut value).collect()
}

#[test]
fn bits_are_those_of_the_formula() {
    let mut random = Random::new(1);
    for dim in dims() {
        let x = values(&mut random, 3 * dim);
        let (bytes, signed) =
            (reference::pool::quantize_ubinary(&x, dim), reference::pool::quantize_binary(&x, dim));
        let signs: Vec<f32> =
            reference::pool::dequantize_ubinary(&bytes, dim).iter().map(|&sign| sign as f32).collect();
        each_isa("quantize_bits", |isa| {
            let mut guarded = Guarded::copy(&x, dim % 8, 7.0);
            let (mut out, mut out_signed) =
                (Guarded::new(bytes.len(), 3, 77_u8), Guarded::new(bytes.len(), 5, 77_i8));
            quantize_ubinary_into_on(isa, guarded.middle(), dim, out.middle()).unwrap();
            quantize_binary_into_on(isa, guarded.middle(), dim, out_signed.middle()).unwrap();
            assert_eq!((out.check(), out_signed.check()), (&bytes[..], &signed[..]), "{isa}, {dim}");
            let [mut back, mut other] = [Guarded::new(3 * dim, 3, 7.0), Guarded::new(3 * dim, 1, 7.0)];
            dequantize_ubinary_into_on(isa, &bytes, dim, back.middle()).unwrap();
            dequantize_binary_into_on(isa, &signed, dim, other.middle()).unwrap();
            assert_eq!((back.check(), other.check()), (&signs[..], &signs[..]), "{isa}, {dim}");
        });
        assert_eq!(quantize_ubinary(&x, dim).unwrap(), bytes);
        assert_eq!(quantize_binary(&x, dim).unwrap(), signed);
        assert_eq!(dequantize_ubinary(&bytes, dim).unwrap(), signs);
        assert_eq!(dequantize_binary(&signed, dim).unwrap(), signs);
        // Bits that no value has are not looked at.
        let noise: Vec<u8> = bytes
            .iter()
            .enumerate()
            .map(|(i, byte)| {
                let is_last = (i + 1) % dim.div_ceil(8) == 0;
                if is_last && dim % 8 != 0 { byte | (0xFF >> (dim % 8)) } else { *byte }
            })
            .collect();
        assert_eq!(dequantize_ubinary(&noise, dim).unwrap(), signs);
    }
}

/// The same number; any NaN for a NaN.
fn same(got: f64, want: f64) -> bool {
    got == want && got.is_sign_negative() == want.is_sign_negative() || got.is_nan() && want.is_nan()
}

#[track_caller]
fn check_halves(x: &[f32]) {
    each_isa("quantize_halves", |isa| {
        let (mut short, mut brain) =
            (Guarded::new(x.len(), 3, f16::ONE), Guarded::new(x.len(), 5, bf16::ONE));
        let mut guarded = Guarded::copy(x, 1, 7.0);
        quantize_f16_into_on(isa, guarded.middle(), short.middle()).unwrap();
        quantize_bf16_into_on(isa, guarded.middle(), brain.middle()).unwrap();
        for ((x, short), brain) in x.iter().zip(short.check()).zip(brain.check()) {
            let value = reference::pool::f16_value(short.to_bits());
            assert!(same(value, reference::pool::round_to_f16(*x)), "{isa}: {x:e} became {value:e} in f16");
            let value = reference::pool::bf16_value(brain.to_bits());
            assert!(same(value, reference::pool::round_to_bf16(*x)), "{isa}: {x:e} became {value:e} in bf16");
        }
    });
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no instruction to make halves with")]
fn halves_are_the_nearest() {
    let mut random = Random::new(2);
    for n in dims() {
        check_halves(&values(&mut random, n));
    }
    // On halves, in the middle of two, and next to it.
    let step = if cfg!(miri) {
        4001
    } else if small() {
        501
    } else {
        1
    };
    let mut x = Vec::new();
    for bits in (0..=u16::MAX).step_by(step) {
        for [value, next] in [
            [bits, bits.wrapping_add(1)].map(|bits| f16::from_bits(bits).to_f32_const()),
            [bits, bits.wrapping_add(1)].map(|bits| bf16::from_bits(bits).to_f32_const()),
        ] {
            let middle = ((f64::from(value) + f64::from(next)) / 2.0) as f32;
            x.extend([value, value.next_up(), middle, middle.next_up(), middle.next_down()]);
        }
    }
    for exponent in [15, -14, -24, -25, 127, -126, -133, -134, -149] {
        let at = 2.0_f64.powi(exponent) as f32;
        x.extend([at, at.next_up(), at.next_down(), -at, 65_504.0, 65_519.996, 65_520.0, f32::MAX, f32::MIN]);
    }
    check_halves(&x);
}

#[test]
fn every_half_is_itself_again() {
    let all: Vec<u16> = (0..=u16::MAX)
        .step_by(if cfg!(miri) {
            1001
        } else if small() {
            97
        } else {
            1
        })
        .collect();
    let short: Vec<f16> = all.iter().map(|&bits| f16::from_bits(bits)).collect();
    let brain: Vec<bf16> = all.iter().map(|&bits| bf16::from_bits(bits)).collect();
    each_isa("dequantize_halves", |isa| {
        let mut out = Guarded::new(all.len(), 3, 7.0);
        dequantize_f16_into_on(isa, Guarded::copy(&short, 1, f16::ONE).middle(), out.middle()).unwrap();
        for (bits, got) in all.iter().zip(out.check()) {
            assert!(same(f64::from(*got), reference::pool::f16_value(*bits)), "{isa}: {bits:#x} is no {got}");
        }
        dequantize_bf16_into_on(isa, Guarded::copy(&brain, 3, bf16::ONE).middle(), out.middle()).unwrap();
        for (bits, got) in all.iter().zip(out.check()) {
            assert!(
                same(f64::from(*got), reference::pool::bf16_value(*bits)),
                "{isa}: {bits:#x} is no {got}"
            );
        }
    });
    if cfg!(miri) {
        return; // it has no instruction to make halves with
    }
    for n in 1..20.min(all.len()) {
        let back = dequantize_f16(&short[..n]).unwrap();
        assert_eq!(quantize_f16(&back).unwrap(), short[..n]);
        let back = dequantize_bf16(&brain[..n]).unwrap();
        assert_eq!(quantize_bf16(&back).unwrap(), brain[..n]);
    }
}
