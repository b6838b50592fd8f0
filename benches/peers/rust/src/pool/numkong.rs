//! [NumKong](https://crates.io/crates/numkong), formerly SimSIMD: distances of one pair a call. It adds up products of
//! `f32` in `f64`. Where there is AVX-512, it uses that.

use crate::kernel::Outcome;
use crate::work::each_row;
use bench_contest::serve::Case;
use numkong::{Angular, Dot, Hamming, u1x8};

pub(super) fn prepare(case: &Case) -> Outcome<'_> {
    let work = match case.operation() {
        "dot" => each_row(case.f32("query")?, case.f32("rows")?, |a, b| f32::dot(a, b).expect("one length")),
        // A distance.
        "cosine" => each_row(case.f32("query")?, case.f32("rows")?, |a, b| {
            1.0 - f32::angular(a, b).expect("one length")
        }),
        "dot_int8" => {
            each_row(case.i8("query")?, case.i8("rows")?, |a, b| i8::dot(a, b).expect("one length"))
        }
        "hamming" => {
            let bits = |bytes: &[u8]| bytes.iter().copied().map(u1x8).collect::<Vec<_>>();
            let (query, rows) = (bits(case.u8("query")?), bits(case.u8("rows")?));
            each_row(query, rows, |a, b| u1x8::hamming(a, b).expect("one length"))
        }
        _ => return Ok(None),
    };
    work.map(Some)
}
