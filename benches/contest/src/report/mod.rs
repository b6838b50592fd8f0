//! Reports of a [`Record`]: a page with charts, and the same figures as text.
//!
//! What a report shows is decided in one place for all of them. A result is *right* if its error is within the case's bound;
//! who is wrong has an error and never a time. The *limit* of a case is its roofline: what takes longer, its
//! floating-point operations at the rate of multiply-adds, or its bytes at the rate of reads, both measured in the same
//! run. In JavaScript the multiply-adds are those of the engine: of the variant that the contestant is named after, else
//! of the fastest.

mod advice;
mod bars;
mod charts;
mod figures;
mod growth;
mod markdown;
pub(crate) mod number;
mod page;
mod scale;
pub(crate) mod table;
mod tables;

pub(crate) use figures::times;
pub(crate) use markdown::as_markdown;
pub(crate) use tables::summary;

use crate::compare::Comparison;
use crate::record::Record;
use anyhow::Result;

/// The page: one file, which asks for nothing else and runs no script. With a comparison, what has changed since comes
/// before all else.
///
/// # Errors
/// If a chart cannot be drawn.
pub fn html(record: &Record, comparison: Option<&Comparison>) -> Result<String> {
    page::page(record, comparison)
}

/// The figures of the page as tables.
#[must_use]
pub fn markdown(record: &Record, comparison: Option<&Comparison>) -> String {
    markdown::markdown(record, comparison)
}
