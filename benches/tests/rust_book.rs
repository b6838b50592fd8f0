//! The demo's data, its ranking, and what it says when the data are damaged.

mod damage;

use kernels_benches::rust_book::{PooledRanker, Ranker, RustBook, Stored, Tally};
use kernels_testing::reference;
use safetensors::{SafeTensors, tensor::TensorView};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::{fs, io};

const FILES: [&str; 4] = ["passages.json", "queries.json", "tokens.safetensors", "spans.safetensors"];

fn book() -> RustBook {
    RustBook::load(RustBook::default_dir()).expect("the data of this package")
}

/// The scores of every passage, for each question, in f64.
fn reference_scores(book: &RustBook) -> Vec<Vec<f64>> {
    let score = |question: &[f32]| {
        let docs = book.passages().iter().map(|passage| book.embeddings_of(passage));
        docs.map(|doc| reference::maxsim(question, doc, book.dim())).collect()
    };
    book.questions().iter().map(|question| score(question.embeddings())).collect()
}

fn tally(book: &RustBook) -> Tally {
    let mut ranker = Ranker::new(book).expect("an instruction set");
    let mut tally = Tally::default();
    for question in book.questions() {
        tally.add(question, ranker.rank(question, 3).expect("scores").iter().map(|hit| hit.passage));
    }
    tally
}

fn demo(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_demo")).args(args).output().expect("the demo runs")
}

fn last_line(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().last().unwrap_or_default().to_owned()
}

/// The files in a directory of their own, with a change in the tensors of one archive.
fn copy_with(archive: &str, change: impl Fn(&str, &mut Vec<u8>)) -> io::Result<tempfile::TempDir> {
    let copy = tempfile::tempdir()?;
    for file in FILES {
        fs::write(copy.path().join(file), fs::read(RustBook::default_dir().join(file))?)?;
    }
    let bytes = fs::read(copy.path().join(archive))?;
    let tensors = SafeTensors::deserialize(&bytes).expect("an archive");
    let mut changed: Vec<_> =
        tensors.iter().map(|(name, t)| (name, t.dtype(), t.shape().to_vec(), t.data().to_vec())).collect();
    changed.iter_mut().for_each(|(name, _, _, data)| change(name, data));
    let views = changed.iter().map(|(name, dtype, shape, data)| {
        (*name, TensorView::new(*dtype, shape.clone(), data).expect("the size is the same"))
    });
    fs::write(copy.path().join(archive), safetensors::serialize(views, None).expect("an archive"))?;
    Ok(copy)
}

#[test]
fn all_scores_are_those_of_the_reference() {
    let book = book();
    assert_eq!((book.questions().len(), book.passages().len()), (20, 195));
    let expected = reference_scores(&book);
    let mut ranker = Ranker::new(&book).expect("an instruction set");
    for (question, expected) in book.questions().iter().zip(&expected) {
        let scores = ranker.scores(question).expect("scores");
        let bound = 1e-5 * (question.embeddings().len() / book.dim()) as f64;
        assert_eq!(scores.len(), expected.len());
        for ((passage, &score), expected) in book.passages().iter().zip(scores).zip(expected) {
            let error = (f64::from(score) - expected).abs();
            assert!(error <= bound, "{}, {}: {score} for {expected}", question.text, passage.id);
        }
    }
}

#[test]
fn the_reference_gives_the_scores_that_came_with_the_data() {
    #[derive(serde::Deserialize)]
    struct Expected {
        scores: Vec<Vec<f64>>,
    }
    let file = RustBook::default_dir().join("expected_scores_5x8.json");
    let text = fs::read_to_string(file).expect("the expected scores");
    let expected: Expected = serde_json::from_str(&text).expect("JSON");
    let scores = reference_scores(&book());
    assert_eq!((expected.scores.len(), expected.scores[0].len()), (5, 8));
    for (row, expected) in scores.iter().zip(&expected.scores) {
        for (score, expected) in row.iter().zip(expected) {
            assert!((score - expected).abs() <= 1e-8 * expected, "{score} for {expected}");
        }
    }
}

#[test]
fn the_right_chapter_comes_first_for_12_of_20() {
    let tally = tally(&book());
    assert_eq!(tally, Tally { questions: 20, top_1: 12, top_3: 17 });
    assert_eq!(tally.to_string(), "top-1 12/20, top-3 17/20");
}

#[test]
fn each_way_to_store_a_vector_has_its_counts() {
    let book = book();
    let ranker = PooledRanker::new(&book).expect("vectors");
    let counts = Stored::ALL.map(|stored| {
        let mut tally = Tally::default();
        for question in book.questions() {
            tally.add(question, ranker.rank(stored, question, 3).expect("scores"));
        }
        (stored.bytes(book.dim()), tally.top_1, tally.top_3)
    });
    // As NumPy counts them.
    assert_eq!(counts, [(512, 12, 15), (128, 9, 14), (16, 5, 13), (16, 9, 13)]);
}

