//! Comparisons in one line each.

use super::binary::DotBinary;
use super::bytes::{DotInt8, Hamming};
use super::floats::{Cosine, Dot, L2Squared};
use super::search::{rescore, rescore_into, search, search_into};
use super::{BinaryQuery, Hit, Metric as _, scores_into};
use crate::error::{Error, vec_of};
use simd_core::Isa;

/// For each metric: the scores of all rows, the best rows, and the best of some rows; each allocating, into a slice, and that
/// on a named set. What allocates prepares the query itself.
macro_rules! metrics {
    ($(
        $(#[$doc:meta])*
        $name:ident, $into:ident, $into_on:ident;
        $search:ident, $search_into:ident, $search_into_on:ident;
        $rescore:ident, $rescore_into:ident, $rescore_into_on:ident;
        |$q:ident: $query:ty| $prepare:expr => $prepared:ty, $value:ty => $score:ty = $metric:expr, $best:literal;
    )*) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        /// If the query is empty or too long for its sums, or `rows` are not whole rows, or there is no memory. No rows give no
        /// scores.
        pub fn $name($q: $query, rows: &[$value]) -> Result<Vec<$score>, Error> {
            let $q: $prepared = $prepare;
            let metric = $metric;
            let mut out = vec_of("out", <$score>::default(), metric.rows(rows)?)?;
            scores_into(Isa::active()?, metric, rows, &mut out)?;
            Ok(out)
        }

        #[doc = concat!("As [`", stringify!($name), "`], into `out`: `[n]`. Allocates nothing.")]
        ///
        /// # Errors
        #[doc = concat!("As [`", stringify!($name), "`]; if `out` has another length. It is then as it was.")]
        pub fn $into($q: $prepared, rows: &[$value], out: &mut [$score]) -> Result<(), Error> {
            scores_into(Isa::active()?, $metric, rows, out)
        }

        #[doc = concat!("As [`", stringify!($into), "`], on a named instruction set.")]
        ///
        /// # Errors
        #[doc = concat!("As [`", stringify!($into), "`] and [`Isa::require`].")]
        pub fn $into_on(
            isa: Isa,
            $q: $prepared,
            rows: &[$value],
            out: &mut [$score],
        ) -> Result<(), Error> {
            scores_into(isa, $metric, rows, out)
        }

        #[doc = concat!("The `k` rows of the ", $best, " [`", stringify!($name), "`], the best first; all if there are fewer.")]
        /// Of equal ones the lower index comes first, and NaN last.
        ///
        /// # Errors
        #[doc = concat!("As [`", stringify!($name), "`].")]
        pub fn $search($q: $query, rows: &[$value], k: usize) -> Result<Vec<Hit<$score>>, Error> {
            let $q: $prepared = $prepare;
            search($metric, rows, k)
        }

        #[doc = concat!("As [`", stringify!($search), "`] with `k = hits.len()`. Allocates nothing, and returns how many there are.")]
        ///
        /// # Errors
        #[doc = concat!("As [`", stringify!($name), "`]. `hits` are then as they were.")]
        pub fn $search_into(
            $q: $prepared,
            rows: &[$value],
            hits: &mut [Hit<$score>],
        ) -> Result<usize, Error> {
            search_into(Isa::active()?, $metric, rows, hits)
        }

        #[doc = concat!("As [`", stringify!($search_into), "`], on a named instruction set.")]
        ///
        /// # Errors
        #[doc = concat!("As [`", stringify!($search_into), "`] and [`Isa::require`].")]
        pub fn $search_into_on(
            isa: Isa,
            $q: $prepared,
            rows: &[$value],
            hits: &mut [Hit<$score>],
        ) -> Result<usize, Error> {
            search_into(isa, $metric, rows, hits)
        }

        #[doc = concat!("As [`", stringify!($search), "`], of the rows that `candidates` names, each as often as it is named: the second step of a search in two.")]
        ///
        /// # Errors
        #[doc = concat!("As [`", stringify!($name), "`]; if there is no such row.")]
        pub fn $rescore(
            $q: $query,
            rows: &[$value],
            candidates: &[usize],
            k: usize,
        ) -> Result<Vec<Hit<$score>>, Error> {
            let $q: $prepared = $prepare;
            rescore($metric, rows, candidates, k)
        }

        #[doc = concat!("As [`", stringify!($rescore), "`] with `k = hits.len()`. Allocates nothing, and returns how many there are.")]
        ///
        /// # Errors
        #[doc = concat!("As [`", stringify!($rescore), "`]. `hits` are then as they were.")]
        pub fn $rescore_into(
            $q: $prepared,
            rows: &[$value],
            candidates: &[usize],
            hits: &mut [Hit<$score>],
        ) -> Result<usize, Error> {
            rescore_into(Isa::active()?, $metric, rows, candidates, hits)
        }

        #[doc = concat!("As [`", stringify!($rescore_into), "`], on a named instruction set.")]
        ///
        /// # Errors
        #[doc = concat!("As [`", stringify!($rescore_into), "`] and [`Isa::require`].")]
        pub fn $rescore_into_on(
            isa: Isa,
            $q: $prepared,
            rows: &[$value],
            candidates: &[usize],
            hits: &mut [Hit<$score>],
        ) -> Result<usize, Error> {
            rescore_into(isa, $metric, rows, candidates, hits)
        }
    )*};
}

