//! MaxSim of random ragged batches and of the real data.

use crate::archive::Archive;
use anyhow::{Context as _, Result};
use kernels_benches::rust_book::{Ranker, RustBook};
use kernels_maxsim::{maxsim_argmax, maxsim_batch, maxsim_mean_batch};
use kernels_testing::Random;
use std::path::Path;

/// Query tokens and dimensions: round numbers of lanes and not, fewer tokens than a tile and more.
const SHAPES: [(usize, usize); 14] = [
    (1, 1),
    (3, 2),
    (5, 3),
    (2, 7),
    (7, 16),
    (13, 31),
    (32, 48),
    (4, 64),
    (9, 65),
    (33, 96),
    (32, 128),
    (17, 100),
    (31, 384),
    (6, 768),
];
const DOCS: usize = 25;
/// The most tokens in a document, that of the last one excepted.
const ROWS: usize = 12;

pub(crate) fn write(folder: &Path) -> Result<()> {
    let mut archive = Archive::default();
    let mut random = Random::new(3);
    for (i, &(tokens, dim)) in SHAPES.iter().enumerate() {
        let mut doc_lens: Vec<_> = (0..DOCS).map(|_| random.below(ROWS + 1)).collect();
        // More than the 128 kB in which documents pass into the wasm memory.
        doc_lens.push(40 << 10 >> dim.ilog2());
        let query = random.unit_rows(tokens, dim);
        let docs = random.unit_rows(doc_lens.iter().sum(), dim);
        let name = |what| format!("{i}.{what}");
        archive.i32(name("dim"), &[i32::try_from(dim)?]);
        archive.i32(name("doc_lens"), &signed(&doc_lens)?);
        archive.f32(name("scores"), &maxsim_batch(&query, &docs, &doc_lens, dim)?);
        archive.f32(name("means"), &maxsim_mean_batch(&query, &docs, &doc_lens, dim)?);
        let mut rest = docs.as_slice();
        let mut rows = Vec::new();
        for len in doc_lens {
            let (doc, others) = rest.split_at(len * dim);
            rest = others;
            rows.extend(
                maxsim_argmax(&query, doc, dim)?.into_iter().map(|row| row.map_or(-1, |row| row as i32)),
            );
        }
        archive.i32(name("argmax"), &rows);
        archive.f32(name("query"), &query);
        archive.f32(name("docs"), &docs);
    }

    let source = RustBook::default_dir();
    let book = RustBook::load(source)?;
    let mut ranker = Ranker::new(&book)?;
    let mut scores = Vec::new();
    for question in book.questions() {
        scores.extend_from_slice(ranker.scores(question)?);
    }
    archive.f32("book.scores", &scores);
    archive.write(&folder.join("native.safetensors"))?;
    for file in ["tokens.safetensors", "expected_scores_5x8.json"] {
        std::fs::copy(source.join(file), folder.join(file))
            .with_context(|| format!("could not copy {file}"))?;
    }
    Ok(())
}

fn signed(numbers: &[usize]) -> Result<Vec<i32>> {
    Ok(numbers.iter().map(|&number| i32::try_from(number)).collect::<Result<_, _>>()?)
}