#[test]
fn other_embeddings_give_other_counts() {
    let all = tally(&book());
    // The sign of an f16 is in its second byte. A row is 256 bytes, so passages get the tokens of others.
    let negate = |data: &mut Vec<u8>| data.iter_mut().skip(1).step_by(2).for_each(|byte| *byte ^= 0x80);
    let shift = |data: &mut Vec<u8>| data.rotate_left(1000 * 256);
    for change in [&negate as &dyn Fn(&mut Vec<u8>), &shift] {
        let copy = copy_with("tokens.safetensors", |name, data| {
            if name == "doc_embeddings" {
                change(data);
            }
        })
        .expect("a copy");
        let broken = tally(&RustBook::load(copy.path()).expect("a book of the same shape"));
        assert_eq!(broken.questions, 20);
        assert!(broken.top_1 < all.top_1 && broken.top_3 < all.top_3, "{broken}");
        assert_eq!(last_line(&demo(&["--data", path(copy.path())])), broken.to_string());
    }
    let same = copy_with("tokens.safetensors", |_, _| ()).expect("a copy");
    assert_eq!(tally(&RustBook::load(same.path()).expect("the same book")), all);
}

#[test]
fn words_are_matched_with_words() {
    let book = book();
    let question = &book.questions()[0];
    let passage = book.passages().iter().find(|p| p.id == "ch15-03-drop#0").expect("the passage on Drop");
    let matches = book.matches(question, passage).expect("matches");
    let pairs: Vec<_> = matches.iter().take(3).map(|m| (m.question_word, m.passage_word)).collect();
    assert_eq!(pairs, [("scope", "scope"), ("value", "value"), ("goes", "go")]);
    assert!(matches.iter().all(|m| &passage.text[m.at.clone()] == m.passage_word && m.similarity < 1.001));
    assert!(matches.is_sorted_by(|a, b| a.similarity >= b.similarity));

    // `utf-8` is four tokens, and one word.
    let question = &book.questions()[4];
    let passage = book.passages().iter().find(|p| p.id == "ch04-03-slices#1").expect("the passage on slices");
    let matches = book.matches(question, passage).expect("matches");
    assert_eq!((matches[0].question_word, matches[0].passage_word), ("utf-8", "UTF-8"));
    assert_eq!(matches.iter().filter(|m| m.question_word == "utf-8").count(), 1);
}

#[test]
fn questions_are_picked_by_number_or_word() {
    let book = book();
    let numbers =
        |asked: &str| book.select(asked).map(|found| found.iter().map(|q| q.number).collect::<Vec<_>>());
    assert_eq!(numbers("1"), Ok(vec![1]));
    assert_eq!(numbers("20"), Ok(vec![20]));
    assert_eq!(numbers("Thread"), Ok(vec![16, 17]));
    assert_eq!(numbers("reference counting"), Ok(vec![15]));
    assert_eq!(numbers("own"), Ok(vec![1, 2, 15]));
    for nothing in ["0", "21", "wner", "", " ", "-1"] {
        let error = numbers(nothing).expect_err(nothing).to_string();
        assert!(error.contains(&format!("`{}`", nothing.trim())), "{error}");
        assert!(error.contains("\n  20  conditional compilation of several files into modules"), "{error}");
    }
}

#[test]
fn the_demo_ends_with_the_counts_of_what_was_asked() {
    let all = demo(&[]);
    assert!(all.status.success());
    assert_eq!(last_line(&all), "top-1 12/20, top-3 17/20");
    let text = String::from_utf8_lossy(&all.stdout);
    assert!(!text.contains('\x1b'), "no colours where nobody sees them");
    assert!(text.lines().all(|line| line.chars().count() <= 100));
    let counts = ["12/20   17/20", "12/20   15/20", " 9/20   14/20", " 5/20   13/20", " 9/20   13/20"];
    assert!(
        text.lines().filter(|line| line.contains(" us ")).map(|line| &line[line.len() - 13..]).eq(counts)
    );
    assert_eq!(last_line(&demo(&["4"])), "top-1 1/1, top-3 1/1");
    assert_eq!(last_line(&demo(&["borrow"])), "top-1 0/1, top-3 1/1");

    let none = demo(&["teapot"]);
    assert!(!none.status.success() && none.stdout.is_empty());
    assert!(String::from_utf8_lossy(&none.stderr).contains("`teapot`"));
    let none = demo(&["--data", "no-such-directory"]);
    assert!(!none.status.success() && none.stdout.is_empty());
    assert!(String::from_utf8_lossy(&none.stderr).contains("passages.json"));
}

#[test]
fn the_demo_stops_quietly_when_nobody_reads_on() {
    let mut demo = Command::new(env!("CARGO_BIN_EXE_demo"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the demo runs");
    drop(demo.stdout.take());
    let output = demo.wait_with_output().expect("the demo ends");
    assert!(output.status.success(), "{}", output.status);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

fn path(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}
