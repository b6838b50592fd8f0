//! Our kernels and other libraries side by side.
//!
//! A [`case`] is an operation on one input. *Contestants*, forms of ours and other libraries, live in *workers*, a process for
//! each language, which speak the [`protocol`]; one in Rust is made by [`serve`](mod@serve). [`run`] has each contestant
//! prepare each case, checks what it computes against a reference in 64 bits, lets all take turns, and makes a [`record`] of
//! it. [`report`] shows a record, [`compare`] two of them, and [`readme`] makes README's table of one.

mod array;
#[cfg(feature = "contest")]
pub mod case;
#[cfg(feature = "contest")]
pub mod compare;
#[cfg(feature = "contest")]
pub mod figures;
pub mod protocol;
#[cfg(feature = "contest")]
pub mod readme;
pub mod record;
#[cfg(feature = "contest")]
pub mod report;
#[cfg(feature = "contest")]
pub mod run;
pub mod serve;
#[cfg(feature = "contest")]
pub mod worker;

pub use array::Array;
