//! What must hold for any input.
#![cfg(not(miri))]

use approx::assert_abs_diff_eq;
use kernels_maxsim::{Docs, Isa, PackedQueries, PackedQuery};
use kernels_maxsim::{
    maxsim, maxsim_argmax, maxsim_batch, maxsim_batch_into, maxsim_mean_batch, maxsim_queries_into,
};
use kernels_testing::{Random, reference, small};
use proptest::prelude::*;

/// A query, documents, their lengths, and the dimension.
#[derive(Clone, Debug)]
struct Case {
    query: Vec<f32>,
    docs: Vec<f32>,
    doc_lens: Vec<usize>,
    dim: usize,
}

fn case() -> impl Strategy<Value = Case> {
    (1..70_usize, 0..40_usize, prop::collection::vec(0..30_usize, 0..8), any::<u64>()).prop_map(
        |(dim, tokens, doc_lens, seed)| {
            let mut random = Random::new(seed);
            let query = random.unit_rows(tokens, dim);
            Case { query, docs: random.unit_rows(doc_lens.iter().sum(), dim), doc_lens, dim }
        },
    )
}

fn cases() -> ProptestConfig {
    ProptestConfig {
        cases: if small() { 8 } else { 256 },
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Any bit pattern: subnormals, infinities and NaN among them.
fn any_floats(len: impl Into<prop::collection::SizeRange>) -> impl Strategy<Value = Vec<f32>> {
    prop::collection::vec(prop::num::f32::ANY, len)
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_batch_scores_each_document_as_it_scores_alone(Case { query, docs, doc_lens, dim } in case()) {
        let scores = maxsim_batch(&query, &docs, &doc_lens, dim).unwrap();
        let want = reference::maxsim_batch(&query, &docs, &doc_lens, dim);
        let mut rest = &docs[..];
        for ((len, score), want) in doc_lens.iter().zip(&scores).zip(want) {
            let (doc, others) = rest.split_at(len * dim);
            rest = others;
            prop_assert_eq!(maxsim(&query, doc, dim).unwrap(), *score);
            if want.is_finite() {
                assert_abs_diff_eq!(f64::from(*score), want, epsilon = 1e-5 * (query.len() / dim) as f64);
            } else {
                prop_assert_eq!(f64::from(*score), want);
            }
        }
    }

    #[test]
    fn the_mean_is_the_sum_divided(Case { query, docs, doc_lens, dim } in case()) {
        let tokens = (query.len() / dim).max(1) as f32;
        let sums = maxsim_batch(&query, &docs, &doc_lens, dim).unwrap();
        let means = maxsim_mean_batch(&query, &docs, &doc_lens, dim).unwrap();
        for (mean, sum) in means.iter().zip(sums) {
            prop_assert!(*mean == sum / tokens || (mean - sum / tokens).abs() <= 2.0 * f32::EPSILON * mean.abs());
        }
    }

    #[test]
    fn the_order_of_tokens_does_not_matter(Case { query, docs, dim, .. } in case()) {
        let reversed = |rows: &[f32]| rows.chunks(dim).rev().flatten().copied().collect::<Vec<f32>>();
        let score = maxsim(&query, &docs, dim).unwrap();
        prop_assert_eq!(maxsim(&query, &reversed(&docs), dim).unwrap(), score);
        let backwards = maxsim(&reversed(&query), &docs, dim).unwrap();
        prop_assert!(backwards == score || (backwards - score).abs() <= f32::EPSILON * score.abs());
    }

    #[test]
    fn argmax_points_at_a_token_as_good_as_the_best(Case { query, docs, dim, .. } in case()) {
        let best = maxsim_argmax(&query, &docs, dim).unwrap();
        for (row, best) in reference::similarity_matrix(&query, &docs, dim).iter().zip(best) {
            match best {
                Some(best) => prop_assert!(row.iter().all(|&x| x <= row[best] + 2e-5)),
                None => prop_assert!(row.is_empty()),
            }
        }
    }

    /// On small integers everything is exact, so every way to the same score gives the same bits.
    #[test]
    fn all_ways_agree_on_integers(
        dim in 1..40_usize,
        query_lens in prop::collection::vec(0..40_usize, 0..6),
        doc_lens in prop::collection::vec(0..50_usize, 0..6),
        seed in any::<u64>(),
    ) {
        let mut random = Random::new(seed);
        let mut integers =
            |rows: usize| -> Vec<f32> { (0..rows * dim).map(|_| random.below(7) as f32 - 3.0).collect() };
        let tokens = query_lens.iter().sum();
        let (queries, values) = (integers(tokens), integers(doc_lens.iter().sum()));
        let mask: Vec<bool> = (0..tokens).map(|i| i % 5 != 3).collect();
        let docs = Docs::new(&values, &doc_lens, dim).unwrap();
        let (mut start, mut kept) = (0, Vec::new());
        for len in &query_lens {
            let counted = (start..start + len).filter(|&i| mask[i]);
            kept.push(counted.flat_map(|i| &queries[i * dim..][..dim]).copied().collect::<Vec<f32>>());
            start += len;
        }
        let want = kept.iter().flat_map(|query| reference::maxsim_batch(query, &values, &doc_lens, dim));
        let want: Vec<f32> = want.map(|score| score as f32).collect();
        for isa in Isa::available() {
            let mut several = PackedQueries::on(isa, &[], &[], dim).unwrap();
            several.repack_with_mask(&queries, &mask, &query_lens).unwrap();
            let mut got = vec![7.0; want.len()];
            maxsim_queries_into(&several, docs, &mut got).unwrap();
            prop_assert_eq!(&got, &want);
            #[cfg(feature = "parallel")]
            {
                got.fill(7.0);
                kernels_maxsim::parallel::maxsim_queries_into(&several, docs, &mut got).unwrap();
                prop_assert_eq!(&got, &want);
            }
            for (query, want) in kept.iter().zip(want.chunks(doc_lens.len().max(1))) {
                let mut got = vec![7.0; doc_lens.len()];
                maxsim_batch_into(&PackedQuery::on(isa, query, dim).unwrap(), docs, &mut got).unwrap();
                prop_assert_eq!(&got[..], want);
            }
        }
    }

    #[test]
    fn nothing_panics(
        query in any_floats(0..50),
        docs in any_floats(0..200),
        doc_lens in prop::collection::vec(prop_oneof![0..9_usize, any::<usize>()], 0..9),
        dim in prop_oneof![0..9_usize, any::<usize>()],
        max_len in prop_oneof![0..9_usize, any::<usize>()],
    ) {
        let _ = maxsim_argmax(&query, &docs, dim);
        let _ = maxsim(&query, &docs, dim);
        let batch = maxsim_batch(&query, &docs, &doc_lens, dim);
        let rows = doc_lens.iter().try_fold(0_usize, |sum, len| sum.checked_add(*len));
        let fits = dim > 0 && query.len() % dim == 0 && rows.and_then(|rows| rows.checked_mul(dim)) == Some(docs.len());
        prop_assert_eq!(batch.is_ok(), fits && dim <= isize::MAX as usize / 512);
        if let (Ok(query), Ok(docs)) = (PackedQuery::new(&query, dim), Docs::padded(&docs, max_len, &doc_lens, dim)) {
            maxsim_batch_into(&query, docs, &mut vec![0.0; docs.len()]).unwrap();
        }
    }
}
