//! From token embeddings to stored vectors, and comparing them.

#[cfg(feature = "numkong")]
mod numkong;
mod ours;
mod plain;
#[cfg(feature = "simsimd")]
mod simsimd;

use crate::kernel::Kernel;
use anyhow::Result;
use bench_contest::serve::Case;

pub(crate) const KERNEL: Kernel = Kernel {
    ours: ours::prepare,
    peers: &[
        ("plain loop", plain::prepare),
        #[cfg(feature = "simsimd")]
        ("simsimd", simsimd::prepare),
        #[cfg(feature = "numkong")]
        ("numkong", numkong::prepare),
    ],
};

/// Texts of as many tokens each, padded, and a mask that is 1 where a token is none of padding.
pub(crate) struct Texts<'a> {
    pub(crate) tokens: &'a [f32],
    pub(crate) mask: &'a [i64],
    /// How many there are, their tokens, and the values of each.
    pub(crate) shape: [usize; 3],
}

impl<'a> Texts<'a> {
    pub(crate) fn of(case: &'a Case) -> Result<Self> {
        Ok(Self { tokens: case.f32("tokens")?, mask: case.i64("mask")?, shape: case.shape("tokens")? })
    }
}

/// Vectors, and the range of each of their values.
struct Vectors<'a> {
    x: &'a [f32],
    min: &'a [f32],
    max: &'a [f32],
}

impl<'a> Vectors<'a> {
    fn of(case: &'a Case) -> Result<Self> {
        Ok(Self { x: case.f32("x")?, min: case.f32("min")?, max: case.f32("max")? })
    }
}
