//! What writes to a slice of the caller's allocates nothing.
#![cfg(not(miri))]

use allocation_counter::measure;
use half::{bf16, f16};
use kernels_pool::*;
use kernels_testing::{Random, each_isa};

#[track_caller]
fn assert_none(of: &str, call: impl FnOnce()) {
    let counted = measure(call);
    assert_eq!((counted.count_total, counted.bytes_total), (0, 0), "{of}");
}

const BATCH: usize = 3;
const SEQ: usize = 20;
const HIDDEN: usize = 600;

#[test]
fn pooling_into_a_slice_allocates_nothing() {
    let mut random = Random::new(1);
    let x = random.uniform(BATCH * SEQ * HIDDEN);
    let (short, brain): (Vec<f16>, Vec<bf16>) =
        x.iter().map(|&x| (f16::from_f32(x), bf16::from_f32(x))).unzip();
    let mask: Vec<i64> = (0..BATCH * SEQ).map(|i| i64::from(i % 3 > 0)).collect();
    let lens = [SEQ, 0, 2 * SEQ];
    let ranges = Ranges::new(&[-1.0; 70], &[1.0; 70]).unwrap();
    let mut out = vec![0.0; BATCH * HIDDEN];
    let (mut signed, mut bytes) = (vec![0; BATCH * 70], vec![0; BATCH * 70]);
    for pooling in Pooling::ALL {
        each_isa("pool_allocations", |isa| {
            assert_none("pool", || {
                let masked = Tokens::masked(&x, &mask, BATCH, SEQ, HIDDEN).unwrap();
                let pooler = Pooler::new(pooling).on(isa);
                pooler.pool_into(masked, &mut out).unwrap();
                let pooler = pooler.normalized();
                pooler.pool_into(Tokens::ragged(&short, &lens, HIDDEN).unwrap(), &mut out).unwrap();
                pooler
                    .pool_into(Tokens::padded(&brain, &[SEQ; BATCH], SEQ, HIDDEN).unwrap(), &mut out)
                    .unwrap();
                let pooler = pooler.truncated(70);
                pooler.pool_into(masked, &mut out[..BATCH * 70]).unwrap();
                pooler.pool_into(masked, &mut out).unwrap_err();
            });
            let mut pooler = Pooler::new(pooling).truncated(70).normalized().on(isa);
            let tokens = Tokens::masked(&x, &mask, BATCH, SEQ, HIDDEN).unwrap();
            pooler.pool_int8_into(tokens, &ranges, &mut signed).unwrap();
            assert_none("codes", || {
                pooler.pool_int8_into(tokens, &ranges, &mut signed).unwrap();
                pooler.pool_uint8_into(tokens, &ranges, &mut bytes).unwrap();
                pooler.pool_binary_into(tokens, &mut signed[..BATCH * 9]).unwrap();
                pooler.pool_ubinary_into(tokens, &mut bytes[..BATCH * 9]).unwrap();
            });
        });
    }
    assert_none("functions", || {
        cls_pool_into(&x, &mask, BATCH, SEQ, HIDDEN, &mut out).unwrap();
        last_token_pool_into(&x, &mask, BATCH, SEQ, HIDDEN, &mut out).unwrap();
        max_pool_into(&x, &mask, BATCH, SEQ, HIDDEN, &mut out).unwrap();
        mean_pool_into(&x, &mask, BATCH, SEQ, HIDDEN, &mut out).unwrap();
        mean_sqrt_len_pool_into(&x, &mask, BATCH, SEQ, HIDDEN, &mut out).unwrap();
        weighted_mean_pool_into(&x, &mask, BATCH, SEQ, HIDDEN, &mut out).unwrap();
    });
    // SAFETY: live vectors, of these sizes.
    assert_none("pointers", || unsafe {
        let (pooler, out) = (Pooler::new(Pooling::Mean), out.as_mut_ptr());
        pool_raw(&pooler, x.as_ptr(), mask.as_ptr(), BATCH, SEQ, HIDDEN, out).unwrap();
        l2_normalize_raw(x.as_ptr(), out, BATCH * HIDDEN, HIDDEN).unwrap();
        l2_normalize_raw(out, out, BATCH * HIDDEN, HIDDEN).unwrap();
    });
}

#[test]
fn packing_into_slices_allocates_nothing() {
    let (ids, lens, mut out, mut mask) = ([7; 9], [4, 0, 5], [0; 15], [0; 15]);
    assert_none("pack", || {
        pack_padded_into(&ids, &lens, 0, PaddingSide::Left, &mut out, &mut mask).unwrap();
    });
}

