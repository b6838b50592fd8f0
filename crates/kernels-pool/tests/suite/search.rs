//! The best rows, of all and of some: what sorting all scores gives.

use kernels_pool::*;
use kernels_testing::{Random, reference, small};
use std::cmp::Ordering;

/// Hits in order: by what comes first, then by the index; NaN is last.
fn sorted<S: Copy>(
    scores: &[S],
    first: impl Fn(S, S) -> Ordering,
    candidates: &[usize],
    k: usize,
) -> Vec<Hit<S>> {
    let mut hits: Vec<Hit<S>> = candidates.iter().map(|&index| Hit { index, score: scores[index] }).collect();
    hits.sort_by(|a, b| first(a.score, b.score).then(a.index.cmp(&b.index)));
    hits.truncate(k);
    hits
}

fn nan_last(a: f32, b: f32, order: fn(&f32, &f32) -> Ordering) -> Ordering {
    a.is_nan().cmp(&b.is_nan()).then(if a.is_nan() { Ordering::Equal } else { order(&a, &b) })
}

fn larger(a: f32, b: f32) -> Ordering {
    nan_last(a, b, |a, b| b.partial_cmp(a).unwrap_or(Ordering::Equal))
}

fn smaller(a: f32, b: f32) -> Ordering {
    nan_last(a, b, |a, b| a.partial_cmp(b).unwrap_or(Ordering::Equal))
}

/// NaN beside NaN is the same.
#[track_caller]
fn assert_hits(got: &[Hit<f32>], want: &[Hit<f32>]) {
    let bits = |hits: &[Hit<f32>]| -> Vec<(usize, Option<u32>)> {
        hits.iter().map(|hit| (hit.index, (!hit.score.is_nan()).then(|| hit.score.to_bits()))).collect()
    };
    assert_eq!(bits(got), bits(want));
}

struct Rows {
    query: Vec<f32>,
    floats: Vec<f32>,
    bytes: Vec<i8>,
    byte_query: Vec<i8>,
    bits: Vec<u8>,
    bit_query: Vec<u8>,
    n: usize,
}

/// Rows of few different values: many are equal.
fn rows(random: &mut Random, n: usize, dim: usize) -> Rows {
    let mut few = |n: usize| -> Vec<i8> { (0..n).map(|_| random.below(3) as i8 - 1).collect() };
    let (byte_query, bytes) = (few(dim), few(n * dim));
    let floats = |bytes: &[i8]| -> Vec<f32> { bytes.iter().map(|&x| x.into()).collect() };
    let bits = quantize_ubinary(&floats(&bytes), dim).unwrap_or_default();
    let bit_query = quantize_ubinary(&floats(&byte_query), dim).unwrap();
    Rows { query: floats(&byte_query), floats: floats(&bytes), bytes, byte_query, bits, bit_query, n }
}

/// What is written to room for `k`: what lies behind the last one stays.
#[track_caller]
fn assert_written<S: Copy + Default>(
    write: impl FnOnce(&mut [Hit<S>]) -> Result<usize, Error>,
    want: &[Hit<S>],
    k: usize,
    same: impl Fn(&[Hit<S>], &[Hit<S>]),
) {
    let mut hits = vec![Hit { index: usize::MAX, score: S::default() }; k];
    assert_eq!(write(&mut hits), Ok(want.len()));
    same(&hits[..want.len()], want);
    assert!(hits[want.len()..].iter().all(|hit| hit.index == usize::MAX));
}

macro_rules! check {
    ($candidates:expr, $k:expr; $(
        $scores:ident, $scores_on:ident;
        $search:ident, $search_into:ident, $search_on:ident;
        $rescore:ident, $rescore_into:ident, $rescore_on:ident;
        ($query:expr; $prepared:expr, $values:expr): $order:expr, $same:path;
    )*) => {$(
        let (k, candidates) = ($k, $candidates);
        let mut scores = $scores($query, $values).unwrap();
        let all: Vec<usize> = (0..scores.len()).collect();
        let want = sorted(&scores, $order, &all, k);
        $same(&$search($query, $values, k).unwrap(), &want);
        assert_written(|hits| $search_into($prepared, $values, hits), &want, k, $same);
        let want = sorted(&scores, $order, candidates, k);
        $same(&$rescore($query, $values, candidates, k).unwrap(), &want);
        assert_written(|hits| $rescore_into($prepared, $values, candidates, hits), &want, k, $same);
        for isa in Isa::available() {
            $scores_on(isa, $prepared, $values, &mut scores).unwrap();
            let want = sorted(&scores, $order, &all, k);
            assert_written(|hits| $search_on(isa, $prepared, $values, hits), &want, k, $same);
            let want = sorted(&scores, $order, candidates, k);
            assert_written(|hits| $rescore_on(isa, $prepared, $values, candidates, hits), &want, k, $same);
        }
    )*};
}

