//! What the kernels say is wrong, as JavaScript is to see it.

use kernels_pool::Error;
use kernels_wasm::{Failure, Result, place, text};

/// What a kernel returns.
pub(crate) type Computed<T = ()> = std::result::Result<T, Error>;

/// By hand: to format numbers takes 20 kB of a binary.
pub(crate) fn failure(error: Error) -> Failure {
    let number = |number: usize| text(number as f64);
    match error {
        Error::OutOfRange { what, min, max: usize::MAX, got } => Failure::at_least(what, min, got),
        Error::OutOfRange { what, min, max, got } => {
            Failure::range(what, &[&number(min), " to ", &number(max)].concat(), &number(got))
        }
        Error::Empty { what } => Failure::none(what),
        Error::PartialRow { what, dim, got } => Failure::partial_row(what, dim, got as f64),
        Error::Length { what, expected, got } => Failure::length(what, expected as f64, got as f64),
        Error::Len { what, index, max, got } => {
            let expected = ["at most ", &number(max)].concat();
            Failure::range(&place(what, index as f64), &expected, &number(got))
        }
        Error::Mask { index, got } => {
            Failure::range(&place("mask", index as f64), "0 or 1", &text(got as f64))
        }
        Error::Range { index, min, max } => {
            let got = [&text(min.into()), " to ", &text(max.into())].concat();
            Failure::range(&place("ranges", index as f64), "finite ends, the lower one first", &got)
        }
        Error::Number { what, expected, got } => Failure::range(what, expected, &text(got)),
        Error::TooLarge { what } | Error::OutOfMemory { what } => Failure::no_memory(what),
        Error::Overlap { what, with } => Failure::overlap(what, with),
        // Of instruction sets and of pointers: a binary has one of those, and takes none of these.
        _ => Failure::new("it could not be computed"),
    }
}

/// The same of what is made for an argument: memory for it has a name that only the kernel knows.
pub(crate) fn made_for(what: &str) -> impl Fn(Error) -> Failure {
    move |error| match error {
        Error::TooLarge { .. } | Error::OutOfMemory { .. } => Failure::no_memory(what),
        error => failure(error),
    }
}

/// That a number of dimensions to keep is one that there is.
pub(crate) fn check_k(k: usize, dim: usize) -> Result<usize> {
    if (1..=dim).contains(&k) {
        return Ok(k);
    }
    Err(failure(Error::OutOfRange { what: "k", min: 1, max: dim, got: k }))
}
