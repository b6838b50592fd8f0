//! [NumKong](https://crates.io/crates/numkong), formerly SimSIMD: distances of one pair a call. It adds up products of
//! `f32` in `f64`. Where there is AVX-512, it uses that.

use super::input::Input;
use super::work::{Work, each_row, filling};
use super::{Job, Peer};
use numkong::{Angular, Dot, Hamming, u1x8};
use std::hint::black_box;

pub(super) struct NumKong;

impl Peer for NumKong {
    fn name(&self) -> &'static str {
        "numkong"
    }

    fn prepare<'a>(&self, job: Job, input: &'a Input) -> Option<Box<dyn Work + 'a>> {
        let Input { query, rows, query_codes, codes, query_bits, bits: bits_of_rows, .. } = input;
        match job {
            Job::MeanPool => None,
            Job::Dot => Some(each_row(query, rows, |a, b| f32::dot(a, b).expect("one length"))),
            // A distance.
            Job::Cosine => Some(each_row(query, rows, |a, b| 1.0 - f32::angular(a, b).expect("one length"))),
            Job::DotInt8 => Some(each_row(query_codes, codes, |a, b| i8::dot(a, b).expect("one length"))),
            Job::Hamming => {
                let bits = |bytes: &[u8]| bytes.iter().copied().map(u1x8).collect::<Vec<_>>();
                let (query, rows) = (bits(query_bits), bits(bits_of_rows));
                Some(filling(input.n(), move |out| {
                    for (out, row) in out.iter_mut().zip(rows.chunks_exact(query.len())) {
                        *out = u1x8::hamming(black_box(&query), row).expect("one length");
                    }
                }))
            }
        }
    }
}
