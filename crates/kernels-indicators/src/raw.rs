//! The form for callers that hold pointers: foreign languages, and memory that Rust does not own.

use crate::error::Error;
use crate::forms::check;
use crate::spec::Smma;
use crate::spec::functions::{smma_in_place, smma_into};
use simd_core::Element;
use simd_core::alias::{Overlap, Span, overlap};
use std::slice;

/// As [`smma_into`], over pointers: `data` and `out: [len]`. Where both are the same memory, it works in place.
///
/// Null or misaligned pointers, lengths that no memory holds, and an output that lies partly over the input are found
/// before any slice is made, and are errors.
///
/// ```
/// let (data, mut out) = ([1.0, 2.0, 3.0, 6.0], [0.0; 4]);
/// // SAFETY: the arrays are alive, as long as said, and nobody else uses them.
/// unsafe { kernels_indicators::smma_raw(data.as_ptr(), out.as_mut_ptr(), 4, 2)? };
/// assert_eq!(out[1..], [1.5, 2.25, 4.125]);
/// # Ok::<(), kernels_indicators::Error>(())
/// ```
///
/// # Errors
/// As above, and as [`smma`](crate::smma()); nothing is written then.
///
/// # Safety
/// For the length of the call, `data` is readable and initialised for `len` values and nobody writes to it, and `out` is
/// writable for as many and nobody else reads or writes it. `out` need not be initialised, unless it is `data`.
pub unsafe fn smma_raw<T: Element>(
    data: *const T,
    out: *mut T,
    len: usize,
    period: usize,
) -> Result<(), Error> {
    let (from, to) = (span("data", data, len)?, span("out", out, len)?);
    match overlap(from, to) {
        Overlap::Disjoint => {}
        // SAFETY: `span` found the pointer aligned, not null, and its length within bounds; the caller promises that the
        // memory is there, initialised as it is the input, and used by nobody else.
        Overlap::Same => return smma_in_place(unsafe { slice::from_raw_parts_mut(out, len) }, period),
        Overlap::Partial => return Err(Error::Overlap { what: "out", with: "data" }),
    }
    // SAFETY: likewise, and nobody writes to it.
    let data = unsafe { slice::from_raw_parts(data, len) };
    // Before the output is written to.
    check(None, &Smma::new(period), &data)?;
    // SAFETY: likewise; it overlaps no slice made above. Zeroed, because a slice must be initialised.
    let out = unsafe {
        out.write_bytes(0, len);
        slice::from_raw_parts_mut(out, len)
    };
    smma_into(data, period, out)
}

fn span<T>(what: &'static str, start: *const T, len: usize) -> Result<Span, Error> {
    Span::new(start, len).map_err(|reason| Error::Pointer { what, reason })
}
