//! Vectors of floats.

use super::{Metric, some_query};
use crate::error::Error;
use crate::normalize::{LARGE, SMALL};
use simd_core::{MAX_LANES, Simd, Vector, larger_first};
use std::cmp::Ordering;

/// The dot product.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dot<'a>(pub(crate) &'a [f32]);

/// The dot product, divided by both lengths.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cosine<'a> {
    query: &'a [f32],
    /// The square of the query's length.
    squared: f64,
}

impl<'a> Cosine<'a> {
    pub(crate) fn new(query: &'a [f32]) -> Self {
        Self { query, squared: query.iter().map(|x| f64::from(*x) * f64::from(*x)).sum() }
    }

    /// The cosine, in `f64`, which holds the product of any two `f32`.
    #[cold]
    #[inline(never)]
    fn exactly(&self, row: &[f32]) -> [f64; 2] {
        let mut sums = [0.0; 2];
        for (q, x) in self.query.iter().zip(row) {
            sums[0] += f64::from(*q) * f64::from(*x);
            sums[1] += f64::from(*x) * f64::from(*x);
        }
        sums
    }
}

/// The square of the distance.
#[derive(Clone, Copy, Debug)]
pub(crate) struct L2Squared<'a>(pub(crate) &'a [f32]);

/// Vectors that are read together, each for a chain of additions of its own.
const CHAINS: usize = 4;

macro_rules! metric {
    ($metric:ident . $field:tt, $order:expr, |$simd:ident, $metric_of:ident, $query:ident, $row:ident| $body:expr) => {
        impl Metric for $metric<'_> {
            type Value = f32;
            type Score = f32;

            fn dim(&self) -> usize {
                self.$field.len()
            }

            fn check(&self) -> Result<(), Error> {
                some_query(self.$field.len())
            }

            fn order(a: f32, b: f32) -> Ordering {
                $order(a, b)
            }

            #[inline(always)]
            fn scores<S: Simd>(&self, $simd: S, rows: &[f32], scores: &mut [f32]) {
                let ($metric_of, $query) = (self, self.$field);
                for ($row, score) in rows.chunks_exact($query.len()).zip(scores) {
                    *score = $body;
                }
            }
        }
    };
}

metric!(Dot.0, larger_first, |simd, _metric, query, row| {
    let [dot] = sums(
        simd,
        query,
        row,
        #[inline(always)]
        |[sum], q: S::F32, x| [q.mul_add(x, sum)],
    );
    dot as f32
});

metric!(Cosine.query, larger_first, |simd, cosine, query, row| {
    let mut both = sums(
        simd,
        query,
        row,
        #[inline(always)]
        |[dot, squared], q: S::F32, x| [q.mul_add(x, dot), x.mul_add(x, squared)],
    );
    if !(SMALL..LARGE).contains(&cosine.squared) || !(SMALL..LARGE).contains(&both[1]) {
        both = cosine.exactly(row);
    }
    let lengths = cosine.squared.sqrt() * both[1].sqrt();
    if lengths == 0.0 { 0.0 } else { (both[0] / lengths) as f32 }
});

metric!(L2Squared.0, |a: f32, b: f32| larger_first(-a, -b), |simd, _metric, query, row| {
    let [squared] = sums(
        simd,
        query,
        row,
        #[inline(always)]
        |[sum], q: S::F32, x| {
            let difference = q - x;
            [difference.mul_add(difference, sum)]
        },
    );
    squared as f32
});

/// Sums over the values of a query and a row. What lies behind the last value is zeros.
#[inline(always)]
fn sums<S: Simd, const N: usize>(
    simd: S,
    query: &[f32],
    row: &[f32],
    add: impl Fn([S::F32; N], S::F32, S::F32) -> [S::F32; N],
) -> [f64; N] {
    let lanes = S::F32::LANES;
    let mut chains = [[simd.splat(0.0_f32); N]; CHAINS];
    let row = &row[..query.len()];
    let (queries, rows) = (query.chunks_exact(CHAINS * lanes), row.chunks_exact(CHAINS * lanes));
    let (query_rest, row_rest) = (queries.remainder(), rows.remainder());
    for (query, row) in queries.zip(rows) {
        for (i, chain) in chains.iter_mut().enumerate() {
            *chain = add(*chain, simd.load(&query[i * lanes..]), simd.load(&row[i * lanes..]));
        }
    }
    let (queries, rows) = (query_rest.chunks_exact(lanes), row_rest.chunks_exact(lanes));
    let (query_rest, row_rest) = (queries.remainder(), rows.remainder());
    for ((query, row), chain) in queries.zip(rows).zip(&mut chains) {
        *chain = add(*chain, simd.load(query), simd.load(row));
    }
    if !query_rest.is_empty() {
        let mut last = [[0.0; MAX_LANES]; 2];
        last[0][..query_rest.len()].copy_from_slice(query_rest);
        last[1][..row_rest.len()].copy_from_slice(row_rest);
        chains[CHAINS - 1] = add(chains[CHAINS - 1], simd.load(&last[0]), simd.load(&last[1]));
    }
    let mut totals = [0.0; N];
    for (i, total) in totals.iter_mut().enumerate() {
        let [a, b, c, d] = [chains[0][i], chains[1][i], chains[2][i], chains[3][i]];
        let [low, high] = simd.widen((a + b) + (c + d));
        for lane in (low + high).to_array().as_ref() {
            *total += lane;
        }
    }
    totals
}
