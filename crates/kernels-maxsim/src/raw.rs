//! The form for callers that hold pointers: foreign languages, and memory that Rust does not own.

use crate::docs::Docs;
use crate::error::Error;
use crate::query::PackedQuery;
use crate::safe::maxsim_batch_into;
use simd_core::alias::{Overlap, Span, overlap};
use std::slice;

/// As [`maxsim_batch_into`], over pointers: `docs: [docs_len]` values in ragged documents, `doc_lens` and
/// `scores: [n_docs]`.
///
/// Null or misaligned pointers, lengths that no memory holds, and scores that lie over an input are found before
/// any slice is made, and are errors. An empty array needs a pointer too: any aligned one that is not null.
///
/// ```
/// use kernels_maxsim::{PackedQuery, maxsim_batch_raw};
///
/// let query = PackedQuery::new(&[1.0, 0.0], 2)?;
/// let (docs, doc_lens, mut scores) = ([0.6_f32, 0.8, 0.0, 1.0], [1_usize, 1], [0.0_f32; 2]);
/// // SAFETY: the arrays are alive, as long as said, and nobody else uses them.
/// unsafe { maxsim_batch_raw(&query, docs.as_ptr(), 4, doc_lens.as_ptr(), 2, scores.as_mut_ptr())? };
/// assert_eq!(scores, [0.6, 0.0]);
/// # Ok::<(), kernels_maxsim::Error>(())
/// ```
///
/// # Errors
/// As above, and as [`Docs::new`]; nothing is written then.
///
/// # Safety
/// For the length of the call, `docs` and `doc_lens` are readable and initialised for their lengths and nobody
/// writes to them, and `scores` is writable for `n_docs` values and nobody else reads or writes it. `scores` need
/// not be initialised.
pub unsafe fn maxsim_batch_raw(
    query: &PackedQuery,
    docs: *const f32,
    docs_len: usize,
    doc_lens: *const usize,
    n_docs: usize,
    scores: *mut f32,
) -> Result<(), Error> {
    let docs_span = span("docs", docs, docs_len)?;
    let doc_lens_span = span("doc_lens", doc_lens, n_docs)?;
    let scores_span = span("scores", scores, n_docs)?;
    for (with, input) in [("docs", docs_span), ("doc_lens", doc_lens_span)] {
        if overlap(input, scores_span) != Overlap::Disjoint {
            return Err(Error::Overlap { what: "scores", with });
        }
    }
    // SAFETY: `span` found each pointer aligned, not null, and its length within bounds; the caller promises that
    // the memory is there and not written to.
    let (docs, doc_lens) =
        unsafe { (slice::from_raw_parts(docs, docs_len), slice::from_raw_parts(doc_lens, n_docs)) };
    let docs = Docs::new(docs, doc_lens, query.dim())?;
    // SAFETY: likewise; the caller promises that it is writable and used by nobody else, and it overlaps no
    // slice made above. Zeroed, because a slice must be initialised; after all checks but that of the dimension,
    // which `Docs` took from the query.
    let scores = unsafe {
        scores.write_bytes(0, n_docs);
        slice::from_raw_parts_mut(scores, n_docs)
    };
    maxsim_batch_into(query, docs, scores)
}

fn span<T>(what: &'static str, start: *const T, len: usize) -> Result<Span, Error> {
    Span::new(start, len).map_err(|reason| Error::Pointer { what, reason })
}