#[test]
fn making_vectors_smaller_allocates_nothing() {
    let dim = 77;
    let x = Random::new(2).uniform(5 * dim);
    let (mut out, mut signed, mut bytes) = (vec![0.0; 5 * dim], vec![0_i8; 5 * dim], vec![0_u8; 5 * dim]);
    let (mut short, mut brain) = (vec![f16::ZERO; 5 * dim], vec![bf16::ZERO; 5 * dim]);
    let mut seen = Calibration::new(dim).unwrap();
    let other = seen.clone();
    assert_none("calibration", || {
        seen.add(&x).unwrap();
        seen.merge(&other).unwrap();
    });
    let ranges = seen.ranges().unwrap();
    let bits = 5 * dim.div_ceil(8);
    each_isa("vector_allocations", |isa| {
        assert_none("vectors", || {
            l2_norm_into(&x, dim, &mut out[..5]).unwrap();
            l2_norm_into_on(isa, &x, dim, &mut out[..5]).unwrap();
            l2_normalize_into(&x, dim, &mut out).unwrap();
            l2_normalize_into_on(isa, &x, dim, &mut out).unwrap();
            l2_normalize_in_place(&mut out, dim).unwrap();
            l2_normalize_in_place_on(isa, &mut out, dim).unwrap();
            truncate_into(&x, dim, 9, &mut out[..45]).unwrap();
            truncate_into_on(isa, &x, dim, 9, &mut out[..45]).unwrap();
        });
        macro_rules! codes {
            ($($into:ident, $on:ident, $back:ident, $back_on:ident ($($dim:ident)? $(, $ranges:ident)?), $codes:expr;)*) => {$(
                assert_none(stringify!($into), || {
                    let codes = $codes;
                    $into(&x $(, $dim)? $(, &$ranges)?, codes).unwrap();
                    $on(isa, &x $(, $dim)? $(, &$ranges)?, codes).unwrap();
                    $back(codes $(, $dim)? $(, &$ranges)?, &mut out).unwrap();
                    $back_on(isa, codes $(, $dim)? $(, &$ranges)?, &mut out).unwrap();
                });
            )*};
        }
        codes! {
            quantize_int8_into, quantize_int8_into_on, dequantize_int8_into, dequantize_int8_into_on
                (dim, ranges), &mut signed[..];
            quantize_uint8_into, quantize_uint8_into_on, dequantize_uint8_into, dequantize_uint8_into_on
                (dim, ranges), &mut bytes[..];
            quantize_binary_into, quantize_binary_into_on, dequantize_binary_into, dequantize_binary_into_on
                (dim), &mut signed[..bits];
            quantize_ubinary_into, quantize_ubinary_into_on, dequantize_ubinary_into, dequantize_ubinary_into_on
                (dim), &mut bytes[..bits];
            quantize_f16_into, quantize_f16_into_on, dequantize_f16_into, dequantize_f16_into_on (), &mut short[..];
            quantize_bf16_into, quantize_bf16_into_on, dequantize_bf16_into, dequantize_bf16_into_on (), &mut brain[..];
        }
    });
}

