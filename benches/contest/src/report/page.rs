//! The page.

use super::figures::{Kernel, Operation, kernels};
use super::{advice, charts, growth, tables};
use crate::compare::Comparison;
use crate::record::{Case, Record};
use anyhow::Result;
use kernels_benches::page::{as_html, document};

pub(super) const TITLE: &str = "Our kernels and other libraries, side by side";

/// What the columns of the summary are.
pub(super) const IN_SHORT: &str = "Ours in the largest case of each operation, then our speed relative to the fastest \
    library of each language whose result is right: below 1, that library is faster.";

pub(super) fn page(record: &Record, comparison: Option<&Comparison>) -> Result<String> {
    let kernels = kernels(record);
    let facts: String = facts(record)
        .iter()
        .map(|(what, is)| format!("<div><dt>{what}</dt><dd>{}</dd></div>\n", as_html(is)))
        .collect();
    let links: String = kernels
        .iter()
        .enumerate()
        .map(|(i, kernel)| format!("<li><a href=\"#kernel-{i}\">{}</a></li>\n", as_html(kernel.name)))
        .collect();
    let changed = comparison.map_or(String::new(), changes);
    let sections = kernels
        .iter()
        .enumerate()
        .map(|(i, kernel)| section(record, i, kernel))
        .collect::<Result<String>>()?;
    let summary = if record.cases.is_empty() {
        "<p>Nothing was computed.</p>\n".to_owned()
    } else {
        format!("<p class=\"note\">{IN_SHORT}</p>\n{}", tables::summary(record).html())
    };
    let who = tables::participants(record).html();
    let absent = if record.absent.is_empty() { String::new() } else { tables::absent(record).html() };
    let body = format!(
        r#"<header>
<p class="package">kernels</p>
<h1>{TITLE}</h1>
<dl>
{facts}</dl>
<nav aria-label="Kernels"><ul>
{links}</ul></nav>
</header>
<main>
{changed}<section>
<h2>In short</h2>
{summary}</section>
<section>
<details><summary>Who took part</summary>
{who}</details>
{absent}</section>
<section>
<h2>How to read the charts</h2>
<ul class="how">
<li><span class="sample ours"><span class="bar"></span></span> one of our kernels</li>
<li><span class="sample peer"><span class="bar"></span></span> another library; the end of a bar is the median</li>
<li><span class="sample"><span class="spread"></span></span> the quartiles: half of all samples are between them</li>
<li><span class="sample"><span class="limit"></span></span> what the machine allows, measured in the same run: the
multiply-adds at their rate or the bytes at the rate of reads, whichever takes longer; in JavaScript the multiply-adds
are those of the engine</li>
</ul>
<p class="note">Who is wrong has an error and no time. “× our time” is the median over pairs of samples of the same round, beside our
first form.</p>
</section>
{sections}</main>
<footer><p>Every result was checked against a computation in double precision.</p></footer>
"#
    );
    Ok(document(TITLE, include_str!("style.css"), &body))
}

/// What there is to be known of a run.
pub(super) fn facts(record: &Record) -> Vec<(&'static str, String)> {
    let threads = if record.cores == 1 { "thread" } else { "threads" };
    let versions = record.versions.iter().map(|(name, version)| format!("{name} {version}"));
    let mut facts = vec![
        ("CPU", format!("{}, {} {threads}", record.cpu, record.cores)),
        ("Date", record.date.clone()),
        ("Command", record.command.clone()),
        ("Versions", versions.collect::<Vec<_>>().join("; ")),
    ];
    if !record.finished {
        let cases = record.cases.len();
        facts.push((
            "Interrupted",
            format!("the run did not come to its end; {cases} cases were measured before"),
        ));
    }
    if record.quick {
        facts.push(("Quick", "a first look only: few samples, and times that may be off".to_owned()));
    }
    facts.retain(|(_, is)| !is.is_empty());
    facts
}

fn changes(comparison: &Comparison) -> String {
    let notes: String =
        comparison.lines().iter().map(|line| format!("<li>{}</li>\n", as_html(line))).collect();
    let mut out = format!("<section>\n<h2>What has changed</h2>\n<ul class=\"advice\">\n{notes}</ul>\n");
    let [beyond, within] = comparison.tables();
    if let Some(table) = beyond {
        out += &table.html();
    }
    if let Some(table) = within {
        out += &folded(&table.caption, &table.html());
    }
    out + "</section>\n"
}

fn folded(summary: &str, what: &str) -> String {
    format!("<details><summary>{}</summary>\n{what}</details>\n", as_html(summary))
}

fn section(record: &Record, index: usize, kernel: &Kernel<'_>) -> Result<String> {
    let operations =
        kernel.operations.iter().map(|operation| article(record, operation)).collect::<Result<String>>()?;
    let (name, accuracy) = (as_html(kernel.name), tables::accuracy(record, kernel).html());
    Ok(format!(
        r#"<section class="kernel" id="kernel-{index}">
<h2>{name}</h2>
{operations}<article>
<h3>Errors</h3>
{accuracy}</article>
</section>
"#
    ))
}

fn article(record: &Record, operation: &Operation<'_>) -> Result<String> {
    let largest = operation.largest();
    let bars_of_largest = bars(record, operation, largest);
    let mut beside = String::new();
    for series in operation.series() {
        beside += &growth::chart(record, operation.name, &series)?.unwrap_or_default();
    }
    beside += &charts::forms(record, operation, largest).map_or(String::new(), |bars| bars.html());
    let beside = match beside.as_str() {
        "" => String::new(),
        charts => format!("<div>\n{charts}</div>\n"),
    };
    let advice: String = advice::advice(record, operation)
        .iter()
        .map(|line| format!("<li>{}</li>\n", as_html(line)))
        .collect();
    let advice = match advice.as_str() {
        "" => String::new(),
        lines => {
            format!("<h4>What binds ours, far below its limit</h4>\n<ul class=\"advice\">\n{lines}</ul>\n")
        }
    };
    let others: String = operation
        .cases
        .iter()
        .filter(|case| !std::ptr::eq(**case, largest))
        .map(|case| bars(record, operation, case))
        .collect();
    let others = match others.as_str() {
        "" => String::new(),
        others => folded("Charts of the other cases", &format!("<div class=\"charts\">\n{others}</div>\n")),
    };
    let figures = folded("All figures", &tables::figures(record, operation).html());
    let name = as_html(operation.name);
    Ok(format!(
        "<article>\n<h3>{name}</h3>\n<div class=\"charts\">\n{bars_of_largest}{beside}</div>\n{advice}{others}{figures}</article>\n"
    ))
}

/// The chart of a case, or, if nobody is right, who is wrong.
fn bars(record: &Record, operation: &Operation<'_>, case: &Case) -> String {
    if let Some(bars) = charts::throughput(record, operation, case) {
        return bars.html();
    }
    let wrong: String = super::figures::rows(record, case)
        .iter()
        .map(|row| format!("<li>{}: {}</li>\n", as_html(&row.entry.contestant), as_html(&row.why_wrong())))
        .collect();
    format!(
        "<div><h4>{}</h4>\n<p>No result is right.</p>\n<ul class=\"advice\">\n{wrong}</ul></div>\n",
        as_html(&case.name)
    )
}
