//! A small book, and all the ways in which its files can be wrong.

use super::FILES;
use kernels_benches::rust_book::{Ranker, RustBook};
use safetensors::{Dtype, tensor::TensorView};
use std::fs;
use std::path::Path;

const PASSAGES: &str =
    r#"[{"id": "ch01#0", "title": "A", "text": "Ähre"}, {"id": "ch02#0", "title": "B", "text": "b c"}]"#;
const QUESTIONS: &str = r#"[{"text": "c", "relevant_prefix": "ch02"}]"#;
const DOC_SPANS: [u32; 10] = [0, 0, 0, 5, 0, 0, 0, 1, 2, 3];
const F16_ONE: u16 = 0x3c00;

/// A tensor as it is written: name, type, shape, data.
type Tensor = (&'static str, Dtype, Vec<usize>, Vec<u8>);

fn f16(name: &'static str, shape: [usize; 2]) -> Tensor {
    let data = std::iter::repeat_n(F16_ONE.to_le_bytes(), shape[0] * shape[1]).flatten().collect();
    (name, Dtype::F16, shape.to_vec(), data)
}

fn u32(name: &'static str, shape: &[usize], values: &[u32]) -> Tensor {
    (name, Dtype::U32, shape.to_vec(), values.iter().flat_map(|value| value.to_le_bytes()).collect())
}

fn archive(tensors: &[Tensor]) -> Vec<u8> {
    let views = tensors.iter().map(|(name, dtype, shape, data)| {
        (*name, TensorView::new(*dtype, shape.clone(), data).expect("a tensor that fits its shape"))
    });
    safetensors::serialize(views, None).expect("an archive")
}

/// Two passages, of 2 and 3 tokens, and a question of 1; a row has 2 values.
fn tokens() -> Vec<Tensor> {
    vec![
        f16("doc_embeddings", [5, 2]),
        u32("doc_offsets", &[3], &[0, 2, 5]),
        f16("query_embeddings", [1, 2]),
        u32("query_offsets", &[2], &[0, 1]),
    ]
}

fn spans() -> Vec<Tensor> {
    vec![u32("doc_spans", &[5, 2], &DOC_SPANS), u32("query_spans", &[1, 2], &[0, 1])]
}

fn with(mut tensors: Vec<Tensor>, changed: Tensor) -> Vec<u8> {
    let place = tensors.iter_mut().find(|tensor| tensor.0 == changed.0).expect("a tensor of this name");
    *place = changed;
    archive(&tensors)
}

fn without(mut tensors: Vec<Tensor>, name: &str) -> Vec<u8> {
    tensors.retain(|tensor| tensor.0 != name);
    archive(&tensors)
}

/// The small book in a directory of its own.
fn small_book() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a directory");
    let contents = [PASSAGES.into(), QUESTIONS.into(), archive(&tokens()), archive(&spans())];
    for (file, bytes) in FILES.into_iter().zip::<[Vec<u8>; 4]>(contents) {
        fs::write(dir.path().join(file), bytes).expect("a file");
    }
    dir
}

/// Loading fails, and the error names `file` and each of `words`.
fn assert_error(dir: &Path, file: &str, words: &[&str]) {
    let error = format!("{:#}", RustBook::load(dir).expect_err(file));
    let path = dir.join(file).display().to_string();
    assert!(error.starts_with(&format!("{path}: ")), "{error}");
    words.iter().for_each(|word| assert!(error.contains(word), "no `{word}` in: {error}"));
}

#[test]
fn a_small_book_loads() {
    let dir = small_book();
    let book = RustBook::load(dir.path()).expect("the small book");
    assert_eq!((book.passages().len(), book.questions().len(), book.dim()), (2, 1, 2));
    let hits = Ranker::new(&book).and_then(|mut r| r.rank(&book.questions()[0], 3)).expect("a ranking");
    assert_eq!(hits.iter().map(|hit| hit.score).collect::<Vec<_>>(), [2.0, 2.0]);
}

#[test]
fn a_missing_file_is_named() {
    for file in FILES {
        let dir = small_book();
        fs::remove_file(dir.path().join(file)).expect("the file was there");
        assert_error(dir.path(), file, &["cannot be read"]);
    }
}

