//! Many threads give what one gives, bit for bit.
#![cfg(all(feature = "parallel", not(miri)))]

use kernels_maxsim::{Docs, Error, PackedQueries, PackedQuery, parallel};
use kernels_maxsim::{
    maxsim_batch_into, maxsim_mean_batch_into, maxsim_mean_queries_into, maxsim_queries_into,
};
use kernels_testing::{Random, each_isa, small};

#[test]
fn as_on_one_thread() {
    let mut random = Random::new(1);
    let dim = if small() { 8 } else { 64 };
    // One long document among short ones, and enough work for several tasks.
    let doc_lens: Vec<usize> =
        (0..if small() { 9 } else { 150 }).map(|i| if i == 3 { 2000 } else { i * 7 % 61 }).collect();
    let query_lens = [0, 9, 3, 40, 150, 0, 16];
    let values = random.unit_rows(doc_lens.iter().sum(), dim);
    let docs = Docs::new(&values, &doc_lens, dim).unwrap();
    let max_len = if small() { 10 } else { 100 };
    let padded_lens: Vec<usize> = (0..values.len() / dim / max_len).map(|i| i * 13 % (max_len + 1)).collect();
    let padded =
        Docs::padded(&values[..padded_lens.len() * max_len * dim], max_len, &padded_lens, dim).unwrap();
    let queries = random.unit_rows(query_lens.iter().sum(), dim);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
    each_isa("maxsim_parallel", |isa| {
        let query = PackedQuery::on(isa, &queries, dim).unwrap();
        let several = PackedQueries::on(isa, &queries, &query_lens, dim).unwrap();
        type One = fn(&PackedQuery, Docs<'_>, &mut [f32]) -> Result<(), Error>;
        type Several = fn(&PackedQueries, Docs<'_>, &mut [f32]) -> Result<(), Error>;
        let one: [(One, One); 2] = [
            (maxsim_batch_into, parallel::maxsim_batch_into),
            (maxsim_mean_batch_into, parallel::maxsim_mean_batch_into),
        ];
        let many: [(Several, Several); 2] = [
            (maxsim_queries_into, parallel::maxsim_queries_into),
            (maxsim_mean_queries_into, parallel::maxsim_mean_queries_into),
        ];
        for docs in [docs, padded] {
            for (serial, parallel) in one {
                let (mut want, mut got) = (vec![0.0; docs.len()], vec![0.0; docs.len()]);
                serial(&query, docs, &mut want).unwrap();
                pool.install(|| parallel(&query, docs, &mut got)).unwrap();
                assert_eq!(got, want, "{isa}");
            }
            for (serial, parallel) in many {
                let n = query_lens.len() * docs.len();
                let (mut want, mut got) = (vec![0.0; n], vec![0.0; n]);
                serial(&several, docs, &mut want).unwrap();
                pool.install(|| parallel(&several, docs, &mut got)).unwrap();
                assert_eq!(got, want, "{isa}");
            }
        }
        let wrong = parallel::maxsim_batch_into(&query, docs, &mut []);
        assert_eq!(wrong, Err(Error::Length { what: "scores", expected: docs.len(), got: 0 }));
    });
}
