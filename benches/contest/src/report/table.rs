//! Tables, written once for a page, for Markdown and for a terminal.

use super::as_markdown;
use kernels_benches::page::as_html;

/// Rows under the same head, in groups.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Table {
    /// What it shows.
    pub(crate) caption: String,
    /// The columns: the first says what a row is of, the others hold numbers unless they say otherwise.
    pub(crate) columns: Vec<Column>,
    /// The rows.
    pub(crate) groups: Vec<Group>,
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Column {
    name: String,
    number: bool,
}

/// Rows that belong together.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Group {
    /// What they have in common; empty if nothing is to be said.
    pub(crate) title: String,
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cell {
    text: String,
    /// How the style sheet knows it.
    class: &'static str,
}

impl Column {
    pub(crate) fn text(name: &str) -> Self {
        Self { name: name.to_owned(), number: false }
    }

    pub(crate) fn number(name: &str) -> Self {
        Self { name: name.to_owned(), number: true }
    }
}

impl Cell {
    pub(crate) fn of(text: impl Into<String>, class: &'static str) -> Self {
        Self { text: text.into(), class }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::of(text, "")
    }
}

impl Table {
    /// A table without groups.
    pub(crate) fn plain(caption: &str, columns: Vec<Column>, rows: Vec<Vec<Cell>>) -> Self {
        let groups = vec![Group { title: String::new(), rows }];
        Self { caption: caption.to_owned(), columns, groups }
    }

    /// In a frame of its own, which scrolls where the window is too narrow.
    pub(super) fn html(&self) -> String {
        let caption = as_html(&self.caption);
        let columns: String = self.columns.iter().map(Column::html).collect();
        let groups: String = self.groups.iter().map(|group| self.group(group)).collect();
        format!(
            r#"<div class="frame" role="region" aria-label="{caption}" tabindex="0">
<table>
<caption><span>{caption}</span></caption>
<thead><tr>{columns}</tr></thead>
{groups}</table>
</div>
"#
        )
    }

    fn group(&self, group: &Group) -> String {
        let title = match group.title.as_str() {
            "" => String::new(),
            title => format!(
                "<tr><th class=\"group\" scope=\"rowgroup\" colspan=\"{}\"><span>{}</span></th></tr>\n",
                self.columns.len(),
                as_html(title)
            ),
        };
        let rows: String = group.rows.iter().map(|row| self.row(row)).collect();
        format!("<tbody>\n{title}{rows}</tbody>\n")
    }

    fn row(&self, row: &[Cell]) -> String {
        let mut out = String::from("<tr>");
        for (i, (cell, column)) in row.iter().zip(&self.columns).enumerate() {
            let class = [cell.class, if column.number { "" } else { "words" }].join(" ");
            let class = match class.trim() {
                "" => String::new(),
                class => format!(r#" class="{class}""#),
            };
            let text = as_html(&cell.text);
            out += &if i == 0 {
                format!(r#"<th scope="row"{class}>{text}</th>"#)
            } else {
                format!("<td{class}>{text}</td>")
            };
        }
        out + "</tr>\n"
    }

    /// As Markdown, the caption as a line above it; each group with a title is a table of its own.
    pub(crate) fn markdown(&self) -> String {
        let line = |cells: &mut dyn Iterator<Item = String>| {
            format!("|{}\n", cells.map(|cell| format!(" {cell} |")).collect::<String>())
        };
        let mut head = line(&mut self.columns.iter().map(|column| as_markdown(&column.name)));
        head += &self
            .columns
            .iter()
            .fold("|".to_owned(), |rule, column| rule + if column.number { "---:|" } else { "---|" });
        let mut parts = Vec::new();
        if !self.caption.is_empty() {
            parts.push(as_markdown(&self.caption) + "\n");
        }
        for group in &self.groups {
            if !group.title.is_empty() {
                parts.push(format!("*{}*\n", as_markdown(&group.title)));
            }
            let rows = group.rows.iter().map(|row| line(&mut row.iter().map(|cell| as_markdown(&cell.text))));
            parts.push(format!("{head}\n{}", rows.collect::<String>()));
        }
        parts.join("\n")
    }

    /// For a terminal, in columns.
    pub(crate) fn text(&self) -> String {
        let rows = || self.groups.iter().flat_map(|group| &group.rows);
        let wide = |text: &str| text.chars().count();
        let width = |i: usize| {
            let cells = rows().filter_map(|row| row.get(i)).map(|cell| wide(&cell.text));
            cells.chain([wide(&self.columns[i].name)]).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.columns.len()).map(width).collect();
        let line = |cells: &mut dyn Iterator<Item = &str>| {
            let mut line = String::new();
            for ((text, column), width) in cells.zip(&self.columns).zip(&widths) {
                let space = " ".repeat(width.saturating_sub(wide(text)));
                let cell = if column.number { space + text } else { text.to_owned() + &space };
                line += &format!("{cell}  ");
            }
            line.trim_end().to_owned() + "\n"
        };
        let mut out = String::new();
        if !self.caption.is_empty() {
            out += &format!("{}\n\n", self.caption);
        }
        out += &line(&mut self.columns.iter().map(|column| column.name.as_str()));
        for group in &self.groups {
            if !group.title.is_empty() {
                out += &format!("\n{}\n", group.title);
            }
            out.extend(group.rows.iter().map(|row| line(&mut row.iter().map(|cell| cell.text.as_str()))));
        }
        out
    }
}

impl Column {
    fn html(&self) -> String {
        let class = if self.number { "" } else { r#" class="words""# };
        format!(r#"<th scope="col"{class}>{}</th>"#, as_html(&self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_rows_in_three_forms() {
        let rows = vec![vec!["a|b".into(), "1".into()], vec![Cell::of("<c>", "ours"), "22".into()]];
        let table = Table::plain("All", vec![Column::text("Who"), Column::number("Times")], rows);
        assert_eq!(
            table.markdown(),
            "All\n\n| Who | Times |\n|---|---:|\n| a\\|b | 1 |\n| &lt;c&gt; | 22 |\n"
        );
        assert_eq!(table.text(), "All\n\nWho  Times\na|b      1\n<c>     22\n");
        let html = table.html();
        assert!(html.contains(r#"<th scope="row" class="ours words">&lt;c&gt;</th><td>22</td>"#), "{html}");
    }
}
