//! What callers pass.

use crate::element::Element;
use crate::failure::{Failure, Result};
use crate::js::{self, List, TypedArray, text};
use std::marker::PhantomData;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// A number, as signatures name it. (As one itself it would come turned into one: `"2"` as 2, `null` as 0.)
    #[wasm_bindgen(typescript_type = "number")]
    #[derive(Debug)]
    pub type Integer;

    /// A list of lengths, as signatures name it.
    #[wasm_bindgen(typescript_type = "Uint32Array | readonly number[]")]
    #[derive(Debug)]
    pub type Lengths;
}

/// A whole number from 0 on, e.g. a dimension.
///
/// # Errors
/// A `RangeError` that names the argument, for any other number, and a `TypeError` for anything else.
pub fn integer(what: &str, value: impl AsRef<JsValue>) -> Result<usize> {
    let value = value.as_ref();
    let number = value.as_f64().ok_or_else(|| Failure::kind(what, WHOLE, value))?;
    whole(number).ok_or_else(|| Failure::range(what, WHOLE, &text(number)))
}

/// Any number, as 32 bits have it.
///
/// # Errors
/// A `TypeError` that names the argument, for anything else.
pub fn float(what: &str, value: impl AsRef<JsValue>) -> Result<f32> {
    let value = value.as_ref();
    value.as_f64().map(|number| number as f32).ok_or_else(|| Failure::kind(what, "a number", value))
}

/// That a size is at least 1.
///
/// # Errors
/// A `RangeError` that names the argument.
pub fn positive(what: &str, got: usize) -> Result<usize> {
    if got == 0 { Err(Failure::at_least(what, 1, got)) } else { Ok(got) }
}

/// The name of an element.
pub fn place(what: &str, index: f64) -> String {
    [what, "[", &text(index), "]"].concat()
}

const WHOLE: &str = "a whole number from 0 to 4294967295";

/// A number that is a length, an index or a count in wasm32.
fn whole(value: f64) -> Option<usize> {
    (value.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&value)).then_some(value as usize)
}

/// A caller's typed array, to be read piece by piece: it may be larger than the wasm memory.
#[derive(Clone, Debug)]
pub struct Input<T> {
    what: &'static str,
    array: TypedArray,
    /// The memory that it is a part of, and where it begins there, in bytes.
    buffer: JsValue,
    start: f64,
    /// Where it lies, if that is the wasm memory itself.
    address: Option<usize>,
    len: f64,
    element: PhantomData<T>,
}

impl<T: Element> Input<T> {
    /// Checks the argument's class.
    ///
    /// # Errors
    /// A `TypeError` that names the argument, if it is no typed array of these elements.
    pub fn new(what: &'static str, value: impl AsRef<JsValue>) -> Result<Self> {
        let value = value.as_ref();
        if !T::is_array(value) {
            return Err(Failure::kind(what, T::ARRAY, value));
        }
        let array: TypedArray = value.clone().unchecked_into();
        let (buffer, start, len) = (array.buffer(), array.byte_offset(), array.length());
        // A window on the wasm memory is dead once that has grown, which it may before the array is read.
        let address = (buffer == JsValue::from(js::memory())).then_some(start as usize);
        Ok(Self { what, array, buffer, start, address, len, element: PhantomData })
    }

    /// How many elements there are: as a float, since there may be more than wasm32 counts.
    #[must_use]
    pub const fn len(&self) -> f64 {
        self.len
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0.0
    }

    /// Copies the elements from `start` on; the engine rounds them to other ones, if `out` has those.
    ///
    /// # Errors
    /// What JavaScript throws, for an array that has changed since.
    pub fn read<U: Element>(&self, start: f64, out: &mut [U]) -> Result<()> {
        let len = out.len() as f64;
        if len == 0.0 {
            return Ok(());
        }
        // It may have shrunk since it was checked: what is missing would be left as it was.
        let source = if len == self.len && self.address.is_none() {
            self.check_unchanged()?;
            // Not even the object for a part of it, where the call is short.
            self.array.clone()
        } else {
            // Not by its own `subarray`, which a subclass may have another one of: no code of the caller's runs here, so
            // where the first part can be read, so can the others.
            let place = self.start + start * size_of::<T>() as f64;
            let memory = self.address.map(|_| js::memory().into());
            T::array_on(memory.as_ref().unwrap_or(&self.buffer), place, len).map_err(|_| self.changed())?
        };
        U::window_of(out).and_then(|window| js::set(&window, &source, 0.0)).map_err(Failure::thrown)
    }

