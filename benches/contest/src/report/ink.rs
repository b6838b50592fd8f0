//! What lines are drawn with: classes, whose colours by day and by night are in the style sheet.

use plotters::style::{RGBColor, ShapeStyle};

/// What a line or a mark stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    Text,
    Grid,
    /// One of [`LINES`].
    Line(usize),
}

/// The lines of a chart: the first is ours. Their dashes differ too.
pub(super) const LINES: [&str; 8] =
    ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"];

impl Ink {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Grid => "grid",
            Self::Line(index) => LINES[index % LINES.len()],
        }
    }

    /// A colour that stands for it, until [`classed`].
    pub(super) fn mark(self) -> RGBColor {
        let index = match self {
            Self::Text => 0,
            Self::Grid => 1,
            Self::Line(index) => 2 + index % LINES.len(),
        };
        RGBColor(0xca, 0xfe, index as u8)
    }

    pub(super) fn line(self) -> ShapeStyle {
        self.mark().into()
    }

    pub(super) fn area(self) -> ShapeStyle {
        self.line().filled()
    }
}

/// A drawing with classes instead of colours, and without what is the default.
pub(super) fn classed(mut svg: String) -> String {
    let lines = (0..LINES.len()).map(Ink::Line);
    for ink in [Ink::Text, Ink::Grid].into_iter().chain(lines) {
        let RGBColor(r, g, b) = ink.mark();
        for (what, class) in [("stroke", "line"), ("fill", "area")] {
            let mark = format!(r##"{what}="#{r:02X}{g:02X}{b:02X}""##);
            svg = svg.replace(&mark, &format!(r#"class="{class} {}""#, ink.name()));
        }
    }
    for default in [r#" opacity="1""#, r#" stroke="none""#, r#" stroke-width="1""#] {
        svg = svg.replace(default, "");
    }
    svg.replace(" \"/>", "\"/>").replace(">\n", ">").replace("\n<", "<")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_become_classes() {
        let svg =
            r##"<polyline fill="none" opacity="1" stroke="#CAFE02" stroke-width="1" points="1,2 3,4 "/>"##;
        assert_eq!(classed(svg.to_owned()), r#"<polyline fill="none" class="line first" points="1,2 3,4"/>"#);
    }
}
