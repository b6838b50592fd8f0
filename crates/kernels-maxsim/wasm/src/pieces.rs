//! Documents in the memory of JavaScript, copied and scored piece by piece: however many they are and however long,
//! the wasm memory holds one piece of them.

use crate::work::Kind;
use kernels_maxsim::{Docs, PackedQuery, StreamedDoc, maxsim_argmax_into};
use kernels_wasm::{Failure, Input, Result};
use simd_core::AlignedVec;

/// Values in a piece: 128 kB, which stay in the second-level cache from the copying to the scoring.
const PIECE: usize = 32 << 10;

/// A walk over the caller's documents.
pub(crate) struct Pieces<'a> {
    query: &'a PackedQuery,
    docs: &'a Input<f32>,
    /// The next value.
    at: f64,
    piece: &'a mut AlignedVec<f32>,
    /// The most rows in a piece: at least four, so that a long document can always leave two for its last piece.
    max_rows: usize,
}

impl<'a> Pieces<'a> {
    /// At the first document.
    pub(crate) fn new(
        query: &'a PackedQuery,
        docs: &'a Input<f32>,
        piece: &'a mut AlignedVec<f32>,
    ) -> Result<Self> {
        let max_rows = (PIECE / query.dim()).max(4);
        let len = max_rows.checked_mul(query.dim());
        if len.is_none_or(|len| piece.try_resize(len).is_err()) {
            return Err(Failure::no_memory("dim"));
        }
        Ok(Self { query, docs, at: 0.0, piece, max_rows })
    }

    /// Scores the next documents. Their lengths have been found to fit.
    pub(crate) fn score(&mut self, kind: Kind, doc_lens: &[usize], scores: &mut [f32]) -> Result<()> {
        let mut first = 0;
        while first < doc_lens.len() {
            let (mut end, mut rows) = (first, 0);
            while end < doc_lens.len() && doc_lens[end] <= self.max_rows - rows {
                rows += doc_lens[end];
                end += 1;
            }
            if end > first {
                let (query, dim) = (self.query, self.query.dim());
                let docs = Docs::new(self.copy(rows)?, &doc_lens[first..end], dim)?;
                kind.score(query, docs, &mut scores[first..end])?;
            } else {
                scores[first] = self.score_long(kind, doc_lens[first])?;
                end += 1;
            }
            first = end;
        }
        Ok(())
    }

    /// Scores a document of more rows than a piece has, bit for bit as if it lay in one.
    fn score_long(&mut self, kind: Kind, rows: usize) -> Result<f32> {
        let mut doc = StreamedDoc::new(self.query)?;
        self.each_piece(rows, &mut |_, piece| Ok(doc.push(piece)?))?;
        Ok(match kind {
            Kind::Sum => doc.score(),
            Kind::Mean => doc.mean(),
        })
    }

    /// Which row of the next document each query token matches best; -1 where there is none.
    pub(crate) fn argmax(&mut self, rows: usize) -> Result<Vec<i32>> {
        let (query, tokens) = (self.query, self.query.tokens());
        let (mut best, mut maxima) = (vec_of(-1, tokens)?, vec_of(f32::NAN, tokens)?);
        let (mut doc, mut piece_best) = (StreamedDoc::new(query)?, vec_of(None, tokens)?);
        self.each_piece(rows, &mut |start, piece| {
            maxsim_argmax_into(query, piece, &mut piece_best)?;
            doc.clear();
            doc.push(piece)?;
            for (i, (&max, row)) in doc.maxima().iter().zip(&piece_best).enumerate() {
                let better = best[i] < 0 || max > maxima[i] || (max.is_nan() && !maxima[i].is_nan());
                if let (true, Some(row)) = (better, row) {
                    (best[i], maxima[i]) = ((start + row) as i32, max);
                }
            }
            Ok(())
        })?;
        Ok(best)
    }

    /// Copies a document of that many rows, piece by piece, and calls with each and the place of its first row.
    fn each_piece(&mut self, rows: usize, call: &mut dyn FnMut(usize, &[f32]) -> Result<()>) -> Result<()> {
        let mut start = 0;
        while start < rows {
            let rest = rows - start;
            // No piece is a single row, unless the document is: those are added up in another order.
            let len = if rest > self.max_rows { self.max_rows.min(rest - 2) } else { rest };
            call(start, self.copy(len)?)?;
            start += len;
        }
        Ok(())
    }

    /// Copies the next rows.
    fn copy(&mut self, rows: usize) -> Result<&[f32]> {
        let piece = &mut self.piece[..rows * self.query.dim()];
        self.docs.read(self.at, piece)?;
        self.at += piece.len() as f64;
        Ok(piece)
    }
}

/// As `vec![value; len]`, without a trap where there is no memory.
pub(crate) fn vec_of<T: Clone>(value: T, len: usize) -> Result<Vec<T>> {
    let mut vec = Vec::new();
    vec.try_reserve_exact(len).map_err(|_| Failure::no_memory("results"))?;
    vec.resize(len, value);
    Ok(vec)
}
