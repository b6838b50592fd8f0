//! What the core can do at most: the limit that figures are a fraction of.

use simd_core::{Isa, Kernel, Simd, UnavailableIsa, Vector, dispatch_on};
use std::hint::black_box;
use std::time::Instant;

/// Steps of all chains in one round: some tenths of a millisecond.
const STEPS: usize = 100_000;

/// The most values in all chains: 24 registers of eight.
const VALUES: usize = 24 * 8;

/// Multiply-adds in registers and nothing else: so many chains, independent of each other to hide the latency of a
/// step.
#[derive(Clone, Copy, Debug)]
pub struct FmaChains<const CHAINS: usize>;

impl<const CHAINS: usize> Kernel for FmaChains<CHAINS> {
    /// Floating-point operations done.
    type Output = f64;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> f64 {
        // For all that the compiler knows, no two are equal: of values that are, it may compute one only.
        let starts = black_box([0.5_f32; VALUES]);
        // Afterwards: to fill that array is a call in WebAssembly, and what V8 has to keep over a call, it reads from
        // memory in the loop.
        let (factor, summand) = (simd.splat(black_box(0.999_f32)), simd.splat(black_box(0.001_f32)));
        let mut chains = [factor; CHAINS];
        for (chain, start) in chains.iter_mut().zip(starts.chunks_exact(S::F32::LANES)) {
            *chain = simd.load(start);
        }
        for _ in 0..STEPS {
            for chain in &mut chains {
                *chain = chain.mul_add(factor, summand);
            }
        }
        black_box(chains);
        (2 * CHAINS * STEPS * S::F32::LANES) as f64
    }
}

/// One round of the peak loop on a set: billions of floating-point operations per second.
///
/// # Errors
/// If the set is not available here.
pub fn fma_gflops(isa: Isa) -> Result<f64, UnavailableIsa> {
    let start = Instant::now();
    // A step takes four or five cycles: at two a cycle 12 chains hide that, which leave some of 16 registers over;
    // Arm cores, which have 32, do up to four a cycle.
    let operations = match isa {
        Isa::Neon => dispatch_on(isa, FmaChains::<24>),
        _ => dispatch_on(isa, FmaChains::<12>),
    }?;
    Ok(operations / start.elapsed().as_nanos() as f64)
}
