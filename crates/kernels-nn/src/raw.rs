//! The form for callers that hold pointers: foreign languages, and memory that Rust does not own.

use crate::activation::Activation;
use crate::error::{Error, positive};
use simd_core::Isa;
use simd_core::alias::{Overlap, Span, overlap};
use std::slice;

/// As [`Activation::apply_into`], over pointers: `x` and `out: [len]`. Where both are the same memory, it works in place.
///
/// ```
/// use kernels_nn::{Activation, activation_raw};
/// let mut x = [-1.0_f32, 0.5];
/// let p = x.as_mut_ptr();
/// // SAFETY: the array is alive, as long as said, and nobody else uses it.
/// unsafe { activation_raw(Activation::Relu, p, p, 2)? };
/// assert_eq!(x, [0.0, 0.5]);
/// # Ok::<(), kernels_nn::Error>(())
/// ```
///
/// # Errors
/// If `len` is 0 or no memory holds it, for pointers that are null or misaligned, and for an output that lies partly over
/// the input: found before any slice is made. Nothing is written then.
///
/// # Safety
/// For the length of the call, `x` is readable for `len` values and nobody writes to them, and `out` is writable for as many and
/// nobody else reads or writes it. `out` need not be initialised, unless it is `x`.
pub unsafe fn activation_raw(
    activation: Activation,
    x: *const f32,
    out: *mut f32,
    len: usize,
) -> Result<(), Error> {
    positive(&[("len", len)])?;
    let (from, to) = (span("x", x, len)?, span("out", out, len)?);
    let isa = Isa::active()?;
    match overlap(from, to) {
        Overlap::Disjoint => {}
        Overlap::Same => {
            // SAFETY: `span` found the pointer aligned, not null, and its length within bounds; the caller promises that
            // the memory is there, initialised as it is the input, and used by nobody else.
            let x = unsafe { slice::from_raw_parts_mut(out, len) };
            return activation.apply_in_place_on(isa, x);
        }
        Overlap::Partial => return Err(Error::Overlap { what: "out", with: "x" }),
    }
    // SAFETY: likewise, and nobody writes to it.
    let x = unsafe { slice::from_raw_parts(x, len) };
    // SAFETY: likewise; it overlaps no slice made above. Zeroed, because a slice must be initialised; after all checks.
    let out = unsafe {
        out.write_bytes(0, len);
        slice::from_raw_parts_mut(out, len)
    };
    activation.apply_into_on(isa, x, out)
}

fn span<T>(what: &'static str, start: *const T, len: usize) -> Result<Span, Error> {
    Span::new(start, len).map_err(|reason| Error::Pointer { what, reason })
}
