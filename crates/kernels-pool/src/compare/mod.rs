//! One query against many rows.

mod binary;
mod bytes;
mod floats;
mod functions;
mod search;
mod two_step;

pub use binary::BinaryQuery;
pub use functions::*;
pub use search::Hit;
pub use two_step::*;

use crate::error::{Error, length, some_rows};
use simd_core::{Isa, Kernel, Simd, dispatch_on};
use std::cmp::Ordering;
use std::fmt::Debug;

/// A query, and how rows are compared with it.
pub(crate) trait Metric: Copy {
    /// A value of a row.
    type Value: Copy + Debug;
    /// What a comparison gives.
    type Score: Copy + Debug + Default;

    /// How many values a row has.
    fn dim(&self) -> usize;

    /// That there is a query, and that sums over it fit.
    fn check(&self) -> Result<(), Error>;

    /// Compares whole rows, as many as there are scores.
    fn scores<S: Simd>(&self, simd: S, rows: &[Self::Value], scores: &mut [Self::Score]);

    /// The better score first.
    fn order(a: Self::Score, b: Self::Score) -> Ordering;

    /// How many rows there are: none is fine.
    fn rows(&self, rows: &[Self::Value]) -> Result<usize, Error> {
        self.check()?;
        crate::error::rows("rows", rows.len(), self.dim())
    }
}

/// Compares all rows.
struct All<'a, M: Metric> {
    metric: M,
    rows: &'a [M::Value],
    scores: &'a mut [M::Score],
}

impl<M: Metric> Kernel for All<'_, M> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { metric, rows, scores } = self;
        simd.vectorize(
            #[inline(always)]
            || metric.scores(simd, rows, scores),
        );
    }
}

fn scores_into<M: Metric>(
    isa: Isa,
    metric: M,
    rows: &[M::Value],
    scores: &mut [M::Score],
) -> Result<(), Error> {
    length("out", metric.rows(rows)?, scores.len())?;
    Ok(dispatch_on(isa, All { metric, rows, scores })?)
}

/// That a query has values.
fn some_query(len: usize) -> Result<(), Error> {
    some_rows("query", len, 1).map(drop)
}
