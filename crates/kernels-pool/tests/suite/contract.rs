//! Wrong calls of pooling: the errors, their messages, and that nothing is written.

use crate::data::absent;
use half::f16;
use kernels_pool::*;
use std::fmt::Debug;

/// The message of an error.
#[track_caller]
pub(crate) fn message<T: Debug, E: ToString + Debug>(result: Result<T, E>) -> String {
    result.unwrap_err().to_string()
}

const TOO_LARGE: &str = "expected lengths that memory can hold, got a product or sum beyond it";

#[test]
fn masked_tokens_are_checked() {
    let masked = |values: usize, mask: usize, [batch, seq, hidden]: [usize; 3]| {
        message(Tokens::masked(&vec![0.0; values], &vec![1_u8; mask], batch, seq, hidden))
    };
    assert_eq!(masked(0, 0, [0, 2, 3]), "batch: expected at least 1, got 0");
    assert_eq!(masked(0, 0, [2, 0, 3]), "seq: expected at least 1, got 0");
    assert_eq!(masked(0, 4, [2, 2, 0]), "hidden: expected at least 1, got 0");
    assert_eq!(masked(11, 4, [2, 2, 3]), "x: expected a length of 12, got 11");
    assert_eq!(masked(13, 4, [2, 2, 3]), "x: expected a length of 12, got 13");
    assert_eq!(masked(12, 3, [2, 2, 3]), "mask: expected a length of 4, got 3");
    assert_eq!(masked(12, 5, [2, 2, 3]), "mask: expected a length of 4, got 5");
    for sizes in
        [[usize::MAX, 2, 1], [2, usize::MAX, 1], [1, 2, usize::MAX], [usize::MAX / 2, 1, 3], [1 << 32; 3]]
    {
        assert_eq!(masked(0, 0, sizes), format!("x: {TOO_LARGE}"));
    }
}

#[test]
fn masks_hold_nothing_but_0_and_1() {
    let x = [0.0; 40];
    for wrong in (0..40).step_by(if cfg!(miri) { 13 } else { 1 }) {
        let mut mask = [1_u8; 40];
        for got in [2, 255, 101] {
            mask[wrong] = got;
            let error = Tokens::masked(&x, &mask, 2, 20, 1).unwrap_err();
            assert_eq!(error, Error::Mask { index: wrong, got: got.into() });
        }
        let mut mask = [0_i64; 40];
        for got in [2, -1, 101, i64::MIN, i64::MAX, 1 << 32, 256] {
            mask[wrong] = got;
            let error = Tokens::masked(&x, &mask, 2, 20, 1).unwrap_err();
            assert_eq!(error, Error::Mask { index: wrong, got });
            assert_eq!(error.to_string(), format!("mask[{wrong}]: expected 0 or 1, got {got}"));
        }
    }
    // The first wrong one is named.
    assert_eq!(message(Tokens::masked(&x, &[3_u8; 40], 2, 20, 1)), "mask[0]: expected 0 or 1, got 3");
}

#[test]
fn ragged_tokens_are_checked() {
    let ragged =
        |values: usize, lens: &[usize], hidden| message(Tokens::ragged(&vec![0.0; values], lens, hidden));
    assert_eq!(ragged(0, &[], 3), "lens: expected at least one, got none");
    assert_eq!(ragged(0, &[1], 0), "hidden: expected at least 1, got 0");
    assert_eq!(ragged(8, &[1, 2], 3), "x: expected a length of 9, got 8");
    assert_eq!(ragged(3, &[0], 3), "x: expected a length of 0, got 3");
    assert_eq!(ragged(0, &[usize::MAX, 1], 1), format!("lens: {TOO_LARGE}"));
    assert_eq!(ragged(0, &[usize::MAX / 2], 3), format!("x: {TOO_LARGE}"));
}

#[test]
fn padded_tokens_are_checked() {
    let padded = |values: usize, lens: &[usize], seq, hidden| {
        message(Tokens::padded(&vec![0.0; values], lens, seq, hidden))
    };
    assert_eq!(padded(0, &[], 2, 3), "lens: expected at least one, got none");
    assert_eq!(padded(11, &[1, 2], 2, 3), "x: expected a length of 12, got 11");
    assert_eq!(padded(12, &[1, 3], 2, 3), "lens[1]: expected at most 2, got 3");
    assert_eq!(
        padded(12, &[usize::MAX, 3], 2, 3),
        format!("lens[0]: expected at most 2, got {}", usize::MAX)
    );
    assert_eq!(padded(0, &[1, 1], usize::MAX, 1), format!("x: {TOO_LARGE}"));
}

/// As those of masked tokens.
#[test]
fn padded_tokens_have_sizes() {
    let padded = |lens: &[usize], seq, hidden| message(Tokens::padded(&[0.0; 0], lens, seq, hidden));
    assert_eq!(padded(&[0], 0, 3), "seq: expected at least 1, got 0");
    assert_eq!(padded(&[0], 2, 0), "hidden: expected at least 1, got 0");
}

