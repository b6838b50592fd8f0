//! The forms over pointers: overlaps and bad pointers are found before anything is read or written.

use crate::data::absent;
use kernels_pool::{Error, Pooled, Pooler, Pooling, Tokens, l2_normalize, l2_normalize_raw, pool_raw};
use std::mem::MaybeUninit;
use std::ptr;

/// Two texts of three tokens of dimension 2.
const X: [f32; 12] = [1.0, 2.0, 3.0, 4.0, f32::NAN, 9.0, 7.0, 7.0, 7.0, 7.0, 7.0, 7.0];
const MASK: [i64; 6] = [1, 1, 0, 0, 0, 0];

#[test]
fn pooling_writes_memory_that_holds_nothing_yet() {
    let tokens = Tokens::masked(&X, &MASK, 2, 3, 2).unwrap();
    for pooling in Pooling::ALL {
        for pooler in [Pooler::new(pooling), Pooler::new(pooling).truncated(1).normalized()] {
            let want = pooler.pool(tokens).unwrap();
            let mut out = [MaybeUninit::<f32>::uninit(); 4];
            // SAFETY: three live arrays, of these sizes.
            let pooled =
                unsafe { pool_raw(&pooler, X.as_ptr(), MASK.as_ptr(), 2, 3, 2, out.as_mut_ptr().cast()) };
            assert_eq!(pooled.unwrap().empty_rows, 1);
            // SAFETY: as many as the pooler has written.
            let got: Vec<f32> = out[..want.len()].iter().map(|x| unsafe { x.assume_init() }).collect();
            assert_eq!(got, want);
        }
    }
    let (bytes, bools) = (MASK.map(|mask| mask as u8), MASK.map(|mask| mask == 1));
    let (mut out, pooler) = ([7.0; 4], Pooler::new(Pooling::Mean));
    // SAFETY: three live arrays, of these sizes.
    unsafe { pool_raw(&pooler, X.as_ptr(), bytes.as_ptr(), 2, 3, 2, out.as_mut_ptr()) }.unwrap();
    assert_eq!(out, [2.0, 3.0, 0.0, 0.0]);
    out.fill(7.0);
    // SAFETY: three live arrays, of these sizes.
    unsafe { pool_raw(&pooler, X.as_ptr(), bools.as_ptr(), 2, 3, 2, out.as_mut_ptr()) }.unwrap();
    assert_eq!(out, [2.0, 3.0, 0.0, 0.0]);
}

#[test]
fn pooling_over_its_input_is_an_error() {
    let (pooler, mask) = (Pooler::new(Pooling::Mean), [1_u8; 3]);
    let mut memory = [1.0_f32; 16];
    let start = memory.as_mut_ptr();
    for at in 0..=14 {
        // Tokens at 4..10, a row at `at..at + 2`.
        let overlaps = at > 2 && at < 10;
        // SAFETY: all within `memory`, and reached through one pointer.
        let result = unsafe { pool_raw(&pooler, start.add(4), mask.as_ptr(), 1, 3, 2, start.add(at)) };
        let want =
            if overlaps { Err(Error::Overlap { what: "out", with: "x" }) } else { Ok(Pooled::default()) };
        assert_eq!(result, want, "out at {at}");
        assert_eq!(memory[4..10], [1.0; 6]);
    }
    let mut mask = [1_i64, 0, 1, 1, 0, 1];
    let out = mask.as_mut_ptr();
    for at in 0..6 {
        // SAFETY: the row would lie over the mask, and be as long as one of its values.
        let result = unsafe { pool_raw(&pooler, X.as_ptr(), out, 1, 6, 2, out.add(at).cast()) };
        assert_eq!(result, Err(Error::Overlap { what: "out", with: "mask" }), "out at {at}");
    }
    assert_eq!(mask, [1, 0, 1, 1, 0, 1]);
}

#[test]
fn pooling_by_a_bad_pointer_is_an_error() {
    let mut out = [7.0_f32; 4];
    let (x, mask, to) = (X.as_ptr(), MASK.as_ptr(), out.as_mut_ptr());
    fn odd<T>(pointer: *const T) -> *const T {
        pointer.cast::<u8>().wrapping_add(1).cast()
    }
    const MAX: usize = usize::MAX;
    let too_large = "expected lengths that memory can hold";
    let cases = [
        (ptr::null(), mask, [2, 3, 2], to, "x: expected a pointer to values, got null".to_owned()),
        (x, ptr::null(), [2, 3, 2], to, "mask: expected a pointer to values, got null".to_owned()),
        (x, mask, [2, 3, 2], ptr::null_mut(), "out: expected a pointer to values, got null".to_owned()),
        (odd(x), mask, [2, 3, 2], to, "x: expected an address that is a multiple of 4".to_owned()),
        (x, odd(mask), [2, 3, 2], to, "mask: expected an address that is a multiple of 8".to_owned()),
        (
            x,
            mask,
            [2, 3, 2],
            odd(to).cast_mut(),
            "out: expected an address that is a multiple of 4".to_owned(),
        ),
        (x, mask, [MAX, 2, 2], to, format!("x: {too_large}")),
        (x, mask, [2, MAX, 2], to, format!("x: {too_large}")),
        (x, mask, [1, 1, MAX / 2], to, "out: expected a range that memory can hold".to_owned()),
        (x, mask, [1, MAX / 4, 1], to, "x: expected a range that memory can hold".to_owned()),
        (x, mask, [0, 3, 2], to, "batch: expected at least 1, got 0".to_owned()),
        (x, mask, [2, 0, 2], to, "seq: expected at least 1, got 0".to_owned()),
    ];
    let pooler = Pooler::new(Pooling::Mean);
    for (x, mask, [batch, seq, hidden], out, message) in cases {
        // SAFETY: pointers that are not null or odd are to live arrays, and no length beyond them is dereferenced.
        let error = unsafe { pool_raw(&pooler, x, mask, batch, seq, hidden, out) }.unwrap_err().to_string();
        assert!(error.starts_with(&message), "{error} for {message}");
    }
    // What is wrong otherwise is found before anything is written, too.
    for pooler in [pooler.clone().truncated(3), pooler.clone().on(absent())] {
        // SAFETY: three live arrays, of these sizes.
        unsafe { pool_raw(&pooler, x, mask, 2, 3, 2, to) }.unwrap_err();
    }
    let wrong = [1_i64, 1, 0, 2, 0, 0];
    // SAFETY: three live arrays, of these sizes.
    let error = unsafe { pool_raw(&pooler, x, wrong.as_ptr(), 2, 3, 2, to) };
    assert_eq!(error, Err(Error::Mask { index: 3, got: 2 }));
    assert_eq!(out, [7.0; 4]);
}

