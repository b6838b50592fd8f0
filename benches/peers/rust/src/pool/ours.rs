//! Our side, as a user calls it.

use super::Job;
use super::input::{DIM, Input};
use super::work::{Work, filling};
use kernels_pool::{Pooler, Pooling, Tokens, cosine_into, dot_int8_into, dot_into, hamming_into};
use std::hint::black_box;

pub(super) fn prepare(job: Job, input: &Input) -> Box<dyn Work + '_> {
    let Input { tokens, mask, batch, seq, query, rows, query_codes, codes, query_bits, bits } = input;
    let n = input.n();
    match job {
        Job::MeanPool => {
            let pooler = Pooler::new(Pooling::Mean).normalized();
            filling(batch * DIM, move |out| {
                let tokens = Tokens::masked(black_box(tokens), black_box(mask), *batch, *seq, DIM);
                pooler.pool_into(tokens.expect("valid"), out).map(drop).expect("valid");
            })
        }
        Job::Dot => filling(n, |out| dot_into(black_box(query), rows, out).expect("valid")),
        Job::Cosine => filling(n, |out| cosine_into(black_box(query), rows, out).expect("valid")),
        Job::DotInt8 => filling(n, |out| dot_int8_into(black_box(query_codes), codes, out).expect("valid")),
        Job::Hamming => filling(n, |out| hamming_into(black_box(query_bits), bits, out).expect("valid")),
    }
}
