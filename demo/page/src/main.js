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
  /** Of the engines that do not run, or no longer, why. */
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
  view.onSkip();
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
  byId("measure").addEventListener("click", measure);
  addEventListener("hashchange", () => {
    const question = fromAddress();
    if (question && question !== state.question) ask(question);
  });
  await rank(fromAddress() ?? book.questions[0]);
  // What is asked is answered, whatever becomes of this.
  await tally().catch((error) => (byId("tally").textContent = `The questions could not be counted: ${error.message}.`));
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
  for (const name of VARIANTS) await state.engines.get(name).ready.catch((error) => drop(name, error));
  takeVariant();
}

/** Goes on without an engine, and says why; if it was the one that ranks, with the next one. */
function drop(name, { message }) {
  state.reasons[name] = message.replace("kernels-maxsim: ", "");
  // While it is not known of all of them whether they run, there is none.
  if (state.variant !== undefined) takeVariant();
}

/** Goes on with the variant that ranks if it runs, and otherwise with the first one that does. */
function takeVariant() {
  const runs = (name) => !(name in state.reasons);
  if (state.variant === undefined || !runs(state.variant)) state.variant = VARIANTS.find(runs);
  showVariants();
  if (state.variant === undefined) {
    const reasons = VARIANTS.map((name) => `${name}: ${state.reasons[name]}`).join("; ");
    throw new Error(`No variant of the WebAssembly module runs. ${reasons}.`);
  }
  markBar(state.variant);
}

function showVariants() {
  const hadFocus = byId("variants").contains(document.activeElement);
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
  if (hadFocus) byId("variants").querySelector(":checked")?.focus();
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
  const { book } = state;
  state.question = question;
  history.replaceState(null, "", `#${question.number}`);
  view.showQuestion(question, book);

  const hits = await withVariant((engine) => best(engine, question));
  if (late()) return;
  view.hideFailure();
  view.showPassages(question, hits);
  byId("demo").removeAttribute("aria-busy");
  const [first] = hits;
  byId("status").textContent =
    `Question ${question.number}, ${question.text}: best passage ${first.passage.title}, ` +
    `${isAnsweredBy(question, first.passage) ? "the right chapter, " : ""}score ${score(first.score)}.`;

  // Not while the engines are timed for the chart: neither time would be right.
  await state.measured;
  if (late()) return;
  try {
    const times = await withVariant((engine) => engine.time(question.embeddings, SHOWN, SAMPLES));
    if (!late()) showSpeed(median(times));
  } catch (error) {
    if (!late()) byId("speed").textContent = `It could not be timed: ${error.message}`;
  }
}

/** Calls with the variant that ranks; where that fails, with the next one. */
async function withVariant(call) {
  for (;;) {
    // None is left: that is said again.
    if (state.variant === undefined) takeVariant();
    const { variant } = state;
    try {
      return await call(state.engines.get(variant));
    } catch (error) {
      drop(variant, error);
    }
  }
}

/** The best passages of a question, and their words that match. */
async function best(engine, question) {
  const { indices, scores } = await engine.search(question.embeddings, SHOWN);
  return Promise.all(
    Array.from(indices, async (index, i) => {
      const passage = state.book.passages[index];
      const { rows, similarities } = await engine.match(question.embeddings, passage.rows);
      return { passage, score: scores[i], matches: matches(question, passage, rows, similarities) };
    }),
  );
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
  const counts = { questions: questions.length, top1: 0, top3: 0 };
  for (const question of questions) {
    const { indices } = await withVariant((engine) => engine.search(question.embeddings, 3));
    const place = indices.findIndex((index) => isAnsweredBy(question, passages[index]));
    counts.top1 += place === 0;
    counts.top3 += place >= 0;
  }
  view.showTally(counts);
}

/** Measures, and says where the chart is if that fails. */
async function measure() {
  const [button, progress] = [byId("measure"), byId("progress")];
  button.disabled = true;
  progress.hidden = false;
  const measuring = timeAll(state.question, (done) => (progress.value = done));
  // Whoever waits for it does so whether it fails or not.
  state.measured = measuring.catch((error) => {
    byId("chart-note").textContent = `The engines could not be measured: ${error.message}`;
  });
  await state.measured;
  button.disabled = false;
  progress.hidden = true;
}

/** Times all engines in turns, so that whatever else the machine does, it does to all of them, and compares scores. */
async function timeAll(question, progress) {
  if (state.variant === undefined) takeVariant();
  const runs = (name) => !(name in state.reasons);
  const names = [...state.engines.keys()].filter(runs);
  byId("chart-note").textContent = "measuring …";
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, name] of names.entries()) {
      if (!runs(name)) continue;
      const time = state.engines.get(name).time(question.embeddings, SHOWN, 1);
      await time.then((sample) => times[name].push(...sample), (error) => drop(name, error));
      progress((round + (i + 1) / names.length) / ROUNDS);
    }
  }
  const left = names.filter(runs);
  const medians = Object.fromEntries(left.map((name) => [name, median(times[name])]));
  showTimes(medians, state.reasons);
  // The same figure for the same thing. What was asked meanwhile is timed next.
  if (state.question === question) showSpeed(medians[state.variant]);
  byId("chart-note").textContent =
    `Question ${question.number}, medians of ${ROUNDS}; in bold, how many times as fast as the loop.`;
  await compare(left, question);
}

/** Says how far the scores of the engines are apart. */
async function compare(names, question) {
  const all = await Promise.all(names.map((name) => state.engines.get(name).scores(question.embeddings)));
  // The last one is the loop, if that runs.
  const loop = all.at(-1);
  const furthest = Math.max(...all.flatMap((scores) => Array.from(scores, (value, i) => Math.abs(value - loop[i]))));
  // Each token of the question may be off by 1e-5, in each of the two.
  const within = furthest <= 2e-5 * question.spans.length;
  byId("agree").textContent = within
    ? `Their ${loop.length} scores agree, to within ${decimal(furthest)}.`
    : `Their scores differ, by up to ${decimal(furthest)}: that is a bug.`;
  byId("agree").classList.toggle("is-wrong", !within);
}
