//! What the documentation promises of empty, infinite, NaN and wrong input.

use kernels_maxsim::{Docs, Error, Isa, PackedQueries, PackedQuery};
use kernels_maxsim::{
    maxsim, maxsim_argmax, maxsim_argmax_into, maxsim_batch, maxsim_batch_into, maxsim_mean,
    maxsim_mean_batch, maxsim_mean_batch_into, maxsim_mean_queries_into, maxsim_queries_into,
};
use kernels_testing::{Random, each_isa, small};

#[test]
fn set_up_objects_can_be_shared_cloned_and_printed() {
    fn is<T: Send + Sync + Clone + std::fmt::Debug>() {}
    is::<PackedQuery>();
    is::<PackedQueries>();
    is::<Docs<'_>>();
    is::<Error>();
}

#[test]
fn nothing_to_match() {
    assert_eq!(maxsim(&[1.0, 2.0], &[], 2), Ok(f32::NEG_INFINITY));
    assert_eq!(maxsim_mean(&[1.0, 2.0], &[], 2), Ok(f32::NEG_INFINITY));
    for doc in [&[][..], &[1.0, 2.0], &[f32::NAN; 2]] {
        assert_eq!(maxsim(&[], doc, 2), Ok(0.0));
        assert_eq!(maxsim_mean(&[], doc, 2), Ok(0.0));
        let masked = PackedQuery::with_mask(&[1.0, f32::NAN], &[false], 2).unwrap();
        let (doc_lens, mut score) = ([doc.len() / 2], [7.0]);
        let docs = Docs::new(doc, &doc_lens, 2).unwrap();
        maxsim_batch_into(&masked, docs, &mut score).unwrap();
        assert_eq!(score, [0.0]);
        maxsim_mean_batch_into(&masked, docs, &mut score).unwrap();
        assert_eq!(score, [0.0]);
    }
    assert_eq!(maxsim_batch(&[1.0], &[], &[], 1), Ok(vec![]));
    assert_eq!(maxsim_batch(&[], &[1.0], &[1, 0], 1), Ok(vec![0.0, 0.0]));
    assert_eq!(maxsim_mean_batch(&[2.0, 4.0], &[1.0], &[1, 0], 1), Ok(vec![3.0, f32::NEG_INFINITY]));
    assert_eq!(maxsim_argmax(&[1.0, 2.0], &[], 1), Ok(vec![None, None]));
    assert_eq!(maxsim_argmax(&[], &[1.0], 1), Ok(vec![]));
    let queries = PackedQueries::new(&[], &[], 1).unwrap();
    maxsim_queries_into(&queries, Docs::new(&[1.0], &[1], 1).unwrap(), &mut []).unwrap();
    let queries = PackedQueries::new(&[], &[0, 0], 1).unwrap();
    let mut scores = [7.0; 2];
    maxsim_mean_queries_into(&queries, Docs::new(&[1.0], &[1], 1).unwrap(), &mut scores).unwrap();
    assert_eq!(scores, [0.0; 2]);
}

#[test]
fn nan_in_a_document_stays_in_it() {
    let mut random = Random::new(1);
    let (dim, tokens) = if small() { (2, 2) } else { (20, 40) };
    let doc_lens: &[usize] = if small() { &[2, 1, 0, 3] } else { &[7, 1, 0, 6, 12, 13, 2] };
    let query = random.unit_rows(tokens, dim);
    let docs = random.unit_rows(doc_lens.iter().sum(), dim);
    each_isa("maxsim_nan", |isa| {
        let packed = PackedQuery::on(isa, &query, dim).unwrap();
        let mut clean = vec![0.0; doc_lens.len()];
        maxsim_batch_into(&packed, Docs::new(&docs, doc_lens, dim).unwrap(), &mut clean).unwrap();
        let mut start = 0;
        for (bad, len) in doc_lens.iter().enumerate() {
            for row in start..start + len {
                let (mut docs, mut scores) = (docs.clone(), clean.clone());
                docs[row * dim + random.below(dim)] = f32::NAN;
                maxsim_batch_into(&packed, Docs::new(&docs, doc_lens, dim).unwrap(), &mut scores).unwrap();
                for (d, (score, clean)) in scores.iter().zip(&clean).enumerate() {
                    assert!(
                        if d == bad { score.is_nan() } else { score == clean },
                        "{isa}: row {row}, document {d}"
                    );
                }
                // NaN counts as the largest, so every token points at it.
                let doc = &docs[start * dim..][..len * dim];
                let mut best = vec![None; tokens];
                maxsim_argmax_into(&packed, doc, &mut best).unwrap();
                assert_eq!(best, vec![Some(row - start); tokens], "{isa}");
            }
            start += len;
        }
    });
}

#[test]
fn nan_in_a_query_token_that_counts_is_everywhere() {
    let (dim, tokens) = (3, if small() { 2 } else { 20 });
    let docs = Random::new(2).uniform(9 * dim);
    each_isa("maxsim_nan", |isa| {
        for bad in 0..tokens {
            let mut query = vec![0.5; tokens * dim];
            query[bad * dim + 1] = f32::NAN;
            let mut scores = [0.0; 4];
            let docs = Docs::new(&docs, &[1, 0, 2, 6], dim).unwrap();
            maxsim_batch_into(&PackedQuery::on(isa, &query, dim).unwrap(), docs, &mut scores).unwrap();
            assert!([0, 2, 3].iter().all(|&d| scores[d].is_nan()), "{isa}: {scores:?}");
            assert_eq!(scores[1], f32::NEG_INFINITY);
        }
    });
}

