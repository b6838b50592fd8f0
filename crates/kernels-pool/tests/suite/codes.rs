//! Codes of a byte: bit by bit what the formula says, on every set.

use kernels_pool::{
    Isa, Ranges, dequantize_int8, dequantize_int8_into_on, dequantize_uint8, dequantize_uint8_into,
    dequantize_uint8_into_on, quantize_int8, quantize_int8_into, quantize_int8_into_on, quantize_uint8,
    quantize_uint8_into_on,
};
use kernels_testing::{Guarded, Random, each_isa, reference, small};

/// The ends of dimensions of which the crate takes all.
struct Ends {
    ours: Ranges,
    reference: reference::pool::Ranges,
}

impl Ends {
    fn new(ends: &[(f32, f32)]) -> Self {
        let (min, max): (Vec<f32>, Vec<f32>) = ends.iter().copied().unzip();
        let ours = Ranges::new(&min, &max).unwrap();
        Self { ours, reference: reference::pool::Ranges { min, max } }
    }

    /// Both kinds of codes on all sets.
    #[track_caller]
    fn check(&self, x: &[f32]) {
        let dim = self.ours.dim();
        let bytes = reference::pool::quantize_uint8(x, dim, &self.reference);
        let codes = reference::pool::quantize_int8(x, dim, &self.reference);
        each_isa("quantize_bytes", |isa| {
            let mut out = Guarded::new(x.len(), x.len() % 8, 77_u8);
            let mut guarded = Guarded::copy(x, x.len() % 7, 7.0);
            quantize_uint8_into_on(isa, guarded.middle(), dim, &self.ours, out.middle()).unwrap();
            if let Some(i) = out.check().iter().zip(&bytes).position(|(got, want)| got != want) {
                let (got, want, range) =
                    (out.check()[i], bytes[i], (self.ours.min()[i % dim], self.ours.step()[i % dim]));
                panic!("{isa}: {got} for {want}, of {:e} (value {i}), with min and step {range:?}", x[i]);
            }
            let mut out = Guarded::new(x.len(), x.len() % 5, 77_i8);
            quantize_int8_into_on(isa, guarded.middle(), dim, &self.ours, out.middle()).unwrap();
            assert_eq!(out.check(), codes, "{isa}");
        });
    }

    /// Rows of values where codes change: of as many codes as asked for.
    fn grid(&self, codes: impl Iterator<Item = u16>) -> Vec<f32> {
        let mut rows = Vec::new();
        for code in codes {
            let at = |(min, step): (&f32, &f32)| f32::from(code) * step + min;
            let on: Vec<f32> = self.ours.min().iter().zip(self.ours.step()).map(at).collect();
            rows.extend(&on);
            rows.extend(on.iter().map(|x| x.next_up()));
            rows.extend(on.iter().map(|x| x.next_down()));
            rows.extend(on.iter().map(|x| x.next_up().next_up()));
            rows.extend(on.iter().map(|x| x.next_down().next_down()));
            rows.extend(on.iter().zip(self.ours.step()).map(|(x, step)| x + 0.4 * step));
        }
        rows
    }

    /// Values outside, far outside, and no values.
    fn outside(&self) -> Vec<f32> {
        let mut rows = Vec::new();
        let special = [
            f32::NAN,
            -f32::NAN,
            f32::INFINITY,
            f32::NEG_INFINITY,
            f32::MAX,
            f32::MIN,
            0.0,
            -0.0,
            1e-45,
            -1e-45,
        ];
        for x in special {
            rows.extend(vec![x; self.ours.dim()]);
        }
        let ends = self.reference.min.iter().zip(&self.reference.max);
        for by in [-300.0, -1.0, -1e-6, 1.0, 1.000_001, 1.004, 1.1, 2.0, 9e9_f32] {
            rows.extend(ends.clone().map(|(min, max)| min + by * (max - min)));
        }
        rows
    }
}

fn codes() -> impl Iterator<Item = u16> {
    (0..=257).step_by(if cfg!(miri) {
        256
    } else if small() {
        64
    } else {
        1
    })
}

/// `2^exponent`.
fn power(exponent: i32) -> f32 {
    2.0_f64.powi(exponent) as f32
}

/// Random ranges of widths of about `2^exponent`, round numbers of about the same size or zero.
fn random_ranges(random: &mut Random, n: usize, exponents: std::ops::Range<i32>) -> Ends {
    let mut ends = Vec::new();
    while ends.len() < n {
        let exponent = exponents.start + random.below(exponents.len()) as i32;
        let [width, at] = [0, 1].map(|_| random.uniform(1)[0]);
        let width = (1.0 + width.abs()) * power(exponent);
        // Up to so far from zero that a step is less than what is between two numbers there.
        let min = match random.below(4) {
            0 => 0.0,
            1 => at * power(exponent),
            2 => at * power((exponent + 8).min(126)),
            _ => at * power((exponent + 14 + random.below(10) as i32).min(126)),
        };
        let max = min + width;
        if Ranges::new(&[min], &[max]).is_ok() {
            ends.push((min, max));
        }
    }
    Ends::new(&ends)
}

