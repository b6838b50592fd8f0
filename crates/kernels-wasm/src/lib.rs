//! What the npm packages of all kernels share: how arguments come from JavaScript, results go back, and what goes
//! wrong becomes an `Error` there.
//!
//! | module | what |
//! |---|---|
//! | [`arguments`] | whole numbers, typed arrays, lists of lengths: checked, and read piece by piece |
//! | [`options`] | what comes as `{ … }` |
//! | [`rows`] | how rows of any number pass through a small buffer |
//! | [`results`] | the caller's array, or a fresh one |
//! | [`buffer`] | `F32Buffer`, `F64Buffer`: memory that both sides see |
//! | `series` | numbers of 64 or 32 bits, in arrays or buffers |
//! | [`failure`] | errors |
//! | [`info`] | `info()`: which variant runs, and how much memory it has |
//!
//! Nothing here panics, whatever the caller passes: a panic in wasm is a trap, after which the instance is
//! unusable. An exception that JavaScript throws while Rust is on the stack would be one too, so everything that may
//! throw is imported with `catch`.
#![deny(unsafe_code)]

pub mod arguments;
pub mod buffer;
mod element;
pub mod failure;
pub mod info;
mod js;
#[cfg(feature = "series")]
mod live;
pub mod options;
pub mod results;
pub mod rows;
#[cfg(feature = "series")]
pub mod series;

#[cfg(feature = "series")]
pub use arguments::is_list;
pub use arguments::{Counts, Input, Integer, Lengths, Region, float, integer, place, positive, read_all};
pub use buffer::F32Buffer;
#[cfg(feature = "series")]
pub use buffer::F64Buffer;
pub use element::{
    BigInt64Array, Element, Float32Array, Float64Array, Int8Array, Int32Array, Uint8Array, Uint32Array,
};
pub use failure::{Failure, Result};
pub use js::{List, TypedArray, is_view, object, property, text};
pub use options::{Options, one_of};
pub use results::{Output, fresh};
pub use rows::{PIECE, Rows, fit, room, vec_of};
#[cfg(feature = "series")]
pub use series::{Overlap, Series};

/// Takes 6 kB of a binary less than the allocator of the standard library, and is no slower.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
