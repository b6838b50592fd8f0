//! MaxSim: one file per peer. To add one: its file, and a line in `PEERS`.

mod diskann_quantization;
mod gemm;
mod input;
mod matrixmultiply;
mod naive;
mod numkong;
mod similarities;

use crate::side_by_side;
use anyhow::{Context as _, Result, ensure};
use bench_rows::time;
use input::Input;
use kernels_benches::measure::Rows;
use kernels_maxsim::{Docs, PackedQuery, maxsim_batch_into};
use kernels_testing::{Random, reference};
use std::hint::black_box;

const PEERS: [&dyn Peer; 5] = [
    &naive::Naive,
    &matrixmultiply::MatrixMultiply,
    &gemm::Gemm,
    &diskann_quantization::DiskAnn,
    &numkong::NumKong,
];

/// What an exact score may be off by, for each query token.
const BOUND: f64 = 1e-5;

/// Another way to compute scores.
trait Peer {
    /// Its crate, mostly.
    fn name(&self) -> &'static str;

    /// Whether it computes what we do, up to rounding. If not, its error is reported, but has no bound.
    fn exact(&self) -> bool {
        true
    }

    /// Why this build cannot show what it can do, where that is so. It is left out then.
    fn left_out(&self) -> Option<&'static str> {
        None
    }

    /// Everything that a user does once, and that is not timed.
    fn prepare<'a>(&self, input: &'a Input) -> Result<Scorer<'a>>;
}

/// Writes the score of each document.
type Scorer<'a> = Box<dyn FnMut(&mut [f32]) + 'a>;

/// Adds a row for each case and peer: our time, and how many times as fast as the peer we are. The error is the
/// peer's, per query token: our own is within the bound, or this fails.
pub(crate) fn compare(rows: &mut Rows) -> Result<()> {
    for peer in PEERS {
        if let Some(reason) = peer.left_out() {
            println!("maxsim: {} is left out: {reason}", peer.name());
        }
    }
    let headline = || Random::new(1).unit_rows(100 * 2000, 128);
    let query = |tokens, dim| Random::new(7).unit_rows(tokens, dim);
    // 200 kB: it stays in the second-level cache.
    let cache = Input::new(query(32, 128), Random::new(2).unit_rows(20 * 20, 128), vec![20; 20], 128);
    let large = Input::new(query(32, 768), Random::new(3).unit_rows(20 * 500, 768), vec![500; 20], 768);

    compare_case(rows, "headline", &Input::new(query(32, 128), headline(), vec![2000; 100], 128))?;
    compare_case(rows, "13 tokens", &Input::new(query(13, 128), headline(), vec![2000; 100], 128))?;
    compare_case(rows, "768 dims", &large)?;
    compare_case(rows, "cache", &cache)
}

fn compare_case(rows: &mut Rows, case: &str, input: &Input) -> Result<()> {
    let want = reference::maxsim_batch(&input.query, &input.docs, &input.doc_lens, input.dim);
    let query = PackedQuery::new(&input.query, input.dim)?;
    let docs = Docs::new(&input.docs, &input.doc_lens, input.dim)?;
    let mut our_scores = vec![0.0; docs.len()];
    for peer in PEERS.into_iter().filter(|peer| peer.left_out().is_none()) {
        let name = peer.name();
        let case = format!("{case} vs {name}");
        let mut scorer = peer.prepare(input).with_context(|| case.clone())?;
        let mut their_scores = vec![0.0; docs.len()];
        let [ours, theirs] = side_by_side::times(
            || maxsim_batch_into(&query, docs, black_box(&mut our_scores)).expect("valid"),
            || scorer(black_box(&mut their_scores)),
        );

        let error = |scores: &[f32]| reference::largest_difference(scores, &want) / input.tokens() as f64;
        let (our_error, their_error) = (error(&our_scores), error(&their_scores));
        ensure!(our_error <= BOUND, "{case}: we are off by {our_error:e} per query token");
        ensure!(
            their_error <= BOUND || !peer.exact(),
            "{case}: {name} is off by {their_error:e} per query token"
        );
        println!(
            "maxsim {case}: {} to {}, {:.2} times as fast, errors {our_error:.0e} and {their_error:.0e}",
            time(ours),
            time(theirs),
            theirs / ours
        );

        let mut row = rows.row("maxsim", &case, query.isa(), ours);
        row.ns_per_element = Some(ours / input.docs.len() as f64);
        row.gflops = Some(input.flops() / ours);
        row.limit = Some(format!("peer:{name}"));
        row.limit_fraction = Some(theirs / ours);
        row.max_error = Some(their_error);
        rows.push(row);
    }
    Ok(())
}
