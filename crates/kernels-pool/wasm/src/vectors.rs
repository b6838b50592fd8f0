//! Rows that stay in the wasm memory, for many queries.

use crate::errors::failure;
use crate::metric::{COSINE, DOT, DOT_BINARY, DOT_INT8, HAMMING, L2_SQUARED, Metric, Source, query as read};
use crate::ranking::{Ranking, Score};
use crate::segments::Segments;
use kernels_pool_batch::binary_query;
use kernels_wasm::{
    Counts, Element, Failure, Input, Integer, Lengths, Options, Output, Region, Result, Rows, integer,
    one_of, positive, vec_of,
};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What rows are made of: `Float32Array`, `Int8Array`, or `Uint8Array` with eight dimensions in each byte. */
export type Precision = "float32" | "int8" | "ubinary";

/** How rows are compared with a query. */
export type Metric = "dot" | "cosine" | "l2Squared" | "hamming";

/** Without it, rows are compared by their dot product, and bits with bits by their Hamming distance. */
export interface ScoreOptions {
  metric?: Metric;
}

/** What is to be found among stored vectors. */
export interface VectorSearchOptions extends ScoreOptions {
  /** How many rows. */
  k: number;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// Rows or a query, as signatures name them.
    #[wasm_bindgen(typescript_type = "Float32Array | Int8Array | Uint8Array")]
    #[derive(Debug)]
    pub type Values;

    /// Scores, as signatures name them.
    #[wasm_bindgen(typescript_type = "Float32Array | Int32Array | Uint32Array")]
    #[derive(Debug)]
    pub type Scores;

    /// What a row is made of, as signatures name it.
    #[wasm_bindgen(typescript_type = "Precision")]
    #[derive(Debug)]
    pub type Precision;

    /// `{ metric? }`
    #[wasm_bindgen(typescript_type = "ScoreOptions")]
    #[derive(Debug)]
    pub type ScoreOptions;

    /// `{ k, metric? }`
    #[wasm_bindgen(typescript_type = "VectorSearchOptions")]
    #[derive(Debug)]
    pub type VectorSearchOptions;
}

const PRECISIONS: [&str; 3] = ["float32", "int8", "ubinary"];

/// Vectors in the wasm memory, for many queries: nothing of them is copied again.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Vectors {
    dim: usize,
    store: Store,
}

#[derive(Debug)]
enum Store {
    Float32(Segments<f32>),
    Int8(Segments<i8>),
    Ubinary(Segments<u8>),
}

/// The same with rows of any kind.
macro_rules! each {
    ($store:expr, $rows:ident => $value:expr) => {
        match $store {
            Store::Float32($rows) => $value,
            Store::Int8($rows) => $value,
            Store::Ubinary($rows) => $value,
        }
    };
}

#[wasm_bindgen]
impl Vectors {
    /// None yet; each will have `dim` dimensions, of the precision that it says, `"float32"` if it says none. Free them with
    /// `free()`, or by `using`.
    ///
    /// # Errors
    /// If `dim` is no whole number from 1 on, or `precision` is none.
    #[wasm_bindgen(constructor)]
    pub fn new(dim: &Integer, precision: Option<Precision>) -> Result<Self> {
        let dim = positive("dim", integer("dim", dim)?)?;
        let precision = precision.map_or(Ok(0), |name| one_of("precision", &PRECISIONS, &name))?;
        let store = match precision {
            0 => Store::Float32(Segments::new(dim)),
            1 => Store::Int8(Segments::new(dim)),
            _ => Store::Ubinary(Segments::new(dim.div_ceil(8))),
        };
        Ok(Self { dim, store })
    }

