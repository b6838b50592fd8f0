//! Working memory for layers.

use kernels_nn::ScratchStats;
use kernels_wasm::{Integer, Result, integer};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// Working memory that grows to what the largest call needs, up to a limit. Layers that run one after another share one.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Scratch(Shared);

/// The memory. Layers hold it, even if the object is freed before them.
pub(crate) type Shared = Rc<RefCell<kernels_nn::Scratch>>;

#[wasm_bindgen]
impl Scratch {
    /// Empty, to grow up to `limit` bytes, rounded down to a multiple of 64. Free it with `free()`, or by `using`; layers that
    /// were made with it keep its memory until they are freed too.
    ///
    /// # Errors
    /// If `limit` is no whole number.
    #[wasm_bindgen(constructor)]
    pub fn new(limit: &Integer) -> Result<Self> {
        let scratch = kernels_nn::Scratch::with_limit(integer("limit", limit)?);
        Ok(Self(Rc::new(RefCell::new(scratch))))
    }

    /// The most bytes that it may hold.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn limit(&self) -> usize {
        self.stats().limit
    }

    /// How many bytes it holds.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn allocated(&self) -> usize {
        self.stats().allocated
    }

    /// How many of them a call has used at most.
    #[wasm_bindgen(getter, js_name = highWater)]
    #[must_use]
    pub fn high_water(&self) -> usize {
        self.stats().high_water
    }

    /// How often it has grown.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn grows(&self) -> usize {
        self.stats().grows
    }
}

impl Scratch {
    pub(crate) fn share(&self) -> Shared {
        Rc::clone(&self.0)
    }

    fn stats(&self) -> ScratchStats {
        self.0.borrow().stats()
    }
}
