//! Re-ranks a handful of documents for one query, and shows what matched: `cargo run --example rerank`.

use kernels_maxsim::{Docs, Error, PackedQuery, maxsim_argmax, maxsim_batch_into, top_k};

fn main() -> Result<(), Error> {
    // Token embeddings as an encoder gives them: rows of `dim` values, here of length 1.
    let dim = 3;
    let query = [1.0, 0.0, 0.0, 0.0, 0.6, 0.8];
    let docs = [
        [0.8, 0.6, 0.0], // document 0: three tokens
        [0.0, 1.0, 0.0],
        [0.0, 0.0, 1.0],
        [0.0, 0.8, 0.6], // document 1: one token
        [1.0, 0.0, 0.0], // document 2: two tokens
        [0.0, 0.6, 0.8],
    ];
    let doc_lens = [3, 1, 2];

    // The query is packed once, and the documents are checked once; scoring then allocates nothing.
    let packed = PackedQuery::new(&query, dim)?;
    let view = Docs::new(docs.as_flattened(), &doc_lens, dim)?;
    let mut scores = vec![0.0; doc_lens.len()];
    maxsim_batch_into(&packed, view, &mut scores)?;

    println!("instruction set: {}", packed.isa());
    for doc in top_k(&scores, 2) {
        let start = doc_lens[..doc].iter().sum::<usize>();
        let rows = docs[start..start + doc_lens[doc]].as_flattened();
        let matches = maxsim_argmax(&query, rows, dim)?;
        println!("document {doc}: score {:.2}, best tokens {matches:?}", scores[doc]);
    }
    Ok(())
}
