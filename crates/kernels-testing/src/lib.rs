//! What the tests and benchmarks of the kernel crates share. Not published.
//!
//! - [`mod@reference`]: every kernel once more in `f64` or finer, as plainly as its formula
//! - [`each_isa`]: a test for every instruction set of this machine, and a record that it ran
//! - [`Random`]: inputs that are the same everywhere
//! - [`prices`]: inputs from a market
//! - [`goldens`]: results by other means
//! - [`Guarded`]: a buffer with an unaligned middle, and a watch on what surrounds it

pub mod goldens;
mod guarded;
mod isas;
pub mod prices;
mod random;
pub mod reference;

pub use guarded::Guarded;
pub use isas::{each_isa, record};
pub use random::Random;

/// Whether multiply-adds are dear: under Miri, and, as `KERNELS_TEST_SMALL` tells, under emulation. Tests then cut
/// their sizes.
#[must_use]
pub fn small() -> bool {
    cfg!(miri) || std::env::var_os("KERNELS_TEST_SMALL").is_some()
}
