//! Wrong calls of what is done with vectors: the errors, their messages, and that nothing is written.

use crate::contract::message;
use crate::data::absent;
use half::{bf16, f16};
use kernels_pool::*;
use std::fmt::Debug;

/// Rows have at least one value, are whole, and are there.
#[track_caller]
fn assert_rows_checked<V: Copy, T: Debug>(
    what: &str,
    one: V,
    call: impl Fn(&[V], usize) -> Result<T, Error>,
) {
    assert_eq!(message(call(&[one], 0)), "dim: expected at least 1, got 0");
    assert_eq!(message(call(&[], 2)), format!("{what}: expected at least one, got none"));
    let partial = format!("{what}: expected whole rows of 2 values, got 3 values");
    assert_eq!(message(call(&[one; 3], 2)), partial);
}

#[test]
fn rows_are_checked_before_they_get_lengths_of_one() {
    assert_rows_checked("x", 1.0, l2_normalize);
    assert_rows_checked("x", 1.0, l2_norm);
    assert_rows_checked("x", 1.0, |x, dim| truncate(x, dim, dim.min(1)));
    assert_eq!(
        message(l2_normalize(&[1.0; 4], usize::MAX)),
        format!("x: expected whole rows of {} values, got 4 values", usize::MAX)
    );
    assert_eq!(message(truncate(&[1.0; 4], 2, 0)), "k: expected 1 to 2, got 0");
    assert_eq!(message(truncate(&[1.0; 4], 2, 3)), "k: expected 1 to 2, got 3");

    let mut out = [7.0; 5];
    for wrong in [3, 5] {
        assert_eq!(
            message(l2_normalize_into(&[1.0; 4], 2, &mut out[..wrong])),
            format!("out: expected a length of 4, got {wrong}")
        );
        assert_eq!(
            message(truncate_into(&[1.0; 8], 4, 2, &mut out[..wrong])),
            format!("out: expected a length of 4, got {wrong}")
        );
        assert_eq!(
            message(l2_norm_into(&[1.0; 8], 2, &mut out[..wrong])),
            format!("out: expected a length of 4, got {wrong}")
        );
    }
    assert_eq!(message(truncate_into(&[1.0; 8], 4, 5, &mut out)), "k: expected 1 to 4, got 5");
    assert_eq!(
        message(l2_normalize_in_place(&mut out, 2)),
        "x: expected whole rows of 2 values, got 5 values"
    );
    assert_eq!(message(l2_normalize_in_place(&mut out, 0)), "dim: expected at least 1, got 0");
    assert_eq!(message(l2_normalize_in_place(&mut [], 2)), "x: expected at least one, got none");
    let isa = absent();
    assert!(matches!(l2_normalize_into_on(isa, &[1.0; 5], 5, &mut out), Err(Error::Isa(_))));
    assert!(matches!(l2_normalize_in_place_on(isa, &mut out, 5), Err(Error::Isa(_))));
    assert!(matches!(l2_norm_into_on(isa, &[1.0; 5], 1, &mut out), Err(Error::Isa(_))));
    assert!(matches!(truncate_into_on(isa, &[1.0; 10], 2, 1, &mut out), Err(Error::Isa(_))));
    assert_eq!(out, [7.0; 5]);
}

