//! From the files of a directory to a book. Whatever a file holds, what does not fit is an error that names it.

use super::{Passage, Question, RustBook};
use crate::archive::{Archive, read};
use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use std::{ops::Range, path::Path};

#[derive(Deserialize)]
struct PassageText {
    id: String,
    title: String,
    text: String,
}

#[derive(Deserialize)]
struct QuestionText {
    text: String,
    relevant_prefix: String,
}

/// The rows of several texts, one text after another.
struct Rows {
    embeddings: Vec<f32>,
    dim: usize,
    /// The rows of each text.
    ranges: Vec<Range<usize>>,
}

impl RustBook {
    /// Reads `passages.json`, `queries.json`, `tokens.safetensors` and `spans.safetensors`.
    ///
    /// # Errors
    /// If a file is missing or damaged, or does not fit the others: names the file, what was expected, what it has.
    pub fn load(dir: &Path) -> Result<Self> {
        let passages: Vec<PassageText> = file(dir, "passages.json", list)?;
        let questions: Vec<QuestionText> = file(dir, "queries.json", |bytes| {
            let questions: Vec<QuestionText> = list(bytes)?;
            for QuestionText { text, relevant_prefix: prefix } in &questions {
                let is_right = |passage: &PassageText| passage.id.starts_with(prefix);
                ensure!(
                    passages.iter().any(is_right),
                    "`{text}`: no passage has an id that begins `{prefix}`"
                );
            }
            Ok(questions)
        })?;
        let (docs, queries) = file(dir, "tokens.safetensors", |bytes| {
            let archive = Archive::parse(bytes)?;
            let docs = Rows::of(&archive, "doc", passages.len())?;
            let queries = Rows::of(&archive, "query", questions.len())?;
            ensure!(
                docs.dim == queries.dim,
                "expected `query_embeddings` of {} values a row, like `doc_embeddings`, got {}",
                docs.dim,
                queries.dim
            );
            Ok((docs, queries))
        })?;
        let (doc_spans, query_spans) = file(dir, "spans.safetensors", |bytes| {
            let archive = Archive::parse(bytes)?;
            let docs = docs.spans(&archive, "doc_spans", passages.iter().map(|p| p.text.as_str()))?;
            Ok((docs, queries.spans(&archive, "query_spans", questions.iter().map(|q| q.text.as_str()))?))
        })?;

        let doc_lens = docs.ranges.iter().map(Range::len).collect();
        let passages = passages
            .into_iter()
            .zip(docs.ranges)
            .zip(doc_spans)
            .map(|((PassageText { id, title, text }, rows), spans)| Passage { id, title, text, rows, spans })
            .collect();
        let questions = questions
            .into_iter()
            .zip(queries.ranges)
            .zip(query_spans)
            .enumerate()
            .map(|(i, ((QuestionText { text, relevant_prefix }, rows), spans))| {
                let embeddings =
                    queries.embeddings[rows.start * queries.dim..rows.end * queries.dim].to_vec();
                Question { number: i + 1, text, relevant_prefix, embeddings, spans }
            })
            .collect();
        Ok(Self { passages, questions, doc_embeddings: docs.embeddings, doc_lens, dim: docs.dim })
    }
}

impl Rows {
    /// `kind_embeddings`, cut into `texts` by `kind_offsets`.
    fn of(archive: &Archive<'_>, kind: &str, texts: usize) -> Result<Self> {
        let (embeddings, dim) = archive.embeddings(&format!("{kind}_embeddings"))?;
        let (rows, name) = (embeddings.len() / dim, format!("{kind}_offsets"));
        let offsets = archive
            .integers(&name, [texts + 1])
            .with_context(|| format!("{texts} texts have {} offsets, the last one at the end", texts + 1))?;
        let (first, last) = (offsets[0], offsets[texts]);
        ensure!(
            first == 0 && last == rows,
            "tensor `{name}`: expected offsets from 0 to the {rows} rows of embeddings, got {first} to {last}"
        );
        // Every text has at least the two tokens that the model adds.
        if let Some(i) = offsets.windows(2).position(|pair| pair[0] >= pair[1]) {
            let (here, next) = (offsets[i], offsets[i + 1]);
            bail!("tensor `{name}`: expected ascending offsets, got {here} and then {next} at {}", i + 1);
        }
        let ranges = offsets.windows(2).map(|pair| pair[0]..pair[1]).collect();
        Ok(Self { embeddings, dim, ranges })
    }

    /// For each text what each of its rows stands for.
    fn spans<'t>(
        &self,
        archive: &Archive<'_>,
        name: &str,
        texts: impl Iterator<Item = &'t str>,
    ) -> Result<Vec<Vec<Range<usize>>>> {
        let rows = self.embeddings.len() / self.dim;
        let ends = archive
            .integers(name, [rows, 2])
            .with_context(|| format!("each of the {rows} rows of tokens.safetensors has a span"))?;
        let (ends, _) = ends.as_chunks::<2>();
        let spans_of = |(rows, text): (&Range<usize>, &str)| {
            rows.clone()
                .map(|row| {
                    let [start, end] = ends[row];
                    let is_text = start < end && text.get(start..end).is_some();
                    ensure!(
                        is_text || [start, end] == [0, 0],
                        "tensor `{name}`, row {row}: expected 0, 0 or a range of whole characters in a text of \
                         {} bytes, got {start}, {end}",
                        text.len()
                    );
                    Ok(start..end)
                })
                .collect()
        };
        self.ranges.iter().zip(texts).map(spans_of).collect()
    }
}

/// Reads a file and makes something of its bytes; any error names the file.
fn file<T>(dir: &Path, name: &str, parse: impl FnOnce(&[u8]) -> Result<T>) -> Result<T> {
    let path = dir.join(name);
    read(&path).and_then(|bytes| parse(&bytes)).with_context(|| path.display().to_string())
}

/// A JSON list with something in it.
fn list<T: for<'de> Deserialize<'de>>(bytes: &[u8]) -> Result<Vec<T>> {
    let list: Vec<T> = serde_json::from_slice(bytes).context("damaged, or not the JSON that was expected")?;
    ensure!(!list.is_empty(), "expected at least one, got an empty list");
    Ok(list)
}
