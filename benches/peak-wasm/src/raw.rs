//! The peak loop of `kernels_benches::peak` for whoever has a clock: JavaScript, which calls it in a binary per
//! instruction set.

use kernels_benches::peak::FmaChains;
use simd_core::{Isa, Kernel, dispatch_on};

/// One round of the peak loop with so many independent chains, each in a register: the floating-point operations that
/// it has done, 0 if there is no loop of so many. How many are fastest depends on the engine too, which gives the
/// registers away.
// SAFETY: nothing else in this binary has this name.
#[unsafe(no_mangle)]
pub extern "C" fn fma_operations(chains: u32) -> f64 {
    match (Isa::detect(), chains) {
        // A vector is four values here, which have a register each.
        (Isa::Scalar, 8) => operations(FmaChains::<2>),
        (Isa::Scalar, 12) => operations(FmaChains::<3>),
        (Isa::Scalar, _) => 0.0,
        (_, 8) => operations(FmaChains::<8>),
        (_, 10) => operations(FmaChains::<10>),
        (_, 12) => operations(FmaChains::<12>),
        _ => 0.0,
    }
}

fn operations(kernel: impl Kernel<Output = f64>) -> f64 {
    dispatch_on(Isa::detect(), kernel).unwrap_or(0.0)
}
