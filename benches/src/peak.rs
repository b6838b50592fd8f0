//! What the core can do at most: the limit that figures are a fraction of.

use simd_core::{Isa, Kernel, Simd, UnavailableIsa, Vector, dispatch_on, reduce};
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

/// Adds up some slices: a plain read of memory.
#[derive(Clone, Copy, Debug)]
pub struct Read<'a>(pub &'a [&'a [f32]]);

impl Kernel for Read<'_> {
    type Output = f32;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> f32 {
        simd.vectorize(
            #[inline(always)]
            || {
                let mut sum = 0.0;
                for values in self.0 {
                    sum += reduce::sum(simd, values);
                }
                sum
            },
        )
    }
}

/// One round of the peak loop on a set: how many floating-point operations it has done.
///
/// # Errors
/// If the set is not available here.
pub fn fma_round(isa: Isa) -> Result<f64, UnavailableIsa> {
    // A step takes four or five cycles: at two a cycle 12 chains hide that, which leave some of 16 registers over;
    // Arm cores, which have 32, do up to four a cycle.
    match isa {
        Isa::Neon => dispatch_on(isa, FmaChains::<24>),
        _ => dispatch_on(isa, FmaChains::<12>),
    }
}

/// Billions of floating-point operations per second, in one round of the peak loop on a set.
///
/// # Errors
/// If the set is not available here.
pub fn fma_gflops(isa: Isa) -> Result<f64, UnavailableIsa> {
    let start = Instant::now();
    let operations = fma_round(isa)?;
    Ok(operations / start.elapsed().as_nanos() as f64)
}
