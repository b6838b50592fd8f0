//! One query against many rows.

use crate::errors::failure;
use crate::metric::{COSINE, DOT, DOT_BINARY, DOT_INT8, HAMMING, L2_SQUARED, Metric, query as read};
use crate::options::{SearchOptions, TwoStepOptions};
use crate::ranking::Score;
use kernels_pool_batch::binary_query;
use kernels_wasm::{
    Element, Failure, Float32Array, Input, Int8Array, Int32Array, Options, Output, Result, Rows, Uint8Array,
    Uint32Array,
};
use wasm_bindgen::prelude::*;

/// For each metric: the scores of all rows, and the best rows.
macro_rules! compare {
    ($(
        $(#[$doc:meta])*
        $name:ident $js:literal, $search:ident $js_search:literal $best:literal:
        $query:ident, $rows:ident => $scores:ident $ranking:literal,
        |$q:ident| $metric:expr, $prepared:expr, $width:expr;
    )*) => {$(
        $(#[$doc])*
        ///
        /// The results are written to `out` if it is given, and to a fresh array otherwise: one a row.
        ///
        /// # Errors
        /// If an array is of another class, `query` is empty, `rows` are not whole rows of its length, or `out` has another
        /// length or lies over an input. `out` is then as it was.
        #[wasm_bindgen(js_name = $js)]
        pub fn $name(query: &$query, rows: &$rows, out: Option<$scores>) -> Result<$scores> {
            let input = Input::new("query", query)?;
            let $q = read(&input, None)?;
            let rows = Rows::new("rows", Input::new("rows", rows)?, $width)?;
            let out = Output::new("out", out, rows.count(), &[("query", &input), ("rows", rows.input())])?;
            $metric.scores($prepared, &rows, out)
        }

        #[doc = concat!("The `k` rows of the ", $best, " `", $js, "`, the best first; all if there are fewer. Of equal ones the")]
        /// lower index comes first, and NaN last.
        ///
        /// # Errors
        #[doc = concat!("As `", $js, "`; if `k` is no whole number.")]
        #[wasm_bindgen(js_name = $js_search, unchecked_return_type = $ranking)]
        pub fn $search(query: &$query, rows: &$rows, options: &SearchOptions) -> Result<JsValue> {
            let $q = read(&Input::new("query", query)?, None)?;
            let rows = Rows::new("rows", Input::new("rows", rows)?, $width)?;
            Ok($metric.search($prepared, &rows, Options::new(Some(options))?.number("k")?)?.value)
        }
    )*};
}

compare! {
    /// The dot product of the query, `[dim]`, with each row of `[n, dim]`.
    dot "dot", search_dot "searchDot" "largest": Float32Array, Float32Array => Float32Array "Ranking<Float32Array>",
    |q| DOT, &q, q.len();
    /// The cosine of the angle between the query, `[dim]`, and each row of `[n, dim]`; 0 where either is all zeros.
    cosine "cosine", search_cosine "searchCosine" "largest":
    Float32Array, Float32Array => Float32Array "Ranking<Float32Array>", |q| COSINE, &q, q.len();
    /// The square of the distance between the query, `[dim]`, and each row of `[n, dim]`.
    l2_squared "l2Squared", search_l2_squared "searchL2Squared" "smallest":
    Float32Array, Float32Array => Float32Array "Ranking<Float32Array>", |q| L2_SQUARED, &q, q.len();
    /// The dot product of the query, `[dim]`, with each row of `[n, dim]`, of signed bytes: exact. `dim` is at most 131071.
    dot_int8 "dotInt8", search_int8 "searchInt8" "largest": Int8Array, Int8Array => Int32Array "Ranking<Int32Array>",
    |q| DOT_INT8, &q, q.len();
    /// How many bits of each row, `[n, bytes]`, differ from the query's, `[bytes]`.
    hamming "hamming", search_hamming "searchHamming" "smallest": Uint8Array, Uint8Array => Uint32Array "Ranking<Uint32Array>",
    |q| HAMMING, &q, q.len();
    /// The dot product of a query of floats, `[dim]`, with each row of bits, `[n, dim / 8]` rounded up, as
    /// `quantizeUbinary` makes them: each stands for 1 or -1.
    dot_binary "dotBinary", search_binary "searchBinary" "largest":
    Float32Array, Uint8Array => Float32Array "Ranking<Float32Array>",
    |q| DOT_BINARY, &binary_query(&q).map_err(failure)?, q.len().div_ceil(8);
}

/// The `candidates` nearest rows by their bits, and of those the `k` of the largest int8 dot product, the best first.
///
/// `query` is `[dim]` and `rows` is `[n, dim]`; `queryBits` is `[dim / 8]`, rounded up, and `rowBits` that of the same rows.
///
/// # Errors
/// As `searchHamming` and `searchInt8`; if the bits are not of `dim` dimensions, or not of as many rows.
#[wasm_bindgen(js_name = twoStepInt8, unchecked_return_type = "Ranking<Int32Array>")]
pub fn two_step_int8(
    #[wasm_bindgen(js_name = queryBits)] query_bits: &Uint8Array,
    #[wasm_bindgen(js_name = rowBits)] row_bits: &Uint8Array,
    query: &Int8Array,
    rows: &Int8Array,
    options: &TwoStepOptions,
) -> Result<JsValue> {
    let inputs = (Input::new("query", query)?, Input::new("rows", rows)?);
    two_step(query_bits, row_bits, &DOT_INT8, inputs, options)
}

/// As `twoStepInt8`, with the dot product of floats.
///
/// # Errors
/// As `searchHamming` and `searchDot`; if the bits are not of `dim` dimensions, or not of as many rows.
#[wasm_bindgen(js_name = twoStepDot, unchecked_return_type = "Ranking<Float32Array>")]
pub fn two_step_dot(
    #[wasm_bindgen(js_name = queryBits)] query_bits: &Uint8Array,
    #[wasm_bindgen(js_name = rowBits)] row_bits: &Uint8Array,
    query: &Float32Array,
    rows: &Float32Array,
    options: &TwoStepOptions,
) -> Result<JsValue> {
    let inputs = (Input::new("query", query)?, Input::new("rows", rows)?);
    two_step(query_bits, row_bits, &DOT, inputs, options)
}

fn two_step<V: Element, S: Score>(
    query_bits: &Uint8Array,
    row_bits: &Uint8Array,
    metric: &Metric<[V], V, S>,
    (query, rows): (Input<V>, Input<V>),
    options: &TwoStepOptions,
) -> Result<JsValue> {
    let (query_bits, query) = (Input::new("queryBits", query_bits)?, read(&query, None)?);
    let bytes = query.len().div_ceil(8) as f64;
    if query_bits.len() != bytes {
        return Err(Failure::length("queryBits", bytes, query_bits.len()));
    }
    let bits = read(&query_bits, None)?;
    let row_bits = Rows::new("rowBits", Input::new("rowBits", row_bits)?, bits.len())?;
    let rows = Rows::new("rows", rows, query.len())?;
    if row_bits.count() != rows.count() {
        let [expected, got] = [rows.count(), row_bits.count()].map(|count| count as f64 * bits.len() as f64);
        return Err(Failure::length("rowBits", expected, got));
    }
    let options = Options::new(Some(options))?;
    let (candidates, k) = (options.number("candidates")?, options.number("k")?);
    let nearest = HAMMING.search(&bits, &row_bits, candidates)?;
    Ok(metric.rescore(&query, &rows, &nearest.indices, k)?.value)
}
