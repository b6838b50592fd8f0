// Arrays that are not what they seem: the right result or an error, never a trap, and the next call works.

import { equal, fails, ok, rightOrThrows, sameNumbers } from "../check.js";
import {
  LENGTHS,
  detached,
  ending,
  hasResizable,
  hasShared,
  impostors,
  lengthOf,
  listThat,
  lying,
  part,
  resizable,
  shared,
} from "../strange.js";
import { works } from "./works.js";

const QUERY = Float32Array.of(1, 2);
const DOCS = Float32Array.of(1, 2, 3, 4, 5, 6);
const SCORES = [5, 17];

/** A document that is read in several pieces: more than 128 kB. */
const LONG = Float32Array.from({ length: 40_000 }, (_, i) => (i === 39_999 ? 8.5 : 0));
/** Documents whose lengths, too, are read in several pieces. */
const [MANY, MANY_LENS] = [new Float32Array(600).fill(1), new Uint32Array(300).fill(1)];

const isRight = (scores) => lengthOf(scores) === 2 && SCORES.every((score, i) => score === scores[i]);

/** Calls every function that reads such an array: as query, as documents. */
function everyCall(kernel, documents, array) {
  return [
    () => kernel.maxsimBatch(array(QUERY), DOCS, [1, 2], 2),
    () => kernel.maxsimBatch(QUERY, array(DOCS), [1, 2], 2),
    () => kernel.maxsimBatch(QUERY, DOCS, [1, 2], 2, array(new Float32Array(2))),
    () => documents.scores(array(QUERY)),
    () => documents.scores(QUERY, array(new Float32Array(2))),
    () => kernel.search(array(QUERY), DOCS, [1, 2], 2, { k: 2 }).scores.reverse(),
    () => kernel.search(QUERY, array(DOCS), [1, 2], 2, { k: 2 }).scores.reverse(),
    () => [kernel.maxsim(QUERY, array(LONG), 2) - 12, SCORES[1]],
    () => [SCORES[0], kernel.maxsimArgmax(QUERY, array(LONG), 2)[0] - 19_982],
    () => Array.from(kernel.topK(array(Float32Array.of(1, 2)), 2), (i) => SCORES[1 - i]),
    () => {
      const others = new kernel.Documents(2);
      try {
        others.append(array(DOCS), [1, 2]);
        others.append(array(MANY), MANY_LENS);
        const scores = others.scores(QUERY);
        return scores.length === 302 && scores[301] === 3 ? scores.subarray(0, 2) : scores;
      } finally {
        others.free();
      }
    },
  ];
}

/** Makes every call with such an array; returns how many of them gave a result. */
function survives(kernel, array, isFine = isRight) {
  const documents = new kernel.Documents(2);
  documents.append(DOCS, [1, 2]);
  let results = 0;
  for (const call of everyCall(kernel, documents, array)) {
    results += rightOrThrows(call, isFine);
    works(kernel);
    sameNumbers(documents.scores(QUERY), SCORES, "documents after it");
    // Nothing holds on to them.
    documents.append(new Float32Array(0), []);
  }
  documents.free();
  return results;
}

