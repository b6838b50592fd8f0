// The page's flow: load the book, start the engines, rank what is asked, measure.

import { markBar, showBars, showTimes } from "./chart.js";
import { findQuestion, isAnsweredBy, loadBook } from "./data.js";
import { Engine, VARIANTS, median } from "./engines.js";
import { byId, decimal, digits, element, milliseconds, score, whole } from "./text.js";
import * as view from "./view.js";
import { matches } from "./words.js";

/** Passages shown of each question. */
const SHOWN = 5;
/** A question is ranked so often to time it, and in turns with the other engines for the chart. */
const SAMPLES = 9;
const ROUNDS = 7;

const state = {
  book: undefined,
  engines: new Map(),
  /** Of the variants that do not run, why. */
  reasons: {},
  variant: undefined,
  question: undefined,
  /** Settled when the engines are not being measured. */
  measured: undefined,
};

/** Counts what was asked, so that an answer that comes too late is not shown. */
let asked = 0;

main().catch((error) => {
  view.showFailure("The demo could not start.", error);
  byId("demo").hidden = true;
});

async function main() {
  view.showLegend();
  showBars([...VARIANTS, "loop"]);
  const loading = loadBook("./data");
  for (const name of [...VARIANTS, "loop"]) state.engines.set(name, new Engine(name, loading));
  const book = await loading.catch((error) => {
    throw new Error(`The book could not be loaded: ${error.message}.`, { cause: error });
  });
  state.book = book;
  view.showBook(book);
  await chooseVariant();

  view.showQuestions(book.questions, ask);
  byId("measure").addEventListener("click", () => measure().catch(failed));
  addEventListener("hashchange", () => {
    const question = fromAddress();
    if (question && question !== state.question) ask(question);
  });
  await rank(fromAddress() ?? book.questions[0]);
  byId("measure").disabled = false;
  await tally();
  await measure();
}

/** The question behind `#`: its number, or how a word in it begins. */
function fromAddress() {
  try {
    return findQuestion(state.book.questions, decodeURIComponent(location.hash.slice(1)));
  } catch {
    // Not a text: nothing is asked.
    return undefined;
  }
}

/** Takes the first variant that runs. */
async function chooseVariant() {
  for (const name of VARIANTS) {
    await state.engines.get(name).ready.catch(({ message }) => {
      state.reasons[name] = message.replace("kernels-maxsim: ", "");
    });
  }
  state.variant = VARIANTS.find((name) => !(name in state.reasons));
  showVariants();
  if (state.variant === undefined) {
    const reasons = VARIANTS.map((name) => `${name}: ${state.reasons[name]}`).join("; ");
    throw new Error(`No variant of the WebAssembly module runs. ${reasons}.`);
  }
  markBar(state.variant);
}

function showVariants() {
  byId("variants").replaceChildren(
    ...VARIANTS.map((name) => {
      const input = element("input", { type: "radio", name: "variant", value: name });
      input.checked = name === state.variant;
      input.disabled = name in state.reasons;
      if (input.disabled) input.setAttribute("aria-describedby", "variant-note");
      input.addEventListener("change", () => {
        state.variant = name;
        markBar(name);
        ask(state.question);
      });
      return element("label", {}, input, element("span", {}, name));
    }),
  );
  const lacking = Object.entries(state.reasons).map(([name, reason]) => `No ${name}: ${reason}.`);
  byId("variant-note").textContent = lacking.join(" ");
}

function ask(question) {
  rank(question).catch(failed);
}

function failed(error) {
  view.showFailure("That did not work.", error);
}

