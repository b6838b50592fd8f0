//! The little of JavaScript that is used. Not from `js-sys`: what that crate exports for its promises is in every binary
//! that links it, 4 kB of it.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// A typed array of any elements.
    #[derive(Clone, Debug)]
    pub type TypedArray;

    #[wasm_bindgen(method, getter, catch)]
    pub(crate) fn buffer(this: &TypedArray) -> Result<JsValue, JsValue>;
    // As values, since what they are turned into numbers by is the engine, beyond the `catch`.
    #[wasm_bindgen(method, getter, catch, js_name = byteOffset)]
    pub(crate) fn byte_offset(this: &TypedArray) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    pub(crate) fn length(this: &TypedArray) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub(crate) fn set(this: &TypedArray, source: &TypedArray, start: f64) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    pub(crate) fn subarray(this: &TypedArray, start: f64, end: f64) -> Result<TypedArray, JsValue>;
    #[wasm_bindgen(method, indexing_getter, catch)]
    pub(crate) fn at(this: &TypedArray, index: u32) -> Result<JsValue, JsValue>;

    /// An array of any values.
    #[wasm_bindgen(js_name = Array)]
    #[derive(Debug)]
    pub type List;
    #[wasm_bindgen(constructor, js_class = Array)]
    fn new() -> List;
    #[wasm_bindgen(method, catch, js_name = push)]
    fn add(this: &List, value: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = Array, js_name = isArray, catch)]
    pub(crate) fn is_array(value: &JsValue) -> Result<bool, JsValue>;

    /// Of a typed array or a `DataView`: of one itself, not of what has its class or inherits from it.
    #[wasm_bindgen(static_method_of = ArrayBuffer, js_name = isView)]
    pub(crate) fn is_view(value: &JsValue) -> bool;

    #[wasm_bindgen(js_namespace = ["Array", "prototype", "every"], js_name = call, catch)]
    fn every(list: &JsValue, test: &JsValue) -> Result<bool, JsValue>;
    #[wasm_bindgen(thread_local_v2, js_namespace = Number, js_name = isFinite)]
    static IS_FINITE: JsValue;

    /// A number as text. By the engine, whose own code for it takes no room in the binary.
    #[wasm_bindgen(js_name = String)]
    pub fn text(number: f64) -> String;

    /// `[object CLASS]`
    #[wasm_bindgen(js_namespace = ["Object", "prototype", "toString"], js_name = call, catch)]
    fn class_in_brackets(value: &JsValue) -> Result<String, JsValue>;

    pub(crate) type Error;
    #[wasm_bindgen(constructor)]
    pub(crate) fn new(message: &str) -> Error;

    pub(crate) type TypeError;
    #[wasm_bindgen(constructor)]
    pub(crate) fn new(message: &str) -> TypeError;

    pub(crate) type RangeError;
    #[wasm_bindgen(constructor)]
    pub(crate) fn new(message: &str) -> RangeError;

    type Memory;
    #[wasm_bindgen(method, getter, js_name = buffer)]
    fn memory_buffer(this: &Memory) -> ArrayBuffer;

    pub(crate) type ArrayBuffer;
    #[wasm_bindgen(method, getter, js_name = byteLength)]
    pub(crate) fn byte_length(this: &ArrayBuffer) -> f64;

    /// An object made of plain properties.
    pub type Object;
    #[wasm_bindgen(constructor)]
    fn new() -> Object;
    #[wasm_bindgen(method, indexing_setter)]
    fn put(this: &Object, name: &str, value: &JsValue);
    #[wasm_bindgen(method, indexing_getter, catch)]
    fn get(this: &Object, name: &str) -> Result<JsValue, JsValue>;
}

/// The class of any value, whatever realm it is of (an iframe, a test runner's sandbox): also `Undefined`, `Number` …
pub(crate) fn class_name(value: &JsValue) -> String {
    let class = class_in_brackets(value).unwrap_or_default();
    class.strip_prefix("[object ").and_then(|class| class.strip_suffix(']')).unwrap_or(&class).to_owned()
}

/// Whether all elements of an array are finite numbers. None is turned into one.
pub(crate) fn are_finite(list: &JsValue) -> Result<bool, JsValue> {
    IS_FINITE.with(|is_finite| every(list, is_finite))
}

/// Whether it is a typed array or a `DataView`.
#[must_use]
pub fn is_view(value: &JsValue) -> bool {
    ArrayBuffer::is_view(value)
}

/// Whether it is a typed array of numbers.
#[cfg(feature = "series")]
pub(crate) fn is_numbers(value: &JsValue) -> bool {
    is_view(value) && !matches!(&*class_name(value), "DataView" | "BigInt64Array" | "BigUint64Array")
}

/// The wasm memory as JavaScript sees it until it grows.
pub(crate) fn memory() -> ArrayBuffer {
    wasm_bindgen::memory().unchecked_into::<Memory>().memory_buffer()
}

/// An object of these properties.
#[must_use]
pub fn object(properties: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in properties {
        object.put(name, value);
    }
    object.into()
}

impl List {
    /// An empty one.
    #[must_use]
    pub fn empty() -> Self {
        Self::new()
    }

    /// Adds a value.
    ///
    /// # Errors
    /// What JavaScript throws if it cannot have the memory.
    pub fn push(&self, value: impl AsRef<JsValue>) -> crate::Result<()> {
        self.add(value.as_ref()).map(drop).map_err(crate::Failure::thrown)
    }
}

/// A property of any value.
///
/// # Errors
/// What JavaScript throws, as it does for `undefined` and `null`.
pub fn property(value: &JsValue, name: &str) -> crate::Result<JsValue> {
    value.unchecked_ref::<Object>().get(name).map_err(crate::Failure::thrown)
}
