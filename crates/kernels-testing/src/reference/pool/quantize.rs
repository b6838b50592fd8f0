//! Smaller numbers, and back.

/// The range of each dimension.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranges {
    /// The smallest value of each dimension.
    pub min: Vec<f32>,
    /// The largest value of each dimension.
    pub max: Vec<f32>,
}

impl Ranges {
    /// How much a code stands for. A dimension that is constant has a step too.
    fn step(&self, dim: usize) -> f32 {
        let step = (self.max[dim] - self.min[dim]) / 255.0;
        if step == 0.0 { 1.0 } else { step }
    }
}

/// The ranges of a sample. It has no NaN.
#[must_use]
pub fn ranges(sample: &[f32], dim: usize) -> Ranges {
    let column = |i: usize| sample.iter().skip(i).step_by(dim).copied();
    Ranges {
        min: (0..dim).map(|i| column(i).fold(f32::INFINITY, f32::min)).collect(),
        max: (0..dim).map(|i| column(i).fold(f32::NEG_INFINITY, f32::max)).collect(),
    }
}

/// Codes from 0 to 255, of `f32` by division: `floor((x - min) / step)`. NaN has the lowest.
#[must_use]
pub fn quantize_uint8(x: &[f32], dim: usize, ranges: &Ranges) -> Vec<u8> {
    let code = |(i, x): (usize, &f32)| {
        let steps = (x - ranges.min[i % dim]) / ranges.step(i % dim);
        if steps.is_nan() { 0 } else { steps.floor().clamp(0.0, 255.0) as u8 }
    };
    x.iter().enumerate().map(code).collect()
}

/// Codes from -128 to 127: those of [`quantize_uint8`] less 128.
#[must_use]
pub fn quantize_int8(x: &[f32], dim: usize, ranges: &Ranges) -> Vec<i8> {
    quantize_uint8(x, dim, ranges).into_iter().map(less_128).collect()
}

/// The middle of a code's step: `min + (code + 1/2) step`, with the step in `f32`, as the codes have it.
#[must_use]
pub fn dequantize_uint8(codes: &[u8], dim: usize, ranges: &Ranges) -> Vec<f64> {
    let value = |(i, &code): (usize, &u8)| {
        f64::from(ranges.min[i % dim]) + (f64::from(code) + 0.5) * f64::from(ranges.step(i % dim))
    };
    codes.iter().enumerate().map(value).collect()
}

/// As [`dequantize_uint8`].
#[must_use]
pub fn dequantize_int8(codes: &[i8], dim: usize, ranges: &Ranges) -> Vec<f64> {
    let codes: Vec<u8> = codes.iter().map(|&code| (i16::from(code) + 128) as u8).collect();
    dequantize_uint8(&codes, dim, ranges)
}

/// A bit for each value, set where it is above 0: most significant first, each row from a byte on.
#[must_use]
pub fn quantize_ubinary(x: &[f32], dim: usize) -> Vec<u8> {
    let byte = |x: &[f32]| (0..8).filter(|&i| i < x.len() && x[i] > 0.0).map(|i| 128 >> i).sum();
    x.chunks_exact(dim).flat_map(|row| row.chunks(8)).map(byte).collect()
}

/// The bytes of [`quantize_ubinary`] less 128.
#[must_use]
pub fn quantize_binary(x: &[f32], dim: usize) -> Vec<i8> {
    quantize_ubinary(x, dim).into_iter().map(less_128).collect()
}

/// 1 for each bit that is set, -1 for each that is not.
#[must_use]
pub fn dequantize_ubinary(codes: &[u8], dim: usize) -> Vec<f64> {
    let mut signs = Vec::new();
    for row in codes.chunks_exact(dim.div_ceil(8)) {
        let set = |i: usize| row[i / 8] & (128 >> (i % 8)) != 0;
        signs.extend((0..dim).map(|i| if set(i) { 1.0 } else { -1.0 }));
    }
    signs
}

/// As [`dequantize_ubinary`].
#[must_use]
pub fn dequantize_binary(codes: &[i8], dim: usize) -> Vec<f64> {
    let bytes: Vec<u8> = codes.iter().map(|&code| (i16::from(code) + 128) as u8).collect();
    dequantize_ubinary(&bytes, dim)
}

fn less_128(code: u8) -> i8 {
    (i16::from(code) - 128) as i8
}

/// A binary format of IEEE 754, or one made after it.
struct Format {
    /// How many bits a significand has, with the leading 1 that is not stored.
    bits: i32,
    /// The exponent of the least normal numbers; that of 1 is 0.
    least_exponent: i32,
}

const F16: Format = Format { bits: 11, least_exponent: -14 };
const BF16: Format = Format { bits: 8, least_exponent: -126 };

impl Format {
    /// The nearest number, ties to that with an even significand: every step is exact in `f64`.
    fn round(&self, x: f32) -> f64 {
        let x = f64::from(x);
        if !x.is_finite() {
            return x;
        }
        // How far apart numbers are next to x: it is less than 2^bits of that, and there is a least.
        let mut unit = power_of_two(self.least_exponent + 1 - self.bits);
        while x.abs() >= power_of_two(self.bits) * unit {
            unit *= 2.0;
        }
        let rounded = (x / unit).round_ties_even() * unit;
        // The largest exponent is 1 less the least.
        let end = power_of_two(2 - self.least_exponent);
        if rounded.abs() >= end { f64::INFINITY.copysign(x) } else { rounded }
    }

    /// What bits stand for: the sign, the exponent, which is counted from 1 on, and the significand without its 1.
    fn value(&self, bits: u16) -> f64 {
        let below = self.bits - 1;
        let significand = f64::from(bits & ((1 << below) - 1)) / power_of_two(below);
        let exponents = (1 << (15 - below)) - 1;
        let size = match i32::from(bits >> below) & exponents {
            0 => significand * power_of_two(self.least_exponent),
            last if last == exponents && significand == 0.0 => f64::INFINITY,
            last if last == exponents => f64::NAN,
            exponent => (1.0 + significand) * power_of_two(exponent - 1 + self.least_exponent),
        };
        if bits >> 15 == 1 { -size } else { size }
    }
}

/// Exactly, which `powi` need not be.
fn power_of_two(exponent: i32) -> f64 {
    let factor = if exponent < 0 { 0.5 } else { 2.0 };
    (0..exponent.abs()).fold(1.0, |power, _| power * factor)
}

/// The nearest half-precision number, ties to even; infinity from 65,520 on.
#[must_use]
pub fn round_to_f16(x: f32) -> f64 {
    F16.round(x)
}

/// The nearest bfloat16, ties to even.
#[must_use]
pub fn round_to_bf16(x: f32) -> f64 {
    BF16.round(x)
}

/// The half-precision number of these bits.
#[must_use]
pub fn f16_value(bits: u16) -> f64 {
    F16.value(bits)
}

/// The bfloat16 of these bits.
#[must_use]
pub fn bf16_value(bits: u16) -> f64 {
    BF16.value(bits)
}
