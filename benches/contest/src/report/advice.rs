//! What holds ours back where it is far from the limit: by what was measured in the same run, and by nothing else.

use super::figures::{Operation, Roof, Row, rows};
use super::number::{amount, percent, time};
use crate::record::{Case, Record};

/// Below this part of its limit a line says why.
const FAR: f64 = 0.5;

/// A line for each case in which our first form is far from its limit.
pub(super) fn advice(record: &Record, operation: &Operation<'_>) -> Vec<String> {
    operation.cases.iter().filter_map(|case| line(record, operation, case)).collect()
}

fn line(record: &Record, operation: &Operation<'_>, case: &Case) -> Option<String> {
    let row = reference(record, case)?;
    let ns = row.times?.wall.median;
    let (roof, share) = (row.roof()?, row.share()?);
    if share >= FAR {
        return None;
    }
    let head = format!("{}: {} of its limit. ", case.name, percent(share));
    Some(
        head + &match overhead(record, operation, case) {
            Some(call) if call.ns > ns / 2.0 => call.text(),
            call => work(&roof, ns, call),
        },
    )
}

fn reference<'a>(record: &'a Record, case: &'a Case) -> Option<Row<'a>> {
    rows(record, case).into_iter().find(|row| row.reference)
}

/// What a call costs, however small its input.
struct Overhead<'a> {
    /// The two smallest cases of a series, and their times.
    of: [(&'a Case, f64); 2],
    ns: f64,
}

impl Overhead<'_> {
    fn text(&self) -> String {
        let [(smallest, shortest), (next, longer)] = self.of;
        format!(
            "Call overhead binds: by {} and {}, which take {} and {}, {} of a call are whatever its input.",
            smallest.name,
            next.name,
            time(shortest),
            time(longer),
            time(self.ns)
        )
    }
}

/// What is left of the two smallest cases of the series where a straight line through them, over the work that they are, meets
/// no work. None if the case is of no series.
fn overhead<'a>(record: &Record, operation: &Operation<'a>, case: &Case) -> Option<Overhead<'a>> {
    let is_it = |(_, one): &(f64, &Case)| std::ptr::eq(*one, case);
    let series = operation.series().into_iter().find(|series| series.cases.iter().any(is_it))?;
    let [(_, smallest), (_, next), ..] = series.cases[..] else { return None };
    let [least, more] = [smallest, next].map(|case| case.flops.unwrap_or(case.bytes));
    let time_of = |case| Some(reference(record, case)?.times?.wall.median);
    let (shortest, longer) = (time_of(smallest)?, time_of(next)?);
    let ns = shortest - least * (longer - shortest) / (more - least);
    Some(Overhead { of: [(smallest, shortest), (next, longer)], ns })
}

/// Which part of the roofline is higher, and both in numbers.
fn work(roof: &Roof, ns: f64, call: Option<Overhead<'_>>) -> String {
    let memory = format!(
        "{}B at {}B/s take {}",
        amount(roof.memory.amount),
        amount(1e9 * roof.memory.rate),
        time(roof.memory.ns())
    );
    let ns = time(ns);
    match roof.compute {
        Some(part) => {
            let binds = if part.ns() >= roof.memory.ns() { "Compute" } else { "Bandwidth" };
            let (flops, rate, least) = (amount(part.amount), amount(1e9 * part.rate), time(part.ns()));
            format!("{binds} binds: {flops}flop at {rate}flop/s take {least}, {memory}; a call takes {ns}.")
        }
        // Its operations are not counted: what neither memory nor the call explains is theirs.
        None => match call {
            Some(call) => {
                let call = time(call.ns.max(0.0));
                format!("Compute binds: {memory}, what is whatever its input {call}; a call takes {ns}.")
            }
            None => format!(
                "Not bandwidth: {memory}; a call takes {ns}. How much of it is overhead was not measured."
            ),
        },
    }
}
