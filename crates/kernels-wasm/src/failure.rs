//! What goes wrong, as JavaScript is to see it.

use crate::js;
use wasm_bindgen::prelude::*;

/// What an exported function returns.
pub type Result<T> = std::result::Result<T, Failure>;

/// An `Error` of JavaScript. Any Rust error becomes one by `?`, with its own message.
#[derive(Debug)]
pub struct Failure(JsValue);

impl Failure {
    /// An `Error` of this message.
    #[must_use]
    pub fn new(message: &str) -> Self {
        Self(js::Error::new(message).into())
    }

    /// What is meant to stay in the wasm memory does not fit there.
    #[must_use]
    pub fn no_memory(what: &str) -> Self {
        Self::range(what, "what fits into the wasm memory", "more")
    }

    /// A `TypeError`: a value of the wrong kind.
    #[must_use]
    pub fn kind(what: &str, expected: &str, got: &JsValue) -> Self {
        Self(js::TypeError::new(&message(what, expected, &js::class_name(got))).into())
    }

    /// A `RangeError`: a value of the right kind that cannot be right.
    #[must_use]
    pub fn range(what: &str, expected: &str, got: &str) -> Self {
        Self(js::RangeError::new(&message(what, expected, got)).into())
    }

    /// A `RangeError`: too small a number.
    #[must_use]
    pub fn at_least(what: &str, min: usize, got: usize) -> Self {
        Self::range(what, &["at least ", &js::text(min as f64)].concat(), &js::text(got as f64))
    }

    /// A `RangeError`: nothing at all.
    #[must_use]
    pub fn none(what: &str) -> Self {
        Self::range(what, "at least one", "none")
    }

    /// A `RangeError`: an array of another length than the other arguments call for. Lengths as floats, since there may be
    /// more values than wasm32 counts.
    #[must_use]
    pub fn length(what: &str, expected: f64, got: f64) -> Self {
        Self::range(what, &["a length of ", &js::text(expected)].concat(), &js::text(got))
    }

    /// A `RangeError`: an array that is not whole rows.
    #[must_use]
    pub fn partial_row(what: &str, dim: usize, got: f64) -> Self {
        let expected = ["whole rows of ", &js::text(dim as f64), " values"].concat();
        Self::range(what, &expected, &[&js::text(got), " values"].concat())
    }

    /// A `RangeError`: an output over an input.
    #[must_use]
    pub fn overlap(what: &str, with: &str) -> Self {
        Self::range(what, &["memory apart from ", with].concat(), "an overlap")
    }

    /// What JavaScript has thrown, with the argument's name before its message.
    #[cfg(feature = "series")]
    #[must_use]
    pub fn thrown_for(what: &str, value: JsValue) -> Self {
        match js::property(&value, "message").ok().and_then(|message| message.as_string()) {
            Some(message) => Self::new(&[what, ": ", &message].concat()),
            None => Self(value),
        }
    }

    /// What JavaScript has thrown itself.
    #[must_use]
    pub const fn thrown(value: JsValue) -> Self {
        Self(value)
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::new(&error.to_string())
    }
}

impl From<Failure> for JsValue {
    fn from(failure: Failure) -> Self {
        failure.0
    }
}

/// By hand: each use of `format!` takes more room in a binary.
fn message(what: &str, expected: &str, got: &str) -> String {
    [what, ": expected ", expected, ", got ", got].concat()
}
