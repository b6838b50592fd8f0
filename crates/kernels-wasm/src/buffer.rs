//! Memory that JavaScript and Rust both see: nothing is copied.

use crate::arguments::{Integer, integer};
use crate::element::{Element, Float32Array};
use crate::failure::{Failure, Result};
use crate::js::text;
use simd_core::AlignedVec;
use std::cell::{BorrowError, BorrowMutError, Ref, RefCell, RefMut};
use wasm_bindgen::prelude::*;

/// Numbers in the wasm memory, for the functions that copy nothing.
#[wasm_bindgen]
#[derive(Debug)]
pub struct F32Buffer {
    values: RefCell<AlignedVec<f32>>,
}

#[wasm_bindgen]
impl F32Buffer {
    /// A buffer of `length` zeros. Free it with `free()`, or by `using`.
    ///
    /// # Errors
    /// If `length` is no whole number, or there is no memory for it.
    #[wasm_bindgen(constructor)]
    pub fn new(length: &Integer) -> Result<Self> {
        let (mut values, len) = (AlignedVec::new(), integer("length", length)?);
        values
            .try_resize(len)
            .map_err(|_| Failure::range("length", "one that memory can hold", &text(len as f64)))?;
        Ok(Self { values: RefCell::new(values) })
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

    /// The numbers themselves, to read and to write. Take a fresh view after every call that may allocate: when the
    /// wasm memory grows, older views have length 0.
    ///
    /// # Errors
    /// If the engine cannot make the object.
    pub fn view(&self) -> Result<Float32Array> {
        f32::window_of(&self.values.borrow()).map(JsCast::unchecked_into).map_err(Failure::thrown)
    }
}

impl F32Buffer {
    /// The numbers, as an input.
    ///
    /// # Errors
    /// If they are an output of the same call.
    pub fn input(&self) -> std::result::Result<Ref<'_, AlignedVec<f32>>, BorrowError> {
        self.values.try_borrow()
    }

    /// The numbers, as an output. Borrow the inputs first.
    ///
    /// # Errors
    /// If they are an input of the same call.
    pub fn output(&self) -> std::result::Result<RefMut<'_, AlignedVec<f32>>, BorrowMutError> {
        self.values.try_borrow_mut()
    }
}
