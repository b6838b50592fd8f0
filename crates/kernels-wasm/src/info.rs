//! What runs.

use crate::js;
use simd_core::Isa;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** The instruction sets that the package has a binary for, from the fastest to the one that runs everywhere. */
export type Variant = "relaxed-simd" | "simd128" | "scalar";

/** What runs. */
export interface Info {
  /** The instruction set that the kernels run on. */
  variant: Variant;
  /** The size of the wasm memory in bytes. It grows, and never shrinks. */
  memory: number;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// `{ variant, memory }`
    #[wasm_bindgen(typescript_type = "Info")]
    #[derive(Debug)]
    pub type Info;
}

/// Which variant runs, and how much memory it has.
#[wasm_bindgen]
#[must_use]
pub fn info() -> Info {
    let memory = js::memory().byte_length();
    js::object(&[("variant", Isa::detect().name().into()), ("memory", memory.into())]).unchecked_into()
}
