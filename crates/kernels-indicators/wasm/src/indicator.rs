//! What is known of an indicator when the program runs: so there is one copy of the code round the kernels, and not one
//! for each of them.

use crate::stream::Start;
use kernels_indicators::Error;
use kernels_indicators_batch::Run;
use kernels_wasm::{Failure, text};

/// The most series that one reads, and that one writes.
pub(crate) const INPUTS: usize = 4;
pub(crate) const OUTPUTS: usize = 3;

/// An indicator.
pub(crate) struct Indicator {
    /// The names of the series that it reads.
    pub(crate) inputs: &'static [&'static str],
    pub(crate) params: &'static [Param],
    pub(crate) outputs: &'static [Output],
    /// In the crate that is compiled for speed: by reference, since a value would be compiled here.
    pub(crate) run: &'static Run,
    pub(crate) start: Start,
}

/// A parameter.
pub(crate) struct Param {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
}

/// What a parameter is.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    /// A whole number.
    Count,
    Number,
    /// A list of whole numbers.
    Counts,
}

/// A series that an indicator writes.
pub(crate) struct Output {
    /// Empty for the only one.
    pub(crate) name: &'static str,
    /// What it is called in an error.
    pub(crate) what: &'static str,
}

/// An error of the kernels, with its names as JavaScript has them. By hand: to format numbers takes 20 kB of a binary.
pub(crate) fn failure(error: Error) -> Failure {
    named(error, &|of| camel(of[0].0))
}

/// What a parameter is called in an error.
pub(crate) type Name<'a> = &'a dyn Fn(&[(&str, f64)]) -> String;

/// The same, where a parameter is called as `name` says: of its name and its number, and those of another that it
/// cannot be together with.
pub(crate) fn named(error: Error, name: Name<'_>) -> Failure {
    let of = |what, got| name(&[(what, got)]);
    let number = |number: usize| text(number as f64);
    match error {
        Error::Empty { what } => Failure::range(what, "at least one bar", "none"),
        Error::ZeroPeriod { what } => Failure::range(&of(what, 0.0), "at least 1", "0"),
        Error::Period { what, bars, got } => {
            let expected = ["at most the number of bars, ", &number(bars)].concat();
            Failure::range(&of(what, got as f64), &expected, &number(got))
        }
        Error::Order { what, than, expected, got } => {
            let name = name(&[(what, got as f64), (than, expected as f64)]);
            Failure::range(
                &name,
                &["less than ", &camel(than), " = ", &number(expected)].concat(),
                &number(got),
            )
        }
        Error::Range { what, expected, got } => Failure::range(&of(what, got), expected, &text(got)),
        Error::Start { index, least, bars, got } => {
            let expected = ["a bar from ", &number(least), " on and below ", &number(bars)].concat();
            Failure::range(&["starts[", &number(index), "]"].concat(), &expected, &number(got))
        }
        Error::Length { what, expected, got } => {
            Failure::range(&camel(what), &["a length of ", &number(expected)].concat(), &number(got))
        }
        Error::TooLarge { what, .. } => Failure::no_memory(what),
        // Of instruction sets and of pointers: a binary has one of those, and takes none of these.
        _ => Failure::new("the indicator could not be computed"),
    }
}

/// The same, of a call: what it has no memory for is named after what made it large.
pub(crate) fn failed(indicator: &Indicator, error: Error, failure: &dyn Fn(Error) -> Failure) -> Failure {
    match (error, indicator.params) {
        (Error::TooLarge { what, .. }, [param, ..]) if what != "out" => Failure::no_memory(param.name),
        _ => failure(error),
    }
}

/// A name of Rust as one of JavaScript.
pub(crate) fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let (first, rest) = word.split_at_checked(1).unwrap_or_default();
        camel.push_str(&first.to_ascii_uppercase());
        camel.push_str(rest);
    }
    camel
}