macro_rules! bytes {
    ($quantize:ident, $into:ident, $on:ident; $back:ident, $back_into:ident, $back_on:ident; $code:ty) => {
        let ranges = |dim: usize| Ranges::new(&vec![0.0; dim], &vec![1.0; dim]).unwrap();
        assert_rows_checked("x", 1.0, |x, dim| $quantize(x, dim, &ranges(2)));
        assert_rows_checked("codes", 1, |codes, dim| $back(codes, dim, &ranges(2)));
        assert_eq!(message($quantize(&[1.0; 4], 2, &ranges(3))), "ranges: expected a length of 2, got 3");
        assert_eq!(message($back(&[1; 4], 2, &ranges(1))), "ranges: expected a length of 2, got 1");
        let (mut out, mut back): ([$code; 5], _) = ([77; 5], [7.0; 5]);
        for wrong in [3, 5] {
            let error = format!("out: expected a length of 4, got {wrong}");
            assert_eq!(message($into(&[1.0; 4], 2, &ranges(2), &mut out[..wrong])), error);
            assert_eq!(message($back_into(&[1; 4], 2, &ranges(2), &mut back[..wrong])), error);
        }
        assert_eq!(
            message($into(&[1.0; 5], 5, &ranges(4), &mut out)),
            "ranges: expected a length of 5, got 4"
        );
        assert_eq!(
            message($back_into(&[1; 5], 5, &ranges(6), &mut back)),
            "ranges: expected a length of 5, got 6"
        );
        assert!(matches!($on(absent(), &[1.0; 5], 5, &ranges(5), &mut out), Err(Error::Isa(_))));
        assert!(matches!($back_on(absent(), &[1; 5], 5, &ranges(5), &mut back), Err(Error::Isa(_))));
        assert_eq!((out, back), ([77; 5], [7.0; 5]));
    };
}

#[test]
fn codes_of_a_byte_are_checked() {
    bytes!(quantize_int8, quantize_int8_into, quantize_int8_into_on;
        dequantize_int8, dequantize_int8_into, dequantize_int8_into_on; i8);
    bytes!(quantize_uint8, quantize_uint8_into, quantize_uint8_into_on;
        dequantize_uint8, dequantize_uint8_into, dequantize_uint8_into_on; u8);
}

macro_rules! bits {
    ($quantize:ident, $into:ident, $on:ident; $back:ident, $back_into:ident, $back_on:ident; $code:ty) => {
        assert_rows_checked("x", 1.0, $quantize);
        // The largest and the smallest dimension of so many bytes.
        assert_rows_checked("codes", 1, |codes, bytes| $back(codes, 8 * bytes));
        assert_eq!(message($back(&[1; 3], 9)), "codes: expected whole rows of 2 values, got 3 values");
        assert!($back(&[1; 3], usize::MAX).is_err());
        let (mut out, mut back): ([$code; 5], _) = ([77; 5], [7.0; 19]);
        for wrong in [3, 5] {
            let error = format!("out: expected a length of 4, got {wrong}");
            assert_eq!(message($into(&[1.0; 18], 9, &mut out[..wrong])), error);
        }
        for wrong in [17, 19] {
            let error = format!("out: expected a length of 18, got {wrong}");
            assert_eq!(message($back_into(&[1; 4], 9, &mut back[..wrong])), error);
        }
        assert!(matches!($on(absent(), &[1.0; 5], 1, &mut out), Err(Error::Isa(_))));
        assert!(matches!($back_on(absent(), &[1; 19], 1, &mut back), Err(Error::Isa(_))));
        assert_eq!((out, back), ([77; 5], [7.0; 19]));
    };
}

#[test]
fn codes_of_a_bit_are_checked() {
    bits!(quantize_binary, quantize_binary_into, quantize_binary_into_on;
        dequantize_binary, dequantize_binary_into, dequantize_binary_into_on; i8);
    bits!(quantize_ubinary, quantize_ubinary_into, quantize_ubinary_into_on;
        dequantize_ubinary, dequantize_ubinary_into, dequantize_ubinary_into_on; u8);
}

macro_rules! halves {
    ($quantize:ident, $into:ident, $on:ident; $back:ident, $back_into:ident, $back_on:ident; $half:ty) => {
        assert_eq!(message($quantize(&[])), "x: expected at least one, got none");
        assert_eq!(message($back(&[])), "codes: expected at least one, got none");
        let (mut out, mut back) = ([<$half>::ONE; 3], [7.0; 3]);
        assert_eq!(message($into(&[0.0; 2], &mut out)), "out: expected a length of 2, got 3");
        assert_eq!(message($back_into(&[<$half>::ONE; 4], &mut back)), "out: expected a length of 4, got 3");
        assert!(matches!($on(absent(), &[0.0; 3], &mut out), Err(Error::Isa(_))));
        assert!(matches!($back_on(absent(), &[<$half>::ONE; 3], &mut back), Err(Error::Isa(_))));
        assert_eq!((out, back), ([<$half>::ONE; 3], [7.0; 3]));
    };
}

