//! A chart, drawn by plotters.

use super::thin::{Point, columns, extremes, runs};
use super::{dates, number};
use crate::page::{Ink, TEXT, drawing};
use anyhow::Result;
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, ValueFormatter};
use plotters::prelude::*;
use std::ops::Range;

/// Lines and bars over the same time.
#[derive(Debug)]
pub(super) struct Chart<'a> {
    pub(super) title: String,
    pub(super) note: &'static str,
    /// When each bar of it begins.
    pub(super) time: &'a [u64],
    pub(super) lines: Vec<Line<'a>>,
    /// What is compared with.
    pub(super) levels: &'static [f64],
    /// The lowest and the highest value, if they are not those of the lines.
    pub(super) range: Option<[f64; 2]>,
}

/// Values of a chart.
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub(super) name: String,
    pub(super) ink: Ink,
    pub(super) values: &'a [f64],
    /// The bars from which on there are values of something new.
    pub(super) starts: Vec<usize>,
}

/// A drawing's width and height, and what has room in it. All in units: a window shows more or fewer of them.
#[derive(Debug)]
pub(super) struct Size {
    class: &'static str,
    units: (u32, u32),
    /// Times that are written, at most.
    times: usize,
    /// Points of a line, at most.
    points: usize,
}

/// For windows like those of computers, and of phones. Text is as large in both.
pub(super) const SIZES: [Size; 2] = [
    Size { class: "wide", units: (1320, 440), times: 8, points: 1000 },
    Size { class: "narrow", units: (680, 460), times: 4, points: 500 },
];

const LEFT: u32 = 92;
const BELOW: u32 = 38;

impl Chart<'_> {
    /// The drawing, as SVG.
    pub(super) fn draw(&self, size: &Size) -> Result<String> {
        let mut svg = String::new();
        self.draw_on(&SVGBackend::with_string(&mut svg, size.units).into_drawing_area(), size)?;
        Ok(drawing(&svg, size.class, size.units, &self.description()))
    }

    fn draw_on(&self, area: &DrawingArea<SVGBackend<'_>, plotters::coord::Shift>, size: &Size) -> Result<()> {
        let bars = self.time.len();
        let [low, high] = self.range();
        let times = Times { marks: dates::marks(self.time, size.times), bars };
        let mut context = ChartBuilder::on(area)
            .margin_top(20)
            .margin_right(14)
            .x_label_area_size(BELOW)
            .y_label_area_size(LEFT)
            .build_cartesian_2d(times, low..high)?;
        context
            .configure_mesh()
            .max_light_lines(0)
            .bold_line_style(colour(Ink::Grid))
            .axis_style(colour(Ink::Grid))
            .label_style(("sans-serif", TEXT).into_font().color(&colour(Ink::Text)))
            .y_labels(6)
            .y_label_formatter(&|y| number::short(*y))
            .draw()?;

        for level in self.levels {
            let ends = vec![(-0.5, *level), (bars as f64 - 0.5, *level)];
            context.draw_series([PathElement::new(ends, colour(Ink::Level))])?;
        }
        let step = if bars <= size.points { 1 } else { (2 * bars).div_ceil(size.points) };
        let edges: Vec<_> = self.lines.iter().filter(|line| line.ink == Ink::Edge).collect();
        if let [upper, lower] = edges[..] {
            for (above, below) in upper.runs().iter().zip(lower.runs()) {
                let mut around = extremes(above, step);
                around.extend(extremes(&below, step).into_iter().rev());
                context.draw_series([Polygon::new(around, colour(Ink::Band).filled())])?;
            }
        }
        for line in &self.lines {
            for run in line.runs() {
                if line.ink == Ink::Bars {
                    context.draw_series([Polygon::new(columns(&run, step), colour(Ink::Bars).filled())])?;
                } else {
                    context.draw_series([PathElement::new(extremes(&run, step), colour(line.ink))])?;
                }
            }
        }
        area.present()?;
        Ok(())
    }

    fn range(&self) -> [f64; 2] {
        if let Some(range) = self.range {
            return range;
        }
        let values = self.lines.iter().flat_map(|line| line.values).chain(self.levels);
        let zero = self.lines.iter().any(|line| line.ink == Ink::Bars).then_some(&0.0);
        let finite = values.chain(zero).filter(|x| x.is_finite());
        let [low, high] =
            finite.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], x| [low.min(*x), high.max(*x)]);
        let room = 0.04 * (high - low);
        if room > 0.0 {
            // Below columns that stand on the ground there is nothing.
            [if zero.is_some() && low == 0.0 { low } else { low - room }, high + room]
        } else if low.is_finite() {
            [low - 1.0, low + 1.0]
        } else {
            [0.0, 1.0]
        }
    }

    /// For who does not see it.
    fn description(&self) -> String {
        let Some((first, last)) = self.time.first().zip(self.time.last()) else {
            return self.title.clone();
        };
        let mut text = format!("{}, {} to {}.", self.title, dates::Date::of(*first), dates::Date::of(*last));
        for line in &self.lines {
            let finite = || line.values.iter().copied().filter(|x| x.is_finite());
            let [low, high] =
                [finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max)];
            if let Some(last) = finite().next_back() {
                let [low, high, last] = [low, high, last].map(|x| number::grouped(x, 2));
                text += &format!(" {}: from {low} to {high}, {last} at the end.", line.name);
            }
        }
        text
    }
}

impl Line<'_> {
    fn runs(&self) -> Vec<Vec<Point>> {
        runs(self.values, &self.starts)
    }
}

fn colour(ink: Ink) -> RGBColor {
    let [red, green, blue] = ink.mark();
    RGBColor(red, green, blue)
}

/// The bars from left to right, each of the same width.
struct Times {
    bars: usize,
    /// Bars at which a time is written.
    marks: Vec<(usize, String)>,
}

impl Ranged for Times {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn range(&self) -> Range<f64> {
        -0.5..self.bars as f64 - 0.5
    }

    fn map(&self, bar: &f64, (left, right): (i32, i32)) -> i32 {
        let part = (bar + 0.5) / self.bars as f64;
        left + (part * f64::from(right - left)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.marks.iter().map(|(bar, _)| *bar as f64).collect()
    }
}

impl ValueFormatter<f64> for Times {
    fn format_ext(&self, bar: &f64) -> String {
        self.marks.iter().find(|(i, _)| *i as f64 == *bar).map_or_else(String::new, |(_, text)| text.clone())
    }
}
