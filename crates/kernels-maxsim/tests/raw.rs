//! The form over pointers: overlaps and bad pointers are found before anything is read or written.

use kernels_maxsim::{Error, PackedQuery, maxsim_batch_raw};
use std::ptr;

const DOC_LENS: [usize; 3] = [2, 0, 1];

fn query() -> PackedQuery {
    PackedQuery::new(&[1.0, 2.0], 2).unwrap()
}

#[test]
fn agrees_with_the_safe_form() {
    let (docs, mut scores) = ([1.0, 0.0, 0.0, 3.0, 5.0, 1.0_f32], [0.0_f32; 3]);
    // SAFETY: three live arrays of these lengths.
    unsafe { maxsim_batch_raw(&query(), docs.as_ptr(), 6, DOC_LENS.as_ptr(), 3, scores.as_mut_ptr()) }
        .unwrap();
    assert_eq!(scores, [6.0, f32::NEG_INFINITY, 7.0]);
}

#[test]
fn an_overlap_is_an_error() {
    let mut memory = [1.0_f32; 12];
    let start = memory.as_mut_ptr();
    for at in 0..12 {
        // Documents at 3..9; scores at `at..at + 3`, some of it past the end where the call must not get far.
        let overlaps = at > 0 && at < 9;
        if !overlaps && at + 3 > 12 {
            continue;
        }
        // SAFETY: all within `memory`, and reached through one pointer.
        let result =
            unsafe { maxsim_batch_raw(&query(), start.add(3), 6, DOC_LENS.as_ptr(), 3, start.add(at)) };
        let expected = if overlaps { Err(Error::Overlap { what: "scores", with: "docs" }) } else { Ok(()) };
        assert_eq!(result, expected, "scores at {at}");
        if overlaps {
            assert_eq!(memory[3..9], [1.0; 6]);
        }
    }
    // Exactly the same memory is no better.
    // SAFETY: as above.
    let result = unsafe { maxsim_batch_raw(&query(), start, 2, [0, 1].as_ptr(), 2, start) };
    assert_eq!(result, Err(Error::Overlap { what: "scores", with: "docs" }));
    let mut doc_lens = DOC_LENS;
    let lens = doc_lens.as_mut_ptr();
    // SAFETY: as above; the scores would lie over the lengths.
    let result = unsafe { maxsim_batch_raw(&query(), start, 6, lens, 3, lens.cast()) };
    assert_eq!(result, Err(Error::Overlap { what: "scores", with: "doc_lens" }));
    assert_eq!(doc_lens, DOC_LENS);
}

#[test]
fn a_bad_pointer_is_an_error() {
    let (docs, mut scores) = ([1.0_f32; 6], [7.0_f32; 3]);
    let (docs, lens, out) = (docs.as_ptr(), DOC_LENS.as_ptr(), scores.as_mut_ptr());
    let odd = docs.cast::<u8>().wrapping_add(1).cast::<f32>();
    let cases = [
        (ptr::null(), 6, lens, 3, out, "docs: expected a pointer to values, got null"),
        (docs, 6, ptr::null(), 3, out, "doc_lens: expected a pointer to values, got null"),
        (docs, 6, lens, 3, ptr::null_mut(), "scores: expected a pointer to values, got null"),
        (odd, 5, lens, 3, out, "docs: expected an address that is a multiple of 4"),
        (docs, usize::MAX, lens, 3, out, "docs: expected a range that memory can hold"),
        (docs, 6, lens, usize::MAX / 2, out, "doc_lens: expected a range that memory can hold"),
        (docs, 5, lens, 3, out, "docs: expected a length of 6, got 5"),
    ];
    for (docs, docs_len, lens, n_docs, out, message) in cases {
        // SAFETY: pointers that are not null or odd are to live arrays, and no length beyond them is dereferenced.
        let result = unsafe { maxsim_batch_raw(&query(), docs, docs_len, lens, n_docs, out) };
        let error = result.unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}");
    }
    assert_eq!(scores, [7.0; 3]);
}
