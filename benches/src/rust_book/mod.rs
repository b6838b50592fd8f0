//! Passages of The Rust Programming Language and questions about it, with the embedding of every token.
//!
//! What the files hold, and where they are from: `data/rust-book/README.md`.

mod excerpt;
mod load;
mod matches;
mod pooled;
mod rank;

use kernels_maxsim::{Docs, Error};
use std::{fmt, ops::Range, path::Path};

pub use excerpt::{excerpt, words};
pub use matches::WordMatch;
pub use pooled::{PooledRanker, Stored};
pub use rank::{Hit, Ranker, Tally};

/// The passages and questions of one directory, checked against each other.
#[derive(Debug)]
pub struct RustBook {
    passages: Vec<Passage>,
    questions: Vec<Question>,
    /// The rows of all passages, one passage after another.
    doc_embeddings: Vec<f32>,
    /// The rows of each passage.
    doc_lens: Vec<usize>,
    dim: usize,
}

/// One or two paragraphs of the book.
#[derive(Debug)]
pub struct Passage {
    /// The page's name and the paragraph's number, as `ch04-01-what-is-ownership#0`.
    pub id: String,
    /// The title of the page.
    pub title: String,
    /// The paragraphs.
    pub text: String,
    /// Its rows among those of all passages.
    rows: Range<usize>,
    /// What each row stands for, in bytes of the text; empty for the model's own tokens.
    spans: Vec<Range<usize>>,
}

/// A question, and which passages are right for it.
#[derive(Debug)]
pub struct Question {
    /// Its number, from 1.
    pub number: usize,
    /// The question, as it would be typed.
    pub text: String,
    /// How the id of a right passage begins.
    pub relevant_prefix: String,
    /// Its rows.
    embeddings: Vec<f32>,
    /// What each row stands for, in bytes of the text; empty for the model's own tokens.
    spans: Vec<Range<usize>>,
}

impl RustBook {
    /// The directory that comes with this package.
    #[must_use]
    pub fn default_dir() -> &'static Path {
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/data/rust-book"))
    }

    /// All passages.
    #[must_use]
    pub fn passages(&self) -> &[Passage] {
        &self.passages
    }

    /// All questions.
    #[must_use]
    pub fn questions(&self) -> &[Question] {
        &self.questions
    }

    /// The tokens of all passages together.
    #[must_use]
    pub fn tokens(&self) -> usize {
        self.doc_lens.iter().sum()
    }

    /// The values of one embedding.
    #[must_use]
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// The embeddings of all passages, as the kernels take them.
    ///
    /// # Errors
    /// Never for a book that was loaded.
    pub fn docs(&self) -> Result<Docs<'_>, Error> {
        Docs::new(&self.doc_embeddings, &self.doc_lens, self.dim)
    }

    /// The embeddings of one of the passages: `[tokens, dim]`, row-major.
    #[must_use]
    pub fn embeddings_of(&self, passage: &Passage) -> &[f32] {
        &self.doc_embeddings[passage.rows.start * self.dim..passage.rows.end * self.dim]
    }

    /// The first passage that is right for the question.
    #[must_use]
    pub fn right_passage(&self, question: &Question) -> Option<&Passage> {
        self.passages.iter().find(|passage| question.is_answered_by(passage))
    }

    /// The questions that are asked for: by number, or all those in which a word, or the first of several words,
    /// begins so. Upper and lower case are the same.
    ///
    /// # Errors
    /// If there is none; the error lists those that there are.
    pub fn select(&self, asked: &str) -> Result<Vec<&Question>, NoQuestion> {
        let asked = asked.trim().to_lowercase();
        let number = asked.parse::<usize>().ok();
        let selected: Vec<_> = self
            .questions
            .iter()
            .filter(|question| match number {
                Some(number) => question.number == number,
                None => has_word_beginning(&question.text.to_lowercase(), &asked),
            })
            .collect();
        if selected.is_empty() {
            let choice = self.questions.iter().map(|q| (q.number, q.text.clone())).collect();
            return Err(NoQuestion { asked, choice });
        }
        Ok(selected)
    }
}

impl Question {
    /// The embeddings of its tokens: `[tokens, dim]`, row-major.
    #[must_use]
    pub fn embeddings(&self) -> &[f32] {
        &self.embeddings
    }

    /// Whether the passage is of the chapter that answers it.
    #[must_use]
    pub fn is_answered_by(&self, passage: &Passage) -> bool {
        passage.id.starts_with(&self.relevant_prefix)
    }
}

impl Passage {
    /// The chapter, as `ch04-01`; the whole name of a page outside the chapters.
    #[must_use]
    pub fn chapter(&self) -> &str {
        let page = self.id.split('#').next().unwrap_or_default();
        match page.get(..7) {
            Some(chapter) if chapter.starts_with("ch") && page[7..].starts_with('-') => chapter,
            _ => page,
        }
    }
}

/// No question is like what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoQuestion {
    asked: String,
    /// The numbers and texts of those that there are.
    choice: Vec<(usize, String)>,
}

impl fmt::Display for NoQuestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_number = self.asked.parse::<usize>().is_ok();
        let lacks = if is_number { "has the number" } else { "has a word that begins with" };
        write!(f, "no question {lacks} `{}`; there are", self.asked)?;
        self.choice.iter().try_for_each(|(number, text)| write!(f, "\n{number:4}  {text}"))
    }
}

impl std::error::Error for NoQuestion {}

/// Whether `words` stands in `text` at the beginning of a word.
fn has_word_beginning(text: &str, words: &str) -> bool {
    !words.is_empty()
        && text
            .match_indices(words)
            .any(|(at, _)| !text[..at].chars().next_back().is_some_and(char::is_alphanumeric))
}
