//! Linear quantisation of one value.

/// `clamp(round(x / scale) + zero_point)`, the quotient being rounded to `f32` and then half to even. NaN is the least.
#[must_use]
pub fn quantize_linear(x: f32, scale: f32, zero_point: i32, [min, max]: [i32; 2]) -> i32 {
    // Of numbers with 24 bits, the quotient's 53 suffice to round it once more as if it were exact.
    let quotient = (f64::from(x) / f64::from(scale)) as f32;
    if quotient.is_nan() {
        return min;
    }
    let code = f64::from(quotient).round_ties_even() + f64::from(zero_point);
    code.clamp(min.into(), max.into()) as i32
}

/// `(code - zero_point) * scale`, of codes of up to 16 bits exactly.
#[must_use]
pub fn dequantize_linear(code: i32, scale: f32, zero_point: i32) -> f64 {
    (f64::from(code) - f64::from(zero_point)) * f64::from(scale)
}
