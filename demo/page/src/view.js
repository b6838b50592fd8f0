// What is seen of the book: the questions, and the passages of the one that is asked.

import { isAnsweredBy } from "./data.js";
import { byId, element, score, whole } from "./text.js";
import { SIMILAR, pieces } from "./words.js";

/** Wide enough for the questions beside the passages; style.css has the same. */
const wide = matchMedia("(min-width: 52rem)");

/** Pairs of words that are named below a passage. */
const PAIRS = 5;

/**
 * Shows the questions, and calls with the one that is chosen.
 *
 * Radio buttons: their keys are known to everybody and to every screen reader.
 */
export function showQuestions(questions, choose) {
  const picker = byId("picker");
  const follow = () => {
    picker.open = wide.matches;
    // Beside the passages it is always open.
    picker.querySelector("summary").tabIndex = wide.matches ? -1 : 0;
  };
  wide.addEventListener("change", follow);
  follow();

  const toPassages = () => {
    picker.open = wide.matches;
    byId("asked").focus();
  };
  const list = byId("questions");
  list.replaceChildren(
    ...questions.map((question) => {
      const { number, text } = question;
      const input = element("input", { type: "radio", name: "question", value: String(number) });
      input.addEventListener("change", () => choose(question));
      const place = element("span", { className: "place" }, String(number));
      const label = element("label", {}, input, place, element("span", {}, text));
      // The keys click the button itself, a finger what is round it: then the list has done its work.
      label.addEventListener("click", ({ target }) => target !== input && (picker.open = wide.matches));
      return label;
    }),
  );
  list.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    toPassages();
  });

  for (const [id, step] of [["previous", -1], ["next", 1]]) {
    byId(id).disabled = false;
    byId(id).addEventListener("click", () => {
      const checked = list.querySelector(":checked");
      const { length } = questions;
      choose(questions[(Number(checked?.value ?? 1) - 1 + step + length) % length]);
    });
  }
}

/** Skips to the passages without a step in the address: there stands the question. */
export function onSkip() {
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    byId("asked").focus();
  });
}

/** Shows which question is asked, and where its answer is. */
export function showQuestion(question, { passages, questions }) {
  byId("questions").querySelector(`[value="${question.number}"]`).checked = true;
  byId("number").textContent = `Question ${question.number} of ${questions.length}`;
  byId("asked").textContent = question.text;
  const right = passages.find((passage) => isAnsweredBy(question, passage));
  byId("right").textContent = right ? `Answered by ${right.chapter}, ${right.title}` : "";
}

/**
 * Shows the best passages.
 *
 * @param {{ passage: import("./data.js").Passage, score: number, matches: object[] }[]} hits
 */
export function showPassages(question, hits) {
  byId("passages").replaceChildren(...hits.map((hit, i) => passageItem(question, hit, i + 1)));
}

function passageItem(question, { passage, score: points, matches }, place) {
  const right = isAnsweredBy(question, passage);
  const marks = new Map();
  const text = element(
    "p",
    { className: "text" },
    ...pieces(passage, matches).map(({ text, match }) => {
      if (match === undefined) return text;
      const mark = marked(text, match.similarity);
      mark.title = `${match.asked} → ${match.found}: ${match.similarity.toFixed(2)}`;
      marks.set(match.at[0], mark);
      return mark;
    }),
  );
  const pairs = matches.slice(0, PAIRS).map((match) => {
    const pair = element("li", {}, `${match.asked} → ${match.found} `, element("b", {}, match.similarity.toFixed(2)));
    const mark = marks.get(match.at[0]);
    pair.addEventListener("pointerenter", () => mark?.classList.add("pointed-at"));
    pair.addEventListener("pointerleave", () => mark?.classList.remove("pointed-at"));
    return pair;
  });
  const most = question.spans.length;
  const share = Math.max(0, points / most);
  return element(
    "li",
    { className: right ? "passage is-right" : "passage" },
    element(
      "div",
      { className: "passage-head" },
      element("span", { className: "place", "aria-hidden": "true" }, String(place)),
      element(
        "h3",
        {},
        passage.title,
        " ",
        element("span", { className: "chapter" }, passage.chapter),
        ...(right ? [" ", element("span", { className: "badge" }, "right chapter")] : []),
      ),
      element(
        "p",
        { className: "score", title: `of ${most} at most: each of the question’s ${most} tokens adds 1 or less` },
        element("span", { className: "unseen" }, "score "),
        element("b", {}, score(points)),
        element("span", { className: "score-bar", "--share": share.toFixed(4), "aria-hidden": "true" }),
      ),
    ),
    text,
    ...(pairs.length > 0 ? [element("ul", { className: "pairs", "aria-label": "Matching words" }, ...pairs)] : []),
  );
}

/** A word, the stronger the more similar it is. */
function marked(text, similarity) {
  const strength = Math.min(1, (similarity - SIMILAR) / (0.95 - SIMILAR));
  return element("mark", { "--strength": strength.toFixed(3) }, text);
}

/** Shows what the marks mean. */
export function showLegend() {
  const steps = [SIMILAR, 0.6, 0.75, 0.9].map((similarity) => marked(similarity.toFixed(2), similarity));
  byId("scale").replaceChildren("weakly ", ...steps.flatMap((step) => [step, " "]), "strongly");
}

/** Shows how often the right chapter comes first. */
export function showTally({ questions, top1, top3 }) {
  byId("tally").textContent =
    `Over all ${questions} questions the right chapter comes first ${top1} times, ` +
    `and is among the first three ${top3} times.`;
}

/** Says in words what went wrong. */
export function showFailure(what, error) {
  byId("failure").replaceChildren(element("strong", {}, what), " ", error.message);
  byId("failure").hidden = false;
}

export function hideFailure() {
  byId("failure").hidden = true;
}

export function showBook({ passages, questions, tokens, dim }) {
  byId("questions-title").textContent = `${questions.length} questions`;
  byId("book").textContent = `${passages.length} passages, ${whole(tokens)} tokens of ${dim} values`;
}
