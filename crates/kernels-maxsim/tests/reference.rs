//! Every instruction set against the `f64` reference: all small shapes, unaligned, with guards round the output.

use approx::assert_abs_diff_eq;
use kernels_maxsim::{Docs, Error, PackedQueries, PackedQuery};
use kernels_maxsim::{maxsim_argmax_into, maxsim_batch_into, maxsim_mean_batch_into, maxsim_queries_into};
use kernels_testing::{Guarded, Random, each_isa, reference, small};
use simd_core::Isa;

/// Lengths round every tile: of one row, of six and its tails, of several blocks.
const DOC_LENS: [usize; 13] = [1, 0, 2, 3, 4, 5, 6, 7, 11, 12, 13, 40, 1];

/// Query tokens round every panel, and round a group of panels.
fn token_counts() -> Vec<usize> {
    if cfg!(miri) {
        vec![17]
    } else if small() {
        vec![1, 16, 17]
    } else {
        (0..=17).chain([31, 32, 33, 64, 127, 128, 129, 150]).collect()
    }
}

/// Dimensions round every vector, round a segment of sixteen steps and round a run of 128.
fn dims() -> Vec<usize> {
    if cfg!(miri) {
        vec![3]
    } else if small() {
        vec![1, 17, 129]
    } else {
        (1..=17).chain([31, 32, 33, 48, 96, 127, 128, 129, 255, 257]).collect()
    }
}

fn doc_lens() -> &'static [usize] {
    if cfg!(miri) { &DOC_LENS[..3] } else { &DOC_LENS }
}

#[test]
fn batch_agrees_with_the_reference() -> Result<(), Error> {
    let mut random = Random::new(1);
    let lens = doc_lens();
    for dim in dims() {
        let docs = random.unit_rows(lens.iter().sum(), dim);
        for tokens in token_counts() {
            let query = random.unit_rows(tokens, dim);
            let want = reference::maxsim_batch(&query, &docs, lens, dim);
            each_isa("maxsim_batch", |isa| {
                let offset = random.below(8);
                let mut query = Guarded::copy(&query, offset, 7.0);
                let mut docs = Guarded::copy(&docs, 8 - offset, 7.0);
                let mut scores = Guarded::new(lens.len(), offset, 7.0);
                let packed = PackedQuery::on(isa, query.middle(), dim).unwrap();
                let docs = Docs::new(docs.middle(), lens, dim).unwrap();
                maxsim_batch_into(&packed, docs, scores.middle()).unwrap();
                for ((&got, &want), len) in scores.check().iter().zip(&want).zip(lens) {
                    if want.is_finite() {
                        let bound = 1e-5 * tokens as f64;
                        assert_abs_diff_eq!(f64::from(got), want, epsilon = bound);
                    } else {
                        assert_eq!(f64::from(got), want, "{isa}: {tokens} x {len} x {dim}");
                    }
                }
            });
        }
    }
    Ok(())
}

#[test]
fn the_bound_holds_where_roundings_add_up() {
    // Equal products: every addition of a run rounds the same way.
    for dim in if small() { vec![129] } else { vec![96, 128, 768, 1024, 4096, 4992] } {
        let x = (1.0 / dim as f64).sqrt() as f32;
        for tokens in [1, if small() { 2 } else { 500 }] {
            let (query, docs) = (vec![x; tokens * dim], vec![x; 8 * dim]);
            let want = reference::maxsim(&query, &docs[..dim], dim);
            each_isa("maxsim_batch", |isa| {
                let mut scores = [0.0; 2];
                let packed = PackedQuery::on(isa, &query, dim).unwrap();
                maxsim_batch_into(&packed, Docs::new(&docs, &[1, 7], dim).unwrap(), &mut scores).unwrap();
                for score in scores {
                    assert_abs_diff_eq!(f64::from(score), want, epsilon = 1e-5 * tokens as f64);
                }
            });
        }
    }
}