/** Ranks the passages for a question, shows them, then times it. */
async function rank(question) {
  const turn = ++asked;
  const late = () => turn !== asked;
  const { book, variant } = state;
  const engine = state.engines.get(variant);
  state.question = question;
  history.replaceState(null, "", `#${question.number}`);
  view.showQuestion(question, book);

  const { indices, scores } = await engine.search(question.embeddings, SHOWN);
  const hits = await Promise.all(
    Array.from(indices, async (index, i) => {
      const passage = book.passages[index];
      const { rows, similarities } = await engine.match(question.embeddings, passage.rows);
      return { passage, score: scores[i], matches: matches(question, passage, rows, similarities) };
    }),
  );
  if (late()) return;
  view.hideFailure();
  view.showPassages(question, hits);
  byId("demo").removeAttribute("aria-busy");
  const [best] = hits;
  byId("status").textContent =
    `Question ${question.number}, ${question.text}: best passage ${best.passage.title}, ` +
    `${isAnsweredBy(question, best.passage) ? "the right chapter, " : ""}score ${score(best.score)}.`;

  // Not while the engines are timed for the chart: neither time would be right.
  await state.measured;
  if (late()) return;
  const time = median(await engine.time(question.embeddings, SHOWN, SAMPLES));
  if (!late()) showSpeed(time);
}

function showSpeed(time) {
  const { book, variant } = state;
  const rate = (book.passages.length / time) * 1e3;
  byId("time").textContent = milliseconds(time);
  byId("rate").textContent = whole(Number(rate.toPrecision(3)));
  const speed = `${digits(rate / 1e3)} thousand documents/s (${variant})`;
  byId("speed").textContent = `${book.passages.length} passages ranked in ${milliseconds(time)}, ${speed}`;
}

/** How often a passage of the right chapter comes first, and among the first three, over all questions. */
async function tally() {
  const { passages, questions } = state.book;
  const engine = state.engines.get(state.variant);
  const counts = { questions: questions.length, top1: 0, top3: 0 };
  for (const question of questions) {
    const { indices } = await engine.search(question.embeddings, 3);
    const place = indices.findIndex((index) => isAnsweredBy(question, passages[index]));
    counts.top1 += place === 0;
    counts.top3 += place >= 0;
  }
  view.showTally(counts);
}

/** Measures, unless it does so already. */
async function measure() {
  const [button, progress] = [byId("measure"), byId("progress")];
  button.disabled = true;
  progress.hidden = false;
  const measuring = timeAll(state.question, (done) => (progress.value = done));
  // Whoever waits for it does so whether it fails or not.
  state.measured = measuring.catch(() => {});
  try {
    await measuring;
  } finally {
    button.disabled = false;
    progress.hidden = true;
  }
}

/** Times all engines in turns, so that whatever else the machine does, it does to all of them, and compares scores. */
async function timeAll(question, progress) {
  const names = [...state.engines.keys()].filter((name) => !(name in state.reasons));
  byId("chart-note").textContent = "measuring …";
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, name] of names.entries()) {
      times[name].push(...(await state.engines.get(name).time(question.embeddings, SHOWN, 1)));
      progress((round + (i + 1) / names.length) / ROUNDS);
    }
  }
  const medians = Object.fromEntries(names.map((name) => [name, median(times[name])]));
  showTimes(medians, state.reasons);
  // The same figure for the same thing. What was asked meanwhile is timed next.
  if (state.question === question) showSpeed(medians[state.variant]);
  byId("chart-note").textContent =
    `Question ${question.number}, medians of ${ROUNDS}; in bold, how many times as fast as the loop.`;
  await compare(names, question);
}

/** Says how far the scores of the engines are apart. */
async function compare(names, question) {
  const all = await Promise.all(names.map((name) => state.engines.get(name).scores(question.embeddings)));
  const loop = all[names.indexOf("loop")];
  const furthest = Math.max(...all.flatMap((scores) => Array.from(scores, (value, i) => Math.abs(value - loop[i]))));
  // Each token of the question may be off by 1e-5, in each of the two.
  const within = furthest <= 2e-5 * question.spans.length;
  byId("agree").textContent = within
    ? `Their ${loop.length} scores agree, to within ${decimal(furthest)}.`
    : `Their scores differ, by up to ${decimal(furthest)}: that is a bug.`;
  byId("agree").classList.toggle("is-wrong", !within);
}
