//! [simsimd](https://crates.io/crates/simsimd): distances of one pair a call.
//!
//! `cargo xtask bench` has it built for AVX2, as our kernels are. Built by default it uses AVX-512 where there is that:
//! on Zen 4 it is then 1.3 to 1.6 times as fast at bytes and bits.

use super::input::Input;
use super::work::{Work, each_row};
use super::{Job, Peer};
use simsimd::{BinarySimilarity, SpatialSimilarity};

pub(super) struct SimSimd;

impl Peer for SimSimd {
    fn name(&self) -> &'static str {
        // What `cargo xtask bench` sets where there is AVX2; by hand, or on another processor, it is not set.
        if option_env!("SIMSIMD_TARGET_SKYLAKE") == Some("0") { "simsimd, AVX2" } else { "simsimd" }
    }

    fn prepare<'a>(&self, job: Job, input: &'a Input) -> Option<Box<dyn Work + 'a>> {
        let Input { query, rows, query_codes, codes, query_bits, bits, .. } = input;
        match job {
            Job::MeanPool => None,
            Job::Dot => Some(each_row(query, rows, |a, b| f32::dot(a, b).expect("one length"))),
            // A distance.
            Job::Cosine => Some(each_row(query, rows, |a, b| 1.0 - f32::cosine(a, b).expect("one length"))),
            Job::DotInt8 => Some(each_row(query_codes, codes, |a, b| i8::dot(a, b).expect("one length"))),
            Job::Hamming => Some(each_row(query_bits, bits, |a, b| u8::hamming(a, b).expect("one length"))),
        }
    }
}
