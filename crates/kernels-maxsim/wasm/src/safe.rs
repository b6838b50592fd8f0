//! Functions over the caller's typed arrays.

use crate::pieces::Pieces;
use crate::ranking::{Ranking, SearchOptions};
use crate::work::{Kind, Work};
use kernels_maxsim::Error;
use kernels_wasm::{
    Counts, Failure, Float32Array, Input, Int32Array, Integer, Lengths, Output, Result, Uint32Array, fresh,
    integer,
};
use simd_core::AlignedVec;
use wasm_bindgen::prelude::*;

/// The score of one document: for each query token the largest dot product with a token of the document, summed.
///
/// `query` is `[query tokens, dim]` and `doc` is `[document tokens, dim]`, both row-major.
///
/// # Errors
/// If `dim` is no whole number from 1 on, an array is no Float32Array, or is not whole rows of `dim` values.
#[wasm_bindgen]
pub fn maxsim(query: &Float32Array, doc: &Float32Array, dim: &Integer) -> Result<f32> {
    one(Kind::Sum, query, doc, dim)
}

/// As `maxsim`, divided by the number of query tokens; 0 for a query of none.
///
/// # Errors
/// As `maxsim`.
#[wasm_bindgen(js_name = maxsimMean)]
pub fn maxsim_mean(query: &Float32Array, doc: &Float32Array, dim: &Integer) -> Result<f32> {
    one(Kind::Mean, query, doc, dim)
}

/// The score of each of several documents, one after another in `docs`, `docLens[i]` tokens each.
///
/// The scores are written to `out` if it is given, which saves the making of an array, and to a fresh array otherwise.
///
/// # Errors
/// As `maxsim`; if `docLens` has something else than whole numbers, or calls for another length of `docs`; if `out` has
/// another length than `docLens`, or lies over an input. `out` is then as it was.
#[wasm_bindgen(js_name = maxsimBatch)]
pub fn maxsim_batch(
    query: &Float32Array,
    docs: &Float32Array,
    #[wasm_bindgen(js_name = docLens)] doc_lens: &Lengths,
    dim: &Integer,
    out: Option<Float32Array>,
) -> Result<Float32Array> {
    batch(Kind::Sum, query, docs, doc_lens, dim, out)
}

/// As `maxsimBatch`, divided by the number of query tokens; 0 for a query of none.
///
/// # Errors
/// As `maxsimBatch`.
#[wasm_bindgen(js_name = maxsimMeanBatch)]
pub fn maxsim_mean_batch(
    query: &Float32Array,
    docs: &Float32Array,
    #[wasm_bindgen(js_name = docLens)] doc_lens: &Lengths,
    dim: &Integer,
    out: Option<Float32Array>,
) -> Result<Float32Array> {
    batch(Kind::Mean, query, docs, doc_lens, dim, out)
}

/// The `k` documents that score highest, the best first, or all where there are fewer. Of equal scores, the first
/// document comes first.
///
/// # Errors
/// As `maxsimBatch`; if `k` is no whole number.
#[wasm_bindgen]
pub fn search(
    query: &Float32Array,
    docs: &Float32Array,
    #[wasm_bindgen(js_name = docLens)] doc_lens: &Lengths,
    dim: &Integer,
    options: &SearchOptions,
) -> Result<Ranking> {
    let (inputs, k) = (Inputs::new(query, docs, dim)?, options.k()?);
    let lens = inputs.lens(doc_lens)?;
    let mut scores = AlignedVec::new();
    scores.try_resize(lens.len()).map_err(|_| Failure::no_memory("scores"))?;
    inputs.score(Kind::Sum, &lens, &mut |start, some| {
        scores[start..start + some.len()].copy_from_slice(some);
        Ok(())
    })?;
    Ranking::of(&scores, k)
}

/// The indices of the `k` best of `scores`, the best first, or all where there are fewer. Of equal scores, the first
/// is the better one; NaN is the worst.
///
/// # Errors
/// If `scores` is no Float32Array, or `k` is no whole number.
#[wasm_bindgen(js_name = topK)]
pub fn top_k(scores: &Float32Array, k: &Integer) -> Result<Uint32Array> {
    let mut values = AlignedVec::new();
    Input::<f32>::new("scores", scores)?.read_all(&mut values)?;
    crate::ranking::top_k(&values, integer("k", k)?)
}

