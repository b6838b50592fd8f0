//! Half as many bits for each value.

use super::{Codes, Decode, Encode};
use crate::value::sealed::Load;
use half::slice::HalfFloatSliceExt as _;
use half::{bf16, f16};
use simd_core::{MAX_LANES, Simd, Vector};
use std::fmt::Debug;
use std::marker::PhantomData;

/// A float of 16 bits.
pub(crate) trait Half: Copy + Debug + Default + Load + 'static {
    fn store<S: Simd>(simd: S, x: S::F32, out: &mut [Self]);
}

impl Half for f16 {
    #[inline(always)]
    fn store<S: Simd>(simd: S, x: S::F32, out: &mut [Self]) {
        simd.store_f16(x, out.reinterpret_cast_mut());
    }
}

impl Half for bf16 {
    #[inline(always)]
    fn store<S: Simd>(simd: S, x: S::F32, out: &mut [Self]) {
        simd.store_bf16(x, out.reinterpret_cast_mut());
    }
}

/// The nearest float of 16 bits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ToHalf<H>(PhantomData<H>);

impl<H> ToHalf<H> {
    pub(crate) const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<H: Half> Codes for ToHalf<H> {
    type Code = H;
}

impl<H: Half> Encode for ToHalf<H> {
    #[inline(always)]
    fn encode<S: Simd>(&self, simd: S, x: &[f32], _: usize, codes: &mut [H]) {
        let mut xs = x.chunks_exact(S::F32::LANES);
        let mut outs = codes.chunks_exact_mut(S::F32::LANES);
        for (x, out) in (&mut xs).zip(&mut outs) {
            H::store(simd, simd.load(x), out);
        }
        let (rest, out) = (xs.remainder(), outs.into_remainder());
        let (mut x, mut last) = ([0.0; MAX_LANES], [H::default(); MAX_LANES]);
        x[..rest.len()].copy_from_slice(rest);
        H::store(simd, simd.load(&x), &mut last);
        out.copy_from_slice(&last[..out.len()]);
    }
}

impl<H: Half> Decode for ToHalf<H> {
    #[inline(always)]
    fn decode<S: Simd>(&self, simd: S, codes: &[H], row: &mut [f32]) {
        let mut xs = codes.chunks_exact(S::F32::LANES);
        let mut outs = row.chunks_exact_mut(S::F32::LANES);
        for (x, out) in (&mut xs).zip(&mut outs) {
            H::load(simd, x).store(out);
        }
        let (rest, out) = (xs.remainder(), outs.into_remainder());
        let (mut x, mut last) = ([H::default(); MAX_LANES], [0.0; MAX_LANES]);
        x[..rest.len()].copy_from_slice(rest);
        H::load(simd, &x).store(&mut last);
        out.copy_from_slice(&last[..out.len()]);
    }
}
