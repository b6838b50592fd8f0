//! What the hot functions of each kernel are to look like: to add a kernel or a target, add an entry.

use super::arch::Arch;

/// The hot functions of one kernel on one target.
pub(super) struct Expectation {
    /// By this name `cargo xtask asm` finds it.
    pub(super) kernel: &'static str,
    pub(super) package: &'static str,
    pub(super) target: &'static str,
    pub(super) arch: Arch,
    /// The hot functions are those whose demangled names have all of these parts.
    pub(super) names: &'static [&'static str],
    /// Whether all vectors have registers, or only those of the innermost loops with FMAs.
    pub(super) spills: Spills,
    /// Which kinds of them there are. Each hot function is of one kind, and each kind has a function.
    pub(super) kinds: &'static [Kind],
}

/// Where vector registers may go to the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spills {
    Nowhere,
    /// Not in an innermost loop with FMAs.
    BetweenLoops,
}

/// Hot functions whose loops look alike.
pub(super) struct Kind {
    /// A part of their names that no other kind has.
    pub(super) name: &'static str,
    /// The FMAs of the innermost loops that have any: just these counts occur. (Innermost loops without FMAs are
    /// those of tails and reductions.)
    pub(super) fmas: &'static [usize],
}

const X86_64: &str = "x86_64-unknown-linux-gnu";
const AARCH64: &str = "aarch64-unknown-linux-gnu";

/// Two vectors of query tokens times six rows, or five or four; or times one row, for four steps at once.
const AVX2_TILES: &[Kind] = &[
    Kind { name: "2>, 2, 6,", fmas: &[12] },
    Kind { name: "2>, 2, 5,", fmas: &[10] },
    Kind { name: "2>, 2, 4,", fmas: &[8] },
    Kind { name: "2>, 2, 1,", fmas: &[8] },
];
/// Four vectors of query tokens times four rows; or times one row, for four steps at once.
const NEON_TILES: &[Kind] =
    &[Kind { name: "4>, 4, 4,", fmas: &[16] }, Kind { name: "4>, 4, 1,", fmas: &[16] }];

pub(super) const EXPECTATIONS: &[Expectation] = &[
    Expectation {
        kernel: "maxsim",
        package: "kernels-maxsim",
        target: X86_64,
        arch: Arch::X86_64,
        names: &["::vectorized::<", "Scan>::tiles", "::Best<"],
        spills: Spills::Nowhere,
        kinds: AVX2_TILES,
    },
    Expectation {
        kernel: "maxsim",
        package: "kernels-maxsim",
        target: AARCH64,
        arch: Arch::Aarch64,
        names: &["Neon", "::vectorize::<", "Scan>::tiles", "::Best<"],
        spills: Spills::Nowhere,
        kinds: NEON_TILES,
    },
    Expectation {
        kernel: "maxsim-argmax",
        package: "kernels-maxsim",
        target: X86_64,
        arch: Arch::X86_64,
        names: &["::vectorized::<", "Scan>::tiles", "::First<"],
        // The rows' numbers, once a tile.
        spills: Spills::BetweenLoops,
        kinds: AVX2_TILES,
    },
    Expectation {
        kernel: "maxsim-argmax",
        package: "kernels-maxsim",
        target: AARCH64,
        arch: Arch::Aarch64,
        names: &["Neon", "::vectorize::<", "Scan>::tiles", "::First<"],
        spills: Spills::Nowhere,
        kinds: NEON_TILES,
    },
];
