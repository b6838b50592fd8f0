//! What the hot functions of each kernel are to look like: to add a kernel or a target, add an entry to
//! the file of its crate.

/// A crate's: each kernel by a name, its package, parts of the names of its hot functions, what they may call, where they may
/// spill, with AVX2, with NEON and on WebAssembly, and their kinds, with AVX2, NEON, simd128 and relaxed-simd.
macro_rules! expectations {
    ($(
        $kernel:literal in $package:literal, functions [$($name:literal),+], calls $calls:expr,
        spills [$avx2_spills:ident, $neon_spills:ident, $wasm_spills:ident],
        kinds [$avx2:expr, $neon:expr, $simd128:expr, $relaxed:expr];
    )*) => {
        pub(super) const EXPECTATIONS: &[[super::Expectation; super::Arch::ALL.len()]] = &[$({
            use super::{Arch, Expectation, Kind, Spills};

            const fn on(arch: Arch, spills: Spills, kinds: &'static [Kind]) -> Expectation {
                let names = &[$($name),+];
                Expectation { kernel: $kernel, package: $package, arch, names, calls: $calls, spills, kinds }
            }
            [
                on(Arch::X86_64, Spills::$avx2_spills, $avx2),
                on(Arch::Aarch64, Spills::$neon_spills, $neon),
                on(Arch::Simd128, Spills::$wasm_spills, $simd128),
                on(Arch::RelaxedSimd, Spills::$wasm_spills, $relaxed),
            ]
        }),*];
    };
}

mod indicators;
mod maxsim;
mod nn;
mod pool;

use super::arch::Arch;

/// The hot functions of one kernel on one target.
pub(super) struct Expectation {
    /// By this name `cargo xtask asm` finds it.
    pub(super) kernel: &'static str,
    pub(super) package: &'static str,
    pub(super) arch: Arch,
    /// The hot functions are those whose demangled names have all of these parts, and the architecture's.
    pub(super) names: &'static [&'static str],
    /// Parts of the names of what they may call, apart from panics.
    pub(super) calls: &'static [&'static str],
    /// Whether all vectors have registers, or only those of the innermost loops with FMAs.
    pub(super) spills: Spills,
    /// Which kinds of them there are. Each hot function is of one kind, and each kind has a function.
    pub(super) kinds: &'static [Kind],
}

impl Expectation {
    /// Parts that the names of the hot functions have.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        [self.arch.names(), self.names].into_iter().flatten().copied()
    }
}

/// Where vector registers may go to the stack. On WebAssembly, where vectors may be stored: the sums of a hot loop are
/// locals, and what it stores should be a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spills {
    Nowhere,
    /// Not in an innermost loop with FMAs.
    BetweenLoops,
    Anywhere,
}

impl Spills {
    /// Whether one is a fault; `hot`: it is in an innermost loop with FMAs.
    pub(super) fn is_fault(self, hot: bool) -> bool {
        match self {
            Self::Nowhere => true,
            Self::BetweenLoops => hot,
            Self::Anywhere => false,
        }
    }
}

/// Hot functions whose loops look alike.
pub(super) struct Kind {
    /// Parts of their names that no other kind has all of.
    pub(super) names: &'static [&'static str],
    /// The FMAs of the innermost loops that have any: just these counts occur, or, without a list, any. (Innermost
    /// loops without FMAs are those of tails and reductions.)
    pub(super) fmas: Option<&'static [usize]>,
}

impl Kind {
    pub(super) fn is_of(&self, function: &str) -> bool {
        self.names.iter().all(|part| function.contains(part))
    }
}

const fn kind(names: &'static [&'static str], fmas: &'static [usize]) -> Kind {
    Kind { names, fmas: Some(fmas) }
}

const fn any(names: &'static [&'static str]) -> Kind {
    Kind { names, fmas: None }
}

/// All of them. Those of one library for one architecture stand together.
pub(super) fn all() -> impl Iterator<Item = &'static Expectation> {
    let crates = [maxsim::EXPECTATIONS, indicators::EXPECTATIONS, nn::EXPECTATIONS, pool::EXPECTATIONS];
    (0..Arch::ALL.len()).flat_map(move |arch| crates.into_iter().flatten().map(move |kernel| &kernel[arch]))
}
