//! Instruction sets by name, and which of them this machine has.

use crate::arch::platform;
use core::fmt;
use core::str::FromStr;

/// An instruction set that kernels are compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Isa {
    /// x86-64 with AVX2, FMA, F16C, POPCNT and BMI2; detected at run time.
    Avx2,
    /// AArch64 with NEON, which is part of the target.
    Neon,
    /// WebAssembly with relaxed-simd: the only set of a binary that is compiled with it.
    RelaxedSimd,
    /// WebAssembly with simd128: the only set of a binary that is compiled with it, and without relaxed-simd.
    Simd128,
    /// Plain Rust; available everywhere but in wasm binaries with one of the sets above.
    Scalar,
}

impl Isa {
    /// Every set, available or not, the best of a platform first.
    pub const ALL: &'static [Self] =
        &[Self::Avx2, Self::Neon, Self::RelaxedSimd, Self::Simd128, Self::Scalar];

    /// Its name as text: `avx2`, `neon`, `relaxed-simd`, `simd128` or `scalar`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Avx2 => "avx2",
            Self::Neon => "neon",
            Self::RelaxedSimd => "relaxed-simd",
            Self::Simd128 => "simd128",
            Self::Scalar => "scalar",
        }
    }

    /// Whether this machine, or this binary on wasm, has the set.
    #[must_use]
    pub fn is_available(self) -> bool {
        platform::is_available(self)
    }

    /// The sets that are available here, the best first.
    pub fn available() -> impl Iterator<Item = Self> + Clone {
        Self::ALL.iter().copied().filter(|isa| isa.is_available())
    }

    /// The best set that is available here, whatever `KERNELS_ISA` says.
    #[must_use]
    pub fn detect() -> Self {
        Self::available().next().unwrap_or(Self::Scalar)
    }

    /// The set that [`dispatch`](crate::dispatch) uses: the one that the environment variable `KERNELS_ISA`
    /// names, else [`detect`](Self::detect)'s. Decided once per process; an empty variable counts as unset.
    ///
    /// # Errors
    /// If `KERNELS_ISA` names a set that does not exist or that is not available here.
    #[inline]
    pub fn active() -> Result<Self, UnavailableIsa> {
        active()
    }

    /// The set itself, if kernels can run on it here.
    ///
    /// # Errors
    /// If it is not available, and also if `KERNELS_ISA` names a set that is not: a mistake there shows everywhere.
    #[inline]
    pub fn require(self) -> Result<Self, UnavailableIsa> {
        Self::active()?;
        if self.is_available() { Ok(self) } else { Err(self.into()) }
    }
}

cfg_if::cfg_if! {
    if #[cfg(all(feature = "std", not(all(target_family = "wasm", target_os = "unknown"))))] {
        #[inline]
        fn active() -> Result<Isa, UnavailableIsa> {
            static ACTIVE: std::sync::OnceLock<Result<Isa, UnavailableIsa>> = std::sync::OnceLock::new();
            *ACTIVE.get_or_init(from_environment)
        }

        /// What `KERNELS_ISA` asks for, or the best set.
        #[cold]
        fn from_environment() -> Result<Isa, UnavailableIsa> {
            let Some(asked) = std::env::var_os("KERNELS_ISA").filter(|asked| !asked.is_empty()) else {
                return Ok(Isa::detect());
            };
            let asked = asked.to_string_lossy();
            match asked.parse::<Isa>() {
                Ok(isa) if isa.is_available() => Ok(isa),
                // Lives as long as the process, and there is one of it: the variable is read once.
                _ => Err(UnavailableIsa {
                    asked: std::string::String::leak(asked.into_owned()),
                    from_environment: true,
                }),
            }
        }
    } else {
        /// Without an environment there is nobody to ask.
        #[inline]
        fn active() -> Result<Isa, UnavailableIsa> {
            Ok(Isa::detect())
        }
    }
}

impl fmt::Display for Isa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Isa {
    type Err = UnknownIsa;

    fn from_str(name: &str) -> Result<Self, UnknownIsa> {
        Self::ALL.iter().copied().find(|isa| isa.name() == name).ok_or(UnknownIsa(()))
    }
}

/// A name that belongs to no instruction set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownIsa(());

impl fmt::Display for UnknownIsa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown instruction set; there are {}", Names(Isa::ALL.iter().copied()))
    }
}

impl core::error::Error for UnknownIsa {}

/// An instruction set that does not exist or that this machine does not have was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnavailableIsa {
    asked: &'static str,
    from_environment: bool,
}

impl UnavailableIsa {
    /// The name that was asked for.
    #[must_use]
    pub const fn asked(&self) -> &'static str {
        self.asked
    }
}

impl From<Isa> for UnavailableIsa {
    fn from(asked: Isa) -> Self {
        Self { asked: asked.name(), from_environment: false }
    }
}

impl fmt::Display for UnavailableIsa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = if self.from_environment { " (from KERNELS_ISA)" } else { "" };
        write!(
            f,
            "instruction set `{}`{source} is not available here; available: {}",
            self.asked,
            Names(Isa::available())
        )
    }
}

impl core::error::Error for UnavailableIsa {}

/// Prints sets as `avx2, scalar`.
struct Names<I>(I);

impl<I: Clone + IntoIterator<Item = Isa>> fmt::Display for Names<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, isa) in self.0.clone().into_iter().enumerate() {
            write!(f, "{}{isa}", if i > 0 { ", " } else { "" })?;
        }
        Ok(())
    }
}
