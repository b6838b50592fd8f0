//! MaxSim.

#[cfg(feature = "diskann-quantization")]
mod diskann_quantization;
#[cfg(feature = "numkong")]
mod numkong;
mod ours;
mod plain;

use crate::kernel::{Kernel, Outcome};
use crate::products::{self, Multiply, Right};
use crate::work::filling;
use anyhow::{Context as _, Result, ensure};
use bench_contest::serve::{Case, Prepared};

pub(crate) const KERNEL: Kernel = Kernel {
    ours: ours::prepare,
    peers: &[
        ("plain loop", plain::prepare),
        #[cfg(feature = "gemm")]
        ("gemm", |case| by_products(case, products::by_gemm)),
        #[cfg(feature = "matrixmultiply")]
        ("matrixmultiply", |case| by_products(case, products::by_matrixmultiply)),
        #[cfg(feature = "diskann-quantization")]
        ("diskann-quantization", diskann_quantization::prepare),
        #[cfg(feature = "numkong")]
        ("numkong", numkong::prepare),
    ],
};

/// A query and documents, one after another.
#[derive(Clone)]
pub(crate) struct Input<'a> {
    pub(crate) query: &'a [f32],
    pub(crate) docs: &'a [f32],
    /// The documents' numbers of tokens.
    pub(crate) doc_lens: Vec<usize>,
    pub(crate) dim: usize,
}

impl<'a> Input<'a> {
    /// None if the case is none of MaxSim.
    pub(crate) fn of(case: &'a Case) -> Result<Option<Self>> {
        if case.operation() != "maxsim" {
            return Ok(None);
        }
        let ([_, dim], [tokens, dim_of_docs]) = (case.shape("query")?, case.shape("docs")?);
        ensure!(dim == dim_of_docs, "a query of dimension {dim}, and documents of {dim_of_docs}");
        let lens = case.i64("doc_lens")?.iter().map(|len| usize::try_from(*len));
        let doc_lens: Vec<_> = lens.collect::<Result<_, _>>().context("lengths of documents")?;
        let sum: usize = doc_lens.iter().sum();
        ensure!(sum == tokens, "documents of {sum} tokens in all, and {tokens} tokens");
        Ok(Some(Self { query: case.f32("query")?, docs: case.f32("docs")?, doc_lens, dim }))
    }

    /// How many query tokens there are.
    fn tokens(&self) -> usize {
        self.query.len() / self.dim
    }

    /// The documents, each row-major.
    fn documents(&self) -> impl Iterator<Item = &'a [f32]> {
        let mut rest = self.docs;
        self.doc_lens.iter().map(move |len| {
            let (document, others) = rest.split_at(len * self.dim);
            rest = others;
            document
        })
    }
}

/// Work that scores one document after another.
fn each_document<'a>(input: Input<'a>, mut score: impl FnMut(&'a [f32]) -> f32 + 'a) -> Prepared<'a> {
    filling(input.doc_lens.len(), move |scores| {
        scores.iter_mut().zip(input.documents()).for_each(|(out, document)| *out = score(document));
    })
}

/// The usual way: a product of matrices for each document, then the maxima and their sum. Documents' tokens are the rows: in this
/// order the maxima vectorise, and the crates that multiply are faster than in the other.
fn by_products(case: &Case, multiply: Multiply) -> Outcome<'_> {
    let Some(input) = Input::of(case)? else { return Ok(None) };
    let (query, dim, longest) = (input.query, input.dim, input.doc_lens.iter().max().copied().unwrap_or(0));
    let mut best = vec![0.0; input.tokens()];
    let mut similarities = vec![0.0; longest * best.len()];
    Ok(Some(each_document(input, move |document| {
        let (m, n) = (document.len() / dim, best.len());
        let similarities = &mut similarities[..m * n];
        multiply(document, Right::Transposed(query), [m, dim, n], similarities);
        best.fill(f32::NEG_INFINITY);
        for row in similarities.chunks_exact(n) {
            for (best, &similarity) in best.iter_mut().zip(row) {
                *best = if similarity > *best { similarity } else { *best };
            }
        }
        best.iter().sum()
    })))
}
