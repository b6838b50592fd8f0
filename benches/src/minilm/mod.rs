//! all-MiniLM-L6-v2, by `kernels-nn` and `kernels-pool`: from token ids to the embedding of a text.

mod load;
mod questions;

pub use load::{Format, Model};
pub use questions::Questions;
