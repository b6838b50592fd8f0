//! `f16` and `bf16` as their bits, without branches, so that loops over them become instructions for several at once.

/// The same number.
#[inline(always)]
pub(crate) fn bf16_to_f32(bits: u16) -> f32 {
    f32::from_bits(u32::from(bits) << 16)
}

/// The bits of the nearest `bf16`, of two the even one; infinity beyond the largest; a quiet NaN for a NaN.
#[inline(always)]
pub(crate) fn f32_to_bf16(x: f32) -> u16 {
    let bits = x.to_bits();
    // What is cut off counts as a whole from its half on; at the half it is the last bit kept that decides.
    let rounded = bits.wrapping_add(0x7FFF + ((bits >> 16) & 1));
    ((if x.is_nan() { bits | 0x40_0000 } else { rounded }) >> 16) as u16
}

/// The difference between the exponents' offsets of the two formats.
const OFFSETS: u32 = 127 - 15;

/// The same number.
#[inline(always)]
#[cfg_attr(target_feature = "f16c", allow(dead_code, reason = "plain Rust is there too, but for its tests"))]
pub(crate) fn f16_to_f32(bits: u16) -> f32 {
    let (sign, rest) = (u32::from(bits & 0x8000) << 16, u32::from(bits & 0x7FFF) << 13);
    // The multiplication mends the exponent, of subnormal numbers too; what has the largest one is no number.
    let number = (f32::from_bits(rest) * f32::from_bits((127 + OFFSETS) << 23)).to_bits();
    let number = if rest >= 0x7C00 << 13 { rest | 0x7F80_0000 } else { number };
    f32::from_bits(number | sign)
}

/// The bits of the nearest `f16`, of two the even one; infinity beyond the largest; a quiet NaN for a NaN.
#[inline(always)]
pub(crate) fn f32_to_f16(x: f32) -> u16 {
    let (sign, size) = ((x.to_bits() >> 16) & 0x8000, x.to_bits() & 0x7FFF_FFFF);
    let normal = (size.wrapping_add(0xFFF + ((size >> 13) & 1)) >> 13).wrapping_sub(OFFSETS << 10);
    // A half has units in the last place of 2^-24, as what is subnormal in f16: the sum is rounded to them.
    let subnormal = (f32::from_bits(size) + 0.5).to_bits().wrapping_sub(0.5_f32.to_bits());
    let nan = 0x7E00 | ((size >> 13) & 0x3FF);
    // Less than 2^-14; less than what rounds to 2^16; infinity.
    let bits = if size < 0x3880_0000 {
        subnormal
    } else if size < 0x477F_F000 {
        normal
    } else if size <= 0x7F80_0000 {
        0x7C00
    } else {
        nan
    };
    (bits | sign) as u16
}
