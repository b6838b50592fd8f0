//! Scoring allocates nothing once the set-up objects are made, and refilling one allocates only to grow.
#![cfg(not(miri))]

use allocation_counter::measure;
use kernels_maxsim::{Docs, PackedQueries, PackedQuery, StreamedDoc};
use kernels_maxsim::{
    maxsim_argmax_into, maxsim_batch_into, maxsim_mean_batch_into, maxsim_queries_into, top_k_into,
};
use kernels_testing::{Random, each_isa, small};

#[test]
fn alloc_free_forms_allocate_nothing() {
    let (dim, tokens) = (48, 150);
    let doc_lens: &[usize] = if small() { &[1, 0, 7] } else { &[1, 0, 300, 7] };
    let mut random = Random::new(1);
    let query = random.unit_rows(tokens, dim);
    let values = random.unit_rows(doc_lens.iter().sum(), dim);
    each_isa("maxsim_allocations", |isa| {
        let mut packed = PackedQuery::on(isa, &query, dim).unwrap();
        let mut queries = PackedQueries::on(isa, &query, &[tokens - 1, 1], dim).unwrap();
        let (mut scores, mut both) = (vec![0.0; doc_lens.len()], vec![0.0; 2 * doc_lens.len()]);
        let (mut best, mut ranking) = (vec![None; tokens], [0; 2]);
        let mask = vec![true; tokens];
        let counted = measure(|| {
            let docs = Docs::new(&values, doc_lens, dim).unwrap();
            maxsim_batch_into(&packed, docs, &mut scores).unwrap();
            maxsim_mean_batch_into(&packed, docs, &mut scores).unwrap();
            maxsim_queries_into(&queries, docs, &mut both).unwrap();
            maxsim_argmax_into(&packed, &values[..7 * dim], &mut best).unwrap();
            top_k_into(&scores, &mut ranking);
            packed.repack(&query[..20 * dim]).unwrap();
            packed.repack_with_mask(&query, &mask).unwrap();
            queries.repack(&query[..9 * dim], &[4, 5]).unwrap();
            packed.repack(&query[1..]).unwrap_err();
        });
        assert_eq!(counted.count_total, 0, "{isa}");

        let mut doc = StreamedDoc::new(&packed).unwrap();
        let counted = measure(|| doc.push(&values[..7 * dim]).unwrap());
        assert_eq!(counted.count_total, 0, "{isa}");
    });
}

#[test]
fn the_counter_counts() {
    assert_eq!(measure(|| drop(PackedQuery::new(&[1.0; 48], 48))).count_total, 3);
}
