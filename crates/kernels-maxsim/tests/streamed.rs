//! A document that comes in pieces scores what it scores as a whole.

use kernels_maxsim::{Docs, maxsim_batch_into, maxsim_mean_batch_into};
use kernels_maxsim::{Error, PackedQuery, Ranking, StreamedDoc, maxsim_batch, search, top_k};
use kernels_testing::{Random, each_isa, small};

#[test]
fn pieces_score_bit_for_bit_what_the_whole_does() {
    let tokens: &[usize] = if small() { &[1, 17] } else { &[0, 1, 16, 17, 130] };
    let dims: &[usize] = if cfg!(miri) { &[3] } else { &[1, 7, 48] };
    for &dim in dims {
        for &tokens in tokens {
            let mut random = Random::new((dim + tokens) as u64);
            let (query, rows) = (random.unit_rows(tokens, dim), random.unit_rows(37, dim));
            each_isa("maxsim_streamed", |isa| {
                let query = PackedQuery::on(isa, &query, dim).unwrap();
                let docs = Docs::new(&rows, &[37], dim).unwrap();
                let (mut whole, mut mean) = ([0.0], [0.0]);
                maxsim_batch_into(&query, docs, &mut whole).unwrap();
                maxsim_mean_batch_into(&query, docs, &mut mean).unwrap();
                let mut doc = StreamedDoc::new(&query).unwrap();
                for _ in 0..2 {
                    let mut rest = &rows[..];
                    for piece in [2, 0, 21, 3, 11] {
                        let (piece, others) = rest.split_at(piece * dim);
                        doc.push(piece).unwrap();
                        rest = others;
                    }
                    assert!(rest.is_empty());
                    assert_eq!([doc.score(), doc.mean()], [whole[0], mean[0]], "{tokens} x {dim} {isa}");
                    doc.clear();
                }
                assert_eq!(doc.score(), if tokens == 0 { 0.0 } else { f32::NEG_INFINITY });
            });
        }
    }
}

#[test]
fn maxima_are_those_of_the_tokens_that_count_and_nan_stays() {
    let query = PackedQuery::with_mask(&[1.0, 0.0, 9.0, 9.0, 0.0, 1.0], &[true, false, true], 2).unwrap();
    let mut doc = StreamedDoc::new(&query).unwrap();
    doc.push(&[0.5, 0.25, -1.0, 2.0]).unwrap();
    assert_eq!(doc.maxima(), [0.5, 2.0]);
    doc.push(&[f32::NAN, 0.0]).unwrap();
    doc.push(&[7.0, 3.0]).unwrap();
    assert!(doc.maxima()[0].is_nan() && doc.maxima()[1].is_nan() && doc.score().is_nan());
    doc.clear();
    assert_eq!(doc.maxima(), [f32::NEG_INFINITY; 2]);
}

#[test]
fn a_piece_that_is_no_whole_rows_changes_nothing() {
    let query = PackedQuery::new(&[1.0, 0.0], 2).unwrap();
    let mut doc = StreamedDoc::new(&query).unwrap();
    doc.push(&[0.5, 0.5]).unwrap();
    assert_eq!(doc.push(&[1.0; 3]), Err(Error::PartialRow { what: "rows", dim: 2, got: 3 }));
    assert_eq!(doc.score(), 0.5);
}

#[test]
fn search_is_scores_and_top_k() {
    let (mut random, dim) = (Random::new(3), 5);
    let doc_lens = [2, 0, 3, 1, 1, 4];
    let query = random.unit_rows(3, dim);
    let docs = random.unit_rows(doc_lens.iter().sum(), dim);
    let scores = maxsim_batch(&query, &docs, &doc_lens, dim).unwrap();
    for k in 0..8 {
        let indices = top_k(&scores, k);
        let best = indices.iter().map(|&i| scores[i]).collect();
        let found = search(&query, &docs, &doc_lens, dim, k).unwrap();
        assert_eq!(found, Ranking { indices, scores: best });
    }
    assert_eq!(search(&query, &docs, &doc_lens, 0, 1), Err(Error::ZeroDim));
}
