// One engine: a variant of the package, or the plain loop. A module holds one instance of the wasm, so each has a
// worker of its own; and while it computes, the page stays responsive.

import * as wasm from "kernels-maxsim";
import * as loop from "./loop.js";

/** For so many milliseconds it runs before it is timed, so that the engine has compiled it well. */
const WARM_UP = 80;
/** The least milliseconds of a sample: clocks are coarse, in some browsers a millisecond. */
const SAMPLE = 5;

let book;
let documents;
let warm = false;

const calls = {
  async init(engine) {
    if (engine !== "loop") await wasm.init({ variant: engine });
  },

  load(loaded, engine) {
    const { Documents } = engine === "loop" ? loop : wasm;
    book = loaded;
    documents = new Documents(book.dim);
    documents.append(book.docs, book.docLens);
  },

  search(query, k) {
    return documents.search(query, { k });
  },

  scores(query) {
    return documents.scores(query);
  },

  /** For each token of the query the row of a document that is most like it, and how similar they are. */
  match(query, [start, end]) {
    const doc = book.docs.subarray(start * book.dim, end * book.dim);
    const rows = wasm.maxsimArgmax(query, doc, book.dim);
    return { rows, similarities: Float32Array.from(rows, (row, i) => dot(query, i, doc, row)) };
  },

  /** Milliseconds of a search, so many times. */
  time(query, k, samples) {
    const run = (times) => {
      const start = performance.now();
      for (let i = 0; i < times; i++) documents.search(query, { k });
      return performance.now() - start;
    };
    let times = 1;
    for (let spent = 0; !warm && spent < WARM_UP; ) spent += run(1);
    warm = true;
    for (let last = run(times); last < SAMPLE && times < 1 << 20; last = run(times)) {
      times = Math.ceil(times * Math.max(1.2, Math.min(8, (1.1 * SAMPLE) / Math.max(last, 0.1))));
    }
    return Array.from({ length: samples }, () => run(times) / times);
  },
};

function dot(query, i, doc, row) {
  let sum = 0;
  for (let at = 0; row >= 0 && at < book.dim; at++) sum += query[i * book.dim + at] * doc[row * book.dim + at];
  return sum;
}

self.onmessage = async ({ data: { id, call, values } }) => {
  try {
    postMessage({ id, value: await calls[call](...values) });
  } catch (error) {
    postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
};
