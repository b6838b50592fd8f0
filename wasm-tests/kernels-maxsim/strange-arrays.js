// Arrays that are not what they seem: the right result or an error, never a trap, and the next call works.

import { equal, fails, ok, rightOrThrows, sameNumbers } from "../check.js";
import { detached, hasResizable, hasShared, part, resizable, shared } from "../strange.js";
import { works } from "./works.js";

const QUERY = Float32Array.of(1, 2);
const DOCS = Float32Array.of(1, 2, 3, 4, 5, 6);
const SCORES = [5, 17];

/** A document that is read in several pieces: more than 128 kB. */
const LONG = Float32Array.from({ length: 40_000 }, (_, i) => (i === 39_999 ? 8.5 : 0));
/** Documents whose lengths, too, are read in several pieces. */
const [MANY, MANY_LENS] = [new Float32Array(600).fill(1), new Uint32Array(300).fill(1)];

const isRight = (scores) => scores.length === 2 && scores.every((score, i) => score === SCORES[i]);

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

/** A subclass whose `subarray` does something else first. */
function subclass(before) {
  return class extends Float32Array {
    subarray(start, end) {
      before(this);
      return new Float32Array(this.buffer, this.byteOffset + 4 * start, end - start);
    }
  };
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

  "a subarray that throws": ({ kernel }) => {
    const Throwing = subclass(() => {
      throw new Error("mine");
    });
    fails(() => kernel.maxsim(QUERY, Throwing.from(LONG), 2), "Error", /^mine$/);
    survives(kernel, (values) => Throwing.from(values));
  },

  "a subarray that calls the library": ({ kernel }) => {
    const Calling = subclass(() => {
      sameNumbers(kernel.maxsimBatch(QUERY, DOCS, [1, 2], 2), SCORES, "the call within");
      kernel.maxsimArgmax(new Float32Array(900), new Float32Array(90_000), 300);
      kernel.topK(DOCS, 2);
    });
    equal(survives(kernel, (values) => Calling.from(values)), 11, "results");
  },

  "a subarray that makes the memory grow": ({ kernel }) => {
    const held = [];
    const Growing = subclass(() => {
      const before = kernel.info().memory;
      while (kernel.info().memory === before) held.push(new kernel.F32Buffer(1 << 18));
    });
    equal(survives(kernel, (values) => Growing.from(values)), 11, "results");
    ok(held.length > 0, "it did not grow");
    for (const buffer of held) buffer.free();
  },

  "a subarray that uses or frees the object that is at work": ({ kernel }) => {
    const documents = new kernel.Documents(2);
    documents.append(DOCS, [1, 2]);
    const BUSY = /an object was (used while another call on it was running|freed while a call on it was running)$/;
    const during = (inner) => subclass(inner).from(MANY);
    for (const inner of [
      () => documents.append(DOCS, [1, 2]),
      () => documents.scores(QUERY),
      () => documents.length,
    ]) {
      fails(() => documents.append(during(inner), MANY_LENS), "Error", BUSY);
      sameNumbers(documents.scores(QUERY), SCORES, "scores");
    }
    const score = (inner) => rightOrThrows(() => documents.scores(subclass(inner).from(QUERY)), isRight);
    score(() => documents.scores(QUERY));
    score(() => documents.append(DOCS, [1, 2]));
    sameNumbers(documents.scores(QUERY).subarray(0, 2), SCORES, "scores");
    fails(() => documents.append(during(() => documents.free()), MANY_LENS), "Error", BUSY);
    works(kernel);
  },

  "a subarray that is too short, or of another class": ({ kernel }) => {
    for (const other of [
      () => new Float32Array(0),
      (start, end) => new Float32Array(end - start - 1),
      () => new Float32Array(1000),
      () => [],
      () => ({}),
      () => ({ length: 1e9 }),
      () => undefined,
      () => null,
      () => 5,
      () => "subarray",
      () => ({ get length() { throw new Error("mine"); } }),
    ]) {
      class Other extends Float32Array {
        subarray(start, end) {
          return other(start, end);
        }
      }
      const before = kernel.maxsimArgmax(QUERY, new Float32Array(40_000).fill(1), 2);
      equal(before[0], 0, "a call before, whose values must not be taken for these");
      fails(() => kernel.maxsim(QUERY, Other.from(LONG), 2), /Error$/, /./);
      works(kernel);
      survives(kernel, (values) => Other.from(values));
    }
  },

  "arrays that lie about their length": ({ kernel }) => {
    for (const length of [0, 2, 4, 8, 10, 1e6, -1, 0.5, NaN, "6", null]) {
      class Liar extends Float32Array {
        get length() {
          return length;
        }
      }
      // What has that many values, whatever it says.
      const lying = () => new Liar(new Float32Array(6).fill(1).buffer);
      // Whatever comes of it.
      const any = () => true;
      rightOrThrows(() => kernel.maxsimBatch(QUERY, lying(), [length / 2 - 1, 1], 2), any);
      rightOrThrows(() => kernel.topK(lying(), 9), any);
      survives(kernel, lying, any);
      works(kernel);
    }
  },

  "arrays that shrink while they are read": ({ kernel }) => {
    if (!hasResizable()) return "this engine has no such arrays";
    // Of two pieces, shrunk as the second is read.
    const length = 40_000;
    const buffer = new ArrayBuffer(4 * length, { maxByteLength: 4 * length });
    let times = 0;
    class Shrinking extends Float32Array {
      subarray(start, end) {
        if (times++ === 1) buffer.resize(400);
        return new Float32Array(this.buffer).subarray(start, end);
      }
    }
    fails(() => kernel.maxsim(QUERY, new Shrinking(buffer), 2), /Error$/, /./);
    ok(times > 1, "it was read at once");
    works(kernel);
  },

  "what only looks like an array": ({ kernel }) => {
    const mine = () => {
      throw new Error("mine");
    };
    const tagged = { [Symbol.toStringTag]: "Float32Array" };
    const { proxy: revoked, revoke } = Proxy.revocable(new Float32Array(2), {});
    revoke();
    for (const strange of [
      tagged,
      { ...tagged, length: 2, byteOffset: 0, buffer: new ArrayBuffer(8) },
      { ...tagged, length: 2, subarray: () => new Float32Array(2) },
      { ...tagged, length: NaN, subarray: () => QUERY },
      { ...tagged, length: "2", subarray: () => QUERY },
      Object.defineProperty({ ...tagged }, "length", { get: mine }),
      Object.defineProperty({ ...tagged }, "buffer", { get: mine }),
      Object.defineProperty({}, Symbol.toStringTag, { get: mine }),
      Object.create(Float32Array.prototype),
      new Proxy(new Float32Array(2), {}),
      revoked,
    ]) {
      // Often: what each leaves behind would add up.
      for (let i = 0; i < 3; i++) survives(kernel, () => strange, () => true);
      for (let i = 0; i < 1000; i++) {
        rightOrThrows(() => kernel.maxsim(strange, DOCS, 2), () => true);
        rightOrThrows(() => kernel.maxsimBatch(QUERY, DOCS, strange, 2), () => true);
      }
      works(kernel);
    }
  },
};
