//! Pooling, and comparing one query with many vectors: one file per peer. To add one: its file, and a line in `PEERS`.

mod input;
mod naive;
mod numkong;
mod ours;
mod simsimd;
mod work;

use crate::side_by_side;
use anyhow::{Result, ensure};
use bench_rows::time;
use input::{DIM, Input};
use kernels_benches::measure::{Rows, largest_error};
use kernels_testing::reference::pool as reference;
use simd_core::Isa;
use work::Work;

const PEERS: [&dyn Peer; 3] = [&naive::Naive, &simsimd::SimSimd, &numkong::NumKong];

/// What numbers of size 1 may be off by. Those of integers are exact.
const BOUND: f64 = 1e-5;

/// What is computed.
#[derive(Clone, Copy)]
enum Job {
    /// The mean of tokens that a mask tells from padding, made to length 1.
    MeanPool,
    Dot,
    Cosine,
    DotInt8,
    Hamming,
}

impl Job {
    const ALL: [Self; 5] = [Self::MeanPool, Self::Dot, Self::Cosine, Self::DotInt8, Self::Hamming];

    /// The name of our kernel, and on what it works.
    fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::MeanPool => ("mean_pool", "32x128x384 L2"),
            Self::Dot => ("dot", "1x10,000x384"),
            Self::Cosine => ("cosine", "1x10,000x384"),
            Self::DotInt8 => ("dot_int8", "1x10,000x384"),
            Self::Hamming => ("hamming", "1x10,000x384"),
        }
    }

    /// What should come of it, and how many values of the input count.
    fn reference(self, input: &Input) -> (Vec<f64>, usize) {
        let results = match self {
            Self::MeanPool => {
                let active: Vec<_> = input.mask.iter().map(|&mask| mask == 1).collect();
                let pooled = reference::mean_pool(&input.tokens, &active, input.batch, input.seq, DIM);
                let values = DIM * active.iter().filter(|active| **active).count();
                return (reference::l2_normalize(&pooled, DIM), values);
            }
            Self::Dot => reference::dot(&input.query, &input.rows),
            Self::Cosine => reference::cosine(&input.query, &input.rows),
            Self::DotInt8 => {
                let dots = reference::dot_int8(&input.query_codes, &input.codes);
                dots.into_iter().map(|dot| dot as f64).collect()
            }
            Self::Hamming => {
                reference::hamming(&input.query_bits, &input.bits).into_iter().map(f64::from).collect()
            }
        };
        (results, input.rows.len())
    }
}

/// Another way to compute the same.
trait Peer {
    /// Its crate, mostly.
    fn name(&self) -> &'static str;

    /// Its fastest way, if it has one. What a user does once is done here, and is not timed.
    fn prepare<'a>(&self, job: Job, input: &'a Input) -> Option<Box<dyn Work + 'a>>;
}

/// Adds a row for each kernel and peer that has it: our time, and how many times as fast as the peer we are. The error
/// is the peer's; both are within the bound, or this fails.
pub(crate) fn compare(rows: &mut Rows) -> Result<()> {
    let input = Input::new()?;
    for job in Job::ALL {
        let (kernel, size) = job.name();
        let (want, values) = job.reference(&input);
        for peer in PEERS {
            let Some(mut theirs) = peer.prepare(job, &input) else { continue };
            let mut ours = ours::prepare(job, &input);
            let case = format!("{size} vs {}", peer.name());
            let [our_ns, their_ns] = side_by_side::times(|| ours.run(), || theirs.run());
            let [our_error, their_error] = [&ours, &theirs].map(|work| largest_error(&work.results(), &want));
            ensure!(our_error <= BOUND, "{kernel} {case}: we are off by {our_error:e}");
            ensure!(their_error <= BOUND, "{kernel} {case}: {} is off by {their_error:e}", peer.name());
            println!(
                "{kernel} {case}: {} to {}, {:.2} times as fast, errors {our_error:.0e} and {their_error:.0e}",
                time(our_ns),
                time(their_ns),
                their_ns / our_ns
            );
            let mut row = rows.row(kernel, &case, Isa::detect(), our_ns);
            row.ns_per_element = Some(our_ns / values as f64);
            row.limit = Some(format!("peer:{}", peer.name()));
            row.limit_fraction = Some(their_ns / our_ns);
            row.max_error = Some(their_error);
            rows.push(row);
        }
    }
    Ok(())
}
