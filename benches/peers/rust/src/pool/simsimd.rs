//! [simsimd](https://crates.io/crates/simsimd): distances of one pair a call.
//!
//! `cargo xtask bench` has it built for AVX2, as our kernels are. Built by default it uses AVX-512 where there is that:
//! on Zen 4 it is then 1.3 to 1.6 times as fast at bytes and bits.

use crate::kernel::Outcome;
use crate::work::each_row;
use bench_contest::serve::{Case, Prepared};
use simsimd::{BinarySimilarity, SpatialSimilarity};

pub(super) fn prepare(case: &Case) -> Outcome<'_> {
    let work = match case.operation() {
        "dot" => each_row(case.f32("query")?, case.f32("rows")?, |a, b| f32::dot(a, b).expect("one length")),
        // A distance.
        "cosine" => each_row(case.f32("query")?, case.f32("rows")?, |a, b| {
            1.0 - f32::cosine(a, b).expect("one length")
        }),
        "dot_int8" => {
            each_row(case.i8("query")?, case.i8("rows")?, |a, b| i8::dot(a, b).expect("one length"))
        }
        "hamming" => {
            each_row(case.u8("query")?, case.u8("rows")?, |a, b| u8::hamming(a, b).expect("one length"))
        }
        _ => return Ok(None),
    }?;
    // What `cargo xtask bench` sets where there is AVX2; by hand, or on another processor, it is not set.
    let avx2 = option_env!("SIMSIMD_TARGET_SKYLAKE") == Some("0");
    Ok(Some(Prepared { note: avx2.then(|| "built for AVX2".to_owned()), ..work }))
}