#[test]
fn what_a_file_lacks_is_named() {
    const TOKENS: &str = "tokens.safetensors";
    const SPANS: &str = "spans.safetensors";
    let nan = ("query_embeddings", Dtype::F16, vec![1, 2], vec![0, 0x3c, 0, 0x7e]);
    let wide = ("doc_embeddings", Dtype::F32, vec![5, 2], vec![0; 40]);
    let offsets = |values: &[u32; 3]| with(tokens(), u32("doc_offsets", &[3], values));
    let doc_span = |start, end| {
        let mut spans_of_docs = DOC_SPANS;
        spans_of_docs[2..4].copy_from_slice(&[start, end]);
        with(spans(), u32("doc_spans", &[5, 2], &spans_of_docs))
    };
    let cases: Vec<(&str, Vec<u8>, &[&str])> = vec![
        ("passages.json", "[]".into(), &["empty list"]),
        ("passages.json", PASSAGES.replace("title", "titel").into(), &["missing field `title`"]),
        ("passages.json", PASSAGES[..60].into(), &["damaged", "EOF"]),
        ("queries.json", "[1]".into(), &["damaged", "invalid type"]),
        ("queries.json", QUESTIONS.replace("ch02", "ch99").into(), &["`c`", "ch99"]),
        (TOKENS, Vec::new(), &["not a whole safetensors file"]),
        (TOKENS, archive(&tokens())[..330].into(), &["not a whole safetensors file"]),
        (TOKENS, without(tokens(), "doc_embeddings"), &["doc_embeddings", "query_offsets"]),
        (TOKENS, with(tokens(), wide), &["doc_embeddings", "F16 [any, any]", "F32 [5, 2]"]),
        (TOKENS, with(tokens(), f16("doc_embeddings", [5, 0])), &["doc_embeddings", "dim > 0", "[5, 0]"]),
        (TOKENS, with(tokens(), f16("doc_embeddings", [4, 2])), &["doc_offsets", "4 rows", "0 to 5"]),
        (TOKENS, with(tokens(), f16("query_embeddings", [1, 3])), &["query_embeddings", "of 2 values", "3"]),
        (TOKENS, with(tokens(), nan), &["query_embeddings", "finite", "NaN", "row 0"]),
        (TOKENS, with(tokens(), u32("doc_offsets", &[2], &[0, 5])), &["2 texts", "U32 [3]", "U32 [2]"]),
        (TOKENS, with(tokens(), u32("doc_offsets", &[3, 1], &[0, 2, 5])), &["U32 [3]", "U32 [3, 1]"]),
        (TOKENS, with(tokens(), u32("query_offsets", &[2], &[0, 2])), &["query_offsets", "1 rows"]),
        (TOKENS, offsets(&[1, 2, 5]), &["doc_offsets", "from 0", "1 to 5"]),
        (TOKENS, offsets(&[0, 2, 4]), &["doc_offsets", "5 rows", "0 to 4"]),
        (TOKENS, offsets(&[0, 0, 5]), &["doc_offsets", "ascending", "0 and then 0"]),
        (TOKENS, offsets(&[0, u32::MAX, 5]), &["doc_offsets", "ascending", "4294967295 and then 5"]),
        (SPANS, without(spans(), "query_spans"), &["query_spans", "doc_spans"]),
        (SPANS, with(spans(), u32("doc_spans", &[5], &[0; 5])), &["doc_spans", "U32 [5, 2]", "U32 [5]"]),
        (SPANS, with(spans(), u32("query_spans", &[2, 2], &[0; 4])), &["query_spans", "[1, 2]", "[2, 2]"]),
        (SPANS, with(spans(), u32("query_spans", &[1, 2], &[0, 2])), &["query_spans", "1 bytes", "0, 2"]),
        (SPANS, doc_span(0, 6), &["doc_spans", "row 1", "5 bytes", "0, 6"]),
        (SPANS, doc_span(1, 3), &["whole characters", "1, 3"]),
        (SPANS, doc_span(3, 2), &["row 1", "3, 2"]),
        (SPANS, doc_span(3, 3), &["row 1", "3, 3"]),
    ];
    for (file, bytes, words) in cases {
        let dir = small_book();
        fs::write(dir.path().join(file), bytes).expect("a file");
        assert_error(dir.path(), file, words);
    }
}

/// Any byte may be lost or wrong: there is a book that can be ranked, or an error, and never a panic.
#[test]
fn no_damage_panics() {
    let dir = small_book();
    let (mut errors, mut books) = (0, 0);
    let mut load = |file: &str, bytes: &[u8]| {
        fs::write(dir.path().join(file), bytes).expect("a file");
        let Ok(book) = RustBook::load(dir.path()) else {
            errors += 1;
            return;
        };
        books += 1;
        let mut ranker = Ranker::new(&book).expect("an instruction set");
        for question in book.questions() {
            for hit in ranker.rank(question, 3).expect("scores") {
                let _ = book.matches(question, hit.passage).expect("matches");
                let _ = hit.passage.chapter();
            }
        }
    };
    for file in FILES {
        let whole = fs::read(dir.path().join(file)).expect("the file");
        for at in 0..whole.len() {
            load(file, &whole[..at]);
            for wrong in [1, 2, 0x10, 0x80, 0xff] {
                let mut damaged = whole.clone();
                damaged[at] ^= wrong;
                load(file, &damaged);
            }
        }
        load(file, &whole);
    }
    assert!(errors > 1000 && books > 100, "{errors} errors, {books} books");
}
