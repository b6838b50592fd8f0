//! Documents that stay in the wasm memory.

use crate::ranking::{Ranking, SearchOptions};
use crate::safe::check_lens;
use crate::segments::Segment;
use crate::work::{Kind, Work};
use kernels_maxsim::Error;
use kernels_wasm::{Counts, Failure, Float32Array, Input, Integer, Lengths, Output, Result, integer};
use simd_core::AlignedVec;
use wasm_bindgen::prelude::*;

/// Documents in the wasm memory, for many queries: nothing of them is copied again.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Documents {
    dim: usize,
    segments: Vec<Segment>,
    len: usize,
}

#[wasm_bindgen]
impl Documents {
    /// None yet; each of their tokens will be a row of `dim` values. Free them with `free()`, or by `using`.
    ///
    /// # Errors
    /// If `dim` is no whole number from 1 on.
    #[wasm_bindgen(constructor)]
    pub fn new(dim: &Integer) -> Result<Self> {
        match integer("dim", dim)? {
            0 => Err(Error::ZeroDim.into()),
            dim => Ok(Self { dim, segments: Vec::new(), len: 0 }),
        }
    }

    /// How many documents there are.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn length(&self) -> usize {
        self.len
    }

    /// The length of a row.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// How many bytes the documents take.
    #[wasm_bindgen(getter, js_name = byteLength)]
    #[must_use]
    pub fn byte_length(&self) -> usize {
        size_of::<f32>() * self.values()
    }

    /// Adds documents, one after another in `docs`, `docLens[i]` tokens each. On an error nothing is added.
    ///
    /// # Errors
    /// If `docs` is no Float32Array, if `docLens` has something else than whole numbers, or calls for another length of
    /// `docs`, or if the wasm memory, of at most 4 GB, cannot hold them.
    pub fn append(
        &mut self,
        docs: &Float32Array,
        #[wasm_bindgen(js_name = docLens)] doc_lens: &Lengths,
    ) -> Result<()> {
        let docs = Input::new("docs", docs)?;
        let lens = check_lens(&docs, doc_lens, self.dim)?;
        let (segments, mark) = (self.segments.len(), self.segments.last().map(Segment::mark));
        let filled = self.fill(&docs, &lens);
        if filled.is_ok() {
            self.len += lens.len();
        } else {
            self.segments.truncate(segments);
            if let Some(segment) = self.segments.last_mut() {
                segment.cut(mark.unwrap_or_default());
            }
        }
        filled
    }

    /// The score of each document, in the order in which they were added: to `out` if it is given, and to a fresh array
    /// otherwise.
    ///
    /// # Errors
    /// If `query` is no Float32Array, or not whole rows; if `out` is none, has another length than there are documents,
    /// or lies over the query. `out` is then as it was.
    pub fn scores(&self, query: &Float32Array, out: Option<Float32Array>) -> Result<Float32Array> {
        let query = Input::new("query", query)?;
        let out = Output::<f32>::new("out", out, self.len, &[("query", &query)])?;
        out.write(0, &self.score(&query)?)?;
        Ok(out.into_array())
    }

    /// The `k` documents that score highest, the best first, or all where there are fewer. Of equal scores, the first
    /// document comes first.
    ///
    /// # Errors
    /// As `scores`; if `k` is no whole number.
    pub fn search(&self, query: &Float32Array, options: &SearchOptions) -> Result<Ranking> {
        let k = options.k()?;
        Ranking::of(&self.score(&Input::new("query", query)?)?, k)
    }
}

impl Documents {
    fn score(&self, query: &Input<f32>) -> Result<AlignedVec<f32>> {
        let mut scores = AlignedVec::new();
        scores.try_resize(self.len).map_err(|_| Failure::no_memory("scores"))?;
        let mut rest = &mut *scores;
        let mut work = Work::lend();
        let (query, _) = work.pack(query, self.dim)?;
        for segment in &self.segments {
            let docs = segment.docs(self.dim)?;
            let (mine, others) = rest.split_at_mut(docs.len());
            Kind::Sum.score(query, docs, mine)?;
            rest = others;
        }
        Ok(scores)
    }

    fn fill(&mut self, docs: &Input<f32>, lens: &Counts) -> Result<()> {
        let mut at = 0.0;
        lens.each_piece(&mut |_, mut lens| {
            while let [first, ..] = lens {
                let count = match self.segments.last_mut() {
                    Some(segment) => segment.append(docs, at, lens, self.dim)?,
                    None => 0,
                };
                if count == 0 {
                    let first = first.saturating_mul(self.dim);
                    let (held, coming) = (self.values(), (docs.len() - at) as usize);
                    self.segments.try_reserve(1).map_err(|_| Failure::no_memory("docs"))?;
                    self.segments.push(Segment::new(first, held, coming)?);
                }
                at += lens[..count].iter().map(|&len| len as f64).sum::<f64>() * self.dim as f64;
                lens = &lens[count..];
            }
            Ok(())
        })
    }

    fn values(&self) -> usize {
        self.segments.iter().map(Segment::used).sum()
    }
}
