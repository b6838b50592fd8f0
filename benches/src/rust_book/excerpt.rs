//! The part of a text that shows why it was found.

use super::WordMatch;
use std::ops::Range;

/// The part of `text`, whole words of at most `width` characters together, that holds most of the matches; each
/// counts as much as it is similar. Among equals the beginning of a sentence is better, then what comes first.
#[must_use]
pub fn excerpt(text: &str, matches: &[WordMatch<'_>], width: usize) -> Range<usize> {
    let words: Vec<Range<usize>> = words(text).collect();
    let mut best = (0.0, false, 0..0);
    for (i, first) in words.iter().enumerate() {
        let fits = |word: &&Range<usize>| text[first.start..word.end].chars().count() <= width;
        let Some(last) = words[i..].iter().take_while(fits).last() else { continue };
        let part = first.start..last.end;
        let shown = |found: &&WordMatch<'_>| part.start <= found.at.start && found.at.end <= part.end;
        let weight: f32 = matches.iter().filter(shown).map(|found| found.similarity).sum();
        let begins = text[..first.start].trim_end().chars().next_back().is_none_or(|c| ".!?".contains(c));
        if best.2.is_empty() || (weight, begins) > (best.0, best.1) {
            best = (weight, begins, part);
        }
    }
    best.2
}

/// Where the words of a text stand, cut at white space.
pub fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut end = 0;
    text.split_inclusive(char::is_whitespace)
        .map(move |piece| {
            let start = end;
            end += piece.len();
            start..start + piece.trim_end().len()
        })
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "One two. Three “four” five. Six seven eight.";

    fn shown(words: &[(&'static str, f32)], width: usize) -> &'static str {
        let found = |&(word, similarity): &(&'static str, f32)| {
            let start = TEXT.find(word).expect("a word of the text");
            let at = start..start + word.len();
            WordMatch { question_word: word, passage_word: word, at, similarity }
        };
        let matches: Vec<_> = words.iter().map(found).collect();
        &TEXT[excerpt(TEXT, &matches, width)]
    }

    #[test]
    fn it_holds_the_matches_that_weigh_most() {
        assert_eq!(shown(&[("One", 0.9), ("seven", 0.5), ("eight", 0.5)], 16), "Six seven eight.");
        assert_eq!(shown(&[("One", 0.9), ("seven", 0.4), ("eight", 0.4)], 16), "One two. Three");
        assert_eq!(shown(&[("four", 0.9)], 19), "Three “four” five.");
    }

    #[test]
    fn it_is_never_wider_than_asked_for() {
        assert_eq!(shown(&[], 1000), TEXT);
        assert_eq!(shown(&[("One", 0.9)], 2), "");
        assert_eq!(excerpt("", &[], 10), 0..0);
    }
}