#[track_caller]
fn assert_equal<S: PartialEq + std::fmt::Debug>(got: &[Hit<S>], want: &[Hit<S>]) {
    assert_eq!(got, want);
}

#[track_caller]
fn check_all(rows: &Rows, candidates: &[usize], k: usize) {
    let prepared = BinaryQuery::new(&rows.query).unwrap();
    check! {
        candidates, k;
        dot, dot_into_on;
        search_dot, search_dot_into, search_dot_into_on;
        rescore_dot, rescore_dot_into, rescore_dot_into_on;
        (&rows.query; &rows.query, &rows.floats): larger, assert_hits;
        cosine, cosine_into_on;
        search_cosine, search_cosine_into, search_cosine_into_on;
        rescore_cosine, rescore_cosine_into, rescore_cosine_into_on;
        (&rows.query; &rows.query, &rows.floats): larger, assert_hits;
        l2_squared, l2_squared_into_on;
        search_l2_squared, search_l2_squared_into, search_l2_squared_into_on;
        rescore_l2_squared, rescore_l2_squared_into, rescore_l2_squared_into_on;
        (&rows.query; &rows.query, &rows.floats): smaller, assert_hits;
        dot_binary, dot_binary_into_on;
        search_binary, search_binary_into, search_binary_into_on;
        rescore_binary, rescore_binary_into, rescore_binary_into_on;
        (&rows.query; &prepared, &rows.bits): larger, assert_hits;
        dot_int8, dot_int8_into_on;
        search_int8, search_int8_into, search_int8_into_on;
        rescore_int8, rescore_int8_into, rescore_int8_into_on;
        (&rows.byte_query; &rows.byte_query, &rows.bytes): |a, b| b.cmp(&a), assert_equal;
        hamming, hamming_into_on;
        search_hamming, search_hamming_into, search_hamming_into_on;
        rescore_hamming, rescore_hamming_into, rescore_hamming_into_on;
        (&rows.bit_query; &rows.bit_query, &rows.bits): |a, b| a.cmp(&b), assert_equal;
    }
}

#[test]
fn the_best_are_the_first_of_all_in_order() {
    let mut random = Random::new(1);
    // Rows round a block of scores.
    let counts: &[usize] = if cfg!(miri) {
        &[0, 5]
    } else if small() {
        &[0, 1, 40, 257]
    } else {
        &[0, 1, 2, 7, 40, 255, 256, 257, 511, 513, 900]
    };
    for &n in counts {
        for dim in if cfg!(miri) { vec![3] } else { vec![1, 9, 24] } {
            let rows = rows(&mut random, n, dim);
            let mut candidates: Vec<usize> = (0..n).filter(|_| random.below(3) == 0).collect();
            candidates.reverse();
            for k in
                [0, 2, n + 3, 1, 10, n.saturating_sub(1), n].into_iter().take(if cfg!(miri) { 3 } else { 7 })
            {
                check_all(&rows, &candidates, k);
            }
        }
    }
}

#[test]
fn a_nan_comes_last() {
    let n = if cfg!(miri) { 7 } else { 300 };
    let mut random = Random::new(2);
    let mut rows = rows(&mut random, n, 3);
    for _ in 0..n / 3 {
        let bad = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e30][random.below(4)];
        rows.floats[random.below(3 * n)] = bad;
    }
    let candidates: Vec<usize> = (0..n).rev().step_by(2).collect();
    for k in [1, n / 2, n] {
        check_all(&rows, &candidates, k);
    }
    assert_eq!(search_dot(&[1.0], &[f32::NAN, f32::NEG_INFINITY, 2.0], 3).unwrap().map_index(), [2, 1, 0]);
    assert_eq!(search_l2_squared(&[0.0], &[f32::NAN, f32::INFINITY, 2.0], 3).unwrap().map_index(), [2, 1, 0]);
}

