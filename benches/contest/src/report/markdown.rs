//! The figures as Markdown.

use super::figures::kernels;
use super::{advice, page, tables};
use crate::compare::Comparison;
use crate::record::Record;

pub(super) fn markdown(record: &Record, comparison: Option<&Comparison>) -> String {
    let mut parts = vec![format!("# {}\n", page::TITLE)];
    parts.extend(page::facts(record).iter().map(|(what, is)| format!("- {what}: {}", as_markdown(is))));
    parts.extend(comparison.map(|comparison| format!("\n{}", comparison.markdown())));
    parts.push(format!("\n## Who\n\n{}", tables::participants(record).markdown()));
    if !record.absent.is_empty() {
        parts.push(tables::absent(record).markdown());
    }
    if !record.cases.is_empty() {
        parts.push(format!("## In short\n\n{}\n\n{}", page::IN_SHORT, tables::summary(record).markdown()));
    }
    for kernel in kernels(record) {
        parts.push(format!("## {}\n", as_markdown(kernel.name)));
        for operation in &kernel.operations {
            parts.push(format!("### {}\n", as_markdown(operation.name)));
            let advice = advice::advice(record, operation);
            parts.extend(advice.iter().map(|line| format!("- {}", as_markdown(line))));
            parts.push(format!("\n{}", tables::figures(record, operation).markdown()));
        }
        parts.push(format!("### Errors\n\n{}", tables::accuracy(record, &kernel).markdown()));
    }
    parts.join("\n").trim_end().to_owned() + "\n"
}

/// As text in Markdown, in a table too: on one line.
pub(crate) fn as_markdown(text: &str) -> String {
    let mut out = String::new();
    for c in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '\\' | '|' | '*' | '`' | '[' | ']' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup() {
        assert_eq!(as_markdown("a|b\n  <i> *c* `d` & [e]\\"), r"a\|b &lt;i&gt; \*c\* \`d\` &amp; \[e\]\\");
    }
}
