//! How rows are compared with a query, wherever they are.

use crate::errors::{Computed, failure};
use crate::ranking::{Ranking, Score, best};
use kernels_pool as kp;
use kernels_pool::{BinaryQuery, Error, Hit};
use kernels_wasm::{Element, Failure, Input, Output, Result, Rows, place, room, text, vec_of};
use simd_core::AlignedVec;

type Scores<Q, V, S> = fn(&Q, &[V], &mut [S]) -> Computed;
type Search<Q, V, S> = fn(&Q, &[V], &mut [Hit<S>]) -> Computed<usize>;

/// A comparison of queries `Q` with rows of `V`, which gives `S`.
pub(crate) struct Metric<Q: ?Sized, V, S> {
    scores: Scores<Q, V, S>,
    search: Search<Q, V, S>,
    /// Whether the lowest score is the best one.
    lowest_first: bool,
}

macro_rules! metrics {
    ($($name:ident: $query:ty, $value:ty => $score:ty = $scores:ident, $search:ident, $lowest_first:literal;)*) => {$(
        pub(crate) static $name: Metric<$query, $value, $score> =
            Metric { scores: kp::$scores, search: kp::$search, lowest_first: $lowest_first };
    )*};
}
metrics! {
    DOT: [f32], f32 => f32 = dot_into, search_dot_into, false;
    COSINE: [f32], f32 => f32 = cosine_into, search_cosine_into, false;
    L2_SQUARED: [f32], f32 => f32 = l2_squared_into, search_l2_squared_into, true;
    DOT_INT8: [i8], i8 => i32 = dot_int8_into, search_int8_into, false;
    HAMMING: [u8], u8 => u32 = hamming_into, search_hamming_into, true;
    DOT_BINARY: BinaryQuery, u8 => f32 = dot_binary_into, search_binary_into, false;
}

/// Rows, wherever they are.
pub(crate) trait Source<V> {
    /// How many there are.
    fn count(&self) -> usize;
    /// How many values each has.
    fn width(&self) -> usize;
    /// How many at most `scan` calls with.
    fn most(&self) -> usize;
    /// Calls with some at a time, and the index of the first.
    fn scan(&self, call: &mut dyn FnMut(usize, &[V]) -> Result<()>) -> Result<()>;
    /// Calls with some of them, one by one. There are such.
    fn pick(&self, indices: &[u32], call: &mut dyn FnMut(usize, &[V]) -> Result<()>) -> Result<()>;
}

impl<V: Element> Source<V> for Rows<V> {
    fn count(&self) -> usize {
        self.count()
    }

    fn width(&self) -> usize {
        self.width()
    }

    fn most(&self) -> usize {
        self.at_once()
    }

    fn scan(&self, call: &mut dyn FnMut(usize, &[V]) -> Result<()>) -> Result<()> {
        self.each(&mut |first, rows| call(first, rows))
    }

    fn pick(&self, indices: &[u32], call: &mut dyn FnMut(usize, &[V]) -> Result<()>) -> Result<()> {
        let mut row = room("rows", 1, self.width())?;
        for &index in indices {
            self.read(index as usize, &mut row)?;
            call(index as usize, &row)?;
        }
        Ok(())
    }
}

impl<Q: ?Sized, V: Element, S: Score> Metric<Q, V, S> {
    /// The score of each row.
    #[inline(never)]
    pub(crate) fn scores(&self, query: &Q, rows: &dyn Source<V>, out: Output<S>) -> Result<S::Array> {
        let width = rows.width();
        // For all pieces: once `out` is written to, nothing may fail.
        let mut scores = room("rows", rows.most(), 1)?;
        rows.scan(&mut |first, rows| {
            let scores = &mut scores[..rows.len() / width];
            (self.scores)(query, rows, scores).map_err(failure)?;
            out.write(first, scores)
        })?;
        Ok(out.into_array())
    }

    /// The best rows.
    #[inline(never)]
    pub(crate) fn search(&self, query: &Q, rows: &dyn Source<V>, k: usize) -> Result<Ranking> {
        let (width, count, mut hits) = (rows.width(), rows.count(), Vec::new());
        best(k, count, self.lowest_first, |keep| {
            rows.scan(&mut |first, rows| {
                let of_piece = k.min(rows.len() / width);
                if hits.len() < of_piece {
                    hits = vec_of("k", Hit::default(), of_piece)?;
                }
                let found = (self.search)(query, rows, &mut hits[..of_piece]).map_err(failure)?;
                for hit in &hits[..found] {
                    keep(first + hit.index, hit.score);
                }
                Ok(())
            })
        })
    }

    /// The best of some rows.
    #[inline(never)]
    pub(crate) fn rescore(
        &self,
        query: &Q,
        rows: &dyn Source<V>,
        candidates: &[u32],
        k: usize,
    ) -> Result<Ranking> {
        let count = rows.count();
        if let Some(i) = candidates.iter().position(|&row| row as usize >= count) {
            let expected = ["a row of ", &text(count as f64)].concat();
            return Err(Failure::range(
                &place("candidates", i as f64),
                &expected,
                &text(candidates[i].into()),
            ));
        }
        best(k, candidates.len(), self.lowest_first, |keep| {
            rows.pick(candidates, &mut |index, row| {
                let mut score = [S::default()];
                (self.scores)(query, row, &mut score).map_err(failure)?;
                keep(index, score[0]);
                Ok(())
            })
        })
    }
}

/// A query, in the wasm memory: of `len` values, of at least one if that is not known.
pub(crate) fn query<T: Element>(input: &Input<T>, len: Option<usize>) -> Result<AlignedVec<T>> {
    match len {
        Some(len) if input.len() != len as f64 => {
            return Err(Failure::length("query", len as f64, input.len()));
        }
        None if input.is_empty() => return Err(failure(Error::Empty { what: "query" })),
        _ => {}
    }
    let mut values = AlignedVec::new();
    input.read_all(&mut values)?;
    Ok(values)
}