/// Whoever is asked to cut, or to write, checks before it does.
#[test]
fn a_pooler_writes_nothing_on_an_error() {
    let x = [1.0; 12];
    let tokens = Tokens::ragged(&x, &[1, 2], 4).unwrap();
    let mut out = [7.0; 9];
    let too_many = Err(Error::OutOfRange { what: "k", min: 1, max: 4, got: 5 });
    let none = Err(Error::OutOfRange { what: "k", min: 1, max: 4, got: 0 });
    for pooling in Pooling::ALL {
        let pooler = Pooler::new(pooling);
        for len in [0, 7, 9] {
            let got = pooler.pool_into(tokens, &mut out[..len]);
            assert_eq!(got, Err(Error::Length { what: "out", expected: 8, got: len }));
        }
        assert_eq!(pooler.clone().truncated(5).pool_into(tokens, &mut out), too_many);
        assert_eq!(pooler.clone().truncated(0).pool_into(tokens, &mut out[..0]), none);
        assert_eq!(message(pooler.clone().truncated(5).pool(tokens)), "k: expected 1 to 4, got 5");
        let wrong = pooler.clone().truncated(3).pool_into(tokens, &mut out[..8]);
        assert_eq!(wrong, Err(Error::Length { what: "out", expected: 6, got: 8 }));
        let elsewhere = pooler.on(absent());
        assert!(matches!(elsewhere.pool_into(tokens, &mut out[..8]), Err(Error::Isa(_))));
        assert!(matches!(elsewhere.pool(tokens), Err(Error::Isa(_))));
    }
    assert_eq!(out, [7.0; 9]);
    let halves = [f16::ONE; 3];
    let tokens = Tokens::ragged(&halves, &[1], 3).unwrap();
    let wrong = Pooler::new(Pooling::Mean).pool_into(tokens, &mut out);
    assert_eq!(wrong, Err(Error::Length { what: "out", expected: 3, got: 9 }));
}

#[test]
fn fused_codes_are_not_written_on_an_error() {
    let x = [1.0; 36];
    let tokens = Tokens::ragged(&x, &[1, 2], 12).unwrap();
    let ranges = |dim: usize| Ranges::new(&vec![0.0; dim], &vec![1.0; dim]).unwrap();
    let (mut signed, mut bytes) = ([77_i8; 30], [77_u8; 30]);
    let mut pooler = Pooler::new(Pooling::Mean);
    let length = |what, expected, got| Err(Error::Length { what, expected, got });
    for dim in [1, 11, 13] {
        assert_eq!(pooler.pool_int8_into(tokens, &ranges(dim), &mut signed[..24]), length("ranges", 12, dim));
        assert_eq!(pooler.pool_uint8_into(tokens, &ranges(dim), &mut bytes[..24]), length("ranges", 12, dim));
    }
    for len in [0, 23, 25] {
        assert_eq!(pooler.pool_int8_into(tokens, &ranges(12), &mut signed[..len]), length("out", 24, len));
        assert_eq!(pooler.pool_uint8_into(tokens, &ranges(12), &mut bytes[..len]), length("out", 24, len));
    }
    for len in [0, 3, 5, 24] {
        assert_eq!(pooler.pool_binary_into(tokens, &mut signed[..len]), length("out", 4, len));
        assert_eq!(pooler.pool_ubinary_into(tokens, &mut bytes[..len]), length("out", 4, len));
    }
    let mut cut = pooler.clone().truncated(5);
    assert_eq!(cut.pool_int8_into(tokens, &ranges(12), &mut signed[..10]), length("ranges", 5, 12));
    assert_eq!(cut.pool_uint8_into(tokens, &ranges(5), &mut bytes[..24]), length("out", 10, 24));
    let mut beyond = pooler.clone().truncated(13);
    let error = Err(Error::OutOfRange { what: "k", min: 1, max: 12, got: 13 });
    assert_eq!(beyond.pool_int8_into(tokens, &ranges(13), &mut signed[..26]), error);
    assert_eq!(beyond.pool_ubinary_into(tokens, &mut bytes[..4]), error);
    let mut elsewhere = pooler.on(absent());
    assert!(matches!(elsewhere.pool_int8_into(tokens, &ranges(12), &mut signed[..24]), Err(Error::Isa(_))));
    assert!(matches!(elsewhere.pool_uint8_into(tokens, &ranges(12), &mut bytes[..24]), Err(Error::Isa(_))));
    assert!(matches!(elsewhere.pool_binary_into(tokens, &mut signed[..4]), Err(Error::Isa(_))));
    assert!(matches!(elsewhere.pool_ubinary_into(tokens, &mut bytes[..4]), Err(Error::Isa(_))));
    assert_eq!((signed, bytes), ([77; 30], [77; 30]));
}

#[test]
fn functions_are_checked_as_the_poolers() {
    let (x, mask, mut out) = ([1.0; 12], [1_u8; 4], [7.0; 6]);
    macro_rules! check {
        ($($pool:ident, $into:ident;)*) => {$(
            assert_eq!(message($pool(&x, &mask, 2, 2, 4)), "x: expected a length of 16, got 12");
            assert_eq!(message($pool(&x, &[2_i64; 4], 2, 2, 3)), "mask[0]: expected 0 or 1, got 2");
            assert_eq!(message($pool(&x, &mask, 0, 2, 3)), "batch: expected at least 1, got 0");
            assert_eq!(message($pool(&x, &mask, usize::MAX, 2, 3)), format!("x: {TOO_LARGE}"));
            assert_eq!(message($into(&x, &mask, 2, 2, 3, &mut out[..5])), "out: expected a length of 6, got 5");
            assert_eq!(message($into(&x, &[0, 0, -1, 0_i64], 2, 2, 3, &mut out)), "mask[2]: expected 0 or 1, got -1");
            assert_eq!(message($into(&x, &mask[1..], 2, 2, 3, &mut out)), "mask: expected a length of 4, got 3");
        )*};
    }
    check! {
        cls_pool, cls_pool_into;
        last_token_pool, last_token_pool_into;
        max_pool, max_pool_into;
        mean_pool, mean_pool_into;
        mean_sqrt_len_pool, mean_sqrt_len_pool_into;
        weighted_mean_pool, weighted_mean_pool_into;
    }
    assert_eq!(out, [7.0; 6]);
}
