//! How the time of a call grows with its input: lines, drawn by plotters.

use super::figures::{Series, language, rows};
use super::number::{amount, short, time};
use super::scale::Scale;
use crate::record::Record;
use anyhow::Result;
use kernels_benches::page::{Ink, LINES, TEXT, as_html, drawing};
use plotters::prelude::*;

/// A contestant's times by size.
#[derive(Debug)]
struct Line<'a> {
    who: &'a str,
    language: &'a str,
    points: Vec<(f64, f64)>,
}

/// A drawing's class, width and height: for windows like those of computers, and of phones.
const SIZES: [(&str, (u32, u32)); 2] = [("wide", (1220, 520)), ("narrow", (680, 560))];

const LEFT: u32 = 112;
const BELOW: u32 = 42;

/// The chart, if two sizes of someone are right.
pub(super) fn chart(record: &Record, operation: &str, series: &Series<'_>) -> Result<Option<String>> {
    let (lines, rest) = lines(record, series);
    if lines.is_empty() {
        return Ok(None);
    }
    let drawings = SIZES
        .iter()
        .map(|(class, units)| draw(&lines, operation, series.of, class, *units))
        .collect::<Result<String>>()?;
    let legend: String = lines.iter().zip(LINES).map(|(line, ink)| key(line, ink)).collect();
    let rest = match rest {
        0 => String::new(),
        1 => " One more, slower, is in the table.".to_owned(),
        rest => format!(" {rest} more, slower, are in the table."),
    };
    let (operation, of) = (as_html(operation), as_html(series.of));
    Ok(Some(format!(
        r#"<figure class="chart growth" role="group" aria-label="{operation}: time of a call by {of}">
<figcaption><h4>{operation}, by {of}</h4><p>Upwards the time of a call, to the right the {of}, both logarithmic.{rest}</p><ul class="legend">{legend}</ul></figcaption>
{drawings}</figure>
"#
    )))
}

/// Our first, then the fastest of the others, as many as can be told apart; and how many are left.
fn lines<'a>(record: &'a Record, series: &Series<'a>) -> (Vec<Line<'a>>, usize) {
    let mut lines: Vec<(bool, Line<'a>)> = Vec::new();
    for &(size, case) in &series.cases {
        for row in rows(record, case) {
            // Our other forms have a chart of their own.
            if row.ours && !row.reference {
                continue;
            }
            let Some(times) = row.times else { continue };
            let point = (size, times.wall.median);
            match lines.iter_mut().find(|(_, line)| line.who == row.entry.contestant) {
                Some((_, line)) => line.points.push(point),
                None => lines.push((
                    row.reference,
                    Line {
                        who: &row.entry.contestant,
                        language: language(row.language),
                        points: vec![point],
                    },
                )),
            }
        }
    }
    lines.retain(|(_, line)| line.points.len() > 1);
    let last = |line: &Line<'_>| line.points[line.points.len() - 1];
    // Who reaches the larger size comes first, then who is faster there.
    lines.sort_by(|(a_ours, a), (b_ours, b)| {
        let ((a_size, a_ns), (b_size, b_ns)) = (last(a), last(b));
        b_ours.cmp(a_ours).then(b_size.total_cmp(&a_size)).then(a_ns.total_cmp(&b_ns))
    });
    let rest = lines.len().saturating_sub(LINES.len());
    (lines.into_iter().take(LINES.len()).map(|(_, line)| line).collect(), rest)
}

fn key(line: &Line<'_>, ink: Ink) -> String {
    format!("<li>{}{} <small>{}</small></li>", ink.key(), as_html(line.who), as_html(line.language))
}

fn draw(lines: &[Line<'_>], operation: &str, of: &str, class: &str, units: (u32, u32)) -> Result<String> {
    let mut svg = String::new();
    draw_on(lines, &SVGBackend::with_string(&mut svg, units).into_drawing_area())?;
    Ok(drawing(&svg, class, units, &description(lines, operation, of)) + "\n")
}

fn draw_on(lines: &[Line<'_>], area: &DrawingArea<SVGBackend<'_>, plotters::coord::Shift>) -> Result<()> {
    let points = || lines.iter().flat_map(|line| line.points.iter().copied());
    let sizes = Scale::logarithmic(points().map(|(size, _)| size), 1.0).padded();
    let times = Scale::logarithmic(points().map(|(_, ns)| ns), 1.0).padded();
    let mut context = ChartBuilder::on(area)
        .margin_top(20)
        .margin_right(16)
        .x_label_area_size(BELOW)
        .y_label_area_size(LEFT)
        .build_cartesian_2d(sizes, times)?;
    context
        .configure_mesh()
        .max_light_lines(0)
        .bold_line_style(colour(Ink::Grid))
        .axis_style(colour(Ink::Grid))
        .label_style(("sans-serif", TEXT).into_font().color(&colour(Ink::Text)))
        .x_label_formatter(&|size| short(&amount(*size)))
        .y_label_formatter(&|ns| short(&time(*ns)))
        .draw()?;
    // Ours is drawn last, over the others.
    for (line, colour) in lines.iter().zip(LINES.map(colour)).rev() {
        context.draw_series([PathElement::new(line.points.clone(), colour)])?;
        context.draw_series(line.points.iter().map(|point| Circle::new(*point, 5, colour.filled())))?;
    }
    area.present()?;
    Ok(())
}

fn colour(ink: Ink) -> RGBColor {
    let [red, green, blue] = ink.mark();
    RGBColor(red, green, blue)
}

/// For who does not see it.
fn description(lines: &[Line<'_>], operation: &str, of: &str) -> String {
    let mut text = format!("{operation}, time of a call by {of}.");
    for line in lines {
        let ((from, first), (to, last)) = (line.points[0], line.points[line.points.len() - 1]);
        let [from, to] = [from, to].map(|size| short(&amount(size)));
        text += &format!(" {}: {} at {from}, {} at {to}.", line.who, time(first), time(last));
    }
    text
}
