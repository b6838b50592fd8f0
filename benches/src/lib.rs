//! The demos' data, ranking and charts, and what the benchmarks measure with.

#[cfg(feature = "measure")]
pub mod measure;
#[cfg(feature = "peak")]
pub mod peak;
#[cfg(feature = "measure")]
pub mod pool_input;
#[cfg(feature = "demo-indicators")]
pub mod prices_page;
#[cfg(feature = "demo")]
pub mod rust_book;

/// The examples of the project's README, as tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
