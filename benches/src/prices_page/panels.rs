//! Which charts there are, and what is on them.

use super::chart::{Chart, Line};
use super::{Computed, Indicator, Panel, Series};
use crate::page::{Ink, LINES};
use std::ops::Range;

struct About {
    panel: Panel,
    title: &'static str,
    note: &'static str,
    levels: &'static [f64],
    range: Option<[f64; 2]>,
}

const fn about(panel: Panel, title: &'static str, note: &'static str) -> About {
    About { panel, title, note, levels: &[], range: None }
}

/// In the order of the page.
const PANELS: [About; 14] = [
    about(
        Panel::Bands,
        "Bollinger bands",
        "The mean of 20 bars, and two standard deviations above and below it.",
    ),
    about(
        Panel::History,
        "All years",
        "The price of all that was traded since the series began, beside the last one.",
    ),
    about(Panel::Averages, "Moving averages", "The same 50 bars, weighted in four ways."),
    about(
        Panel::Leads,
        "Averages that lag less",
        "The same 50 bars, each with less delay than a plain average.",
    ),
    about(Panel::Traded, "Average by volume", "The mean price of what was traded in the last 50 bars."),
    about(Panel::Months, "Average of the month", "The mean price of what was traded since the month began."),
    about(Panel::Volume, "Volume", "Bitcoins traded in each bar."),
    about(
        Panel::Balance,
        "On-balance volume",
        "Volumes of rising bars less those of falling ones, added up.",
    ),
    About {
        levels: &[30.0, 70.0],
        range: Some([0.0, 100.0]),
        ..about(
            Panel::Strength,
            "Relative strength index",
            "The part of all moves that went up; lines at 30 and 70.",
        )
    },
    About {
        levels: &[0.0],
        ..about(
            Panel::Convergence,
            "MACD",
            "A fast average less a slow one, its own average, and the difference.",
        )
    },
    About {
        levels: &[20.0, 80.0],
        range: Some([0.0, 100.0]),
        ..about(
            Panel::Stochastic,
            "Stochastic oscillator",
            "Where the close lies in its range; lines at 20 and 80.",
        )
    },
    About {
        levels: &[25.0],
        ..about(
            Panel::Direction,
            "Directional movement",
            "How strong a trend is, and where it goes; a line at 25.",
        )
    },
    about(Panel::Range, "True range", "What a bar and the step to it span, and the average of that."),
    about(Panel::Deviation, "Standard deviation", "How far the last 20 closes are from their mean."),
];

/// The charts: of the last bars, but for that of all years.
pub(super) fn charts<'a>(series: &'a Series, computed: &'a [Computed], bars: usize) -> Vec<Chart<'a>> {
    let chart = |about: &About| {
        let from = if about.panel == Panel::History { 0 } else { series.bars() - bars };
        let window = from..series.bars();
        Chart {
            title: title(computed, about),
            note: about.note,
            time: &series.time[window.clone()],
            lines: lines(series, computed, about.panel, &window),
            levels: about.levels,
            range: about.range,
        }
    };
    PANELS.iter().map(chart).collect()
}

/// Where the lines are one indicator's, its name and settings.
fn title(computed: &[Computed], about: &About) -> String {
    let shown = computed.iter().map(|one| one.indicator).find(|indicator| indicator.panel == about.panel);
    shown.filter(|indicator| indicator.outputs.len() > 1).map_or(about.title.to_owned(), Indicator::label)
}

fn lines<'a>(
    series: &'a Series,
    computed: &'a [Computed],
    panel: Panel,
    window: &Range<usize>,
) -> Vec<Line<'a>> {
    let line = |name: String, ink, values: &'a [f64]| Line {
        name,
        ink,
        values: &values[window.clone()],
        starts: Vec::new(),
    };
    let mut lines = Vec::new();
    match panel {
        Panel::History | Panel::Bands | Panel::Averages | Panel::Leads | Panel::Traded | Panel::Months => {
            lines.push(line("Close".into(), Ink::Price, &series.close));
        }
        Panel::Volume => lines.push(line("Volume".into(), Ink::Bars, &series.volume)),
        _ => {}
    }
    let mut inks = LINES.into_iter().cycle();
    for Computed { indicator, values, .. } in computed.iter().filter(|one| one.indicator.panel == panel) {
        for (i, values) in values.iter().enumerate() {
            let ink = match indicator.outputs[i] {
                "histogram" | "range" => Ink::Bars,
                "upper" | "lower" => Ink::Edge,
                _ => inks.next().unwrap_or(Ink::Price),
            };
            let mut line = line(indicator.output(i), ink, values);
            if indicator.outputs[i] == "anchored" {
                line.starts =
                    series.months.iter().filter_map(|start| start.checked_sub(window.start)).collect();
            }
            lines.push(line);
        }
    }
    // What covers most is drawn first.
    lines.sort_by_key(|line| line.ink != Ink::Bars);
    lines
}
