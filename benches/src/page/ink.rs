//! What lines and areas are drawn with: classes, whose colours by day and by night are those of `style.css`.

/// What a line or an area stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// What is written.
    Text,
    /// The lines behind a chart.
    Grid,
    /// A level to compare with.
    Level,
    /// Prices.
    Price,
    /// The first of [`LINES`].
    First,
    /// The second of them.
    Second,
    /// The third of them.
    Third,
    /// The fourth of them.
    Fourth,
    /// The fifth of them.
    Fifth,
    /// The sixth of them.
    Sixth,
    /// The seventh of them.
    Seventh,
    /// The eighth of them.
    Eighth,
    /// Columns.
    Bars,
    /// What ends a band.
    Edge,
    /// What is in a band.
    Band,
}

const ALL: [(Ink, &str); 15] = [
    (Ink::Text, "text"),
    (Ink::Grid, "grid"),
    (Ink::Level, "level"),
    (Ink::Price, "price"),
    (Ink::First, "first"),
    (Ink::Second, "second"),
    (Ink::Third, "third"),
    (Ink::Fourth, "fourth"),
    (Ink::Fifth, "fifth"),
    (Ink::Sixth, "sixth"),
    (Ink::Seventh, "seventh"),
    (Ink::Eighth, "eighth"),
    (Ink::Bars, "bars"),
    (Ink::Edge, "edge"),
    (Ink::Band, "band"),
];

/// The lines of a chart. Their dashes differ too.
pub const LINES: [Ink; 8] =
    [Ink::First, Ink::Second, Ink::Third, Ink::Fourth, Ink::Fifth, Ink::Sixth, Ink::Seventh, Ink::Eighth];

impl Ink {
    fn name(self) -> &'static str {
        ALL[self as usize].1
    }

    /// The red, green and blue that stand for it, until a [`drawing`](super::drawing) has its class instead.
    #[must_use]
    pub const fn mark(self) -> [u8; 3] {
        [0xca, 0xfe, self as u8]
    }

    /// How it looks, for a legend.
    #[must_use]
    pub fn key(self) -> String {
        let name = self.name();
        let key = match self {
            Self::Bars => format!(r#"<rect class="area {name}" width="30" height="10" y="1"/>"#),
            _ => format!(r#"<path class="line {name}" d="M0 6H30"/>"#),
        };
        format!(r#"<svg class="key" viewBox="0 0 30 12" aria-hidden="true">{key}</svg>"#)
    }
}

/// A drawing with classes instead of colours, and without what is the default.
pub(super) fn classed(svg: &str) -> String {
    let mut svg = svg.to_owned();
    for (ink, name) in ALL {
        let [r, g, b] = ink.mark();
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
    fn each_ink_has_its_own_name_and_a_style() {
        for (i, (ink, name)) in ALL.into_iter().enumerate() {
            assert_eq!((ink as usize, ink.name()), (i, name));
            let drawn = |class: &str| super::super::STYLE.contains(&format!("\n.{class}.{name} {{"));
            assert!(drawn("line") || drawn("area"), "{name}");
            assert_eq!(LINES.contains(&ink), drawn("line") && drawn("area"), "{name}");
        }
    }

    #[test]
    fn colours_become_classes() {
        let svg =
            r##"<polyline fill="none" opacity="1" stroke="#CAFE04" stroke-width="1" points="1,2 3,4 "/>"##;
        assert_eq!(classed(svg), r#"<polyline fill="none" class="line first" points="1,2 3,4"/>"#);
    }
}