#[test]
fn padded_documents_score_as_ragged_ones() {
    let (dim, max_len) = (if small() { 3 } else { 33 }, 14);
    let lens = if small() { &[2, 0, 1][..] } else { &[14, 0, 1, 13, 6, 7][..] };
    let mut random = Random::new(2);
    let query = random.unit_rows(if small() { 2 } else { 21 }, dim);
    let ragged = random.unit_rows(lens.iter().sum(), dim);
    // NaN in the padding, so that one read of it shows.
    let mut padded = vec![f32::NAN; lens.len() * max_len * dim];
    let mut rest = &ragged[..];
    for (row, len) in padded.chunks_exact_mut(max_len * dim).zip(lens) {
        let (doc, others) = rest.split_at(len * dim);
        row[..doc.len()].copy_from_slice(doc);
        rest = others;
    }
    each_isa("maxsim_batch_padded", |isa| {
        let packed = PackedQuery::on(isa, &query, dim).unwrap();
        let (mut want, mut got) = (vec![0.0; lens.len()], vec![0.0; lens.len()]);
        maxsim_batch_into(&packed, Docs::new(&ragged, lens, dim).unwrap(), &mut want).unwrap();
        maxsim_batch_into(&packed, Docs::padded(&padded, max_len, lens, dim).unwrap(), &mut got).unwrap();
        assert_eq!(got, want);
    });
}

#[test]
fn masked_tokens_are_as_good_as_absent() {
    let (dim, tokens) = if small() { (2, 3) } else { (40, 37) };
    let mut random = Random::new(3);
    let mut query = random.unit_rows(tokens, dim);
    let docs = random.unit_rows(10, dim);
    let mask: Vec<bool> = (0..tokens).map(|i| i % 3 != 1).collect();
    let kept: Vec<f32> = query
        .chunks(dim)
        .zip(&mask)
        .filter(|(_, counts)| **counts)
        .flat_map(|(row, _)| row)
        .copied()
        .collect();
    for (row, counts) in query.chunks_mut(dim).zip(&mask) {
        if !counts {
            row.fill(f32::NAN);
        }
    }
    each_isa("maxsim_mask", |isa| {
        let mut masked = PackedQuery::on(isa, &[], dim).unwrap();
        masked.repack_with_mask(&query, &mask).unwrap();
        let kept = PackedQuery::on(isa, &kept, dim).unwrap();
        assert_eq!((masked.tokens(), masked.counted()), (tokens, kept.counted()));
        let docs = Docs::new(&docs, &[3, 7], dim).unwrap();
        let (mut want, mut got) = ([0.0; 2], [0.0; 2]);
        maxsim_batch_into(&kept, docs, &mut want).unwrap();
        maxsim_batch_into(&masked, docs, &mut got).unwrap();
        assert_eq!(got, want);
        maxsim_mean_batch_into(&masked, docs, &mut got).unwrap();
        for (mean, sum) in got.iter().zip(want) {
            assert_abs_diff_eq!(*mean, sum / kept.counted() as f32, epsilon = 1e-6);
        }
    });
}

#[test]
fn several_queries_score_as_each_alone() {
    let dim = if small() { 2 } else { 19 };
    // Within a panel, across panels, across groups of panels; empty ones first, amid and last.
    let query_lens = if small() { &[0, 3, 0, 15, 0][..] } else { &[0, 5, 0, 11, 3, 30, 200, 1, 16, 0][..] };
    let mut random = Random::new(4);
    let queries = random.unit_rows(query_lens.iter().sum(), dim);
    let doc_lens = doc_lens();
    let docs = random.unit_rows(doc_lens.iter().sum(), dim);
    let docs = Docs::new(&docs, doc_lens, dim).unwrap();
    each_isa("maxsim_queries", |isa| {
        let packed = PackedQueries::on(isa, &queries, query_lens, dim).unwrap();
        let mut scores = Guarded::new(query_lens.len() * docs.len(), 1, 7.0);
        maxsim_queries_into(&packed, docs, scores.middle()).unwrap();
        let mut rest = &queries[..];
        for (got, len) in scores.check().chunks_exact(docs.len()).zip(query_lens) {
            let (query, others) = rest.split_at(len * dim);
            rest = others;
            let mut want = vec![0.0; docs.len()];
            maxsim_batch_into(&PackedQuery::on(isa, query, dim).unwrap(), docs, &mut want).unwrap();
            assert_eq!(got, want);
        }
    });
}

