//! [diskann-quantization](https://crates.io/crates/diskann-quantization): the MaxSim of DiskANN.
//!
//! It chooses an instruction set at run time, but its intrinsics are only inlined where the whole program is compiled
//! for that set; otherwise each is a call, and it is some 25 times slower, behind the plain loop. Its authors compile
//! for x86-64-v3.

use super::{Input, each_document};
use crate::kernel::Outcome;
use bench_contest::serve::Case;
use diskann_quantization::multi_vector::distance::{BoxErase, MaxSimIsa, build_max_sim};
use diskann_quantization::multi_vector::{MatRef, Standard};

/// What this program is compiled for besides; elsewhere than on x86-64 there is but one set.
const AVX512: bool = cfg!(target_feature = "avx512vnni");
const X86: bool = cfg!(target_arch = "x86_64");

/// Packs the query.
pub(super) fn prepare(case: &Case) -> Outcome<'_> {
    let Some(input) = Input::of(case)? else { return Ok(None) };
    let (dim, mut best) = (input.dim, vec![0.0; input.tokens()]);
    let query = MatRef::new(Standard::new(input.tokens(), dim)?, input.query)?;
    let isa = if X86 && !AVX512 { MaxSimIsa::X86_64_V3 } else { MaxSimIsa::Auto };
    let kernel = build_max_sim(isa, query, BoxErase)?;
    Ok(Some(each_document(input, move |document| {
        let rows = Standard::new(document.len() / dim, dim).expect("it is there");
        let document = MatRef::new(rows, document).expect("whole rows");
        kernel.compute_max_sim(document, &mut best).expect("the same dimension");
        // They are distances: the largest dot products, negated.
        -best.iter().sum::<f32>()
    })))
}