metrics! {
    /// The dot product of the query with each row.
    ///
    /// - `query`: `[dim]`
    /// - `rows`: `[n, dim]`, row-major
    ///
    /// |error| <= `(dim / 16 + 6) 2^-24` times the sum of the products' sizes, if nothing overflows or underflows.
    ///
    /// ```
    /// assert_eq!(kernels_pool::dot(&[1.0, 2.0], &[3.0, 4.0, -1.0, 0.5])?, [11.0, 0.0]);
    /// # Ok::<(), kernels_pool::Error>(())
    /// ```
    dot, dot_into, dot_into_on;
    search_dot, search_dot_into, search_dot_into_on;
    rescore_dot, rescore_dot_into, rescore_dot_into_on;
    |query: &[f32]| query => &[f32], f32 => f32 = Dot(query), "largest";

    /// The cosine of the angle between the query and each row; 0 where either is all zeros.
    ///
    /// - `query`: `[dim]`
    /// - `rows`: `[n, dim]`, row-major
    ///
    /// |error| <= `(dim / 8 + 16) 2^-24`, however small or large the finite values are.
    ///
    /// ```
    /// assert_eq!(kernels_pool::cosine(&[1.0, 0.0], &[3.0, 4.0, 0.0, 0.0])?, [0.6, 0.0]);
    /// # Ok::<(), kernels_pool::Error>(())
    /// ```
    cosine, cosine_into, cosine_into_on;
    search_cosine, search_cosine_into, search_cosine_into_on;
    rescore_cosine, rescore_cosine_into, rescore_cosine_into_on;
    |query: &[f32]| query => &[f32], f32 => f32 = Cosine::new(query), "largest";

    /// The square of the distance between the query and each row.
    ///
    /// - `query`: `[dim]`
    /// - `rows`: `[n, dim]`, row-major
    ///
    /// |error| <= `(dim / 16 + 8) 2^-24` times the result, if nothing overflows or underflows.
    ///
    /// ```
    /// assert_eq!(kernels_pool::l2_squared(&[1.0, 2.0], &[1.0, 4.0, 1.0, 2.0])?, [4.0, 0.0]);
    /// # Ok::<(), kernels_pool::Error>(())
    /// ```
    l2_squared, l2_squared_into, l2_squared_into_on;
    search_l2_squared, search_l2_squared_into, search_l2_squared_into_on;
    rescore_l2_squared, rescore_l2_squared_into, rescore_l2_squared_into_on;
    |query: &[f32]| query => &[f32], f32 => f32 = L2Squared(query), "smallest";

    /// The dot product of the query with each row, of signed bytes: exact.
    ///
    /// - `query`: `[dim]`, `dim` at most 131,071
    /// - `rows`: `[n, dim]`, row-major
    ///
    /// ```
    /// assert_eq!(kernels_pool::dot_int8(&[-128, 127], &[-128, 127, 1, 1])?, [32_513, -1]);
    /// # Ok::<(), kernels_pool::Error>(())
    /// ```
    dot_int8, dot_int8_into, dot_int8_into_on;
    search_int8, search_int8_into, search_int8_into_on;
    rescore_int8, rescore_int8_into, rescore_int8_into_on;
    |query: &[i8]| query => &[i8], i8 => i32 = DotInt8(query), "largest";

    /// How many bits of each row differ from the query's.
    ///
    /// - `query`: `[bytes]`
    /// - `rows`: `[n, bytes]`, row-major
    ///
    /// ```
    /// assert_eq!(kernels_pool::hamming(&[0b1010_0000], &[0b1010_0001, 0b0101_0000])?, [1, 4]);
    /// # Ok::<(), kernels_pool::Error>(())
    /// ```
    hamming, hamming_into, hamming_into_on;
    search_hamming, search_hamming_into, search_hamming_into_on;
    rescore_hamming, rescore_hamming_into, rescore_hamming_into_on;
    |query: &[u8]| query => &[u8], u8 => u32 = Hamming(query), "smallest";

    /// The dot product of a query of floats with each row of bits, of which each stands for 1 or -1.
    ///
    /// - `query`: `[dim]`
    /// - `rows`: `[n, dim / 8]`, rounded up: as [`quantize_ubinary`](crate::quantize_ubinary) makes them
    ///
    /// |error| <= `(dim / 16 + 6) 2^-24` times the sum of the query's sizes, if nothing overflows or underflows.
    ///
    /// ```
    /// assert_eq!(kernels_pool::dot_binary(&[1.0, 0.5, 2.0], &[0b1010_0000])?, [2.5]);
    /// # Ok::<(), kernels_pool::Error>(())
    /// ```
    dot_binary, dot_binary_into, dot_binary_into_on;
    search_binary, search_binary_into, search_binary_into_on;
    rescore_binary, rescore_binary_into, rescore_binary_into_on;
    |query: &[f32]| &BinaryQuery::new(query)? => &BinaryQuery, u8 => f32 = DotBinary(query), "largest";
}
