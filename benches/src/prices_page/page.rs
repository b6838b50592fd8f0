//! The page.

use super::chart::{Chart, SIZES};
use super::panels::charts;
use super::{Computed, Date, Report, grouped};
use crate::page::{as_html, document};
use anyhow::Result;

pub(super) fn page(report: &Report, bars: usize) -> Result<String> {
    let Report { series, computed, .. } = report;
    let (all, shown) = (grouped(series.bars() as f64, 0), grouped(bars as f64, 0));
    let day = |bar: usize| Date::of(series.time[bar]).to_string();
    let (first, from, last) = (day(0), day(series.bars() - bars), day(series.bars() - 1));
    let figures = charts(series, computed, bars).iter().map(figure).collect::<Result<String>>()?;
    let rows: String = computed.iter().map(rows).collect();
    let (count, timed) = (computed.len(), report.how_timed());
    let body = format!(
        r##"<header>
<p class="package">kernels-indicators</p>
<h1>{count} indicators over a real market</h1>
<p class="lede">BTC/USD in {all} bars of four hours, {first} to {last}. The charts show the last {shown} bars, from {from} on.
Values and times of all are <a href="#values">in a table</a>.</p>
</header>
<main>
<div class="charts">
{figures}</div>
<section id="values">
<h2>Last values, and time per million bars</h2>
<div class="frame" role="region" aria-labelledby="caption" tabindex="0">
<table>
<caption id="caption">At the last bar, {last}. Times {timed}.</caption>
<thead><tr><th scope="col">Indicator</th><th scope="col">Value</th><th scope="col">ms per million bars</th></tr></thead>
{rows}</table>
</div>
</section>
</main>
<footer>
<p>Prices: Bitfinex, from the tests of VectorTA, Apache-2.0. Times of day are UTC. Where a chart has more bars than points, each
two points are the lowest and the highest value of several bars.</p>
</footer>
"##
    );
    Ok(document("kernels-indicators over BTC/USD", "", &body))
}

/// A chart with its title and legend, once for each size of window.
fn figure(chart: &Chart<'_>) -> Result<String> {
    let legend: String = chart
        .lines
        .iter()
        .map(|line| {
            let last = line.values.last().map_or(String::new(), |x| grouped(*x, 2));
            format!("<li>{}{} <b>{last}</b></li>", line.ink.key(), as_html(&line.name))
        })
        .collect();
    let drawings = SIZES.iter().map(|size| chart.draw(size)).collect::<Result<String>>()?;
    let (title, note) = (as_html(&chart.title), as_html(chart.note));
    Ok(format!(
        "<figure>\n<figcaption><h2>{title}</h2><p>{note}</p><ul>{legend}</ul></figcaption>\n{drawings}</figure>\n"
    ))
}

/// A group of rows: one for each output.
fn rows(computed: &Computed) -> String {
    let (label, ms) = (as_html(&computed.indicator.label()), computed.ms);
    let several = computed.values.len();
    let mut rows = String::new();
    for (i, (name, value)) in computed.last().enumerate() {
        let (value, name) =
            (grouped(value, 2), if several > 1 { as_html(&name) + " " } else { String::new() });
        let row = format!(r#"<td><span class="output">{name}</span>{value}</td>"#);
        rows += &if i == 0 {
            format!(
                r#"<tr><th scope="rowgroup" rowspan="{several}">{label}</th>{row}<td rowspan="{several}">{ms:.2}</td></tr>"#
            )
        } else {
            format!("<tr>{row}</tr>")
        };
    }
    format!("<tbody>{rows}</tbody>\n")
}
