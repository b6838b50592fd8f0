//! What every page keeps to, for the tests of them.

use anyhow::{Context as _, Result, ensure};

/// What asks for something else, runs, or was left where a colour or a number should be.
const NEVER: [&str; 11] =
    ["http:", "https:", "src=", "url(", "@import", "<script", "<iframe", "<image", "<use", "NaN", "#CAFE"];

/// Elements without an end.
const VOID: [&str; 3] = ["meta", "link", "!doctype"];

/// Whether a page asks for nothing, and what opens in it is closed, in order. Enough of a parser for what our pages are made of.
///
/// # Errors
/// If not, with what is wrong.
pub fn check(page: &str) -> Result<()> {
    for never in NEVER {
        ensure!(!page.contains(never), "expected no {never} in a page");
    }
    let policy = r#"content="default-src 'none'; style-src 'unsafe-inline'; img-src data:""#;
    ensure!(page.contains(policy), "expected {policy} in a page");
    let (head, rest) = page.split_once("<style>").context("expected a style, got none")?;
    let (style, body) = rest.split_once("</style>").context("expected the end of the style, got none")?;
    ensure!(!style.contains('<'), "expected no < in the style");
    let mut open = Vec::new();
    for tag in [head, body].concat().split('<').skip(1) {
        let (tag, text) = tag.split_once('>').with_context(|| format!("<{tag}: expected its >, got none"))?;
        ensure!(!text.contains('>'), "<{tag}>: expected text after it, got {text}");
        ensure!(tag.matches('"').count() % 2 == 0, "<{tag}>: expected quotes in pairs");
        let name = tag.split([' ', '/']).find(|part| !part.is_empty());
        let name = name.with_context(|| format!("<{tag}>: expected a name, got none"))?.to_owned();
        if tag.starts_with('/') {
            let last = open.pop();
            ensure!(last.as_ref() == Some(&name), "<{tag}>: expected the end of {last:?}");
        } else if !tag.ends_with('/') && !VOID.contains(&name.as_str()) {
            open.push(name);
        }
    }
    ensure!(open.is_empty(), "expected all to be closed, got {open:?}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_page_is_found() {
        let page = |body: &str| check(&super::super::document("A page", "a > b { top: 0; }\n", body));
        page("<p class=\"a\">1 &lt; 2<br/></p>\n").expect("a page");
        for (body, expected) in [
            ("<p>", r#"</body>: expected the end of Some("p")"#),
            ("<p></b>", r#"</b>: expected the end of Some("p")"#),
            ("</p>", r#"</p>: expected the end of Some("body")"#),
            ("1 > 2", "expected text after it, got "),
            ("<p class=\"a></p>", "expected quotes in pairs"),
            ("<></>", "<>: expected a name"),
            ("<script>1</script>", "expected no <script"),
            ("<img src=\"a\"/>", "expected no src="),
            ("NaN", "expected no NaN"),
        ] {
            let error = page(body).expect_err(body).to_string();
            assert!(error.contains(expected), "{body}: {error}");
        }
        let whole = super::super::document("A page", "", "");
        for (what, expected) in [
            ("default-src 'none'", "expected content="),
            ("<style>", "expected a style"),
            ("</style>", "expected the end of the style"),
            ("</html>", r#"expected all to be closed, got ["html"]"#),
        ] {
            let error = check(&whole.replace(what, "")).expect_err(what).to_string();
            assert!(error.contains(expected), "{what}: {error}");
        }
        assert!(check(&whole.replace("</style>", "<b></style>")).is_err());
    }
}