export const strangeArrays = {
  "parts of larger arrays": ({ kernel }) => {
    equal(survives(kernel, part), 11, "results");
  },

  "arrays of another realm": ({ kernel, realm }) => {
    if (!realm) return "there is no other realm here";
    const foreign = (values) => realm.Float32Array.from(values);
    ok(!(foreign([1]) instanceof Float32Array), "it is of this realm");
    equal(survives(kernel, foreign), 11, "results");
    for (const lens of [realm.Uint32Array.of(1, 2), realm.Array.of(1, 2)]) {
      sameNumbers(kernel.maxsimBatch(QUERY, DOCS, lens, 2), SCORES, "with lengths of another realm");
    }
  },

  "arrays of shared memory": ({ kernel }) => {
    if (!hasShared()) return "there is no shared memory here";
    equal(survives(kernel, shared), 11, "results");
  },

  "arrays that can change their length": ({ kernel }) => {
    if (!hasResizable()) return "this engine has no such arrays";
    equal(survives(kernel, resizable), 11, "results");
  },

  "a plain subclass": ({ kernel }) => {
    class Embedding extends Float32Array {}
    equal(survives(kernel, (values) => Embedding.from(values)), 11, "results");
  },

  "detached arrays": ({ kernel }) => {
    fails(() => kernel.maxsimBatch(QUERY, detached(DOCS), [1, 2], 2), "Error", /^docs: expected a length of 6, got 0$/);
    fails(() => kernel.maxsimBatch(QUERY, DOCS, [1, 2], 2, detached(DOCS)), "RangeError", /^out: .* got 0$/);
    // Elsewhere, no length is a right one.
    rightOrThrows(() => kernel.maxsim(QUERY, detached(DOCS), 2), (score) => score === -Infinity);
    rightOrThrows(() => kernel.maxsim(detached(QUERY), DOCS, 2), (score) => score === 0);
    rightOrThrows(() => kernel.topK(detached(DOCS), 3), (best) => best.length === 0);
    works(kernel);
  },

  "lengths that call the library, or make the memory grow": ({ kernel }) => {
    const held = [];
    for (const action of [
      () => sameNumbers(kernel.maxsimBatch(QUERY, DOCS, [1, 2], 2), SCORES, "the call within"),
      () => kernel.maxsimArgmax(new Float32Array(900), new Float32Array(90_000), 300),
      () => {
        const before = kernel.info().memory;
        while (kernel.info().memory === before) held.push(new kernel.F32Buffer(1 << 18));
      },
    ]) {
      sameNumbers(kernel.maxsimBatch(QUERY, DOCS, listThat(action, [1, 2]), 2), SCORES, "the call around it");
      works(kernel);
    }
    ok(held.length > 0, "it did not grow");
    for (const buffer of held) buffer.free();
  },

  "lengths that use or free the object that is at work": ({ kernel }) => {
    const documents = new kernel.Documents(2);
    documents.append(DOCS, [1, 2]);
    const BUSY = /an object was (used while another call on it was running|freed while a call on it was running)$/;
    for (const inner of [
      () => documents.append(DOCS, [1, 2]),
      () => documents.scores(QUERY),
      () => documents.length,
    ]) {
      fails(() => documents.append(DOCS, listThat(inner, [1, 2])), "Error", BUSY);
      sameNumbers(documents.scores(QUERY), SCORES, "scores");
    }
    fails(() => documents.append(DOCS, listThat(() => documents.free(), [1, 2])), "Error", BUSY);
    works(kernel);
  },

  "arrays that lie about their length, and whose methods throw: what the engine says is right": ({ kernel }) => {
    for (const length of LENGTHS) equal(survives(kernel, lying(length)), 11, "results");
    for (const length of LENGTHS) {
      const lens = lying(length)(Uint32Array.of(1, 2));
      sameNumbers(kernel.maxsimBatch(QUERY, DOCS, lens, 2), SCORES, "lengths");
    }
  },

  "an array that ends while the call reads its arguments: an error that names it, and nothing is written": ({ kernel }) => {
    // Read at once, and in pieces.
    for (const [values, lens] of [[DOCS, [1, 2]], [LONG, [9_000, 11_000]]]) {
      for (const [docs, end] of ending(values)) {
        const out = Float32Array.of(7, 7);
        const call = () => kernel.maxsimBatch(QUERY, docs, listThat(end, lens), 2, out);
        fails(call, "RangeError", /^docs: expected the length that it had, got another one since$/);
        sameNumbers(out, [7, 7], "out");
        works(kernel);
      }
    }
  },

  "what only looks like an array": ({ kernel }) => {
    const named = /^(query|docs?|docLens|out|scores): expected .*, got \w+$/;
    for (const strange of impostors(Float32Array)) {
      // Often: what each leaves behind would add up.
      for (let i = 0; i < 3; i++) survives(kernel, () => strange, () => true);
      for (let i = 0; i < 1000; i++) {
        fails(() => kernel.maxsim(strange, DOCS, 2), "TypeError", named);
        fails(() => kernel.maxsimBatch(QUERY, DOCS, [1, 2], 2, strange), "TypeError", named);
        fails(() => kernel.maxsimBatch(QUERY, DOCS, strange, 2), "TypeError", named);
      }
      works(kernel);
    }
  },
};
