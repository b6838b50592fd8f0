//! Which tables there are.

use super::figures::{Kernel, Operation, Row, kernels, language, rows};
use super::number::{NONE, amount, count, error, percent, quartiles, three, time};
use super::table::{Cell, Column, Group, Table};
use crate::record::{Case, Record};

/// A row for each operation, of its largest case: how fast ours is, and how many times as fast as the fastest of each
/// language.
pub(crate) fn summary(record: &Record) -> Table {
    let mut languages: Vec<&str> = Vec::new();
    for who in record.contestants.iter().filter(|who| !who.ours) {
        if !languages.contains(&who.language.as_str()) {
            languages.push(&who.language);
        }
    }
    let mut columns = vec![Column::text("kernel"), Column::text("operation"), Column::text("largest case")];
    columns.extend(["time", "a second", "of its limit"].map(Column::number));
    columns.extend(languages.iter().map(|name| Column::text(&format!("against {}", language(name)))));
    let row = |kernel: &str, operation: &Operation<'_>| {
        let case = operation.largest();
        let rows = rows(record, case);
        let mut cells: Vec<Cell> = vec![kernel.into(), operation.name.into(), case.name.as_str().into()];
        cells.extend(match rows.iter().find(|row| row.reference) {
            Some(row) => our_figures(row),
            None => [NONE; 3].map(Cell::from),
        });
        cells.extend(languages.iter().map(|language| fastest(&rows, language)));
        cells
    };
    let rows = kernels(record)
        .iter()
        .flat_map(|kernel| kernel.operations.iter().map(|operation| row(kernel.name, operation)))
        .collect();
    Table::plain("", columns, rows)
}

fn our_figures(row: &Row<'_>) -> [Cell; 3] {
    let Some((times, rate)) = row.times.zip(row.rate()) else {
        return [Cell::of("wrong", "wrong"), NONE.into(), NONE.into()];
    };
    let rate = format!("{} {}", amount(rate.median), row.case.items.of);
    [time(times.wall.median).into(), rate.into(), row.share().map_or(NONE.to_owned(), percent).into()]
}

/// The other of a language that takes the least time, and how many times that ours is as fast.
fn fastest(rows: &[Row<'_>], language: &str) -> Cell {
    let others = || rows.iter().filter(|row| !row.ours && row.language == language);
    let best = others()
        .filter_map(|row| Some((row.times?.ratio.median, &row.entry.contestant)))
        .min_by(|(a, _), (b, _)| a.total_cmp(b));
    match best {
        Some((ratio, who)) => Cell::of(
            format!("{} ({who})", three(ratio)),
            if ratio < 1.0 { "beside slower" } else { "beside" },
        ),
        None if others().next().is_some() => Cell::of("none is right", "wrong"),
        None => NONE.into(),
    }
}

/// Everything that was measured of an operation, case by case.
pub(super) fn figures(record: &Record, operation: &Operation<'_>) -> Table {
    let mut columns = vec![Column::text("contestant"), Column::text("language")];
    let numbers = [
        "median",
        "quartiles",
        "95th percentile",
        "CPU time",
        "items a second",
        "times our time",
        "quartiles",
        "of its limit",
        "error",
        "samples",
    ];
    columns.extend(numbers.map(Column::number));
    columns.push(Column::text("note"));
    let groups = operation
        .cases
        .iter()
        .map(|case| Group { title: about(case), rows: rows(record, case).iter().map(figures_row).collect() });
    Table { caption: format!("{}: all figures", operation.name), columns, groups: groups.collect() }
}

/// A case with what it counts.
pub(super) fn about(case: &Case) -> String {
    let Case { name, items, bytes, bound, limits, .. } = case;
    let mut text = format!("{name}: {} {}", count(items.count), items.of);
    text += &format!(", {}B", amount(*bytes));
    if let Some(flops) = case.flops {
        text += &format!(", {}flop", amount(flops));
    }
    text += &format!(", errors up to {} are right", error(*bound));
    for limit in limits {
        let unit = if limit.of == "bytes" { "B/s" } else { "flop/s" };
        text += &format!("; {} {}{unit}", limit.name, amount(1e9 * limit.rate));
    }
    text
}

fn figures_row(row: &Row<'_>) -> Vec<Cell> {
    let class = if row.ours { "ours" } else { "" };
    let off = off(row);
    let mut cells = vec![Cell::of(row.entry.contestant.as_str(), class), language(row.language).into()];
    match row.times {
        Some(times) => cells.extend([
            time(times.wall.median).into(),
            quartiles(times.wall, time).into(),
            time(times.p95).into(),
            times.cpu.map_or(NONE.to_owned(), time).into(),
            row.rate().map_or(NONE.to_owned(), |rate| amount(rate.median)).into(),
            three(times.ratio.median).into(),
            quartiles(times.ratio, three).into(),
            row.share().map_or(NONE.to_owned(), percent).into(),
            off.into(),
            times.samples.to_string().into(),
        ]),
        None => {
            cells.push(Cell::of(if row.failure().is_some() { "failed" } else { "wrong" }, "wrong"));
            cells.extend([NONE; 7].map(Cell::from));
            cells.extend([Cell::of(off, "wrong"), NONE.into()]);
        }
    }
    cells.push(row.entry.note.as_deref().unwrap_or("").into());
    cells
}

/// How exact each contestant is: its error where that is largest beside the bound.
pub(super) fn accuracy(record: &Record, kernel: &Kernel<'_>) -> Table {
    let cases = || kernel.operations.iter().flat_map(|operation| &operation.cases);
    let takes_part =
        |name: &str| cases().any(|case| case.entries.iter().any(|entry| entry.contestant == name));
    let who: Vec<_> = record.contestants.iter().filter(|who| takes_part(&who.name)).collect();
    let mut columns = vec![Column::text("operation"), Column::number("bound")];
    columns.extend(who.iter().map(|who| Column::number(&who.name)));
    let row = |operation: &Operation<'_>| {
        let mut cells = vec![operation.name.into(), bounds(operation).into()];
        cells.extend(who.iter().map(|who| worst(record, operation, &who.name)));
        cells
    };
    let rows = kernel.operations.iter().map(row).collect();
    Table::plain(
        "The largest error of each, as a fraction of the largest result; the bound is what counts as right.",
        columns,
        rows,
    )
}

