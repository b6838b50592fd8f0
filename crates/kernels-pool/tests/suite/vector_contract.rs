//! Wrong calls of what is done with vectors: the errors, their messages, and that nothing is written.

use crate::contract::message;
use crate::data::absent;
use half::{bf16, f16};
use kernels_pool::*;

#[test]
fn rows_are_checked_before_they_get_lengths_of_one() {
    assert_eq!(message(l2_normalize(&[1.0], 0)), "dim: expected at least 1, got 0");
    assert_eq!(message(l2_normalize(&[], 3)), "x: expected at least one, got none");
    assert_eq!(message(l2_normalize(&[1.0; 4], 3)), "x: expected whole rows of 3 values, got 4 values");
    assert_eq!(
        message(l2_normalize(&[1.0; 4], usize::MAX)),
        format!("x: expected whole rows of {} values, got 4 values", usize::MAX)
    );
    assert_eq!(message(l2_norm(&[1.0], 0)), "dim: expected at least 1, got 0");
    assert_eq!(message(l2_norm(&[1.0; 4], 3)), "x: expected whole rows of 3 values, got 4 values");
    assert_eq!(message(truncate(&[1.0], 0, 0)), "dim: expected at least 1, got 0");
    assert_eq!(message(truncate(&[1.0; 4], 2, 0)), "k: expected 1 to 2, got 0");
    assert_eq!(message(truncate(&[1.0; 4], 2, 3)), "k: expected 1 to 2, got 3");
    assert_eq!(message(truncate(&[], 2, 1)), "x: expected at least one, got none");
    assert_eq!(message(truncate(&[1.0; 3], 2, 1)), "x: expected whole rows of 2 values, got 3 values");

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
    assert!(matches!(truncate_into_on(isa, &[1.0; 10], 2, 1, &mut out), Err(Error::Isa(_))));
    assert_eq!(out, [7.0; 5]);
}

macro_rules! bytes {
    ($quantize:ident, $into:ident, $on:ident; $back:ident, $back_into:ident, $back_on:ident; $code:ty) => {
        let ranges = |dim: usize| Ranges::new(&vec![0.0; dim], &vec![1.0; dim]).unwrap();
        assert_eq!(message($quantize(&[1.0], 0, &ranges(1))), "dim: expected at least 1, got 0");
        assert_eq!(message($quantize(&[], 2, &ranges(2))), "x: expected at least one, got none");
        assert_eq!(
            message($quantize(&[1.0; 3], 2, &ranges(2))),
            "x: expected whole rows of 2 values, got 3 values"
        );
        assert_eq!(message($quantize(&[1.0; 4], 2, &ranges(3))), "ranges: expected a length of 2, got 3");
        assert_eq!(message($back(&[1], 0, &ranges(1))), "dim: expected at least 1, got 0");
        assert_eq!(message($back(&[], 2, &ranges(2))), "codes: expected at least one, got none");
        assert_eq!(
            message($back(&[1; 3], 2, &ranges(2))),
            "codes: expected whole rows of 2 values, got 3 values"
        );
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
        assert_eq!(message($quantize(&[1.0], 0)), "dim: expected at least 1, got 0");
        assert_eq!(message($quantize(&[], 2)), "x: expected at least one, got none");
        assert_eq!(message($quantize(&[1.0; 3], 2)), "x: expected whole rows of 2 values, got 3 values");
        assert_eq!(message($back(&[1], 0)), "dim: expected at least 1, got 0");
        assert_eq!(message($back(&[], 9)), "codes: expected at least one, got none");
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
    ($scores:ident, $into:ident, $on:ident, $search:ident, $search_into:ident, $rescore:ident, $rescore_into:ident;
        $one:expr, $score:expr, $dim:expr, $query:expr) => {
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
        assert_eq!(out, [$score; 3]);
        assert_eq!(hits, [Hit { index: 77, score: $score }; 2]);
    };
}

#[test]
fn comparisons_are_checked() {
    let query = [1.0; 10];
    metric!(dot, dot_into, dot_into_on, search_dot, search_dot_into, rescore_dot, rescore_dot_into;
        1.0_f32, 7.0, 2, (&query[..2], &query[..2]));
    metric!(cosine, cosine_into, cosine_into_on, search_cosine, search_cosine_into, rescore_cosine, rescore_cosine_into;
        1.0_f32, 7.0, 2, (&query[..2], &query[..2]));
    metric!(l2_squared, l2_squared_into, l2_squared_into_on, search_l2_squared, search_l2_squared_into,
        rescore_l2_squared, rescore_l2_squared_into; 1.0_f32, 7.0, 2, (&query[..2], &query[..2]));
    metric!(dot_int8, dot_int8_into, dot_int8_into_on, search_int8, search_int8_into, rescore_int8, rescore_int8_into;
        1_i8, 77, 2, (&[1_i8; 2][..], &[1_i8; 2][..]));
    metric!(hamming, hamming_into, hamming_into_on, search_hamming, search_hamming_into, rescore_hamming, rescore_hamming_into;
        1_u8, 77, 2, (&[1_u8; 2][..], &[1_u8; 2][..]));
    let prepared = BinaryQuery::new(&query).unwrap();
    metric!(dot_binary, dot_binary_into, dot_binary_into_on, search_binary, search_binary_into, rescore_binary, rescore_binary_into;
        1_u8, 7.0, 2, (&query[..], &prepared));
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

#[test]
fn both_steps_are_checked() {
    let (bit_query, bits, query, rows) = ([0_u8; 2], [0_u8; 6], [1_i8; 9], [1_i8; 27]);
    let floats = [1.0_f32; 27];
    let two = |bits: &[u8], rows: &[i8]| message(two_step_int8(&bit_query, bits, &query, rows, 2, 1));
    assert_eq!(two(&bits, &rows[..18]), "row_bits: expected a length of 4, got 6");
    assert_eq!(two(&bits[..5], &rows), "row_bits: expected a length of 6, got 5");
    assert_eq!(two(&bits, &rows[..20]), "rows: expected whole rows of 9 values, got 20 values");
    assert!(two_step_int8(&[], &bits, &query, &rows, 2, 1).is_err());
    assert!(two_step_int8(&bit_query, &bits, &[], &rows, 2, 1).is_err());
    let two = |bits: &[u8], rows: &[f32]| message(two_step_dot(&bit_query, bits, &floats[..9], rows, 2, 1));
    assert_eq!(two(&bits, &floats[..18]), "row_bits: expected a length of 4, got 6");
    assert!(two_step_dot(&[], &bits, &floats[..9], &floats, 2, 1).is_err());
    assert!(two_step_dot(&bit_query, &bits, &[], &floats, 2, 1).is_err());
}

/// Bits of another dimension than the codes are those of other rows.
#[test]
fn both_steps_have_the_same_dimension() {
    let (query, rows) = ([1_i8; 9], [1_i8; 27]);
    for bytes in [1, 3] {
        let (bit_query, bits) = (vec![0; bytes], vec![0; 3 * bytes]);
        assert!(two_step_int8(&bit_query, &bits, &query, &rows, 2, 1).is_err(), "{bytes} bytes for 9 values");
        assert!(
            two_step_dot(&bit_query, &bits, &[1.0; 9], &[1.0; 27], 2, 1).is_err(),
            "{bytes} bytes for 9 values"
        );
    }
}
