//! Where results go.

use crate::arguments::{Input, Region};
use crate::element::Element;
use crate::failure::{Failure, Result};
use crate::js::{self, TypedArray};
use wasm_bindgen::prelude::*;

/// The typed array that a function fills and returns: the caller's, or a fresh one.
#[derive(Clone, Debug)]
pub struct Output<T> {
    array: TypedArray,
    address: Option<usize>,
    len: usize,
    element: std::marker::PhantomData<T>,
}

impl<T: Element> Output<T> {
    /// A fresh array.
    ///
    /// # Errors
    /// What JavaScript throws if it cannot have the memory.
    pub fn fresh(len: usize) -> Result<Self> {
        let array = T::array(len).map_err(Failure::thrown)?;
        Ok(Self { array, address: None, len, element: std::marker::PhantomData })
    }

    /// The caller's array if there is one, which must have that length and share no memory with an input.
    ///
    /// # Errors
    /// A `TypeError` or `RangeError` that names the argument; as [`fresh`](Self::fresh).
    pub fn new(
        what: &'static str,
        array: Option<impl AsRef<JsValue>>,
        len: usize,
        inputs: &[(&str, &dyn Region)],
    ) -> Result<Self> {
        let Some(array) = array else { return Self::fresh(len) };
        let array = Input::<T>::new(what, array)?;
        let out = Self::over(&array, len)?;
        if let Some((with, _)) = inputs.iter().find(|(_, input)| array.overlaps(*input)) {
            return Err(Failure::overlap(what, with));
        }
        Ok(out)
    }

    /// The caller's array, which must have that length, now as when it came.
    pub(crate) fn over(array: &Input<T>, len: usize) -> Result<Self> {
        if array.len() != len as f64 {
            return Err(Failure::length(array.what(), len as f64, array.len()));
        }
        array.check_unchanged()?;
        let address = array.address();
        Ok(Self { array: array.array().clone(), address, len, element: std::marker::PhantomData })
    }

    /// Writes results from `start` on; the engine rounds them, if they are other ones.
    ///
    /// # Errors
    /// What JavaScript throws, for an array that has changed since.
    pub fn write<U: Element>(&self, start: usize, values: &[U]) -> Result<()> {
        let source = U::window_of(values).map_err(Failure::thrown)?;
        self.put(start, &source, values.len())
    }

    /// Writes all of another array's results.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn copy(&self, other: &Self) -> Result<()> {
        self.put(0, &other.array, self.len)
    }

    fn put(&self, start: usize, source: &TypedArray, len: usize) -> Result<()> {
        let written = match self.address {
            Some(address) => T::window(address + start * size_of::<T>(), len)
                .and_then(|window| js::set(&window, source, 0.0)),
            None => js::set(&self.array, source, start as f64),
        };
        written.map_err(Failure::thrown)
    }

    /// The array, as any value.
    #[must_use]
    pub fn into_value(self) -> JsValue {
        self.array.into()
    }

    /// The array.
    #[must_use]
    pub fn into_array(self) -> T::Array {
        self.array.unchecked_into()
    }
}

/// These values as a fresh array.
///
/// # Errors
/// As [`Output::fresh`].
pub fn fresh<T: Element>(values: &[T]) -> Result<T::Array> {
    let out = Output::<T>::fresh(values.len())?;
    out.write(0, values)?;
    Ok(out.into_array())
}