    /// That it is still as long as it was when it was checked.
    ///
    /// # Errors
    /// A `RangeError` that names the argument.
    pub(crate) fn check_unchanged(&self) -> Result<()> {
        // A window on the wasm memory is as long as ever, though its object's length is 0 once that has grown.
        let is_same = self.address.is_some() || self.array.length() == self.len;
        if is_same { Ok(()) } else { Err(self.changed()) }
    }

    fn changed(&self) -> Failure {
        Failure::range(self.what, "the length that it had", "another one since")
    }

    /// Copies all of it.
    ///
    /// # Errors
    /// As [`read`](Self::read); if there is no memory for it.
    pub fn read_all<U: Element>(&self, out: &mut simd_core::AlignedVec<U>) -> Result<()> {
        let fits = whole(self.len).is_some_and(|len| out.try_resize(len).is_ok());
        if !fits {
            return Err(Failure::range(self.what, "a length that memory can hold", &text(self.len)));
        }
        self.read(0.0, out)
    }

    /// That it has that length.
    ///
    /// # Errors
    /// A `RangeError` that names the argument.
    pub fn check_len(&self, len: f64) -> Result<()> {
        if self.len == len { Ok(()) } else { Err(Failure::length(self.what, len, self.len)) }
    }

    /// A copy of all of it.
    ///
    /// # Errors
    /// As [`read_all`](Self::read_all).
    pub fn to_values(&self) -> Result<simd_core::AlignedVec<T>> {
        let mut values = simd_core::AlignedVec::new();
        self.read_all(&mut values)?;
        Ok(values)
    }

    /// Whether the two share memory.
    pub(crate) fn overlaps(&self, other: &dyn Region) -> bool {
        let ((start, end), (other_start, other_end)) = (self.bytes(), other.bytes());
        self.buffer == *other.buffer() && start < other_end && other_start < end
    }

    /// Whether the two are the same memory.
    #[cfg(feature = "series")]
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.buffer == other.buffer && self.start == other.start && self.len == other.len
    }

    pub(crate) const fn what(&self) -> &'static str {
        self.what
    }

    pub(crate) const fn array(&self) -> &TypedArray {
        &self.array
    }

    /// Where it lies, if that is the wasm memory itself.
    pub(crate) const fn address(&self) -> Option<usize> {
        self.address
    }
}

/// All of a typed array.
///
/// # Errors
/// As [`Input::new`] and [`Input::to_values`].
pub fn read_all<T: Element>(
    what: &'static str,
    value: impl AsRef<JsValue>,
) -> Result<simd_core::AlignedVec<T>> {
    Input::new(what, value)?.to_values()
}

/// A part of some memory.
pub trait Region {
    /// The memory.
    fn buffer(&self) -> &JsValue;
    /// From which byte of it to which.
    fn bytes(&self) -> (f64, f64);
}

impl<T: Element> Region for Input<T> {
    fn buffer(&self) -> &JsValue {
        &self.buffer
    }

    fn bytes(&self) -> (f64, f64) {
        (self.start, self.start + self.len * size_of::<T>() as f64)
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = Float64Array, extends = TypedArray)]
    type Numbers;
    #[wasm_bindgen(constructor, catch, js_class = Float64Array)]
    fn new(values: &JsValue) -> std::result::Result<Numbers, JsValue>;
}

/// Whether a value is a list of numbers: an array, or a typed one.
///
/// # Errors
/// What JavaScript throws.
#[cfg(feature = "series")]
pub fn is_list(value: &JsValue) -> Result<bool> {
    Ok(js::is_array(value).map_err(Failure::thrown)? || js::is_numbers(value))
}

/// A list of lengths: a `Uint32Array`, or an array of whole numbers. Read piece by piece too.
#[derive(Clone, Debug)]
pub struct Counts {
    what: &'static str,
    numbers: Input<f64>,
}

impl Counts {
    /// More of them end the process in some engines, and not the call.
    const MAX: f64 = (1 << 28) as f64;

    /// How many are read at once.
    pub const PIECE: usize = 256;

    /// Checks that it is a list, and that elements of an array are numbers, not what can be turned into one; not yet
    /// which numbers.
    ///
    /// # Errors
    /// A `TypeError` that names the argument or an element.
    pub fn new(what: &'static str, value: impl AsRef<JsValue>) -> Result<Self> {
        let value = value.as_ref();
        if u32::is_array(value) {
            return Self::of_array(what, value);
        }
        Self::of_list(what, value, "a Uint32Array or an array of whole numbers")
    }

