//! What a kernel is here: how ours and others compute it.

use anyhow::Result;
use bench_contest::serve::{Case, Prepared};
use simd_core::{Isa, UnavailableIsa};

/// What comes of preparing a case: none where the contestant has no such operation.
pub(crate) type Outcome<'a> = Result<Option<Prepared<'a>>>;

/// How a peer prepares a case.
pub(crate) type Prepare = for<'a> fn(&'a Case) -> Outcome<'a>;

/// The contestants of a kernel.
pub(crate) struct Kernel {
    /// How ours prepares a case.
    pub(crate) ours: for<'a> fn(Form, &'a Case) -> Outcome<'a>,
    /// The others, by name.
    pub(crate) peers: &'static [(&'static str, Prepare)],
}

/// The forms of ours.
#[derive(Clone, Copy)]
pub(crate) enum Form {
    /// Into the caller's memory, on the best instruction set.
    Into,
    /// The functions of one line, which allocate what they return.
    Allocating,
    /// As [`Into`](Self::Into), without SIMD of its own.
    Scalar,
}

impl Form {
    pub(crate) const ALL: [Self; 3] = [Self::Into, Self::Allocating, Self::Scalar];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Into => "kernels",
            Self::Allocating => "kernels, allocating",
            Self::Scalar => "kernels, scalar",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name() == name)
    }

    /// The instruction set that it runs on.
    pub(crate) fn isa(self) -> Result<Isa, UnavailableIsa> {
        match self {
            Self::Into | Self::Allocating => Isa::active(),
            Self::Scalar => Isa::Scalar.require(),
        }
    }
}
