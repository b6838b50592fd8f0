//! Pages of one file, which ask for nothing else and run no script: what the demo's and the comparison's have in common.
//!
//! All of it is text, so that it needs no dependency: who draws brings plotters.

mod check;
mod ink;

pub use check::check;
pub use ink::{Ink, LINES};

/// Paper and rust, by day and by night.
const STYLE: &str = include_str!("style.css");

/// Height of a drawing's text, which is in the style too, as plotters counts it: with what is above and below it.
pub const TEXT: f64 = 24.0 * 1.24;

/// A whole page, of what is in its body. Its own style comes after the one that all pages share.
#[must_use]
pub fn document(title: &str, style: &str, body: &str) -> String {
    let title = as_html(title);
    format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>
{STYLE}{style}</style>
</head>
<body>
{body}</body>
</html>
"#
    )
}

/// As text in HTML, or in an attribute between double quotes.
#[must_use]
pub fn as_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// What plotters drew, for a page: as wide as there is room, with the classes of [`Ink`] instead of colours, and with a label
/// for who does not see it. The class says in which windows it is shown: `wide` or `narrow`.
#[must_use]
pub fn drawing(svg: &str, class: &str, (width, height): (u32, u32), label: &str) -> String {
    let inside = svg.split_once('>').map_or(svg, |(_, inside)| inside);
    let label = as_html(label);
    format!(r#"<svg class="{class}" viewBox="0 0 {width} {height}" role="img" aria-label="{label}">"#)
        + &ink::classed(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup() {
        assert_eq!(as_html(r#"<b title="a">&"#), "&lt;b title=&quot;a&quot;&gt;&amp;");
    }

    #[test]
    fn a_drawing_has_a_label_and_no_size_of_its_own() {
        let svg = "<svg width=\"3\" height=\"2\" xmlns=\"…\">\n<circle fill=\"#CAFE00\"/>\n</svg>\n";
        assert_eq!(
            drawing(svg, "wide", (3, 2), "a & b"),
            r#"<svg class="wide" viewBox="0 0 3 2" role="img" aria-label="a &amp; b"><circle class="area text"/></svg>"#
        );
    }
}
