//! What the core can do at most: the limit that figures are a fraction of.

use simd_core::{Isa, Kernel, Simd, UnavailableIsa, Vector, dispatch_on};
use std::hint::black_box;
use std::time::Instant;

/// Steps of all chains in one round: some tenths of a millisecond.
const STEPS: usize = 100_000;

/// Multiply-adds in registers and nothing else.
#[derive(Clone, Copy, Debug)]
struct FmaChains;

impl Kernel for FmaChains {
    /// Floating-point operations done.
    type Output = f64;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> f64 {
        // Independent chains, to hide a latency of four or five cycles: at two a cycle 12 do, which leave some of 16
        // registers over; Arm cores, which have 32, do up to four a cycle.
        match S::ISA {
            Isa::Neon => run::<S, 24>(simd),
            _ => run::<S, 12>(simd),
        }
    }
}

#[inline(always)]
fn run<S: Simd, const CHAINS: usize>(simd: S) -> f64 {
    let (factor, summand) = (simd.splat(black_box(0.999_f32)), simd.splat(black_box(0.001_f32)));
    let mut chains = [simd.splat(1.0_f32); CHAINS];
    for _ in 0..STEPS {
        for chain in &mut chains {
            *chain = chain.mul_add(factor, summand);
        }
    }
    black_box(chains);
    (2 * CHAINS * STEPS * S::F32::LANES) as f64
}

/// One round of the peak loop on a set: billions of floating-point operations per second.
///
/// # Errors
/// If the set is not available here.
pub fn fma_gflops(isa: Isa) -> Result<f64, UnavailableIsa> {
    let start = Instant::now();
    let operations = dispatch_on(isa, FmaChains)?;
    Ok(operations / start.elapsed().as_nanos() as f64)
}
