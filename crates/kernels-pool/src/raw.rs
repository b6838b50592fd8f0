//! The forms for callers that hold pointers: foreign languages, and memory that Rust does not own.

use crate::error::{Error, positive, product, some_rows};
use crate::mask::MaskValue;
use crate::normalize::{l2_normalize_in_place, l2_normalize_into};
use crate::pooling::{Pooled, Pooler};
use crate::tokens::Tokens;
use simd_core::Isa;
use simd_core::alias::{Overlap, Span, overlap};
use std::slice;

/// As [`Pooler::pool_into`] of [`Tokens::masked`], over pointers: `x: [batch, seq, hidden]`, `mask: [batch, seq]` and
/// `out: [batch, hidden]`, or `[batch, k]`.
///
/// Null or misaligned pointers, sizes that no memory holds, and an output that lies over an input are found before any slice
/// is made, and are errors.
///
/// ```
/// use kernels_pool::{Pooler, Pooling, pool_raw};
/// let (x, mask, mut out) = ([1.0_f32, 2.0, 3.0, 5.0], [1_i64, 1], [0.0_f32; 2]);
/// let pooler = Pooler::new(Pooling::Mean);
/// // SAFETY: the arrays are alive, as long as said, and nobody else uses them.
/// unsafe { pool_raw(&pooler, x.as_ptr(), mask.as_ptr(), 1, 2, 2, out.as_mut_ptr())? };
/// assert_eq!(out, [2.0, 3.5]);
/// # Ok::<(), kernels_pool::Error>(())
/// ```
///
/// # Errors
/// As above, and as [`Tokens::masked`] and [`Pooler::pool_into`]; nothing is written then.
///
/// # Safety
/// For the length of the call, `x` and `mask` are readable for their sizes, hold values of their types, and nobody writes to
/// them (of `bool` only 0 and 1 are values: where that is not certain, take `u8`), and `out` is writable for its size and nobody else reads or writes it. `out` need not be initialised.
pub unsafe fn pool_raw<M: MaskValue>(
    pooler: &Pooler,
    x: *const f32,
    mask: *const M,
    batch: usize,
    seq: usize,
    hidden: usize,
    out: *mut f32,
) -> Result<Pooled, Error> {
    for (what, size) in [("batch", batch), ("seq", seq), ("hidden", hidden)] {
        positive(what, size)?;
    }
    let (x_len, mask_len) = (product("x", &[batch, seq, hidden])?, product("mask", &[batch, seq])?);
    let out_len = product("out", &[batch, pooler.columns(hidden)?])?;
    let to = span("out", out, out_len)?;
    for (with, from) in [("x", span("x", x, x_len)?), ("mask", span("mask", mask, mask_len)?)] {
        if overlap(from, to) != Overlap::Disjoint {
            return Err(Error::Overlap { what: "out", with });
        }
    }
    // SAFETY: `span` found each pointer aligned, not null, and its length within bounds; the caller promises that the memory
    // is there and not written to.
    let (x, mask) = unsafe { (slice::from_raw_parts(x, x_len), slice::from_raw_parts(mask, mask_len)) };
    let tokens = Tokens::masked(x, mask, batch, seq, hidden)?;
    pooler.isa()?;
    // SAFETY: likewise; the caller promises that it is writable and used by nobody else, and it overlaps no slice made
    // above. Zeroed, because a slice must be initialised; after all checks.
    let out = unsafe {
        out.write_bytes(0, out_len);
        slice::from_raw_parts_mut(out, out_len)
    };
    pooler.pool_into(tokens, out)
}

/// As [`l2_normalize_into`], over pointers: `x` and `out: [len]`, rows of `dim` values. Where both are the same memory, it
/// works in place.
///
/// ```
/// let mut x = [3.0_f32, 4.0];
/// let p = x.as_mut_ptr();
/// // SAFETY: the array is alive, as long as said, and nobody else uses it.
/// unsafe { kernels_pool::l2_normalize_raw(p, p, 2, 2)? };
/// assert_eq!(x, [0.6, 0.8]);
/// # Ok::<(), kernels_pool::Error>(())
/// ```
///
/// # Errors
/// As [`l2_normalize_into`]; for pointers that are null or misaligned, a length that no memory holds, and an output that lies
/// partly over the input. Nothing is written then.
///
/// # Safety
/// As that of [`pool_raw`]; where `out` is `x`, it is initialised.
pub unsafe fn l2_normalize_raw(x: *const f32, out: *mut f32, len: usize, dim: usize) -> Result<(), Error> {
    let (from, to) = (span("x", x, len)?, span("out", out, len)?);
    match overlap(from, to) {
        Overlap::Disjoint => {}
        // SAFETY: `span` found the pointer aligned, not null, and its length within bounds; the caller promises that the
        // memory is there, initialised as it is the input, and used by nobody else.
        Overlap::Same => return l2_normalize_in_place(unsafe { slice::from_raw_parts_mut(out, len) }, dim),
        Overlap::Partial => return Err(Error::Overlap { what: "out", with: "x" }),
    }
    some_rows("x", len, dim)?;
    Isa::active()?;
    // SAFETY: likewise, and nobody writes to it.
    let x = unsafe { slice::from_raw_parts(x, len) };
    // SAFETY: likewise; it overlaps no slice made above. Zeroed, because a slice must be initialised; after all checks.
    let out = unsafe {
        out.write_bytes(0, len);
        slice::from_raw_parts_mut(out, len)
    };
    l2_normalize_into(x, dim, out)
}

fn span<T>(what: &'static str, start: *const T, len: usize) -> Result<Span, Error> {
    Span::new(start, len).map_err(|reason| Error::Pointer { what, reason })
}
