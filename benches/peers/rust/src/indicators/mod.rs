//! Technical indicators.

mod bars;
mod kand;
mod ours;
mod plain;
mod run;
mod ta_lib;
mod vector_ta;
mod wickra;
mod yata;

use crate::kernel::Kernel;

pub(crate) const KERNEL: Kernel = Kernel {
    ours: ours::prepare,
    peers: &[
        ("plain loop", plain::prepare),
        ("ta-lib", ta_lib::prepare),
        ("wickra-core", wickra::prepare),
        ("kand", kand::prepare),
        ("yata", yata::prepare),
        ("vector-ta", vector_ta::prepare),
    ],
    absent: &[],
};
