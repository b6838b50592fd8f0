//! What the kernels say is wrong, as JavaScript is to see it.

use kernels_nn::{Error, ScratchError};
use kernels_wasm::{Failure, place, text};

/// By hand: to format numbers takes 20 kB of a binary.
pub(crate) fn failure(error: Error) -> Failure {
    let number = |number: usize| text(number as f64);
    match error {
        Error::OutOfRange { what, min, max: usize::MAX, got } => Failure::at_least(&camel(what), min, got),
        Error::OutOfRange { what, min, max, got } => {
            Failure::range(&camel(what), &[&number(min), " to ", &number(max)].concat(), &number(got))
        }
        Error::PartialRow { what, dim, got } => Failure::partial_row(&camel(what), dim, got as f64),
        Error::Length { what, expected, got } => Failure::length(&camel(what), expected as f64, got as f64),
        Error::Offset { what, index, min, got } => {
            let expected = ["at least ", &number(min), ", as the one before"].concat();
            Failure::range(&place(what, index as f64), &expected, &number(got))
        }
        Error::Element { what, index, expected, got } => {
            Failure::range(&place(&camel(what), index as f64), expected, &text(got.into()))
        }
        Error::Number { what, expected, got } => Failure::range(what, expected, &text(got.into())),
        Error::TooLarge { what } | Error::OutOfMemory { what } => Failure::no_memory(&camel(what)),
        Error::Scratch(ScratchError::OverLimit { needed, limit }) => Failure::range(
            "scratch",
            &["a limit of at least ", &number(needed), " bytes"].concat(),
            &number(limit),
        ),
        Error::Scratch(_) => Failure::no_memory("scratch"),
        // Of what no function here asks for.
        _ => Failure::new("it could not be computed"),
    }
}

/// The same of an argument that the kernel has another name for.
pub(crate) fn named(what: &'static str) -> impl Fn(Error) -> Failure {
    move |error| {
        failure(match error {
            Error::Length { expected, got, .. } => Error::Length { what, expected, got },
            Error::PartialRow { dim, got, .. } => Error::PartialRow { what, dim, got },
            Error::Element { index, expected, got, .. } => Error::Element { what, index, expected, got },
            Error::TooLarge { .. } => Error::TooLarge { what },
            Error::OutOfMemory { .. } => Error::OutOfMemory { what },
            error => error,
        })
    }
}

/// A name as JavaScript has it: `headDim` for `head_dim`.
fn camel(name: &str) -> String {
    let mut camel = String::new();
    let mut is_new = false;
    for letter in name.chars() {
        match letter {
            '_' => is_new = true,
            letter => {
                camel.push(if is_new { letter.to_ascii_uppercase() } else { letter });
                is_new = false;
            }
        }
    }
    camel
}