/// How far it is from the reference.
fn off(row: &Row<'_>) -> String {
    if row.failure().is_some() {
        return NONE.to_owned();
    }
    row.entry.error.filter(|error| error.is_finite()).map_or("not finite".to_owned(), error)
}

fn bounds(operation: &Operation<'_>) -> String {
    let bounds = || operation.cases.iter().map(|case| case.bound).filter(|bound| bound.is_finite());
    let (low, high) = (bounds().fold(f64::INFINITY, f64::min), bounds().fold(0.0, f64::max));
    if low < high { format!("{} to {}", error(low), error(high)) } else { error(low) }
}

fn worst(record: &Record, operation: &Operation<'_>, who: &str) -> Cell {
    let rows = operation.cases.iter().flat_map(|case| rows(record, case));
    let of_bound = |row: &Row<'_>| match row.entry.error {
        // Exact is right whatever the bound is.
        Some(0.0) => 0.0,
        Some(error) => error / row.case.bound,
        None => f64::INFINITY,
    };
    let worst =
        rows.filter(|row| row.entry.contestant == who).max_by(|a, b| of_bound(a).total_cmp(&of_bound(b)));
    match worst {
        None => NONE.into(),
        Some(row) if row.failure().is_some() => Cell::of("failed", "wrong"),
        Some(row) => {
            let off = off(&row);
            if row.times.is_some() { off.into() } else { Cell::of(format!("wrong, {off}"), "wrong") }
        }
    }
}

/// Who took part.
pub(super) fn participants(record: &Record) -> Table {
    let row = |who: &crate::record::Contestant| {
        let name = Cell::of(who.name.as_str(), if who.ours { "ours" } else { "" });
        vec![name, language(&who.language).into(), who.version.as_str().into()]
    };
    let columns = ["contestant", "language", "version"].map(Column::text).to_vec();
    Table::plain("Who took part", columns, record.contestants.iter().map(row).collect())
}

/// Who did not, and why.
pub(super) fn absent(record: &Record) -> Table {
    let rows = record.absent.iter().map(|who| vec![who.name.as_str().into(), who.reason.as_str().into()]);
    Table::plain("Who could not", ["asked", "why not"].map(Column::text).to_vec(), rows.collect())
}
