//! Names and messages come from libraries: none of them is markup.

/// As text in HTML, or in an attribute between double quotes.
pub(super) fn as_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
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
        assert_eq!(as_html(r#"<b title="a">&"#), "&lt;b title=&quot;a&quot;&gt;&amp;");
        assert_eq!(as_markdown("a|b\n  <i> *c* `d` & [e]\\"), r"a\|b &lt;i&gt; \*c\* \`d\` &amp; \[e\]\\");
    }
}