    /// How many there are.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn length(&self) -> usize {
        each!(&self.store, rows => rows.count())
    }

    /// How many dimensions each has.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// What they are made of.
    #[wasm_bindgen(getter, unchecked_return_type = "Precision")]
    #[must_use]
    pub fn precision(&self) -> String {
        PRECISIONS[match self.store {
            Store::Float32(_) => 0,
            Store::Int8(_) => 1,
            Store::Ubinary(_) => 2,
        }]
        .to_owned()
    }

    /// How many bytes they take.
    #[wasm_bindgen(getter, js_name = byteLength)]
    #[must_use]
    pub fn byte_length(&self) -> usize {
        each!(&self.store, rows => rows.byte_length())
    }

    /// Adds rows, one after another. On an error nothing is added.
    ///
    /// # Errors
    /// If `rows` are an array of another class, or not whole rows, or if the wasm memory, of at most 4 GB, cannot hold
    /// them.
    pub fn append(&mut self, rows: &Values) -> Result<()> {
        each!(&mut self.store, store => append(store, rows))
    }

    /// The score of each row, in the order in which they were added: to `out` if it is given, and to a fresh array
    /// otherwise.
    ///
    /// # Errors
    /// If `query` is an array of another class or length, `metric` is none for it, or `out` is of another class or length,
    /// or lies over the query. `out` is then as it was.
    pub fn scores(
        &self,
        query: &Values,
        options: Option<ScoreOptions>,
        out: Option<Scores>,
    ) -> Result<Scores> {
        let out = out.as_deref();
        let found = self.ask(query, Options::new(options.as_deref())?, Ask::Scores(out))?;
        Ok(found.unchecked_into())
    }

    /// The `k` best rows, the best first, or all where there are fewer.
    ///
    /// # Errors
    /// As `scores`; if `k` is no whole number.
    #[wasm_bindgen(unchecked_return_type = "Ranking")]
    pub fn search(&self, query: &Values, options: &VectorSearchOptions) -> Result<JsValue> {
        let options = Options::new(Some(options))?;
        let k = options.number("k")?;
        self.ask(query, options, Ask::Search(k))
    }

    /// The `k` best of the rows that `candidates` names, e.g. as `search` among fewer bits has found them.
    ///
    /// # Errors
    /// As `search`; if there is no such row.
    #[wasm_bindgen(unchecked_return_type = "Ranking")]
    pub fn rescore(
        &self,
        query: &Values,
        candidates: &Lengths,
        options: &VectorSearchOptions,
    ) -> Result<JsValue> {
        let options = Options::new(Some(options))?;
        let k = options.number("k")?;
        let list = Counts::new("candidates", candidates)?;
        let mut candidates = vec_of("candidates", 0, list.len())?;
        list.each_piece(&mut |start, piece| {
            for (row, &index) in candidates[start..].iter_mut().zip(piece) {
                *row = index as u32;
            }
            Ok(())
        })?;
        self.ask(query, options, Ask::Rescore(&candidates, k))
    }
}

fn append<T: Element>(store: &mut Segments<T>, rows: &Values) -> Result<()> {
    let width = (&*store).width();
    store.append(&Rows::new("rows", Input::new("rows", rows)?, width)?)
}

/// What is asked of the rows.
enum Ask<'a> {
    Scores(Option<&'a JsValue>),
    Search(usize),
    Rescore(&'a [u32], usize),
}

impl Ask<'_> {
    fn of<Q: ?Sized, V: Element, S: Score>(
        self,
        metric: &Metric<Q, V, S>,
        rows: &Segments<V>,
        query: &Q,
        input: &dyn Region,
    ) -> Result<JsValue> {
        let found: Ranking = match self {
            Self::Scores(out) => {
                let out = Output::new("out", out, rows.count(), &[("query", input)])?;
                return metric.scores(query, &rows, out).map(JsCast::unchecked_into);
            }
            Self::Search(k) => metric.search(query, &rows, k)?,
            Self::Rescore(candidates, k) => metric.rescore(query, &rows, candidates, k)?,
        };
        Ok(found.value)
    }
}

impl Vectors {
    fn ask(&self, query: &Values, options: Options<'_>, ask: Ask<'_>) -> Result<JsValue> {
        let metric = |names: &[&str]| options.name("metric", names, 0);
        match &self.store {
            Store::Float32(rows) => {
                let metric = [&DOT, &COSINE, &L2_SQUARED][metric(&["dot", "cosine", "l2Squared"])?];
                let input = Input::new("query", query)?;
                ask.of(metric, rows, &*read(&input, Some(self.dim))?, &input)
            }
            Store::Int8(rows) => {
                metric(&["dot"])?;
                let input = Input::new("query", query)?;
                ask.of(&DOT_INT8, rows, &*read(&input, Some(self.dim))?, &input)
            }
            Store::Ubinary(rows) if f32::is_array(query) => {
                metric(&["dot"])?;
                let input = Input::new("query", query)?;
                let query = binary_query(&read(&input, Some(self.dim))?).map_err(failure)?;
                ask.of(&DOT_BINARY, rows, &query, &input)
            }
            Store::Ubinary(rows) if u8::is_array(query) => {
                metric(&["hamming"])?;
                let input = Input::new("query", query)?;
                ask.of(&HAMMING, rows, &*read(&input, Some(rows.width()))?, &input)
            }
            Store::Ubinary(_) => Err(Failure::kind("query", "Uint8Array or Float32Array", query)),
        }
    }
}
