//! Series of numbers of 64 or of 32 bits: typed arrays of the caller, which are copied, or buffers in the wasm memory.
//!
//! What works with them works in 64 bits. The engine converts the others as it copies them.

use crate::arguments::Input;
use crate::buffer::Shared;
use crate::element::Element as _;
use crate::failure::{Failure, Result};
use crate::js::ArrayBuffer;
use crate::live;
use crate::results::Output;
use simd_core::AlignedVec;
use std::cell::{Ref, RefMut};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/**
 * Numbers of 64 bits: an array, which is copied, or a buffer, which is not. A view of a buffer, and a part of a view,
 * are not copied either.
 */
export type F64Series = Float64Array | F64Buffer;

/** Numbers of 32 bits, which are copied and computed with in 64. */
export type F32Series = Float32Array | F32Buffer;
"#;

#[wasm_bindgen]
extern "C" {
    type Viewed;
    #[wasm_bindgen(method, getter, catch, js_name = view)]
    fn view_method(this: &Viewed) -> std::result::Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn view(this: &Viewed) -> std::result::Result<JsValue, JsValue>;
}

/// A buffer's view, or the value as it is.
fn array_of(what: &str, value: &JsValue) -> Result<JsValue> {
    if ArrayBuffer::is_view(value) {
        return Ok(value.clone());
    }
    let viewed: &Viewed = value.unchecked_ref();
    match viewed.view_method() {
        Ok(method) if method.is_function() => {
            viewed.view().map_err(|thrown| Failure::thrown_for(what, thrown))
        }
        _ => Ok(value.clone()),
    }
}

/// How two series lie in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlap {
    /// Apart.
    Disjoint,
    /// One over the other, of the same length.
    Same,
    /// One over a part of the other, or as other numbers.
    Partial,
}

/// A caller's series.
#[derive(Clone, Debug)]
pub struct Series {
    array: Array,
    /// The buffer that it is a part of, and its place there.
    buffer: Option<(Shared<f64>, usize)>,
}

#[derive(Clone, Debug)]
enum Array {
    F64(Input<f64>),
    F32(Input<f32>),
}

impl Series {
    /// Checks the argument's class.
    ///
    /// # Errors
    /// A `TypeError` that names the argument, if it is neither an array nor a buffer; if the buffer was freed.
    pub fn new(what: &'static str, value: &JsValue) -> Result<Self> {
        let array = array_of(what, value)?;
        if f32::is_array(&array) {
            return Ok(Self { array: Array::F32(Input::new(what, array)?), buffer: None });
        }
        if !f64::is_array(&array) {
            return Err(Failure::kind(what, "Float64Array, Float32Array, F64Buffer or F32Buffer", value));
        }
        let input = Input::new(what, array)?;
        let buffer = input.address().and_then(|address| live::find(address, input.len() as usize));
        Ok(Self { array: Array::F64(input), buffer })
    }

    /// As [`new`](Self::new), of the same numbers as another.
    ///
    /// # Errors
    /// As [`new`](Self::new); a `TypeError` for other numbers.
    pub fn like(&self, what: &'static str, value: &JsValue) -> Result<Self> {
        let series = Self::new(what, value)?;
        match (&self.array, &series.array) {
            (Array::F64(_), Array::F64(_)) | (Array::F32(_), Array::F32(_)) => Ok(series),
            (Array::F64(_), _) => Err(Failure::kind(what, "Float64Array or F64Buffer", value)),
            (Array::F32(_), _) => Err(Failure::kind(what, "Float32Array or F32Buffer", value)),
        }
    }

    /// How many numbers there are: as a float, since there may be more than wasm32 counts.
    #[must_use]
    pub const fn len(&self) -> f64 {
        match &self.array {
            Array::F64(input) => input.len(),
            Array::F32(input) => input.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0.0
    }

    /// How it lies to another.
    #[must_use]
    pub fn overlap(&self, other: &Self) -> Overlap {
        let (overlaps, is_same) = match (&self.array, &other.array) {
            (Array::F64(a), Array::F64(b)) => (a.overlaps(b), a.is_same(b)),
            (Array::F32(a), Array::F32(b)) => (a.overlaps(b), a.is_same(b)),
            (Array::F64(a), Array::F32(b)) => (a.overlaps(b), false),
            (Array::F32(a), Array::F64(b)) => (a.overlaps(b), false),
        };
        match (overlaps, is_same) {
            (false, _) => Overlap::Disjoint,
            (true, true) => Overlap::Same,
            (true, false) => Overlap::Partial,
        }
    }

    /// Copies it to that memory, unless it lies in a buffer.
    ///
    /// # Errors
    /// As [`Input::read_all`].
    pub fn read(&self, memory: &mut AlignedVec<f64>) -> Result<()> {
        match (&self.array, &self.buffer) {
            (_, Some(_)) => Ok(()),
            (Array::F64(input), None) => input.read_all(memory),
            (Array::F32(input), None) => input.read_all(memory),
        }
    }

    /// The numbers, in the buffer that they lie in.
    #[must_use]
    pub fn values(&self) -> Option<Ref<'_, [f64]>> {
        let (values, start) = self.buffer.as_ref()?;
        let end = start + self.len() as usize;
        Ref::filter_map(values.try_borrow().ok()?, |values| values.get(*start..end)).ok()
    }

    /// The same, to write; none if that buffer is in use.
    #[must_use]
    pub fn values_mut(&self) -> Option<RefMut<'_, [f64]>> {
        let (values, start) = self.buffer.as_ref()?;
        let end = start + self.len() as usize;
        RefMut::filter_map(values.try_borrow_mut().ok()?, |values| values.get_mut(*start..end)).ok()
    }

    /// That it has room for `len` results.
    ///
    /// # Errors
    /// A `RangeError` that names the argument.
    pub fn check_len(&self, len: usize) -> Result<()> {
        match &self.array {
            Array::F64(array) => Output::over(array, len).map(drop),
            Array::F32(array) => Output::over(array, len).map(drop),
        }
    }

    /// Writes results.
    ///
    /// # Errors
    /// As [`check_len`](Self::check_len); what JavaScript throws, for an array that has changed since.
    pub fn write(&self, values: &[f64]) -> Result<()> {
        match &self.array {
            Array::F64(array) => Output::over(array, values.len())?.write(0, values),
            Array::F32(array) => Output::over(array, values.len())?.write(0, values),
        }
    }

    /// Results as a fresh array of the same numbers.
    ///
    /// # Errors
    /// What JavaScript throws if it cannot have the memory.
    pub fn fresh(&self, values: &[f64]) -> Result<JsValue> {
        match &self.array {
            Array::F64(_) => fresh::<f64>(values),
            Array::F32(_) => fresh::<f32>(values),
        }
    }
}

fn fresh<T: crate::Element>(values: &[f64]) -> Result<JsValue> {
    let out = Output::<T>::fresh(values.len())?;
    out.write(0, values)?;
    Ok(out.into_value())
}
