//! [simsimd](https://crates.io/crates/simsimd): distances of one pair a call. Where there is AVX-512, it uses that.

use crate::kernel::Outcome;
use crate::work::each_row;
use bench_contest::serve::Case;
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
    };
    work.map(Some)
}