#[test]
fn argmax_names_the_first_of_the_largest() {
    let mut random = Random::new(5);
    for dim in if small() { vec![2] } else { vec![1, 2, 7, 16, 50] } {
        for rows in if small() { vec![1, 2] } else { vec![1, 2, 5, 6, 7, 12, 13, 100, 2000] } {
            let tokens = if small() { 2 } else { 35 };
            // Small integers: sums are exact, and many are equal.
            let mut integers =
                |n: usize| -> Vec<f32> { (0..n).map(|_| random.below(5) as f32 - 2.0).collect() };
            let (query, doc) = (integers(tokens * dim), integers(rows * dim));
            let want: Vec<Option<usize>> = reference::similarity_matrix(&query, &doc, dim)
                .iter()
                .map(|row| (0..row.len()).rev().max_by(|&a, &b| row[a].partial_cmp(&row[b]).unwrap()))
                .collect();
            each_isa("maxsim_argmax", |isa| {
                let mut got = Guarded::new(tokens, 3, Some(usize::MAX));
                let packed = PackedQuery::on(isa, &query, dim).unwrap();
                maxsim_argmax_into(&packed, &doc, got.middle()).unwrap();
                assert_eq!(got.check(), want, "{isa}: {rows} x {dim}");
            });
        }
    }
}

#[test]
fn argmax_of_masked_tokens_is_none() {
    let query = [1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 1.0];
    let doc = [0.0, 1.0, 1.0, 0.0, 2.0, 2.0];
    each_isa("maxsim_argmax", |isa| {
        let mut packed = PackedQuery::on(isa, &[], 2).unwrap();
        packed.repack_with_mask(&query, &[false, true, false, true]).unwrap();
        let mut best = [Some(7); 4];
        maxsim_argmax_into(&packed, &doc[..4], &mut best).unwrap();
        assert_eq!(best, [None, Some(0), None, Some(0)]);
        maxsim_argmax_into(&packed, &doc, &mut best).unwrap();
        assert_eq!(best, [None, Some(2), None, Some(2)]);
    });
}

#[test]
fn argmax_names_the_first_nan_in_whatever_block() {
    let (dim, rows, tokens) = if small() { (2, 3, 1) } else { (64, 400, 20) };
    let query = vec![1.0; tokens * dim];
    let cases: &[&[usize]] =
        if small() { &[&[1, 2]] } else { &[&[399], &[70, 71, 300], &[0, 399], &[200, 201]] };
    for nans in cases {
        let mut doc = vec![1.0; rows * dim];
        for row in *nans {
            doc[row * dim + 1] = f32::NAN;
        }
        each_isa("maxsim_argmax", |isa| {
            let mut best = vec![None; tokens];
            maxsim_argmax_into(&PackedQuery::on(isa, &query, dim).unwrap(), &doc, &mut best).unwrap();
            assert_eq!(best, vec![Some(nans[0]); tokens], "{isa}: NaN in rows {nans:?}");
        });
    }
}

#[test]
fn sums_do_not_depend_on_where_a_query_lies_in_its_panels() {
    // In this order the sum is 1; with its last values added up first it would be 0.
    let query = [vec![1e20_f32; 5], vec![-1e20; 5], vec![1.0]].concat();
    let docs = Docs::new(&[1.0], &[1], 1).unwrap();
    each_isa("maxsim_queries", |isa| {
        for before in 0..17 {
            let queries = [vec![1.0; before], query.clone()].concat();
            let mut scores = [0.0; 2];
            let packed = PackedQueries::on(isa, &queries, &[before, query.len()], 1).unwrap();
            maxsim_queries_into(&packed, docs, &mut scores).unwrap();
            assert_eq!(scores, [before as f32, 1.0], "{isa}");
        }
    });
}

