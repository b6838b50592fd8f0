//! Which passages answer a question best, and how often they are the right ones.

use super::{Passage, Question, RustBook};
use kernels_maxsim::{Docs, Error, PackedQuery, maxsim_batch_into, top_k};
use std::fmt;

/// Ranks the passages of a book, for one question after another, in the same memory.
#[derive(Debug)]
pub struct Ranker<'a> {
    passages: &'a [Passage],
    docs: Docs<'a>,
    query: PackedQuery,
    scores: Vec<f32>,
}

/// A passage that was found.
#[derive(Clone, Copy, Debug)]
pub struct Hit<'a> {
    /// The passage.
    pub passage: &'a Passage,
    /// Its MaxSim score.
    pub score: f32,
}

impl<'a> Ranker<'a> {
    /// A ranker of all passages.
    ///
    /// # Errors
    /// If the environment asks for an instruction set that is not there.
    pub fn new(book: &'a RustBook) -> Result<Self, Error> {
        let (passages, docs) = (book.passages(), book.docs()?);
        let scores = vec![0.0; passages.len()];
        Ok(Self { passages, docs, query: PackedQuery::new(&[], book.dim())?, scores })
    }

    /// The scores of all passages for a question.
    ///
    /// # Errors
    /// If the question is of another book, whose embeddings have another dimension.
    pub fn scores(&mut self, question: &Question) -> Result<&[f32], Error> {
        self.query.repack(question.embeddings())?;
        maxsim_batch_into(&self.query, self.docs, &mut self.scores)?;
        Ok(&self.scores)
    }

    /// The `k` passages that score highest for a question, the best first.
    ///
    /// # Errors
    /// As [`Ranker::scores`].
    pub fn rank(&mut self, question: &Question, k: usize) -> Result<Vec<Hit<'a>>, Error> {
        let passages = self.passages;
        let scores = self.scores(question)?;
        let hit = |i: usize| Hit { passage: &passages[i], score: scores[i] };
        Ok(top_k(scores, k).into_iter().map(hit).collect())
    }

    /// The instruction set that computes the scores.
    #[must_use]
    pub fn isa(&self) -> kernels_maxsim::Isa {
        self.query.isa()
    }
}

/// How often a right passage came first, and among the first three.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The questions that were counted.
    pub questions: usize,
    /// Those whose first passage was right.
    pub top_1: usize,
    /// Those that had a right one among the first three.
    pub top_3: usize,
}

impl Tally {
    /// Counts a question and its passages, the best first.
    pub fn add<'a>(&mut self, question: &Question, passages: impl IntoIterator<Item = &'a Passage>) {
        let right_at = passages.into_iter().position(|passage| question.is_answered_by(passage));
        self.questions += 1;
        self.top_1 += usize::from(right_at == Some(0));
        self.top_3 += usize::from(right_at.is_some_and(|at| at < 3));
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { questions, top_1, top_3 } = self;
        write!(f, "top-1 {top_1}/{questions}, top-3 {top_3}/{questions}")
    }
}
