// Which words of a passage made its score, as in the demo of the terminal (benches/src/rust_book/matches.rs).

/** Words that hold a sentence together. They match those of any other sentence and tell a reader nothing. */
const FUNCTION_WORDS = new Set(
  (
    "a all an and any are as at be but by can do for from has have how in into is it its no not of on or our out so " +
    "that the their them these they this to up we what when which who with you your"
  ).split(" "),
);

const PART = "[\\p{Alphabetic}\\p{N}_\\-'’]";
const ONLY_PARTS = new RegExp(`^${PART}+$`, "u");
const PARTS_BEFORE = new RegExp(`${PART}*$`, "u");
const PARTS_BEHIND = new RegExp(`^${PART}*`, "u");
const EDGES = /^[^\p{Alphabetic}\p{N}]+|[^\p{Alphabetic}\p{N}]+$/gu;

/** How similar words must be to be shown. Below, almost any passage has a word that is so similar. */
export const SIMILAR = 0.45;

/**
 * The words of the question with their best match in the passage, the most similar first, each pair once.
 *
 * The score is the sum over tokens, and these are pieces of words, punctuation and the model's own tokens too. Here
 * are only words, whole, without function words.
 *
 * @param {import("./data.js").Question} question
 * @param {import("./data.js").Passage} passage
 * @param {Int32Array} rows for each token of the question the token of the passage that is most like it
 * @param {Float32Array} similarities how similar the two are
 */
export function matches(question, passage, rows, similarities) {
  const found = [];
  rows.forEach((row, i) => {
    if (row < 0 || !(similarities[i] >= SIMILAR)) return;
    const asked = wordRound(question.text, question.spans[i]);
    const at = wordRound(passage.text, passage.spans[row]);
    if (asked === undefined || at === undefined) return;
    const [from, to] = [question.text.slice(...asked), passage.text.slice(...at)];
    found.push({ asked: from, found: to, at, similarity: similarities[i] });
  });
  found.sort((a, b) => b.similarity - a.similarity);
  const seen = new Set();
  return found.filter((match) => {
    const pair = `${match.asked} ${match.found}`.toLowerCase();
    return !seen.has(pair) && seen.add(pair);
  });
}

/** The whole word of which a token is a piece, if it is one that tells something. */
function wordRound(text, [start, end]) {
  // Neither what stands for no word nor a bracket belongs to the word beside it.
  if (!ONLY_PARTS.test(text.slice(start, end))) return undefined;
  start -= PARTS_BEFORE.exec(text.slice(0, start))[0].length;
  end += PARTS_BEHIND.exec(text.slice(end))[0].length;
  const whole = text.slice(start, end);
  const word = whole.replace(EDGES, "");
  if (word === "" || FUNCTION_WORDS.has(word.toLowerCase())) return undefined;
  start += whole.indexOf(word);
  return [start, start + word.length];
}

/**
 * The text in pieces, each with its best match if it is a word that has one. What the model did not see, behind the
 * last token, is left out.
 */
export function pieces(passage, matches) {
  const { text, spans } = passage;
  const end = spans.reduce((end, span) => Math.max(end, span[1]), 0) || text.length;
  const best = new Map();
  for (const match of matches) if (!best.has(match.at[0])) best.set(match.at[0], match);
  const pieces = [];
  let at = 0;
  for (const match of [...best.values()].sort((a, b) => a.at[0] - b.at[0])) {
    pieces.push({ text: text.slice(at, match.at[0]) }, { text: text.slice(...match.at), match });
    at = match.at[1];
  }
  pieces.push({ text: text.slice(at, Math.max(end, at)) });
  if (end < text.trimEnd().length) pieces.push({ text: " …" });
  return pieces;
}
