//! Horizontal bars with their quartiles: elements of the page, which follow its width.

use super::number::short;
use super::scale::Scale;
use crate::record::Spread;
use kernels_benches::page::as_html;

/// A chart.
#[derive(Debug)]
pub(super) struct Bars {
    pub(super) title: String,
    /// What it shows, for who does not see it too.
    pub(super) note: String,
    pub(super) scale: Scale,
    /// What the numbers at the axis are.
    pub(super) axis: String,
    pub(super) written: fn(f64) -> String,
    pub(super) bars: Vec<Bar>,
}

/// A bar, or why there is none.
#[derive(Debug)]
pub(super) struct Bar {
    pub(super) who: String,
    pub(super) language: String,
    /// How the style sheet knows it.
    pub(super) class: &'static str,
    pub(super) value: Result<Value, String>,
    /// Where it could end at most.
    pub(super) limit: Option<f64>,
}

/// What a bar shows.
#[derive(Debug)]
pub(super) struct Value {
    pub(super) spread: Spread,
    pub(super) text: String,
    pub(super) beside: String,
}

impl Bars {
    pub(super) fn html(&self) -> String {
        let (title, note, axis) = (as_html(&self.title), as_html(&self.note), as_html(&self.axis));
        let bars: String = self.bars.iter().map(|bar| self.bar(bar)).collect();
        let ticks: String = self.scale.ticks.iter().map(|tick| self.tick(*tick)).collect();
        format!(
            r#"<figure class="chart bars" role="group" aria-label="{title}: {note}">
<figcaption><h4>{title}</h4><p>{note}</p></figcaption>
<ul>
{bars}</ul>
<div class="axis" aria-hidden="true"><div class="ticks">{ticks}</div><p>{axis}</p></div>
</figure>
"#
        )
    }

    fn bar(&self, bar: &Bar) -> String {
        let (who, language, class) = (as_html(&bar.who), as_html(&bar.language), bar.class);
        let who = format!(r#"<span class="who">{who} <small>{language}</small></span>"#);
        match &bar.value {
            Err(why) => {
                format!("<li class=\"wrong\">{who}<span class=\"why\">{}</span></li>\n", as_html(why))
            }
            Ok(Value { spread, text, beside }) => {
                let [low, end, high] = [spread.low, spread.median, spread.high].map(|x| self.percent(x));
                let limit = bar.limit.map_or(String::new(), |limit| {
                    format!(r#"<span class="limit" style="left:{:.2}%"></span>"#, self.percent(limit))
                });
                let width = high - low;
                let (text, beside) = (as_html(text), as_html(beside));
                format!(
                    r#"<li class="{class}">{who}<span class="track" aria-hidden="true"><span class="bar" style="width:{end:.2}%"></span><span class="spread" style="left:{low:.2}%;width:{width:.2}%"></span>{limit}</span><span class="value"><b>{text}</b> <small>{beside}</small></span></li>
"#
                )
            }
        }
    }

    fn tick(&self, tick: f64) -> String {
        let at = self.percent(tick);
        // What is at an end does not stand out of it.
        let class = match at {
            _ if at < 2.0 => r#" class="start""#,
            _ if at > 98.0 => r#" class="end""#,
            _ => "",
        };
        format!(r#"<span{class} style="left:{at:.2}%">{}</span>"#, as_html(&short(&(self.written)(tick))))
    }

    fn percent(&self, x: f64) -> f64 {
        100.0 * self.scale.at(x)
    }
}
