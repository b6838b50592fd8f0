//! Late-interaction scores.

use super::{Plan, Work, items};
use crate::Array;
use kernels_testing::{Random, reference};

/// Documents of `len` tokens, against a query of `tokens`, all of `dim` values and of length 1.
#[derive(Clone, Copy)]
struct Shape {
    tokens: usize,
    documents: usize,
    len: usize,
    dim: usize,
}

pub(super) fn plans(quick: bool) -> Vec<Plan> {
    let shape = |tokens, documents, len, dim| Shape { tokens, documents, len, dim };
    let mut plans = vec![plan(shape(32, 20, 500, 128)), plan(shape(32, 20, 20, 128))];
    plans.extend([1, 10, 100].map(|documents| {
        let shape = shape(32, documents, 200, 128);
        plan(shape).growing("documents of 200 tokens", documents)
    }));
    if !quick {
        // The headline, too few query tokens for whole vectors, and longer vectors.
        plans.extend(
            [(32, 100, 2000, 128), (13, 100, 2000, 128), (32, 20, 500, 768)]
                .map(|(q, n, len, dim)| plan(shape(q, n, len, dim))),
        );
    }
    plans
}

fn plan(shape: Shape) -> Plan {
    let Shape { tokens, documents, len, dim } = shape;
    let plural = if documents == 1 { "" } else { "s" };
    let name = format!("{tokens} tokens, {documents} document{plural} of {len}, dimension {dim}");
    Plan::new(["maxsim", "maxsim"], name, move || work(shape))
}

fn work(Shape { tokens, documents, len, dim }: Shape) -> Work {
    let query = Random::new(7).unit_rows(tokens, dim);
    let docs = Random::new(1).unit_rows(documents * len, dim);
    let lens = vec![len; documents];
    let want = reference::maxsim_batch(&query, &docs, &lens, dim);
    Work {
        items: items(documents, "documents"),
        flops: Some(2.0 * (tokens * docs.len()) as f64),
        bound: 1e-5,
        parameters: Vec::new(),
        inputs: vec![
            ("query", Array::F32(query), vec![tokens, dim]),
            ("docs", Array::F32(docs), vec![documents * len, dim]),
            ("doc_lens", Array::I64(vec![len as i64; documents]), vec![documents]),
        ],
        unread_bytes: 0.0,
        out_bytes: 4.0,
        want: vec![want],
    }
}