#[test]
fn infinities_are_ordinary_values() {
    let (max, inf) = (f32::MAX, f32::INFINITY);
    each_isa("maxsim_infinite", |isa| {
        let score = |query: &[f32], doc: &[f32]| {
            let (doc_lens, mut score) = ([doc.len()], [0.0]);
            let docs = Docs::new(doc, &doc_lens, 1).unwrap();
            maxsim_batch_into(&PackedQuery::on(isa, query, 1).unwrap(), docs, &mut score).unwrap();
            score[0]
        };
        assert_eq!(score(&[1.0], &[-inf, -inf]), -inf);
        assert_eq!(score(&[1.0], &[-inf, 2.0, inf]), inf);
        assert_eq!(score(&[1.0, 1.0], &[max]), inf);
        assert!(score(&[0.0], &[inf]).is_nan());
        let mut best = [None];
        maxsim_argmax_into(&PackedQuery::on(isa, &[1.0], 1).unwrap(), &[-inf, -inf], &mut best).unwrap();
        assert_eq!(best, [Some(0)]);
    });
}

#[test]
fn errors_name_what_was_expected_and_what_came() {
    let messages: [(Result<f32, Error>, &str); 4] = [
        (maxsim(&[1.0], &[1.0], 0), "dim: expected at least 1, got 0"),
        (maxsim(&[1.0; 3], &[1.0; 2], 2), "query: expected whole rows of dim = 2 values, got 3 values"),
        (maxsim(&[1.0; 2], &[1.0; 3], 2), "doc: expected whole rows of dim = 2 values, got 3 values"),
        (
            maxsim(&[], &[], usize::MAX),
            "dim: expected lengths that memory can hold, got a product or sum beyond it",
        ),
    ];
    for (result, message) in messages {
        assert_eq!(result.unwrap_err().to_string(), message);
    }
    let docs = |values: usize, doc_lens: &[usize], dim| {
        Docs::new(&vec![0.0; values], doc_lens, dim).map(|_| ()).unwrap_err().to_string()
    };
    assert_eq!(docs(1, &[1], 0), "dim: expected at least 1, got 0");
    assert_eq!(docs(5, &[1, 2], 2), "docs: expected a length of 6, got 5");
    let too_large = "doc_lens: expected lengths that memory can hold, got a product or sum beyond it";
    assert_eq!(docs(0, &[usize::MAX, 1], 1), too_large);
    assert_eq!(docs(0, &[usize::MAX / 2], 3), too_large);
    let padded = |values: usize, max_len, doc_lens: &[usize], dim| {
        Docs::padded(&vec![0.0; values], max_len, doc_lens, dim).map(|_| ()).unwrap_err().to_string()
    };
    assert_eq!(padded(1, 1, &[1], 0), "dim: expected at least 1, got 0");
    assert_eq!(padded(5, 3, &[1, 1], 1), "docs: expected a length of 6, got 5");
    assert_eq!(padded(6, 3, &[1, 4], 1), "doc_lens[1]: expected at most max_len = 3, got 4");
    assert_eq!(
        padded(0, usize::MAX, &[0, 0], 1),
        "max_len: expected lengths that memory can hold, got a product or sum beyond it"
    );
}

#[test]
fn an_error_leaves_everything_as_it_was() {
    let mut packed = PackedQuery::new(&[1.0, 2.0], 2).unwrap();
    let docs = Docs::new(&[1.0, 1.0], &[1], 2).unwrap();
    assert_eq!(packed.repack(&[1.0; 3]), Err(Error::PartialRow { what: "query", dim: 2, got: 3 }));
    let wrong_mask = packed.repack_with_mask(&[1.0; 4], &[true]);
    assert_eq!(wrong_mask, Err(Error::Length { what: "mask", expected: 2, got: 1 }));
    let mut scores = [7.0; 2];
    let wrong_scores = maxsim_batch_into(&packed, docs, &mut scores);
    assert_eq!(wrong_scores, Err(Error::Length { what: "scores", expected: 1, got: 2 }));
    let wrong_dim = maxsim_batch_into(&packed, Docs::new(&[1.0; 2], &[1, 1], 1).unwrap(), &mut scores);
    assert_eq!(wrong_dim, Err(Error::Dim { expected: 2, got: 1 }));
    assert_eq!(scores, [7.0; 2]);
    let mut best = [Some(7); 2];
    let wrong_out = maxsim_argmax_into(&packed, &[1.0; 2], &mut best);
    assert_eq!(wrong_out, Err(Error::Length { what: "out", expected: 1, got: 2 }));
    let wrong_doc = maxsim_argmax_into(&packed, &[1.0; 3], &mut best[..1]);
    assert_eq!(wrong_doc, Err(Error::PartialRow { what: "doc", dim: 2, got: 3 }));
    assert_eq!(best, [Some(7); 2]);
    let mut queries = PackedQueries::new(&[1.0, 2.0], &[1], 2).unwrap();
    assert_eq!(queries.repack(&[1.0; 2], &[2]), Err(Error::Length { what: "queries", expected: 4, got: 2 }));
    assert_eq!(queries.repack(&[], &[usize::MAX]), Err(Error::TooLarge { what: "query_lens" }));

    maxsim_batch_into(&packed, docs, &mut scores[..1]).unwrap();
    maxsim_queries_into(&queries, docs, &mut scores[1..]).unwrap();
    assert_eq!(scores, [3.0; 2]);
}

#[test]
fn a_set_that_is_not_here_is_an_error() {
    let absent = Isa::ALL.iter().copied().find(|isa| !isa.is_available()).unwrap();
    let error = PackedQuery::on(absent, &[1.0], 1).unwrap_err().to_string();
    assert!(
        error.starts_with(&format!("instruction set `{absent}` is not available here; available: ")),
        "{error}"
    );
    assert!(error.ends_with("scalar"), "{error}");
    assert!(matches!(PackedQueries::on(absent, &[], &[], 1), Err(Error::Isa(_))));
}
