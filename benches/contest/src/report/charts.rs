//! Which charts an operation has.

use super::bars::{Bar, Bars, Value};
use super::figures::{Operation, Row, language, rows};
use super::number::{amount, quartiles, three, time};
use super::scale::Scale;
use crate::record::{Case, Record};

/// How far below the slowest the axis of a throughput begins: a bar has a length.
const ROOM: f64 = 2.0;

/// Everyone's throughput in a case, the fastest first; none if nobody is right.
pub(super) fn throughput(record: &Record, operation: &Operation<'_>, case: &Case) -> Option<Bars> {
    let mut rows = rows(record, case);
    let key = |row: &Row<'_>| row.rate().map_or(0.0, |rate| rate.median);
    rows.sort_by(|a, b| key(b).total_cmp(&key(a)));
    let reached = rows.iter().filter_map(Row::rate).flat_map(|rate| [rate.low, rate.high]);
    let limits = rows.iter().filter(|row| row.times.is_some()).filter_map(limit);
    let values: Vec<f64> = reached.chain(limits).collect();
    if values.is_empty() {
        return None;
    }
    let bars = rows.iter().map(|row| Bar { limit: limit(row), ..bar(row, throughput_value(row)) }).collect();
    let of = &case.items.of;
    Some(Bars {
        title: format!("{}, {}", operation.name, case.name),
        note: format!("{of} a second, one call after the other"),
        scale: Scale::logarithmic(values, ROOM),
        axis: format!("{of} a second, logarithmic: compare where bars end, not how long they are"),
        written: amount,
        bars,
    })
}

/// Items a second at the limit.
fn limit(row: &Row<'_>) -> Option<f64> {
    let rate = 1e9 * row.case.items.count / row.roof()?.ns();
    (rate.is_finite() && rate > 0.0).then_some(rate)
}

fn throughput_value(row: &Row<'_>) -> Option<Value> {
    let (spread, times) = (row.rate()?, row.times?);
    let beside = if row.reference {
        time(times.wall.median)
    } else {
        format!("{} × our time", three(times.ratio.median))
    };
    Some(Value { spread, text: format!("{}/s", amount(spread.median)), beside })
}

/// The time of each form of ours beside that of the first; none if there is but one.
pub(super) fn forms(record: &Record, operation: &Operation<'_>, case: &Case) -> Option<Bars> {
    let rows: Vec<_> = rows(record, case).into_iter().filter(|row| row.ours).collect();
    let first = rows.iter().find(|row| row.reference && row.times.is_some())?;
    let right = rows.iter().filter_map(|row| row.times);
    let most = right.map(|times| times.ratio.high).fold(1.0, f64::max);
    if rows.iter().filter(|row| row.times.is_some()).count() < 2 {
        return None;
    }
    let first = &first.entry.contestant;
    Some(Bars {
        title: format!("Forms of ours, {}", case.name),
        note: format!("{}: time of a call, times that of {first}", operation.name),
        scale: Scale::linear(most),
        axis: format!("times the time of {first}, linear"),
        written: three,
        bars: rows.iter().map(|row| bar(row, form_value(row))).collect(),
    })
}

fn form_value(row: &Row<'_>) -> Option<Value> {
    let times = row.times?;
    let text = if row.reference { time(times.wall.median) } else { three(times.ratio.median) };
    let beside = if row.reference { String::new() } else { quartiles(times.ratio, three) };
    Some(Value { spread: times.ratio, text, beside })
}

fn bar(row: &Row<'_>, value: Option<Value>) -> Bar {
    Bar {
        who: row.entry.contestant.clone(),
        language: language(row.language).to_owned(),
        class: if row.reference {
            "ours first"
        } else if row.ours {
            "ours"
        } else {
            "peer"
        },
        value: value.ok_or_else(|| row.why_wrong()),
        limit: None,
    }
}