#[test]
fn comparing_and_searching_allocates_nothing() {
    let (dim, n, k) = (77, 300, 20);
    let mut random = Random::new(3);
    let (query, rows) = (random.uniform(dim), random.uniform(n * dim));
    let signed: Vec<i8> = (0..n * dim).map(|_| random.bits() as i8).collect();
    let bytes: Vec<u8> = (0..n * dim).map(|_| random.bits() as u8).collect();
    let prepared = BinaryQuery::new(&query).unwrap();
    let candidates: Vec<usize> = (0..n).step_by(3).collect();
    each_isa("compare_allocations", |isa| {
        macro_rules! metrics {
            ($($into:ident, $on:ident; $search:ident, $search_on:ident; $rescore:ident, $rescore_on:ident
                ($query:expr, $rows:expr): $score:ty;)*) => {$(
                let (mut out, mut hits): (Vec<$score>, _) = (vec![Default::default(); n], vec![Hit::default(); k]);
                assert_none(stringify!($into), || {
                    $into($query, $rows, &mut out).unwrap();
                    $on(isa, $query, $rows, &mut out).unwrap();
                    $search($query, $rows, &mut hits).unwrap();
                    $search_on(isa, $query, $rows, &mut hits).unwrap();
                    $rescore($query, $rows, &candidates, &mut hits).unwrap();
                    $rescore_on(isa, $query, $rows, &candidates, &mut hits).unwrap();
                });
            )*};
        }
        metrics! {
            dot_into, dot_into_on; search_dot_into, search_dot_into_on; rescore_dot_into, rescore_dot_into_on
                (&query, &rows): f32;
            cosine_into, cosine_into_on; search_cosine_into, search_cosine_into_on; rescore_cosine_into, rescore_cosine_into_on
                (&query, &rows): f32;
            l2_squared_into, l2_squared_into_on; search_l2_squared_into, search_l2_squared_into_on; rescore_l2_squared_into, rescore_l2_squared_into_on
                (&query, &rows): f32;
            dot_int8_into, dot_int8_into_on; search_int8_into, search_int8_into_on; rescore_int8_into, rescore_int8_into_on
                (&signed[..dim], &signed): i32;
            hamming_into, hamming_into_on; search_hamming_into, search_hamming_into_on; rescore_hamming_into, rescore_hamming_into_on
                (&bytes[..dim], &bytes): u32;
            dot_binary_into, dot_binary_into_on; search_binary_into, search_binary_into_on; rescore_binary_into, rescore_binary_into_on
                (&prepared, &bytes[..n * 10]): f32;
        }
        let (mut nearest, mut codes, mut floats) =
            ([Hit::default(); 30], [Hit::default(); 9], [Hit::default(); 9]);
        let (bit_query, bits) = (&bytes[..10], &bytes[..n * 10]);
        assert_none("two steps", || {
            let (code_query, near, hits) = (&signed[..dim], &mut nearest, &mut codes);
            two_step_int8_into(bit_query, bits, code_query, &signed, near, hits).unwrap();
            two_step_int8_into_on(isa, bit_query, bits, code_query, &signed, near, hits).unwrap();
            two_step_dot_into(bit_query, bits, &query, &rows, near, &mut floats).unwrap();
            two_step_dot_into_on(isa, bit_query, bits, &query, &rows, near, &mut floats).unwrap();
        });
    });
    let (scores, mut best) = (dot(&query, &rows).unwrap(), [0; 9]);
    assert_none("top_k", || assert_eq!(top_k_into(&scores, &mut best), 9));
}

#[test]
fn projecting_allocates_nothing() {
    let projection = Projection::random(100, 10, 1).unwrap();
    let (x, mut out) = (vec![1.0; 700], vec![0.0; 70]);
    assert_none("project", || projection.project_into(&x, &mut out).unwrap());
}

/// Also where it was smaller in between, or had no bias.
#[test]
fn refilling_allocates_only_to_grow() {
    let x = Random::new(4).uniform(100);
    let (ends, mut calibration) = ([7.0; 100], Calibration::new(100).unwrap());
    calibration.add(&x).unwrap();
    let mut query = BinaryQuery::new(&x).unwrap();
    let mut ranges = calibration.ranges().unwrap();
    let mut projection = Projection::new(&x, Some(&ends[..10]), 10, 10).unwrap();
    assert_none("refill", || {
        query.repack(&x[..9]).unwrap();
        query.repack(&x[..100]).unwrap();
        query.repack(&[]).unwrap_err();
        ranges.repack(&x[..9], &ends[..9]).unwrap();
        ranges.repack(&x, &ends).unwrap();
        calibration.ranges_into(&mut ranges).unwrap();
        ranges.repack(&ends, &x).unwrap_err();
        projection.repack(&ends, None).unwrap();
        projection.repack(&x, Some(&ends[10..20])).unwrap();
        projection.repack(&x, Some(&ends)).unwrap_err();
    });
    assert_eq!(measure(|| query.repack(&[1.0; 200]).unwrap()).count_total, 1);
}

#[test]
fn only_making_a_pooler_of_chunks_allocates() {
    let embedding = [1.0; 9];
    for pooling in
        [ChunkPooling::Mean, ChunkPooling::Max, ChunkPooling::LengthWeighted, ChunkPooling::CentreWeighted]
    {
        let mut pooler = ChunkPooler::new(pooling, 9).unwrap();
        assert_none("chunks", || {
            let mut out = [0.0; 9];
            for window in windows(100, 8, 2).unwrap() {
                pooler.add(&embedding, window.len()).unwrap();
                pooler.finish_into(&mut out).unwrap();
            }
            pooler.reset();
        });
    }
}

#[test]
fn the_counter_counts() {
    assert_eq!(measure(|| drop(l2_normalize(&[1.0; 48], 8))).count_total, 1);
}
