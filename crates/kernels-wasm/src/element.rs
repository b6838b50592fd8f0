//! Typed arrays of JavaScript, and which Rust type their elements have.

use crate::js::{self, TypedArray};
use simd_core::Plain;
use wasm_bindgen::prelude::*;

/// A number that JavaScript has typed arrays of. The engine turns one into another as it copies, but for `i64`.
pub trait Element: Plain {
    /// The class of those arrays, as signatures name it.
    type Array: JsCast + Clone;
    /// Its name.
    const ARRAY: &'static str;

    /// A window on the wasm memory. It has length 0, silently, as soon as that memory grows.
    ///
    /// # Errors
    /// What JavaScript throws, for an address that is none of such an array.
    fn window(address: usize, len: usize) -> Result<TypedArray, JsValue> {
        Self::array_on(&js::memory(), address as f64, len as f64)
    }

    /// An array on memory of any kind, from a byte on.
    ///
    /// # Errors
    /// What JavaScript throws, for what is no such memory, or has no such part.
    fn array_on(buffer: &JsValue, start: f64, len: f64) -> Result<TypedArray, JsValue>;

    /// An array of zeros in the memory of JavaScript.
    ///
    /// # Errors
    /// What JavaScript throws if it cannot have that memory.
    fn array(len: usize) -> Result<TypedArray, JsValue>;

    /// Whether a value is such an array, be it of another realm (an iframe, a test runner's sandbox).
    fn is_array(value: &JsValue) -> bool;

    /// These values as a window on the wasm memory.
    ///
    /// # Errors
    /// As [`window`](Self::window).
    fn window_of(values: &[Self]) -> Result<TypedArray, JsValue> {
        Self::window(values.as_ptr().addr(), values.len())
    }
}

macro_rules! element {
    ($type:ty, $array:ident, $window:ident) => {
        #[wasm_bindgen]
        extern "C" {
            #[doc = concat!("`", stringify!($array), "`, as a type of signatures.")]
            #[wasm_bindgen(extends = TypedArray, typescript_type = $array)]
            #[derive(Clone, Debug)]
            pub type $array;
            #[wasm_bindgen(constructor, catch)]
            fn new(len: f64) -> Result<$array, JsValue>;
            #[wasm_bindgen(static_method_of = $array, getter, js_name = name)]
            fn class_name() -> JsValue;

            #[wasm_bindgen(extends = TypedArray, js_name = $array)]
            type $window;
            #[wasm_bindgen(constructor, catch, js_class = $array)]
            fn new(buffer: &JsValue, byte_offset: f64, len: f64) -> Result<$window, JsValue>;
        }

        impl Element for $type {
            type Array = $array;
            const ARRAY: &'static str = stringify!($array);

            fn array_on(buffer: &JsValue, start: f64, len: f64) -> Result<TypedArray, JsValue> {
                $window::new(buffer, start, len).map($window::unchecked_into)
            }

            fn is_array(value: &JsValue) -> bool {
                js::class_of(value) == $array::class_name()
            }

            fn array(len: usize) -> Result<TypedArray, JsValue> {
                $array::new(len as f64).map($array::unchecked_into)
            }
        }
    };
}
element!(f32, Float32Array, Float32Window);
element!(f64, Float64Array, Float64Window);
element!(u32, Uint32Array, Uint32Window);
element!(i32, Int32Array, Int32Window);
element!(u8, Uint8Array, Uint8Window);
element!(i8, Int8Array, Int8Window);
element!(i64, BigInt64Array, BigInt64Window);
