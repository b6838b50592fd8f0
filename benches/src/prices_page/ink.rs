//! What lines and areas are drawn with: classes, whose colours by day and by night are those of `style.css`.

use plotters::style::{RGBColor, ShapeStyle};

/// What a line or an area stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    Text,
    Grid,
    /// A level to compare with.
    Level,
    Price,
    /// The first to the fourth line of a chart. Their dashes differ too.
    First,
    Second,
    Third,
    Fourth,
    Bars,
    /// What ends a band, and what is in it.
    Edge,
    Band,
}

const ALL: [(Ink, &str); 11] = [
    (Ink::Text, "text"),
    (Ink::Grid, "grid"),
    (Ink::Level, "level"),
    (Ink::Price, "price"),
    (Ink::First, "first"),
    (Ink::Second, "second"),
    (Ink::Third, "third"),
    (Ink::Fourth, "fourth"),
    (Ink::Bars, "bars"),
    (Ink::Edge, "edge"),
    (Ink::Band, "band"),
];

/// The lines of a chart, beside the price.
pub(super) const LINES: [Ink; 4] = [Ink::First, Ink::Second, Ink::Third, Ink::Fourth];

impl Ink {
    pub(super) fn name(self) -> &'static str {
        ALL[self as usize].1
    }

    /// A colour that stands for it, until [`classed`].
    pub(super) const fn mark(self) -> RGBColor {
        RGBColor(0xca, 0xfe, self as u8)
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
    for (ink, name) in ALL {
        let RGBColor(r, g, b) = ink.mark();
        for (what, class) in [("stroke", "line"), ("fill", "area")] {
            let mark = format!(r##"{what}="#{r:02X}{g:02X}{b:02X}""##);
            svg = svg.replace(&mark, &format!(r#"class="{class} {name}""#));
        }
    }
    for default in
        [r#" opacity="1""#, r#" stroke="none""#, r#" stroke-width="1""#, r#" font-family="sans-serif""#]
    {
        svg = svg.replace(default, "");
    }
    svg.replace(" \"/>", "\"/>").replace(">\n", ">").replace("\n<", "<")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_ink_has_its_own_name() {
        for (i, (ink, name)) in ALL.into_iter().enumerate() {
            assert_eq!((ink as usize, ink.name()), (i, name));
        }
    }

    #[test]
    fn colours_become_classes() {
        let svg =
            r##"<polyline fill="none" opacity="1" stroke="#CAFE04" stroke-width="1" points="1,2 3,4 "/>"##;
        assert_eq!(classed(svg.to_owned()), r#"<polyline fill="none" class="line first" points="1,2 3,4"/>"#);
    }
}
