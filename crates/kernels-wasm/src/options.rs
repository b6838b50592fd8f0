//! What comes as `{ … }`.

use crate::arguments::{float, integer};
use crate::failure::{Failure, Result};
use crate::js::{is_view, property};
use wasm_bindgen::JsValue;

/// Options: none, where they need not be given.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a>(Option<&'a JsValue>);

impl<'a> Options<'a> {
    /// Checks that it is an object, if there is one.
    ///
    /// # Errors
    /// A `TypeError`, if it is something else.
    pub fn new(options: Option<&'a JsValue>) -> Result<Self> {
        match options {
            // An array is `out`, in the place of options that are left out.
            Some(options) if !options.is_object() || is_view(options) => {
                Err(Failure::kind("options", "an object", options))
            }
            options => Ok(Self(options)),
        }
    }

    /// An option; none where it is not given.
    ///
    /// # Errors
    /// What JavaScript throws.
    pub fn get(&self, name: &str) -> Result<Option<JsValue>> {
        let Some(options) = self.0 else { return Ok(None) };
        property(options, name).map(|value| (!value.is_undefined()).then_some(value))
    }

    /// Whether an option is on.
    ///
    /// # Errors
    /// A `TypeError` that names the option, if it is neither true nor false.
    pub fn is_on(&self, name: &str) -> Result<bool> {
        let Some(value) = self.get(name)? else { return Ok(false) };
        value.as_bool().ok_or_else(|| Failure::kind(name, "true or false", &value))
    }

    /// A whole number that must be given.
    ///
    /// # Errors
    /// As [`integer`].
    pub fn number(&self, name: &str) -> Result<usize> {
        integer(name, self.get(name)?.unwrap_or_default())
    }

    /// A number, `default` if it is not given.
    ///
    /// # Errors
    /// A `TypeError` that names the option, if it is something else.
    pub fn float(&self, name: &str, default: f32) -> Result<f32> {
        self.get(name)?.map_or(Ok(default), |value| float(name, value))
    }

    /// One of some names, `names[default]` if it is not given; returns which.
    ///
    /// # Errors
    /// As [`one_of`].
    pub fn name(&self, name: &str, names: &[&str], default: usize) -> Result<usize> {
        match self.get(name)? {
            Some(value) => one_of(name, names, &value),
            None => Ok(default),
        }
    }
}

/// The longest name that is read.
const NAME: f64 = 64.0;

/// Which of some names a value is.
///
/// # Errors
/// A `TypeError` that names the argument, if it is no text, and a `RangeError`, if it is another one.
pub fn one_of(what: &str, names: &[&str], value: &JsValue) -> Result<usize> {
    let expected = ["one of ", &names.join(", ")].concat();
    if !value.is_string() {
        return Err(Failure::kind(what, &expected, value));
    }
    // A copy of a longer one might not fit into the memory.
    let is_short = property(value, "length")?.as_f64().is_some_and(|len| len <= NAME);
    let name = if is_short { value.as_string().unwrap_or_default() } else { "another text".to_owned() };
    names.iter().position(|other| *other == name).ok_or_else(|| Failure::range(what, &expected, &name))
}
