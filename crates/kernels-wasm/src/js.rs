//! The little of JavaScript that is used. Not from `js-sys`: what that crate exports for its promises is in every binary
//! that links it, 4 kB of it.

use std::mem::ManuallyDrop;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// A typed array of any elements.
    #[derive(Clone, Debug)]
    pub type TypedArray;

    /// By the engine's own method, whatever a subclass has under that name: it writes all of the source or nothing.
    #[wasm_bindgen(js_namespace = ["Int8Array", "prototype", "set"], js_name = call, catch)]
    pub(crate) fn set(array: &TypedArray, source: &TypedArray, start: f64) -> Result<(), JsValue>;

    /// A getter of the engine's, to be called on any value. Without `catch`: on typed arrays none of those throws.
    type Getter;
    #[wasm_bindgen(method, js_name = call)]
    fn value(this: &Getter, of: &JsValue) -> JsValue;
    #[wasm_bindgen(method, js_name = call)]
    fn number(this: &Getter, of: &JsValue) -> f64;

    type Descriptor;
    #[wasm_bindgen(method, getter)]
    fn get(this: &Descriptor) -> Getter;
    #[wasm_bindgen(js_namespace = Reflect, js_name = getOwnPropertyDescriptor)]
    fn descriptor(object: &JsValue, name: &JsValue) -> Descriptor;
    #[wasm_bindgen(js_namespace = Reflect, js_name = getPrototypeOf)]
    fn prototype_of(value: &JsValue) -> JsValue;
    type Int8Array;
    #[wasm_bindgen(static_method_of = Int8Array, getter)]
    fn prototype() -> JsValue;
    type Symbol;
    #[wasm_bindgen(static_method_of = Symbol, getter, js_name = toStringTag)]
    fn tag() -> JsValue;

    /// An array of any values.
    #[wasm_bindgen(js_name = Array)]
    #[derive(Debug)]
    pub type List;
    // As a value, since what would turn it into a number is the engine, beyond the `catch`.
    #[wasm_bindgen(method, getter, catch)]
    pub(crate) fn length(this: &List) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, indexing_getter, catch)]
    pub(crate) fn at(this: &List, index: u32) -> Result<JsValue, JsValue>;
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
    type Number;
    #[wasm_bindgen(static_method_of = Number, getter, js_name = isFinite)]
    fn is_finite() -> JsValue;

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
    let class = class.strip_prefix("[object ").and_then(|class| class.strip_suffix(']')).unwrap_or(&class);
    // What only claims to be such an array would be "expected Float32Array, got Float32Array".
    let is_claimed =
        class.len() > "Array".len() && class.ends_with("Array") && class_of(value).is_undefined();
    if is_claimed || class.is_empty() { "Object" } else { class }.to_owned()
}

/// What the engine itself knows of typed arrays: the getters that they all inherit. A subclass may have others of the
/// same names, and say anything by them.
struct Getters {
    class: Getter,
    buffer: Getter,
    byte_offset: Getter,
    length: Getter,
}

thread_local! {
    // Never dropped: to register that would take room in the binaries.
    static GETTERS: ManuallyDrop<Getters> = ManuallyDrop::new(Getters::find());
}

impl Getters {
    fn find() -> Self {
        let arrays = prototype_of(&Int8Array::prototype());
        let getter = |name| descriptor(&arrays, &name).get();
        Self {
            class: getter(Symbol::tag()),
            buffer: getter("buffer".into()),
            byte_offset: getter("byteOffset".into()),
            length: getter("length".into()),
        }
    }
}

/// The name of the class that a typed array has been made of; of any other value `undefined`.
pub(crate) fn class_of(value: &JsValue) -> JsValue {
    GETTERS.with(|getters| getters.class.value(value))
}

impl TypedArray {
    pub(crate) fn buffer(&self) -> JsValue {
        GETTERS.with(|getters| getters.buffer.value(self))
    }

    /// In bytes; 0 of an array whose memory has gone elsewhere.
    pub(crate) fn byte_offset(&self) -> f64 {
        GETTERS.with(|getters| getters.byte_offset.number(self))
    }

    /// In elements, at this moment.
    pub(crate) fn length(&self) -> f64 {
        GETTERS.with(|getters| getters.length.number(self))
    }
}

/// Whether all elements of an array are finite numbers. None is turned into one.
pub(crate) fn are_finite(list: &JsValue) -> Result<bool, JsValue> {
    every(list, &Number::is_finite())
}

/// Whether it is a typed array or a `DataView`.
#[must_use]
pub fn is_view(value: &JsValue) -> bool {
    ArrayBuffer::is_view(value)
}

/// Whether it is a typed array of numbers.
#[cfg(feature = "series")]
pub(crate) fn is_numbers(value: &JsValue) -> bool {
    class_of(value).as_string().is_some_and(|class| !class.starts_with("Big"))
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
