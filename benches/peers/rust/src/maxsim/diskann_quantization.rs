//! [diskann-quantization](https://crates.io/crates/diskann-quantization): the MaxSim of DiskANN.
//!
//! It chooses an instruction set at run time, but its intrinsics are only inlined where the whole program is compiled
//! for that set; otherwise each is a call, and it is some 25 times slower, behind the plain loop. Its authors compile
//! for x86-64-v3.

use super::{Input, Peer, Scorer};
use anyhow::Result;
use diskann_quantization::multi_vector::distance::{BoxErase, MaxSimIsa, build_max_sim};
use diskann_quantization::multi_vector::{MatRef, Standard};

pub(super) struct DiskAnn;

/// Those that this program is compiled for; elsewhere than on x86-64 there is but one.
const AVX512: bool = cfg!(target_feature = "avx512vnni");
const AVX2: bool = cfg!(all(target_feature = "avx2", target_feature = "fma"));
const X86: bool = cfg!(target_arch = "x86_64");

impl Peer for DiskAnn {
    fn name(&self) -> &'static str {
        "diskann-quantization"
    }

    fn left_out(&self) -> Option<&'static str> {
        (X86 && !AVX2).then_some("it is slow unless compiled with RUSTFLAGS=-Ctarget-cpu=x86-64-v3")
    }

    /// Packs the query.
    fn prepare<'a>(&self, input: &'a Input) -> Result<Scorer<'a>> {
        let query = MatRef::new(Standard::new(input.tokens(), input.dim)?, &input.query)?;
        let isa = if X86 && !AVX512 { MaxSimIsa::X86_64_V3 } else { MaxSimIsa::Auto };
        let kernel = build_max_sim(isa, query, BoxErase)?;
        let mut best = vec![0.0; input.tokens()];
        Ok(Box::new(move |scores| {
            for (score, document) in scores.iter_mut().zip(input.documents()) {
                let rows = Standard::new(document.len() / input.dim, input.dim).expect("it is there");
                let document = MatRef::new(rows, document).expect("whole rows");
                kernel.compute_max_sim(document, &mut best).expect("the same dimension");
                // They are distances: the largest dot products, negated.
                *score = -best.iter().sum::<f32>();
            }
        }))
    }
}
