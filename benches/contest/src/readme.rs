//! The table of the project's README, made of a record.

use crate::record::Record;
use crate::report::{as_markdown, summary};
use anyhow::{Result, bail};

/// Between these the table stands.
const MARKS: [&str; 2] = ["<!-- bench:begin -->", "<!-- bench:end -->"];

/// A row for each operation, of its largest case, and above it what it was measured on.
#[must_use]
pub fn table(record: &Record) -> String {
    let Record { cpu, date, command, quick, .. } = record;
    let command = command.split_whitespace().collect::<Vec<_>>().join(" ").replace('`', "'");
    let (cpu, date) = (as_markdown(cpu), as_markdown(date));
    let quick = if *quick { ", a quick run with few samples" } else { "" };
    format!(
        "{cpu}, {date}, `{command}`{quick}: the median time of a call, what it yields\n\
         a second, and the part of what the machine allowed in the same run; then our speed relative to the fastest library\n\
         of each language whose result is right: below 1, that library is faster.\n\n{}",
        summary(record).markdown()
    )
}

/// The text with this table between the marks.
///
/// # Errors
/// If a mark is missing, stands there twice, or they are in the wrong order.
pub fn replace(text: &str, table: &str) -> Result<String> {
    for mark in MARKS {
        let found = text.matches(mark).count();
        if found != 1 {
            bail!("expected {mark} once in the text, found it {found} times");
        }
    }
    let [begin, end] = MARKS;
    let Some((before, rest)) = text.split_once(begin) else { bail!("expected {begin} in the text") };
    let Some((_, after)) = rest.split_once(end) else {
        bail!("expected {begin} before {end}, found it after");
    };
    Ok(format!("{before}{begin}\n{}\n{end}{after}", table.trim_end()))
}
