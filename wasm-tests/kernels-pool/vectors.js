// Rows that stay in the wasm memory.

import { equal, fails, sameNumbers } from "../check.js";
import { random } from "../random.js";

const DIM = 32;

/** More than a megabyte, in which rows stay together. */
const rows = (n = 20_000) => Float32Array.from({ length: n * DIM }, random(5));

export const vectors = {
  "one by one, some at a time or all at once: the same scores": ({ kernel }) => {
    const all = rows(3000);
    const query = all.subarray(0, DIM);
    const want = kernel.dot(query, all);
    for (const step of [1, 7, 1000, 3000]) {
      const vectors = new kernel.Vectors(DIM);
      for (let i = 0; i < 3000; i += step) {
        vectors.append(all.subarray(i * DIM, (i + step) * DIM));
        equal(vectors.length, Math.min(i + step, 3000), "length");
      }
      equal(vectors.byteLength, all.byteLength, "byteLength");
      sameNumbers(vectors.scores(query), want, `${step} at a time`);
      sameNumbers(vectors.rescore(query, [2999, 0], { k: 2 }).scores, [want[0], want[2999]], "rescore");
      vectors.free();
    }
  },

  "what they say of themselves": ({ kernel }) => {
    for (const [precision, bytes] of [[undefined, 48], ["float32", 48], ["int8", 12], ["ubinary", 2]]) {
      const vectors = new kernel.Vectors(12, precision);
      equal(vectors.precision, precision ?? "float32", "precision");
      equal(vectors.dim, 12, "dim");
      equal(vectors.length, 0, "length");
      equal(vectors.byteLength, 0, "byteLength");
      const Codes = { int8: Int8Array, ubinary: Uint8Array }[precision] ?? Float32Array;
      const row = new Codes(bytes / Codes.BYTES_PER_ELEMENT);
      equal(vectors.scores(row).length, 0, "scores of none");
      equal(vectors.search(row, { k: 3 }).indices.length, 0, "the best of none");
      equal(vectors.rescore(row, [], { k: 3 }).indices.length, 0, "the best of none");
      vectors.append(row);
      vectors.append(new Codes(0));
      equal(vectors.length, 1, "length");
      equal(vectors.byteLength, bytes, "byteLength");
      vectors.free();
    }
  },

  "several at once do not disturb each other": ({ kernel }) => {
    const [a, b] = [new kernel.Vectors(2), new kernel.Vectors(2, "int8")];
    for (let i = 1; i <= 5; i++) {
      a.append(Float32Array.of(i, 0));
      b.append(Int8Array.of(0, -i));
    }
    sameNumbers(a.scores(Float32Array.of(1, 0)), [1, 2, 3, 4, 5], "the first");
    a.free();
    sameNumbers(b.scores(Int8Array.of(0, 1)), [-1, -2, -3, -4, -5], "the second");
    b.free();
  },

  "after a failed append they are as before": ({ kernel }) => {
    const all = rows();
    const query = all.subarray(0, DIM);
    const want = kernel.dot(query, all);
    for (const held of [0, 1]) {
      const vectors = new kernel.Vectors(DIM);
      if (held) vectors.append(all);
      const unchanged = () => {
        equal(vectors.length, held * 20_000, "length");
        sameNumbers(vectors.scores(query), held ? want : [], "scores");
      };
      fails(() => vectors.append(all.subarray(1)), "RangeError", /^rows: expected whole rows of 32 values, got 639999 values$/);
      fails(() => vectors.append(new Int8Array(DIM)), "TypeError", /^rows: expected Float32Array, got Int8Array$/);
      unchanged();
      vectors.append(all);
      equal(vectors.length, (held + 1) * 20_000, "length");
      sameNumbers(vectors.scores(query).subarray(held * 20_000), want, "scores after all");
      vectors.free();
    }
  },

  "metrics, and the queries that go with them": ({ kernel }) => {
    const bits = new kernel.Vectors(9, "ubinary");
    bits.append(Uint8Array.of(0b1010_0000, 0b1000_0000));
    sameNumbers(bits.scores(Uint8Array.of(0, 0)), [3], "hamming");
    sameNumbers(bits.scores(Float32Array.of(1, 2, 3, 0, 0, 0, 0, 0, 4)), [1 - 2 + 3 + 4], "dot");
    const floats = new kernel.Vectors(1);
    for (const [vectors, query, metric, expected] of [
      [bits, new Uint8Array(2), "dot", "hamming"],
      [bits, new Float32Array(9), "hamming", "dot"],
      [floats, new Float32Array(1), "hamming", "dot, cosine, l2Squared"],
    ]) {
      const message = new RegExp(`^metric: expected one of ${expected}, got ${metric}$`);
      fails(() => vectors.search(query, { k: 1, metric }), "RangeError", message);
      fails(() => vectors.scores(query, { metric }), "RangeError", message);
    }
    for (const [query, name, message] of [
      [new Uint8Array(1), "RangeError", /^query: expected a length of 2, got 1$/],
      [new Float32Array(16), "RangeError", /^query: expected a length of 9, got 16$/],
      [new Int8Array(2), "TypeError", /^query: expected Uint8Array or Float32Array, got Int8Array$/],
    ]) {
      fails(() => bits.search(query, { k: 1 }), name, message);
    }
    fails(() => bits.rescore(new Uint8Array(2), [0, 1], { k: 1 }), "RangeError", /^candidates\[1\]: expected a row of 1, got 1$/);
    bits.free();
    floats.free();
  },
};
