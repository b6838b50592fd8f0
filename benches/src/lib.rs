//! The demos' data, ranking and charts, the pages' common parts, and what the benchmarks measure with.

#[cfg(any(feature = "demo", feature = "demo-nn"))]
mod archive;
#[cfg(any(feature = "demo", feature = "demo-indicators", feature = "demo-nn"))]
mod demo_exit;
#[cfg(feature = "measure")]
pub mod measure;
#[cfg(feature = "demo-nn")]
pub mod minilm;
pub mod page;
#[cfg(feature = "peak")]
pub mod peak;
#[cfg(feature = "measure")]
pub mod pool_input;
#[cfg(feature = "demo-indicators")]
pub mod prices_page;
#[cfg(feature = "demo")]
pub mod rust_book;

#[cfg(any(feature = "demo", feature = "demo-indicators", feature = "demo-nn"))]
pub use demo_exit::exit_code;

/// The examples of the project's README, as tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
