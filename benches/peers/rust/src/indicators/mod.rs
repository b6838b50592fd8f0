//! Technical indicators.

mod bars;
#[cfg(feature = "kand")]
mod kand;
mod ours;
mod plain;
mod run;
#[cfg(feature = "ta-lib")]
mod ta_lib;
#[cfg(feature = "vector-ta")]
mod vector_ta;
#[cfg(feature = "wickra-core")]
mod wickra;
#[cfg(feature = "yata")]
mod yata;

pub(crate) use bars::Bars;

use crate::kernel::Kernel;

pub(crate) const KERNEL: Kernel = Kernel {
    ours: ours::prepare,
    peers: &[
        ("plain loop", plain::prepare),
        #[cfg(feature = "ta-lib")]
        ("ta-lib", ta_lib::prepare),
        #[cfg(feature = "wickra-core")]
        ("wickra-core", wickra::prepare),
        #[cfg(feature = "kand")]
        ("kand", kand::prepare),
        #[cfg(feature = "yata")]
        ("yata", yata::prepare),
        #[cfg(feature = "vector-ta")]
        ("vector-ta", vector_ta::prepare),
    ],
};