#[test]
fn halves_are_checked() {
    halves!(quantize_f16, quantize_f16_into, quantize_f16_into_on;
        dequantize_f16, dequantize_f16_into, dequantize_f16_into_on; f16);
    halves!(quantize_bf16, quantize_bf16_into, quantize_bf16_into_on;
        dequantize_bf16, dequantize_bf16_into, dequantize_bf16_into_on; bf16);
}

macro_rules! metric {
    ($scores:ident, $into:ident, $on:ident; $search:ident, $search_into:ident, $search_on:ident;
        $rescore:ident, $rescore_into:ident, $rescore_on:ident; $one:expr, $score:expr, $dim:expr, $query:expr) => {
        let (query, rows) = ($query, vec![$one; 2 * $dim]);
        let (empty, partial) = (
            "query: expected at least one, got none",
            format!("rows: expected whole rows of {} values, got 3 values", $dim),
        );
        assert_eq!(message($scores(&[], &rows)), empty);
        assert_eq!(message($search(&[], &rows, 1)), empty);
        assert_eq!(message($rescore(&[], &rows, &[0], 1)), empty);
        assert_eq!(message($scores(&query.0, &[$one; 3])), partial);
        assert_eq!(message($search(&query.0, &[$one; 3], 1)), partial);
        assert_eq!(message($rescore(&query.0, &[$one; 3], &[], 1)), partial);
        assert_eq!(
            message($rescore(&query.0, &rows, &[1, 0, 2, 9], 1)),
            "candidates[2]: expected at most 1, got 2"
        );
        // No rows are fine, and no hits.
        assert_eq!($scores(&query.0, &[]), Ok(vec![]));
        assert_eq!($search(&query.0, &[], 3), Ok(vec![]));
        assert_eq!($search(&query.0, &rows, usize::MAX).unwrap().len(), 2);

        let (mut out, mut hits) = (vec![$score; 3], [Hit { index: 77, score: $score }; 2]);
        assert_eq!(message($into(query.1, &rows, &mut out)), "out: expected a length of 2, got 3");
        assert_eq!(message($into(query.1, &rows, &mut out[..1])), "out: expected a length of 2, got 1");
        assert_eq!(message($into(query.1, &[$one; 3], &mut out)), partial);
        assert!(matches!($on(absent(), query.1, &rows, &mut out[..2]), Err(Error::Isa(_))));
        assert_eq!(message($search_into(query.1, &[$one; 3], &mut hits)), partial);
        assert_eq!(message($rescore_into(query.1, &[$one; 3], &[0], &mut hits)), partial);
        let beyond = format!("candidates[1]: expected at most 1, got {}", usize::MAX);
        assert_eq!(message($rescore_into(query.1, &rows, &[0, usize::MAX], &mut hits)), beyond);
        assert_eq!(message($rescore_on(Isa::Scalar, query.1, &rows, &[0, usize::MAX], &mut hits)), beyond);
        assert!(matches!($search_on(absent(), query.1, &rows, &mut hits), Err(Error::Isa(_))));
        assert!(matches!($rescore_on(absent(), query.1, &rows, &[0], &mut hits), Err(Error::Isa(_))));
        assert_eq!(out, [$score; 3]);
        assert_eq!(hits, [Hit { index: 77, score: $score }; 2]);
    };
}