/// As the form of slices says it.
#[test]
fn pooling_of_no_columns_is_an_error_of_the_columns() {
    let mut out = [7.0_f32; 4];
    let pooler = Pooler::new(Pooling::Mean);
    // SAFETY: live arrays, of which nothing is asked for.
    let error = unsafe { pool_raw(&pooler, X.as_ptr(), MASK.as_ptr(), 2, 3, 0, out.as_mut_ptr()) };
    assert_eq!(error.unwrap_err().to_string(), "hidden: expected at least 1, got 0");
}

#[test]
fn normalizing_writes_memory_that_holds_nothing_yet() {
    let x = [3.0_f32, 4.0, 0.0, 0.0, -5.0, 12.0];
    let want = l2_normalize(&x, 2).unwrap();
    let mut out = [MaybeUninit::<f32>::uninit(); 6];
    // SAFETY: two live arrays of this length.
    unsafe { l2_normalize_raw(x.as_ptr(), out.as_mut_ptr().cast(), 6, 2) }.unwrap();
    // SAFETY: all of it has been written.
    assert_eq!(out.map(|x| unsafe { x.assume_init() }), want[..]);
}

#[test]
fn normalizing_is_in_place_or_apart() {
    let x = [3.0_f32, 4.0, 0.0, 0.0, -5.0, 12.0];
    let want = l2_normalize(&x, 2).unwrap();
    for at in 0..=12 {
        let mut memory = [7.0; 18];
        memory[6..12].copy_from_slice(&x);
        let before = memory;
        let start = memory.as_mut_ptr();
        // SAFETY: all within `memory`, and reached through one pointer.
        let result = unsafe { l2_normalize_raw(start.add(6), start.add(at), 6, 2) };
        if matches!(at, 0 | 6 | 12) {
            assert_eq!(result, Ok(()), "out at {at}");
            assert_eq!(memory[at..at + 6], want);
            memory[at..at + 6].copy_from_slice(&before[at..at + 6]);
        } else {
            assert_eq!(result, Err(Error::Overlap { what: "out", with: "x" }), "out at {at}");
        }
        assert_eq!(memory, before, "out at {at}");
    }
}

#[test]
fn normalizing_by_a_bad_pointer_is_an_error() {
    let (x, mut out) = ([1.0_f32; 6], [7.0_f32; 6]);
    let (from, to) = (x.as_ptr(), out.as_mut_ptr());
    let odd = from.cast::<u8>().wrapping_add(2).cast::<f32>();
    let cases = [
        (ptr::null(), to, 6, 2, "x: expected a pointer to values, got null"),
        (from, ptr::null_mut(), 6, 2, "out: expected a pointer to values, got null"),
        (ptr::null(), ptr::null_mut(), 6, 2, "x: expected a pointer to values, got null"),
        (odd, to, 4, 2, "x: expected an address that is a multiple of 4"),
        (from, odd.cast_mut(), 4, 2, "out: expected an address that is a multiple of 4"),
        (from, to, usize::MAX, 1, "x: expected a range that memory can hold"),
        (from, to, 0, 2, "x: expected at least one, got none"),
        (from, to, 6, 0, "dim: expected at least 1, got 0"),
        (from, to, 5, 2, "x: expected whole rows of 2 values, got 5 values"),
    ];
    for (x, to, len, dim, message) in cases {
        // SAFETY: pointers that are not null or odd are to live arrays, and no length beyond them is dereferenced.
        let error = unsafe { l2_normalize_raw(x, to, len, dim) }.unwrap_err().to_string();
        assert!(error.starts_with(message), "{error} for {message}");
    }
    // In place no less.
    for (len, dim) in [(0, 2), (6, 0), (5, 2)] {
        // SAFETY: one live array that is longer.
        unsafe { l2_normalize_raw(to, to, len, dim) }.unwrap_err();
    }
    assert_eq!(out, [7.0; 6]);
}
