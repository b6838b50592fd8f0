//! What comes as `{ … }`.

use kernels_pool::{Pooler, Pooling};
use kernels_wasm::{Failure, Result, integer, is_view, property};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What becomes of a pooled vector. */
export interface PoolOptions {
  /** Keeps the first `k` dimensions; all of them without it. */
  k?: number;
  /** Makes the vector one of length 1, after it is cut. */
  normalize?: boolean;
}

/** How the tokens of a text become one vector: the names of sentence-transformers. */
export type Pooling = "cls" | "lasttoken" | "max" | "mean" | "mean_sqrt_len_tokens" | "weightedmean";

/** How texts without padding are pooled. */
export interface RaggedOptions extends PoolOptions {
  /** By their mean without it. */
  pooling?: Pooling;
}

/** What is to be found. */
export interface SearchOptions {
  /** How many rows. */
  k: number;
}

/** What is to be found, in two steps. */
export interface TwoStepOptions extends SearchOptions {
  /** How many rows the first step keeps. */
  candidates: number;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// `{ k?, normalize? }`
    #[wasm_bindgen(typescript_type = "PoolOptions")]
    #[derive(Debug)]
    pub type PoolOptions;

    /// `{ k?, normalize?, pooling? }`
    #[wasm_bindgen(typescript_type = "RaggedOptions")]
    #[derive(Debug)]
    pub type RaggedOptions;

    /// `{ k }`
    #[wasm_bindgen(typescript_type = "SearchOptions")]
    #[derive(Debug)]
    pub type SearchOptions;

    /// `{ candidates, k }`
    #[wasm_bindgen(typescript_type = "TwoStepOptions")]
    #[derive(Debug)]
    pub type TwoStepOptions;
}

/// Options: none, where they need not be given.
pub(crate) struct Options<'a>(Option<&'a JsValue>);

impl<'a> Options<'a> {
    pub(crate) fn new(options: Option<&'a JsValue>) -> Result<Self> {
        match options {
            // An array is `out`, in the place of options that are left out.
            Some(options) if !options.is_object() || is_view(options) => {
                Err(Failure::kind("options", "an object", options))
            }
            options => Ok(Self(options)),
        }
    }

    fn get(&self, name: &str) -> Result<Option<JsValue>> {
        let Some(options) = self.0 else { return Ok(None) };
        property(options, name).map(|value| (!value.is_undefined()).then_some(value))
    }

    /// Whether an option is on.
    pub(crate) fn is_on(&self, name: &str) -> Result<bool> {
        let Some(value) = self.get(name)? else { return Ok(false) };
        value.as_bool().ok_or_else(|| Failure::kind(name, "true or false", &value))
    }

    /// A whole number that must be given.
    pub(crate) fn number(&self, name: &str) -> Result<usize> {
        integer(name, self.get(name)?.unwrap_or_default())
    }

    /// One of some names, `names[default]` if it is not given; returns which.
    pub(crate) fn name(&self, name: &str, names: &[&str], default: usize) -> Result<usize> {
        match self.get(name)? {
            Some(value) => one_of(name, names, &value),
            None => Ok(default),
        }
    }

    /// What pools so: `k` is at most `hidden`. And how many dimensions are kept.
    pub(crate) fn pooler(&self, pooling: Pooling, hidden: usize) -> Result<(Pooler, usize)> {
        let mut pooler = Pooler::new(pooling);
        if self.is_on("normalize")? {
            pooler = pooler.normalized();
        }
        let Some(k) = self.get("k")? else { return Ok((pooler, hidden)) };
        let k = crate::errors::check_k(integer("k", k)?, hidden)?;
        Ok((pooler.truncated(k), k))
    }

    /// The pooling that is asked for.
    pub(crate) fn pooling(&self) -> Result<Pooling> {
        let names = Pooling::ALL.map(Pooling::name);
        let mean = Pooling::ALL.iter().position(|pooling| *pooling == Pooling::Mean);
        Ok(Pooling::ALL[self.name("pooling", &names, mean.unwrap_or_default())?])
    }
}

/// The longest name that is read.
const NAME: f64 = 64.0;

/// Which of some names a value is.
pub(crate) fn one_of(what: &str, names: &[&str], value: &JsValue) -> Result<usize> {
    let expected = ["one of ", &names.join(", ")].concat();
    if !value.is_string() {
        return Err(Failure::kind(what, &expected, value));
    }
    // A copy of a longer one might not fit into the memory.
    let is_short = property(value, "length")?.as_f64().is_some_and(|len| len <= NAME);
    let name = if is_short { value.as_string().unwrap_or_default() } else { "another text".to_owned() };
    names.iter().position(|other| *other == name).ok_or_else(|| Failure::range(what, &expected, &name))
}
