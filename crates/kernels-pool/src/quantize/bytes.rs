//! A byte for each value.

use super::ranges::{Dividers, TOGETHER};
use super::{Codes, Decode, Encode, Ranges};
use crate::error::{Error, length};
use simd_core::{Isa, Simd, Vector};
use std::fmt::Debug;
use std::marker::PhantomData;

/// A code of eight bits, and the byte from 0 to 255 that it is.
pub(crate) trait Byte: Copy + Debug + Default + 'static {
    fn from_byte(byte: u8) -> Self;
    fn to_byte(self) -> u8;
}

impl Byte for u8 {
    #[inline(always)]
    fn from_byte(byte: u8) -> Self {
        byte
    }
    #[inline(always)]
    fn to_byte(self) -> u8 {
        self
    }
}

/// The byte less 128.
impl Byte for i8 {
    #[inline(always)]
    fn from_byte(byte: u8) -> Self {
        (byte ^ 0x80).cast_signed()
    }
    #[inline(always)]
    fn to_byte(self) -> u8 {
        self.cast_unsigned() ^ 0x80
    }
}

/// Codes of a range for each dimension.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ToBytes<'a, B> {
    ranges: &'a Ranges,
    code: PhantomData<B>,
}

impl<'a, B> ToBytes<'a, B> {
    pub(crate) const fn new(ranges: &'a Ranges) -> Self {
        Self { ranges, code: PhantomData }
    }
}

/// Vectors that are stored together, as bytes.
const VECTORS: usize = 4;

impl<B: Byte> Codes for ToBytes<'_, B> {
    type Code = B;

    fn check(&self, dim: usize) -> Result<(), Error> {
        length("ranges", dim, self.ranges.dim())
    }
}

impl<B: Byte> Encode for ToBytes<'_, B> {
    #[inline(always)]
    fn encode<S: Simd>(&self, simd: S, x: &[f32], dim: usize, codes: &mut [B]) {
        // There, three instructions with the inverse cost less than a division.
        let by_inverse = S::ISA == Isa::Avx2 && self.ranges.is_invertible();
        for (row, codes) in x.chunks_exact(dim).zip(codes.chunks_exact_mut(dim)) {
            let ((blocks, rest), (outs, last)) =
                (row.as_chunks::<TOGETHER>(), codes.as_chunks_mut::<TOGETHER>());
            let dividers = self.ranges.dividers();
            for ((x, out), dividers) in blocks.iter().zip(outs).zip(dividers) {
                store(&divide(simd, dividers, x, by_inverse), out);
            }
            if let Some(dividers) = dividers.get(blocks.len()) {
                let mut x = [0.0; TOGETHER];
                x[..rest.len()].copy_from_slice(rest);
                store(&divide(simd, dividers, &x, by_inverse), last);
            }
        }
    }
}

#[inline(always)]
fn store<B: Byte>(bytes: &[u8; TOGETHER], codes: &mut [B]) {
    for (code, byte) in codes.iter_mut().zip(bytes) {
        *code = B::from_byte(*byte);
    }
}

/// In which step of its range each value is.
#[inline(always)]
fn divide<S: Simd>(simd: S, dividers: &Dividers, x: &[f32; TOGETHER], by_inverse: bool) -> [u8; TOGETHER] {
    let mut codes = [0; TOGETHER];
    // NaN, and what is so large that something has overflowed, are seen to by a division.
    if !by_inverse || !multiply(simd, dividers, x, &mut codes) {
        quotients(
            simd,
            &mut codes,
            #[inline(always)]
            |i| {
                let offset = simd.load(&x[i..]) - simd.load(&dividers.min[i..]);
                // NaN stays NaN, which becomes 0.
                simd.splat(256.0_f32).min(offset / simd.load(&dividers.step[i..]))
            },
        );
    }
    codes
}

/// The same by the inverse; false if something may have overflowed.
#[inline(always)]
fn multiply<S: Simd>(simd: S, dividers: &Dividers, x: &[f32; TOGETHER], codes: &mut [u8; TOGETHER]) -> bool {
    quotients(
        simd,
        codes,
        #[inline(always)]
        |i| {
            let inverse = simd.load(&dividers.inverse[i..]);
            let offset = simd.load(&x[i..]) - simd.load(&dividers.min[i..]);
            // Rounded once, as a division is (Markstein, 1990): what the first quotient leaves over is exact.
            let first = offset * inverse;
            first.mul_add(simd.load(&dividers.minus_step[i..]), offset).mul_add(inverse, first)
        },
    )
}

/// Writes what `quotient` makes of the values from an index on.
#[inline(always)]
fn quotients<S: Simd>(simd: S, codes: &mut [u8; TOGETHER], quotient: impl Fn(usize) -> S::F32) -> bool {
    let (mut sure, lanes) = (true, S::F32::LANES);
    for at in (0..TOGETHER).step_by(VECTORS * lanes) {
        let mut vectors = [simd.splat(0.0_f32); VECTORS];
        for (i, vector) in vectors.iter_mut().enumerate() {
            *vector = quotient(at + i * lanes);
        }
        sure &= simd.store_u8(vectors, &mut codes[at..]);
    }
    sure
}

impl<B: Byte> Decode for ToBytes<'_, B> {
    #[inline(always)]
    fn decode<S: Simd>(&self, _: S, codes: &[B], row: &mut [f32]) {
        for (((x, code), min), step) in
            row.iter_mut().zip(codes).zip(self.ranges.min()).zip(self.ranges.step())
        {
            *x = (f32::from(code.to_byte()) + 0.5) * step + min;
        }
    }
}
