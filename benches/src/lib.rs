//! The demo's data and ranking, and what the benchmarks measure with.

#[cfg(feature = "measure")]
pub mod measure;
#[cfg(feature = "peak")]
pub mod peak;
#[cfg(feature = "demo")]
pub mod rust_book;

/// The examples of the project's README, as tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