/// For each query token, the document token that it matches best: the first one of the largest dot product. -1 for
/// every token if the document is empty.
///
/// # Errors
/// As `maxsim`.
#[wasm_bindgen(js_name = maxsimArgmax)]
pub fn maxsim_argmax(query: &Float32Array, doc: &Float32Array, dim: &Integer) -> Result<Int32Array> {
    let inputs = Inputs::named(query, "doc", doc, dim)?;
    let rows = inputs.rows()?;
    fresh(&inputs.pieces(&mut Work::lend())?.argmax(rows)?)
}

fn one(kind: Kind, query: &Float32Array, doc: &Float32Array, dim: &Integer) -> Result<f32> {
    let inputs = Inputs::named(query, "doc", doc, dim)?;
    let (doc_lens, mut scores) = ([inputs.rows()?], [0.0]);
    inputs.pieces(&mut Work::lend())?.score(kind, &doc_lens, &mut scores)?;
    Ok(scores[0])
}

fn batch(
    kind: Kind,
    query: &Float32Array,
    docs: &Float32Array,
    doc_lens: &Lengths,
    dim: &Integer,
    out: Option<Float32Array>,
) -> Result<Float32Array> {
    let inputs = Inputs::new(query, docs, dim)?;
    let lens = inputs.lens(doc_lens)?;
    let out =
        Output::<f32>::new("out", out, lens.len(), &[("query", &inputs.query), ("docs", &inputs.docs)])?;
    // Where they come piece by piece, an error may come between two of them.
    let at_once = if lens.len() > Counts::PIECE { Some(Output::fresh(lens.len())?) } else { None };
    inputs.score(kind, &lens, &mut |start, scores| at_once.as_ref().unwrap_or(&out).write(start, scores))?;
    if let Some(scores) = at_once {
        out.copy(&scores)?;
    }
    Ok(out.into_array())
}

/// A query and documents, in the memory of JavaScript.
struct Inputs {
    query: Input<f32>,
    docs: Input<f32>,
    dim: usize,
}

impl Inputs {
    fn new(query: &Float32Array, docs: &Float32Array, dim: &Integer) -> Result<Self> {
        Self::named(query, "docs", docs, dim)
    }

    fn named(query: &Float32Array, what: &'static str, docs: &Float32Array, dim: &Integer) -> Result<Self> {
        let dim = integer("dim", dim)?;
        if dim == 0 {
            return Err(Error::ZeroDim.into());
        }
        Ok(Self { query: Input::new("query", query)?, docs: Input::new(what, docs)?, dim })
    }

    /// The rows of a single document.
    fn rows(&self) -> Result<usize> {
        let (dim, len) = (self.dim, self.docs.len());
        let rows = len / dim as f64;
        if rows.fract() != 0.0 {
            return Err(Error::PartialRow { what: "doc", dim, got: len as usize }.into());
        }
        if rows > f64::from(u32::MAX) {
            Err(Error::TooLarge { what: "doc" }.into())
        } else {
            Ok(rows as usize)
        }
    }

    /// The lengths of several documents, which must add up.
    fn lens(&self, doc_lens: &Lengths) -> Result<Counts> {
        check_lens(&self.docs, doc_lens, self.dim)
    }

    /// At the first document, with the query packed.
    fn pieces<'a>(&'a self, work: &'a mut Work) -> Result<Pieces<'a>> {
        let (query, piece) = work.pack(&self.query, self.dim)?;
        Pieces::new(query, &self.docs, piece)
    }

    /// Scores all documents, some at a time, and calls with the scores and the index of the first.
    fn score(
        &self,
        kind: Kind,
        lens: &Counts,
        call: &mut dyn FnMut(usize, &[f32]) -> Result<()>,
    ) -> Result<()> {
        let mut work = Work::lend();
        let mut pieces = self.pieces(&mut work)?;
        lens.each_piece(&mut |start, lens| {
            let mut scores = [0.0; Counts::PIECE];
            let scores = &mut scores[..lens.len()];
            pieces.score(kind, lens, scores)?;
            call(start, scores)
        })
    }
}

/// The lengths of documents, which must add up to the values that there are.
pub(crate) fn check_lens(docs: &Input<f32>, doc_lens: &Lengths, dim: usize) -> Result<Counts> {
    let lens = Counts::new("docLens", doc_lens)?;
    let expected = lens.total()? * dim as f64;
    if expected != docs.len() {
        // Beyond what wasm32 counts, the message says the most that it can.
        let (expected, got) = (expected as usize, docs.len() as usize);
        return Err(Error::Length { what: "docs", expected, got }.into());
    }
    Ok(lens)
}
