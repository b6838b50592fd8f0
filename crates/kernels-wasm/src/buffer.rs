//! Memory that JavaScript and Rust both see: nothing is copied.

use crate::arguments::{Integer, integer};
use crate::element::{Element, Float32Array};
use crate::failure::{Failure, Result};
use crate::js::text;
#[cfg(feature = "series")]
use crate::{element::Float64Array, live};
use simd_core::AlignedVec;
use std::cell::{BorrowError, BorrowMutError, Ref, RefCell, RefMut};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// The numbers of a buffer. Who works with them holds them, even if the buffer is freed meanwhile.
pub(crate) type Shared<T> = Rc<RefCell<AlignedVec<T>>>;

fn zeros<T: Element>(length: &Integer) -> Result<Shared<T>> {
    let (mut values, len) = (AlignedVec::new(), integer("length", length)?);
    values
        .try_resize(len)
        .map_err(|_| Failure::range("length", "one that memory can hold", &text(len as f64)))?;
    Ok(Rc::new(RefCell::new(values)))
}

macro_rules! buffer {
    ($buffer:ident of $type:ty, $array:ident, $bits:literal $(, $enter:path)?) => {
        #[doc = concat!("Numbers of ", $bits, " bits in the wasm memory, read and written through `view()`.")]
        #[wasm_bindgen]
        #[derive(Debug)]
        pub struct $buffer {
            values: Shared<$type>,
        }

        #[wasm_bindgen]
        impl $buffer {
            /// A buffer of `length` zeros. Free it with `free()`, or by `using`.
            ///
            /// # Errors
            /// If `length` is no whole number, or there is no memory for it.
            #[wasm_bindgen(constructor)]
            pub fn new(length: &Integer) -> Result<Self> {
                let values = zeros(length)?;
                $($enter(&values);)?
                Ok(Self { values })
            }

            /// How many numbers it holds.
            #[wasm_bindgen(getter)]
            #[must_use]
            pub fn length(&self) -> usize {
                self.values.borrow().len()
            }

            /// How many bytes they take.
            #[wasm_bindgen(getter, js_name = byteLength)]
            #[must_use]
            pub fn byte_length(&self) -> usize {
                size_of_val(&**self.values.borrow())
            }

            /// The numbers themselves, to read and to write. Take a fresh view after every call that may allocate: when
            /// the wasm memory grows, older views have length 0.
            ///
            /// # Errors
            /// If the engine cannot make the object.
            pub fn view(&self) -> Result<$array> {
                <$type>::window_of(&self.values.borrow()).map(JsCast::unchecked_into).map_err(Failure::thrown)
            }
        }

        impl $buffer {
            /// The numbers, as an input.
            ///
            /// # Errors
            /// If they are an output of the same call.
            pub fn input(&self) -> std::result::Result<Ref<'_, AlignedVec<$type>>, BorrowError> {
                self.values.try_borrow()
            }

            /// The numbers, as an output. Borrow the inputs first.
            ///
            /// # Errors
            /// If they are an input of the same call.
            pub fn output(&self) -> std::result::Result<RefMut<'_, AlignedVec<$type>>, BorrowMutError> {
                self.values.try_borrow_mut()
            }
        }
    };
}
buffer!(F32Buffer of f32, Float32Array, 32);
#[cfg(feature = "series")]
buffer!(F64Buffer of f64, Float64Array, 64, live::enter);

#[cfg(feature = "series")]
impl Drop for F64Buffer {
    fn drop(&mut self) {
        live::leave(&self.values);
    }
}
