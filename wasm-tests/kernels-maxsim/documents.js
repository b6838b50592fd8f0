// Documents that stay in the wasm memory.

import { equal, fails, ok, sameNumbers } from "../check.js";
import { random, unitRows } from "../random.js";
import { split } from "./reference.js";

const DIM = 32;

/** Ragged ones, of more than a megabyte, with empty ones and one that is a megabyte itself. */
function batch() {
  const next = random(7);
  const docLens = Uint32Array.from({ length: 300 }, (_, i) => (i * 7) % 60);
  docLens[150] = 9000;
  const docs = unitRows(next, docLens.reduce((a, b) => a + b), DIM);
  return { query: unitRows(next, 11, DIM), docs, docLens };
}

export const documents = {
  "one by one, some at a time or all at once: the same scores, bit for bit": ({ kernel }) => {
    const { query, docs, docLens } = batch();
    const expected = kernel.maxsimBatch(query, docs, docLens, DIM);
    const parts = split(docs, docLens, DIM);
    for (const step of [1, 2, 7, 100, docLens.length]) {
      const documents = new kernel.Documents(DIM);
      for (let i = 0; i < docLens.length; i += step) {
        const lens = docLens.subarray(i, i + step);
        const start = parts[i].byteOffset / 4;
        const length = lens.reduce((a, b) => a + b) * DIM;
        documents.append(docs.subarray(start, start + length), lens);
        equal(documents.length, i + lens.length, "length");
      }
      equal(documents.byteLength, docs.byteLength, "byteLength");
      sameNumbers(documents.scores(query), expected, `${step} at a time`);
      documents.free();
    }
  },

  "what they say of themselves": ({ kernel }) => {
    const documents = new kernel.Documents(3);
    equal(documents.dim, 3, "dim");
    equal(documents.length, 0, "length");
    equal(documents.byteLength, 0, "byteLength");
    sameNumbers(documents.scores(new Float32Array(3)), [], "scores of none");
    equal(documents.search(new Float32Array(3), { k: 3 }).indices.length, 0, "the best of none");
    documents.append(new Float32Array(0), []);
    documents.append(new Float32Array(0), [0, 0]);
    documents.append(new Float32Array(9), [1, 2]);
    equal(documents.length, 4, "length");
    equal(documents.byteLength, 36, "byteLength");
    sameNumbers(documents.scores(new Float32Array(3)), [-Infinity, -Infinity, 0, 0], "scores");
    documents.free();
  },

  "several at once do not disturb each other": ({ kernel }) => {
    const [a, b] = [new kernel.Documents(2), new kernel.Documents(3)];
    for (let i = 1; i <= 5; i++) {
      a.append(Float32Array.of(i, 0), [1]);
      b.append(Float32Array.of(0, -i, 0), [1]);
    }
    sameNumbers(a.scores(Float32Array.of(1, 0)), [1, 2, 3, 4, 5], "the first");
    a.free();
    sameNumbers(b.scores(Float32Array.of(0, 1, 0)), [-1, -2, -3, -4, -5], "the second");
    b.free();
  },

  "scores go into an array that is given": ({ kernel }) => {
    const documents = new kernel.Documents(2);
    documents.append(Float32Array.of(1, 2, 3, 4), [1, 1]);
    const around = new Float32Array(6).fill(9);
    const out = around.subarray(2, 4);
    ok(documents.scores(Float32Array.of(1, 1), out) === out, "it returns another array");
    sameNumbers(around, [9, 9, 3, 7, 9, 9], "scores between their neighbours");
    documents.free();
  },

  "after a failed append they are as before": ({ kernel }) => {
    const { query, docs, docLens } = batch();
    const expected = kernel.maxsimBatch(query, docs, docLens, DIM);
    const some = docs.subarray(0, 100 * DIM);
    // Each may fail before anything is copied, or after one or several of the segments of memory.
    for (const held of [0, 1]) {
      const documents = new kernel.Documents(DIM);
      if (held) documents.append(docs, docLens);
      const unchanged = () => {
        equal(documents.length, held * docLens.length, "length");
        equal(documents.byteLength, held * docs.byteLength, "byteLength");
        sameNumbers(documents.scores(query), held ? expected : [], "scores");
      };
      for (const [lens, name, message] of [
        [[50, 51], "Error", /^docs: expected a length of 3232, got 3200$/],
        [[50, 49.5], "RangeError", /^docLens\[1\]: expected a whole number/],
        [[101, -1], "RangeError", /^docLens\[1\]: expected a whole number/],
        ["50", "TypeError", /^docLens: expected .* whole numbers, got String$/],
      ]) {
        fails(() => documents.append(some, lens), name, message);
        unchanged();
      }
      fails(() => documents.append([1, 2], [1]), "TypeError", /^docs: expected (a )?Float32Array, got Array$/);
      unchanged();
      documents.append(docs, docLens);
      equal(documents.length, (held + 1) * docLens.length, "length");
      sameNumbers(documents.scores(query).subarray(held * docLens.length), expected, "scores after all");
      documents.free();
    }
  },
};
