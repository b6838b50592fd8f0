//! A bit for each value: whether it is positive.

use super::bytes::Byte;
use super::{Codes, Decode, Encode};
use simd_core::{MAX_LANES, Simd, Vector};
use std::marker::PhantomData;

/// Eight signs in a byte, the first one in its highest bit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ToBits<B> {
    code: PhantomData<B>,
}

impl<B> ToBits<B> {
    pub(crate) const fn new() -> Self {
        Self { code: PhantomData }
    }
}

/// Values whose bits are put in order together, in the widest set: those of four vectors.
const WIDEST: usize = 4 * MAX_LANES;

impl<B: Byte> Codes for ToBits<B> {
    type Code = B;

    #[inline(always)]
    fn codes(&self, dim: usize) -> usize {
        dim.div_ceil(8)
    }
}

impl<B: Byte> Encode for ToBits<B> {
    #[inline(always)]
    fn encode<S: Simd>(&self, simd: S, x: &[f32], dim: usize, codes: &mut [B]) {
        let width = 4 * S::F32::LANES;
        for (row, codes) in x.chunks_exact(dim).zip(codes.chunks_exact_mut(self.codes(dim))) {
            let blocks = row.chunks_exact(width);
            let rest = blocks.remainder();
            let (bytes, last) = codes.split_at_mut(row.len() / width * (width / 8));
            for (block, bytes) in blocks.zip(bytes.chunks_exact_mut(width / 8)) {
                signs(simd, block, bytes);
            }
            if !rest.is_empty() {
                let mut block = [0.0; WIDEST];
                block[..rest.len()].copy_from_slice(rest);
                signs(simd, &block, last);
            }
        }
    }
}

/// The signs of four vectors, or of as many values as there are bytes for.
#[inline(always)]
fn signs<S: Simd, B: Byte>(simd: S, block: &[f32], bytes: &mut [B]) {
    let zero = simd.splat(0.0_f32);
    let mut masks = [zero.lt(zero); 4];
    for (i, mask) in masks.iter_mut().enumerate() {
        *mask = zero.lt(simd.load(&block[i * S::F32::LANES..]));
    }
    for (byte, bits) in bytes.iter_mut().zip(simd.pack_bits(masks).to_le_bytes()) {
        *byte = B::from_byte(bits);
    }
}

impl<B: Byte> Decode for ToBits<B> {
    #[inline(always)]
    fn decode<S: Simd>(&self, _: S, codes: &[B], row: &mut [f32]) {
        for (xs, code) in row.chunks_mut(8).zip(codes) {
            let byte = code.to_byte();
            for (i, x) in xs.iter_mut().enumerate() {
                *x = if byte << i & 0x80 == 0 { -1.0 } else { 1.0 };
            }
        }
    }
}
