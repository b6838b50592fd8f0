//! Searches in two steps: by bits, and among what those found by the values themselves.

use super::bytes::{DotInt8, Hamming};
use super::floats::Dot;
use super::search::{Rescore, search_into};
use super::{Hit, Metric};
use crate::error::{Error, length, product, vec_of};
use simd_core::{Isa, dispatch_on};

/// The bits of a query and of rows.
type Bits<'a> = [&'a [u8]; 2];

/// For each metric of the second step: allocating, into slices, and that on a named set.
macro_rules! two_steps {
    ($(
        $(#[$doc:meta])*
        $name:ident, $into:ident, $into_on:ident: $search:ident, $value:ty => $score:ty = $metric:expr;
    )*) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        #[doc = concat!("As [`search_hamming`](crate::search_hamming) and [`", stringify!($search), "`](crate::", stringify!($search), ");")]
        /// if the two queries, or the two sets of rows, are of different sizes.
        pub fn $name(
            query_bits: &[u8],
            row_bits: &[u8],
            query: &[$value],
            rows: &[$value],
            candidates: usize,
            k: usize,
        ) -> Result<Vec<Hit<$score>>, Error> {
            two_step([query_bits, row_bits], $metric(query), rows, candidates, k)
        }

        #[doc = concat!("As [`", stringify!($name), "`] with `k = hits.len()`, and as many candidates as there is room for in")]
        /// `candidates`, which then has them with their distances, the nearest first. Allocates nothing, and returns how many
        /// hits there are.
        ///
        /// # Errors
        #[doc = concat!("As [`", stringify!($name), "`]. `candidates` and `hits` are then as they were.")]
        pub fn $into(
            query_bits: &[u8],
            row_bits: &[u8],
            query: &[$value],
            rows: &[$value],
            candidates: &mut [Hit<u32>],
            hits: &mut [Hit<$score>],
        ) -> Result<usize, Error> {
            $into_on(Isa::active()?, query_bits, row_bits, query, rows, candidates, hits)
        }

        #[doc = concat!("As [`", stringify!($into), "`], on a named instruction set.")]
        ///
        /// # Errors
        #[doc = concat!("As [`", stringify!($into), "`] and [`Isa::require`].")]
        pub fn $into_on(
            isa: Isa,
            query_bits: &[u8],
            row_bits: &[u8],
            query: &[$value],
            rows: &[$value],
            candidates: &mut [Hit<u32>],
            hits: &mut [Hit<$score>],
        ) -> Result<usize, Error> {
            two_step_into(isa, [query_bits, row_bits], $metric(query), rows, candidates, hits)
        }
    )*};
}

two_steps! {
    /// The `candidates` nearest rows by their bits, and of those the `k` of the largest int8 dot product, the best first.
    ///
    /// - `query_bits`: `[dim / 8]`, rounded up; `row_bits`: `[n, dim / 8]`
    /// - `query`: `[dim]`; `rows`: `[n, dim]`, the same rows
    ///
    /// ```
    /// use kernels_pool::{Hit, two_step_int8, two_step_int8_into};
    /// let (bits, codes) = ([0b1100_0000, 0b1000_0000, 0], [90_i8, 80, 127, -1, -5, -6]);
    /// let best = two_step_int8(&[0b1100_0000], &bits, &[100, 50], &codes, 2, 1)?;
    /// assert_eq!(best, [Hit { index: 0, score: 13_000 }]);
    ///
    /// let (mut candidates, mut hits) = ([Hit::default(); 2], [Hit::default(); 1]);
    /// two_step_int8_into(&[0b1100_0000], &bits, &[100, 50], &codes, &mut candidates, &mut hits)?;
    /// assert_eq!((candidates[1], hits[0]), (Hit { index: 1, score: 1 }, best[0]));
    /// # Ok::<(), kernels_pool::Error>(())
    /// ```
    two_step_int8, two_step_int8_into, two_step_int8_into_on: rescore_int8, i8 => i32 = DotInt8;

    /// As [`two_step_int8`], with the dot product of `f32`.
    two_step_dot, two_step_dot_into, two_step_dot_into_on: rescore_dot, f32 => f32 = Dot;
}

fn two_step<M: Metric>(
    bits: Bits<'_>,
    metric: M,
    rows: &[M::Value],
    candidates: usize,
    k: usize,
) -> Result<Vec<Hit<M::Score>>, Error> {
    let n = check(bits, metric, rows)?;
    let mut candidates = vec_of("candidates", Hit::default(), candidates.min(n))?;
    let mut hits = vec_of("hits", Hit::default(), k.min(candidates.len()))?;
    two_step_into(Isa::active()?, bits, metric, rows, &mut candidates, &mut hits)?;
    Ok(hits)
}

fn two_step_into<M: Metric>(
    isa: Isa,
    bits: Bits<'_>,
    metric: M,
    rows: &[M::Value],
    candidates: &mut [Hit<u32>],
    hits: &mut [Hit<M::Score>],
) -> Result<usize, Error> {
    check(bits, metric, rows)?;
    let [query_bits, row_bits] = bits;
    let found = search_into(isa, Hamming(query_bits), row_bits, candidates)?;
    let candidates = candidates[..found].iter().map(
        #[inline(always)]
        |hit| hit.index,
    );
    Ok(dispatch_on(isa, Rescore { metric, rows, candidates, hits })?)
}

/// That both steps are of the same rows: how many there are.
fn check<M: Metric>([query_bits, row_bits]: Bits<'_>, metric: M, rows: &[M::Value]) -> Result<usize, Error> {
    let n = metric.rows(rows)?;
    length("query_bits", metric.dim().div_ceil(8), query_bits.len())?;
    length("row_bits", product("row_bits", &[n, query_bits.len()])?, row_bits.len())?;
    Ok(n)
}