trait Indices {
    fn map_index(&self) -> Vec<usize>;
}

impl<S> Indices for Vec<Hit<S>> {
    fn map_index(&self) -> Vec<usize> {
        self.iter().map(|hit| hit.index).collect()
    }
}

/// A candidate may be named twice, and is then there twice.
#[test]
fn candidates_are_taken_as_they_come() {
    let hits = rescore_dot(&[1.0], &[3.0, 4.0, 5.0], &[2, 0, 2], 9).unwrap();
    assert_eq!(hits.map_index(), [2, 2, 0]);
    assert_eq!(rescore_dot(&[1.0], &[3.0], &[], 9), Ok(vec![]));
    assert_eq!(rescore_hamming(&[1], &[], &[], 9), Ok(vec![]));
}

/// Two steps are the second one with what the first one finds, which the slices then hold.
macro_rules! check_two {
    (($bit_query:expr, $bits:expr), $indices:expr, $nearest:expr, $candidates:expr; $(
        $two:ident, $into:ident, $on:ident; $rescore:ident, $rescore_on:ident ($query:expr, $rows:expr);
    )*) => {$(
        let want = $rescore($query, $rows, $indices, 5).unwrap();
        assert_eq!($two($bit_query, $bits, $query, $rows, $candidates, 5).as_ref(), Ok(&want));
        let mut found = 0;
        let step = |hits: &mut [_]| {
            assert_written(
                |nearest| {
                    found = $into($bit_query, $bits, $query, $rows, nearest, hits)?;
                    Ok($nearest.len())
                },
                $nearest,
                $candidates,
                assert_equal,
            );
            Ok(found)
        };
        assert_written(step, &want, 5, assert_equal);
        for isa in Isa::available() {
            let mut want = vec![Hit::default(); 5];
            let found = $rescore_on(isa, $query, $rows, $indices, &mut want).unwrap();
            let mut nearest = vec![Hit::default(); $candidates];
            assert_written(
                |hits| $on(isa, $bit_query, $bits, $query, $rows, &mut nearest, hits),
                &want[..found],
                5,
                assert_equal,
            );
            assert_eq!(&nearest[..$nearest.len()], $nearest);
        }
    )*};
}

/// With as many candidates as rows, the first step chooses nothing.
#[test]
fn two_steps_with_all_candidates_are_one() {
    let mut random = Random::new(3);
    for n in if cfg!(miri) { vec![4] } else { vec![0, 1, 30, 300] } {
        let rows = rows(&mut random, n, 19);
        let Rows { query, floats, bytes, byte_query, bits, bit_query, .. } = &rows;
        for (candidates, k) in [(n, n), (n, 3), (n + 9, n + 9), (usize::MAX, 5)] {
            let got = two_step_int8(bit_query, bits, byte_query, bytes, candidates, k);
            assert_eq!(got, search_int8(byte_query, bytes, k));
            let got = two_step_dot(bit_query, bits, query, floats, candidates, k);
            assert_eq!(got, search_dot(query, floats, k));
        }
        let distances = hamming(bit_query, bits).unwrap();
        for candidates in [0, 1, 2, n / 2, n + 9] {
            let indices = reference::pool::nearest(&distances, candidates);
            let nearest: Vec<_> =
                indices.iter().map(|&index| Hit { index, score: distances[index] }).collect();
            check_two! {
                (bit_query, bits), &indices, &nearest, candidates;
                two_step_int8, two_step_int8_into, two_step_int8_into_on; rescore_int8, rescore_int8_into_on
                    (byte_query, bytes);
                two_step_dot, two_step_dot_into, two_step_dot_into_on; rescore_dot, rescore_dot_into_on
                    (query, floats);
            }
        }
        assert_eq!(rows.n, n);
    }
}

#[test]
fn top_k_is_the_order_of_the_scores() {
    let scores = [0.5, f32::NAN, 2.0, f32::NEG_INFINITY, 2.0, -0.0, 0.0];
    assert_eq!(top_k(&scores, 9), [2, 4, 0, 5, 6, 3, 1]);
    let mut best = [7; 3];
    assert_eq!(top_k_into(&scores, &mut best), 3);
    assert_eq!(best, [2, 4, 0]);
}