#[test]
fn several_masked_queries_score_as_each_alone() {
    let (dim, query_lens) = (3, [4, 0, 5, 4]);
    let mut random = Random::new(7);
    let (mut queries, docs) = (random.unit_rows(13, dim), random.unit_rows(5, dim));
    let mask: Vec<bool> = (0..13).map(|i| i % 2 == 0 && i < 9).collect();
    for (row, counts) in queries.chunks_mut(dim).zip(&mask) {
        if !counts {
            row.fill(f32::NAN);
        }
    }
    let docs = Docs::new(&docs, &[2, 3], dim).unwrap();
    each_isa("maxsim_queries_mask", |isa| {
        let mut packed = PackedQueries::on(isa, &[], &[], dim).unwrap();
        packed.repack_with_mask(&queries, &mask, &query_lens).unwrap();
        let mut scores = [7.0; 8];
        maxsim_queries_into(&packed, docs, &mut scores).unwrap();
        let mut start = 0;
        for (got, len) in scores.chunks_exact(2).zip(query_lens) {
            let (query, mask) = (&queries[start * dim..][..len * dim], &mask[start..][..len]);
            start += len;
            let mut one = PackedQuery::on(isa, &[], dim).unwrap();
            one.repack_with_mask(query, mask).unwrap();
            let mut want = [0.0; 2];
            maxsim_batch_into(&one, docs, &mut want).unwrap();
            assert_eq!(got, want);
        }
    });
}

#[test]
fn every_offset_gives_the_same_bits() {
    let (dim, tokens, lens) = if small() { (17, 2, &[2, 1][..]) } else { (37, 21, &[13, 1, 6, 50][..]) };
    let mut random = Random::new(8);
    let (query, docs) = (random.unit_rows(tokens, dim), random.unit_rows(lens.iter().sum(), dim));
    each_isa("maxsim_batch", |isa| {
        let score = |offset: usize| {
            let mut query = Guarded::copy(&query, offset, 7.0);
            let mut docs = Guarded::copy(&docs, offset, 7.0);
            let mut scores = Guarded::new(lens.len(), offset, 7.0);
            let packed = PackedQuery::on(isa, query.middle(), dim).unwrap();
            let docs = Docs::new(docs.middle(), lens, dim).unwrap();
            maxsim_batch_into(&packed, docs, scores.middle()).unwrap();
            scores.check().to_vec()
        };
        for offset in 1..if small() { 3 } else { 16 } {
            assert_eq!(score(offset), score(0), "{isa}: offset {offset}");
        }
    });
}

#[test]
fn a_refilled_query_is_as_good_as_new() {
    let dim = if small() { 3 } else { 20 };
    let mut random = Random::new(6);
    let docs = random.unit_rows(8, dim);
    let docs = Docs::new(&docs, &[8], dim).unwrap();
    let mut packed = PackedQuery::on(Isa::detect(), &random.unit_rows(20, dim), dim).unwrap();
    for tokens in [3, 40, 0, 17] {
        let query = random.unit_rows(tokens, dim);
        packed.repack(&query).unwrap();
        let (mut want, mut got) = ([0.0], [0.0]);
        maxsim_batch_into(&PackedQuery::on(Isa::detect(), &query, dim).unwrap(), docs, &mut want).unwrap();
        maxsim_batch_into(&packed, docs, &mut got).unwrap();
        assert_eq!(got, want);
    }
}

#[test]
#[cfg_attr(miri, ignore = "half a megabyte of documents")]
fn many_documents_score_as_each_alone() {
    let (mut random, dim) = (Random::new(12), 33);
    // Where nothing can be prefetched, documents are walked in another order if there is more than fits in a cache.
    let lens = [0, 1, 2, 3, 5, 92, 93, 95, 1000, 7, 4, 2999];
    let docs = random.unit_rows(lens.iter().sum(), dim);
    assert!(docs.len() > 1 << 17);
    for tokens in if small() { vec![17] } else { vec![1, 17, 130] } {
        let query = random.unit_rows(tokens, dim);
        each_isa("maxsim_many", |isa| {
            let query = PackedQuery::on(isa, &query, dim).unwrap();
            let mut scores = [0.0; 12];
            maxsim_batch_into(&query, Docs::new(&docs, &lens, dim).unwrap(), &mut scores).unwrap();
            let mut rest = &docs[..];
            for (&len, score) in lens.iter().zip(scores) {
                let (doc, others) = rest.split_at(len * dim);
                let mut alone = [0.0];
                maxsim_batch_into(&query, Docs::new(doc, &[len], dim).unwrap(), &mut alone).unwrap();
                assert_eq!(score, alone[0], "{tokens} x {len} {isa}");
                rest = others;
            }
        });
    }
}
