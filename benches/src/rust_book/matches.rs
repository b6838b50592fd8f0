//! Which words of a passage made its score.

use super::{Passage, Question, RustBook};
use kernels_maxsim::{Error, maxsim_argmax};
use std::ops::Range;

/// A word of a question, and the word of a passage that is most like it.
#[derive(Clone, Debug, PartialEq)]
pub struct WordMatch<'a> {
    /// The word of the question.
    pub question_word: &'a str,
    /// The word of the passage.
    pub passage_word: &'a str,
    /// Where that one stands, in bytes of the passage's text.
    pub at: Range<usize>,
    /// The dot product of the two tokens: 1 for equal embeddings.
    pub similarity: f32,
}

/// Words that hold a sentence together. They match those of any other sentence and tell a reader nothing.
const FUNCTION_WORDS: [&str; 48] = [
    "a", "all", "an", "and", "any", "are", "as", "at", "be", "but", "by", "can", "do", "for", "from", "has",
    "have", "how", "in", "into", "is", "it", "its", "no", "not", "of", "on", "or", "our", "out", "so",
    "that", "the", "their", "them", "these", "they", "this", "to", "up", "we", "what", "when", "which",
    "who", "with", "you", "your",
];

impl RustBook {
    /// The words of the question with their best match in the passage, the most similar first, each pair once.
    ///
    /// The score is the sum over tokens, and these are pieces of words, punctuation and the model's own tokens too.
    /// Here are only words, whole, without function words.
    ///
    /// # Errors
    /// If the question is of another book, whose embeddings have another dimension.
    pub fn matches<'a>(
        &self,
        question: &'a Question,
        passage: &'a Passage,
    ) -> Result<Vec<WordMatch<'a>>, Error> {
        let (dim, doc) = (self.dim(), self.embeddings_of(passage));
        let dot = |i: usize, j: usize| -> f32 {
            let (a, b) = (&question.embeddings()[i * dim..][..dim], &doc[j * dim..][..dim]);
            a.iter().zip(b).map(|(x, y)| x * y).sum()
        };
        let best = maxsim_argmax(question.embeddings(), doc, dim)?;
        let mut matches: Vec<WordMatch<'_>> = Vec::new();
        for (i, j) in best.into_iter().enumerate().filter_map(|(i, j)| Some((i, j?))) {
            let asked = word_round(&question.text, &question.spans[i]);
            let found = word_round(&passage.text, &passage.spans[j]);
            if let (Some(asked), Some(found)) = (asked, found) {
                let (question_word, passage_word) = (&question.text[asked], &passage.text[found.clone()]);
                matches.push(WordMatch { question_word, passage_word, at: found, similarity: dot(i, j) });
            }
        }
        matches.sort_by(|a, b| b.similarity.total_cmp(&a.similarity));
        let mut seen = Vec::new();
        matches.retain(|found| {
            let pair = (found.question_word.to_lowercase(), found.passage_word.to_lowercase());
            let is_new = !seen.contains(&pair);
            seen.push(pair);
            is_new
        });
        Ok(matches)
    }
}

/// The whole word of which a token is a piece, if it is one that tells something.
fn word_round(text: &str, span: &Range<usize>) -> Option<Range<usize>> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '\'' | '’');
    let token = &text[span.clone()];
    // Neither what stands for no word nor a bracket belongs to the word beside it.
    if token.is_empty() || !token.chars().all(is_part) {
        return None;
    }
    let is_edge = |c: char| !c.is_alphanumeric();
    let start = text[..span.start].trim_end_matches(is_part).len();
    let end = text.len() - text[span.end..].trim_start_matches(is_part).len();
    let word = text[start..end].trim_start_matches(is_edge);
    let start = end - word.len();
    let word = word.trim_end_matches(is_edge);
    let is_function_word = FUNCTION_WORDS.contains(&word.to_lowercase().as_str());
    (!word.is_empty() && !is_function_word).then(|| start..start + word.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_widened_to_its_word() {
        let text = "UTF-8-encoded (well-formed) ‘Rc<T>’ doesn’t, on - the";
        let word = |token: &str| {
            let start = text.find(token)?;
            word_round(text, &(start..start + token.len())).map(|word| &text[word])
        };
        assert_eq!(word("F"), Some("UTF-8-encoded"));
        assert_eq!(word("formed"), Some("well-formed"));
        assert_eq!(word("Rc"), Some("Rc"));
        assert_eq!(word("esn"), Some("doesn’t"));
        assert_eq!(word("("), None);
        assert_eq!(word("the"), None, "a function word");
        assert_eq!(word("- "), None);
        assert_eq!(word_round(text, &(0..0)), None, "a token of the model stands for no word");
    }
}
