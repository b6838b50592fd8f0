//! What of kernels-pool would be compiled as its caller is, which is for size: here it is compiled for speed.
//!
//! That is what is generic, since the crate compiles it that says for which types, and loops outside of kernels, which
//! would be inlined.
#![deny(unsafe_code)]

use kernels_pool::{BinaryQuery, Calibration, ChunkPooler, Error, Pooler, Projection, Tokens};

/// As [`Pooler::pool_into`] of [`Tokens::masked`].
///
/// # Errors
/// As those.
pub fn pool_masked(
    pooler: &Pooler,
    x: &[f32],
    mask: &[u8],
    [batch, seq, hidden]: [usize; 3],
    out: &mut [f32],
) -> Result<(), Error> {
    pooler.pool_into(Tokens::masked(x, mask, batch, seq, hidden)?, out).map(drop)
}

/// As [`Pooler::pool_into`] of [`Tokens::ragged`].
///
/// # Errors
/// As those.
pub fn pool_ragged(
    pooler: &Pooler,
    x: &[f32],
    lens: &[usize],
    hidden: usize,
    out: &mut [f32],
) -> Result<(), Error> {
    pooler.pool_into(Tokens::ragged(x, lens, hidden)?, out).map(drop)
}

/// Copies a mask, and says where the first value is that is neither 0 nor 1.
#[inline(never)]
#[must_use]
pub fn narrow_mask(mask: &[i64], out: &mut [u8]) -> Option<usize> {
    for (value, out) in mask.iter().zip(out) {
        *out = *value as u8;
    }
    wrong(mask, |x| x & !1 != 0)
}

/// Where the first value is that is neither 0 nor 1.
#[inline(never)]
#[must_use]
pub fn wrong_mask(mask: &[u8]) -> Option<usize> {
    wrong(mask, |x| x > 1)
}

/// Without a branch for each: mostly there is none.
fn wrong<T: Copy>(mask: &[T], is_wrong: impl Fn(T) -> bool) -> Option<usize> {
    if mask.iter().fold(false, |any, x| any | is_wrong(*x)) {
        mask.iter().position(|x| is_wrong(*x))
    } else {
        None
    }
}

/// The first run of ones from `start` on: where it begins and ends.
#[inline(never)]
#[must_use]
pub fn run_of_ones(mask: &[u8], start: usize) -> Option<(usize, usize)> {
    let first = start + mask.get(start..)?.iter().position(|x| *x != 0)?;
    let len = mask[first..].iter().position(|x| *x == 0);
    Some((first, len.map_or(mask.len(), |len| first + len)))
}

/// As [`Projection::pca`].
///
/// # Errors
/// As that.
#[inline(never)]
pub fn pca(sample: &[f32], hidden: usize, k: usize) -> Result<Projection, Error> {
    Projection::pca(sample, hidden, k)
}

/// As [`Calibration::add`].
///
/// # Errors
/// As that.
#[inline(never)]
pub fn calibrate(calibration: &mut Calibration, x: &[f32]) -> Result<(), Error> {
    calibration.add(x)
}

/// As [`ChunkPooler::add`].
///
/// # Errors
/// As that.
#[inline(never)]
pub fn add_chunk(pooler: &mut ChunkPooler, embedding: &[f32], tokens: usize) -> Result<(), Error> {
    pooler.add(embedding, tokens)
}

/// As [`BinaryQuery::new`].
///
/// # Errors
/// As that.
#[inline(never)]
pub fn binary_query(query: &[f32]) -> Result<BinaryQuery, Error> {
    BinaryQuery::new(query)
}