    /// As [`new`](Self::new), of a typed array of any numbers too.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    #[cfg(feature = "series")]
    pub fn list(what: &'static str, value: &JsValue) -> Result<Self> {
        if js::is_numbers(value) {
            return Self::of_array(what, value);
        }
        Self::of_list(what, value, "an array or a typed array of numbers")
    }

    fn of_list(what: &'static str, value: &JsValue, expected: &str) -> Result<Self> {
        // A revoked proxy throws there, and is none.
        if !js::is_array(value).unwrap_or(false) {
            return Err(Failure::kind(what, expected, value));
        }
        Self::check_elements(what, value)?;
        Self::copy(what, value)
    }

    fn check_elements(what: &str, value: &JsValue) -> Result<()> {
        let array: &List = value.unchecked_ref();
        let len = array.length().map_err(Failure::thrown)?;
        let len =
            len.as_f64().ok_or_else(|| Failure::kind(what, "an array whose length is a number", &len))?;
        Self::check_len(what, len)?;
        if !js::are_finite(value).map_err(Failure::thrown)? {
            for i in 0..len as u32 {
                let element = array.at(i).map_err(Failure::thrown)?;
                if element.as_f64().is_none() {
                    return Err(Failure::kind(&place(what, f64::from(i)), "a number", &element));
                }
            }
        }
        Ok(())
    }

    fn check_len(what: &str, len: f64) -> Result<()> {
        if (0.0..=Self::MAX).contains(&len) {
            return Ok(());
        }
        let expected = ["at most ", &text(Self::MAX), " lengths"].concat();
        Err(Failure::range(what, &expected, &text(len)))
    }

    /// The same of a typed array.
    fn of_array(what: &'static str, value: &JsValue) -> Result<Self> {
        Self::check_len(what, value.unchecked_ref::<TypedArray>().length())?;
        Self::copy(what, value)
    }

    fn copy(what: &'static str, value: &JsValue) -> Result<Self> {
        // A copy, by the engine itself: from here on nobody changes it, and each number is a plain one.
        let numbers = Numbers::new(value).map_err(Failure::thrown)?;
        Ok(Self { what, numbers: Input::new(what, numbers)? })
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.numbers.len() as usize
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// Those from `start` on, as many as `out` holds.
    ///
    /// # Errors
    /// A `RangeError` that names one that is no whole number.
    pub fn read(&self, start: usize, out: &mut [usize]) -> Result<()> {
        let mut piece = [0.0_f64; Self::PIECE];
        let (mut start, what) = (start, self.what);
        for out in out.chunks_mut(Self::PIECE) {
            let piece = &mut piece[..out.len()];
            self.numbers.read(start as f64, piece)?;
            for (i, (&number, out)) in piece.iter().zip(&mut *out).enumerate() {
                *out = whole(number)
                    .ok_or_else(|| Failure::range(&place(what, (start + i) as f64), WHOLE, &text(number)))?;
            }
            start += out.len();
        }
        Ok(())
    }

    /// Calls with some of them at a time, and the index of the first.
    ///
    /// # Errors
    /// As [`read`](Self::read), and what `call` returns.
    pub fn each_piece(&self, call: &mut dyn FnMut(usize, &[usize]) -> Result<()>) -> Result<()> {
        let mut piece = [0; Self::PIECE];
        for start in (0..self.len()).step_by(Self::PIECE) {
            let piece = &mut piece[..Self::PIECE.min(self.len() - start)];
            self.read(start, piece)?;
            call(start, piece)?;
        }
        Ok(())
    }

    /// All of them, as what they are: any numbers.
    ///
    /// # Errors
    /// If there is no memory for them.
    #[cfg(feature = "series")]
    pub fn numbers(&self) -> Result<simd_core::AlignedVec<f64>> {
        let mut numbers = simd_core::AlignedVec::new();
        self.numbers.read_all(&mut numbers)?;
        Ok(numbers)
    }

    /// Their sum: exact up to 2^53, more than any array holds.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn total(&self) -> Result<f64> {
        let mut total = 0.0;
        self.each_piece(&mut |_, counts| {
            total += counts.iter().map(|&count| count as f64).sum::<f64>();
            Ok(())
        })?;
        Ok(total)
    }
}