#[test]
fn comparisons_are_checked() {
    let query = [1.0; 10];
    let prepared = BinaryQuery::new(&query).unwrap();
    metric!(dot, dot_into, dot_into_on;
        search_dot, search_dot_into, search_dot_into_on;
        rescore_dot, rescore_dot_into, rescore_dot_into_on; 1.0_f32, 7.0, 2, (&query[..2], &query[..2]));
    metric!(cosine, cosine_into, cosine_into_on;
        search_cosine, search_cosine_into, search_cosine_into_on;
        rescore_cosine, rescore_cosine_into, rescore_cosine_into_on; 1.0_f32, 7.0, 2, (&query[..2], &query[..2]));
    metric!(l2_squared, l2_squared_into, l2_squared_into_on;
        search_l2_squared, search_l2_squared_into, search_l2_squared_into_on;
        rescore_l2_squared, rescore_l2_squared_into, rescore_l2_squared_into_on; 1.0_f32, 7.0, 2, (&query[..2], &query[..2]));
    metric!(dot_int8, dot_int8_into, dot_int8_into_on;
        search_int8, search_int8_into, search_int8_into_on;
        rescore_int8, rescore_int8_into, rescore_int8_into_on; 1_i8, 77, 2, (&[1_i8; 2][..], &[1_i8; 2][..]));
    metric!(hamming, hamming_into, hamming_into_on;
        search_hamming, search_hamming_into, search_hamming_into_on;
        rescore_hamming, rescore_hamming_into, rescore_hamming_into_on; 1_u8, 77, 2, (&[1_u8; 2][..], &[1_u8; 2][..]));
    metric!(dot_binary, dot_binary_into, dot_binary_into_on;
        search_binary, search_binary_into, search_binary_into_on;
        rescore_binary, rescore_binary_into, rescore_binary_into_on; 1_u8, 7.0, 2, (&query[..], &prepared));
    assert_eq!(message(BinaryQuery::new(&[])), "query: expected at least one, got none");
}

#[test]
fn bytes_whose_sums_may_not_fit_are_an_error() {
    let (query, mut out) = (vec![1_i8; 131_072], [77; 1]);
    let error = "query: expected 1 to 131071, got 131072";
    assert_eq!(message(dot_int8(&query, &query)), error);
    assert_eq!(message(dot_int8_into(&query, &query, &mut out)), error);
    assert_eq!(message(search_int8(&query, &query, 1)), error);
    assert_eq!(message(rescore_int8(&query, &query, &[0], 1)), error);
    assert_eq!(out, [77]);
    if !cfg!(miri) {
        assert_eq!(dot_int8(&query[1..], &query[1..]), Ok(vec![131_071]));
    }
}

macro_rules! two_steps {
    ($two:ident, $into:ident, $on:ident; $one:expr, $score:expr) => {
        let (bit_query, bits, query, rows) = ([0_u8; 2], [0_u8; 6], [$one; 9], [$one; 27]);
        let (near, best) = (Hit { index: 77, score: 77 }, Hit { index: 77, score: $score });
        let (mut candidates, mut hits) = ([near; 2], [best; 1]);
        let partial = "rows: expected whole rows of 9 values, got 20 values";
        for (bits, rows, error) in [
            (&bits[..], &rows[..18], "row_bits: expected a length of 4, got 6"),
            (&bits[..5], &rows, "row_bits: expected a length of 6, got 5"),
            (&bits, &rows[..20], partial),
        ] {
            assert_eq!(message($two(&bit_query, bits, &query, rows, 2, 1)), error);
            assert_eq!(message($into(&bit_query, bits, &query, rows, &mut candidates, &mut hits)), error);
        }
        let empty = "query: expected at least one, got none";
        assert_eq!(message($two(&bit_query, &bits, &[], &rows, 2, 1)), empty);
        assert_eq!(message($into(&bit_query, &bits, &[], &rows, &mut candidates, &mut hits)), empty);
        // Bits of another dimension than the codes are those of other rows.
        for bytes in [0, 1, 3] {
            let (bit_query, bits) = (vec![0; bytes], vec![0; 3 * bytes]);
            let error = format!("query_bits: expected a length of 2, got {bytes}");
            assert_eq!(message($two(&bit_query, &bits, &query, &rows, 2, 1)), error);
            assert_eq!(message($into(&bit_query, &bits, &query, &rows, &mut candidates, &mut hits)), error);
        }
        let elsewhere = $on(absent(), &bit_query, &bits, &query, &rows, &mut candidates, &mut hits);
        assert!(matches!(elsewhere, Err(Error::Isa(_))));
        assert_eq!((candidates, hits), ([near; 2], [best; 1]));
    };
}

#[test]
fn both_steps_are_checked() {
    two_steps!(two_step_int8, two_step_int8_into, two_step_int8_into_on; 1_i8, 77);
    two_steps!(two_step_dot, two_step_dot_into, two_step_dot_into_on; 1.0_f32, 7.0);
}
