//! Technical indicators: one file per peer. To add one: its file, and a line in `PEERS`.

mod indicator;
mod kand;
mod ours;
mod run;
mod ta_lib;
mod wickra;
mod yata;

use crate::side_by_side;
use anyhow::{Result, ensure};
use bench_rows::time;
use indicator::Indicator;
use kernels_benches::measure::Rows;
use kernels_testing::{Random, prices::Bars};
use run::{Agreement, Outputs, Run, difference};
use simd_core::Isa;
use std::hint::black_box;

const PEERS: [&dyn Peer; 4] = [&ta_lib::TaLib, &wickra::Wickra, &kand::Kand, &yata::Yata];

/// What results that agree may differ by, as a fraction of their mean magnitude.
const BOUND: f64 = 1e-8;

/// Another way to compute indicators.
trait Peer {
    /// Its crate.
    fn name(&self) -> &'static str;

    /// Its fastest way to compute an indicator, if it has that. What a user does once (to set it up, to put bars into
    /// the shape it takes) is done here, and is not timed.
    fn prepare<'a>(&self, indicator: Indicator, input: &'a Bars) -> Option<Run<'a>>;
}

/// Adds a row for each indicator, length and peer that has it: our time, and how many times as fast as the peer we are.
/// The error is what the peer's results are off from ours, where they are to agree.
pub(crate) fn compare(rows: &mut Rows) -> Result<()> {
    for (length, bars) in [("10k", 10_000), ("100k", 100_000)] {
        let input = Random::new(11).bars(bars);
        for &indicator in Indicator::ALL {
            for peer in PEERS {
                if let Some(theirs) = peer.prepare(indicator, &input) {
                    let case = format!("{length} vs {}", peer.name());
                    compare_case(rows, indicator, &case, &input, peer.name(), theirs)?;
                }
            }
        }
    }
    Ok(())
}

fn compare_case(
    rows: &mut Rows,
    indicator: Indicator,
    case: &str,
    input: &Bars,
    peer: &str,
    mut theirs: Run<'_>,
) -> Result<()> {
    let (name, bars) = (indicator.name(), input.close.len());
    let mut ours = ours::prepare(indicator, input);
    let (mut our_room, mut their_room) = (ours.room(bars), theirs.room(bars));
    let [our_ns, their_ns] = side_by_side::times(
        || _ = ours.compute(black_box(&mut our_room)),
        || _ = theirs.compute(black_box(&mut their_room)),
    );

    let agreement = theirs.agreement();
    let (our_results, their_results) = (ours.results(bars), theirs.results(bars));
    let difference = difference(&our_results, &their_results, agreement);
    let mut note = match agreement {
        Agreement::Everywhere => String::new(),
        Agreement::InTheEnd => " in the second half, since it starts from another value".to_owned(),
        Agreement::Nowhere(why) => format!(", since {why}"),
    };
    let (our_columns, their_columns) = (our_results.len(), their_results.len());
    if our_columns != their_columns {
        note += &format!("; it has {their_columns} of our {our_columns} outputs");
    }
    ensure!(
        difference <= BOUND || matches!(agreement, Agreement::Nowhere(_)),
        "{name} {case}: we are {difference:e} apart{note}"
    );
    println!(
        "{name} {case}: {} to {}, {:.2} times as fast, {difference:.0e} apart{note}",
        time(our_ns),
        time(their_ns),
        their_ns / our_ns
    );

    let mut row = rows.row(name, case, Isa::detect(), our_ns);
    row.ns_per_element = Some(our_ns / bars as f64);
    row.limit = Some(format!("peer:{peer}"));
    row.limit_fraction = Some(their_ns / our_ns);
    row.max_error = Some(difference);
    rows.push(row);
    Ok(())
}
