//! What is scored.

/// A query and documents, one after another, of unit vectors.
pub(super) struct Input {
    pub(super) query: Vec<f32>,
    pub(super) docs: Vec<f32>,
    /// The documents' numbers of tokens.
    pub(super) doc_lens: Vec<usize>,
    pub(super) dim: usize,
}

impl Input {
    pub(super) fn new(query: Vec<f32>, docs: Vec<f32>, doc_lens: Vec<usize>, dim: usize) -> Self {
        assert_eq!(docs.len(), doc_lens.iter().sum::<usize>() * dim, "lengths that add up");
        Self { query, docs, doc_lens, dim }
    }

    /// How many query tokens there are.
    pub(super) fn tokens(&self) -> usize {
        self.query.len() / self.dim
    }

    /// The documents, each row-major.
    pub(super) fn documents(&self) -> impl Iterator<Item = &[f32]> {
        let mut rest = self.docs.as_slice();
        self.doc_lens.iter().map(move |len| {
            let (document, others) = rest.split_at(len * self.dim);
            rest = others;
            document
        })
    }

    /// Floating-point operations of one pass over the documents.
    pub(super) fn flops(&self) -> f64 {
        2.0 * (self.tokens() * self.docs.len()) as f64
    }
}