#[test]
fn codes_on_the_grid_and_beside_it_are_exact() {
    let mut random = Random::new(1);
    // Ordinary ones; and apart from them, since one small step among others may change how all are computed: those
    // round the smallest that an inverse can be had of, and smaller ones.
    let exponents =
        [-8..8, -149..-70, -60..60, -80..126, 120..127, -84..-78, -117..-100, -149..127, -149..-140];
    for exponents in exponents.into_iter().take(if cfg!(miri) { 2 } else { 9 }) {
        for dim in if cfg!(miri) {
            vec![9]
        } else if small() {
            vec![33]
        } else {
            vec![1, 31, 32, 33, 100]
        } {
            let ends = random_ranges(&mut random, dim, exponents.clone());
            ends.check(&ends.grid(codes().take(if cfg!(miri) { 1 } else { 258 })));
            if !cfg!(miri) {
                ends.check(&ends.outside());
            }
        }
    }
}

/// Where a quotient of an inverse would be off first: many steps, just below each of their multiples.
#[test]
#[cfg_attr(miri, ignore = "many values")]
fn codes_just_below_a_multiple_are_exact() {
    let mut random = Random::new(2);
    let dim = if small() { 64 } else { 4096 };
    let mut ends: Vec<(f32, f32)> = (0..dim).map(|_| (0.0, 1.0 + random.uniform(1)[0].abs())).collect();
    // Widths whose inverses are rounded by as much as can be, too: next to powers of two.
    for (i, end) in ends.iter_mut().take(32).enumerate() {
        end.1 = 255.0 * f32::from_bits(1.0_f32.to_bits() - 16 + i as u32);
    }
    let ends = Ends::new(&ends);
    for code in codes().skip(1) {
        ends.check(&ends.grid(code..=code));
    }
}

#[test]
fn codes_of_every_dimension_are_exact() {
    let mut random = Random::new(3);
    for dim in if cfg!(miri) {
        vec![33]
    } else if small() {
        vec![1, 17, 33, 67]
    } else {
        (1..=140).collect()
    } {
        let ends = random_ranges(&mut random, dim, -10..10);
        let rows: Vec<f32> = random.uniform(3 * dim).iter().map(|x| 600.0 * x).collect();
        ends.check(&rows);
        if !cfg!(miri) {
            ends.check(&ends.grid([0, 1, 127, 255, 256].into_iter()));
        }
    }
}

#[test]
fn constant_dimensions_have_steps_of_one() {
    let ends = [
        (0.0, 0.0),
        (3.25, 3.25),
        (-1e30, -1e30),
        (f32::MAX, f32::MAX),
        (1e-45, 1e-45),
        (-0.0, 0.0),
        (0.0, 1e-44),
    ];
    let ends = Ends::new(&ends);
    assert_eq!(ends.ours.step(), [1.0; 7]);
    ends.check(&ends.grid(codes()));
    if !cfg!(miri) {
        ends.check(&ends.outside());
    }
    let (min, step) = (ends.ours.min(), ends.ours.step());
    assert_eq!(
        dequantize_uint8(&[0; 7], 7, &ends.ours).unwrap(),
        [0, 1, 2, 3, 4, 5, 6].map(|i| min[i] + 0.5 * step[i])
    );
}

/// The middle of each step, as far as `f32` holds it.
#[test]
fn codes_stand_for_the_middles_of_their_steps() {
    let mut random = Random::new(4);
    let exponents = [-10..10, -100..100, -149..-120, 100..127];
    for exponents in exponents.into_iter().take(if cfg!(miri) { 1 } else { 4 }) {
        let dim = if cfg!(miri) { 3 } else { 37 };
        let ends = random_ranges(&mut random, dim, exponents);
        let bytes: Vec<u8> =
            (0..=255).step_by(if small() { 51 } else { 1 }).flat_map(|c| vec![c; dim]).collect();
        let signed: Vec<i8> = bytes.iter().map(|byte| (i16::from(*byte) - 128) as i8).collect();
        let want = reference::pool::dequantize_uint8(&bytes, dim, &ends.reference);
        each_isa("dequantize_bytes", |isa| {
            let [mut out, mut other] = [Guarded::new(want.len(), 3, 7.0), Guarded::new(want.len(), 5, 7.0)];
            dequantize_uint8_into_on(isa, &bytes, dim, &ends.ours, out.middle()).unwrap();
            dequantize_int8_into_on(isa, &signed, dim, &ends.ours, other.middle()).unwrap();
            assert_eq!(out.check(), other.check(), "{isa}");
            for (i, (got, want)) in out.check().iter().zip(&want).enumerate() {
                // Two roundings, of the product and of the sum.
                let size = f64::from(ends.ours.min()[i % dim].abs()) + want.abs();
                let bound = 2.0_f64.powi(-23) * size + 2.0_f64.powi(-149);
                assert!((f64::from(*got) - want).abs() <= bound, "{isa}: {got} for {want}");
            }
        });
    }
}

#[test]
fn all_forms_agree() {
    let mut random = Random::new(5);
    let ends = random_ranges(&mut random, 11, -1..2);
    let (x, isa) = (random.uniform(33), Isa::active().unwrap());
    let (mut bytes, mut signed, mut back) = ([7; 33], [7; 33], [7.0; 33]);
    quantize_uint8_into_on(isa, &x, 11, &ends.ours, &mut bytes).unwrap();
    quantize_int8_into(&x, 11, &ends.ours, &mut signed).unwrap();
    assert_eq!(quantize_uint8(&x, 11, &ends.ours).unwrap(), bytes);
    assert_eq!(quantize_int8(&x, 11, &ends.ours).unwrap(), signed);
    dequantize_uint8_into(&bytes, 11, &ends.ours, &mut back).unwrap();
    assert_eq!(dequantize_uint8(&bytes, 11, &ends.ours).unwrap(), back);
    assert_eq!(dequantize_int8(&signed, 11, &ends.ours).unwrap(), back);
}
