//! The figures as Markdown.

use super::figures::kernels;
use super::{advice, as_markdown, page, tables};
use crate::record::Record;

pub(super) fn markdown(record: &Record) -> String {
    let mut parts = vec![format!("# {}\n", page::TITLE)];
    parts.extend(page::facts(record).iter().map(|(what, is)| format!("- {what}: {}", as_markdown(is))));
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
