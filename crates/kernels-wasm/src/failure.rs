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
