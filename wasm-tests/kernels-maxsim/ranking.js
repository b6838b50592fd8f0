// The best documents, and the best match of each token.

import { equal, ok, sameNumbers } from "../check.js";
import { random, unitRows } from "../random.js";

/** As the documentation has it: larger is better, then negative infinity, then NaN; the first of equals. */
function ranked(scores, k) {
  const value = (i) => (Number.isNaN(scores[i]) ? undefined : scores[i]);
  const better = (a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === y) return a - b;
    if (x === undefined) return 1;
    if (y === undefined) return -1;
    return y - x;
  };
  return Array.from(scores.keys()).sort(better).slice(0, k);
}

export const ranking = {
  "topK: order, ties, infinities and NaN": ({ kernel }) => {
    const scores = Float32Array.of(0.5, NaN, 2, -Infinity, 2, Infinity, -0, 0);
    const best = kernel.topK(scores, 99);
    ok(best instanceof Uint32Array, "no Uint32Array");
    sameNumbers(best, [5, 2, 4, 0, 6, 7, 3, 1], "all");
    for (let k = 0; k <= scores.length; k++) sameNumbers(kernel.topK(scores, k), best.subarray(0, k), `the best ${k}`);
    sameNumbers(kernel.topK(new Float32Array(0), 3), [], "the best of none");
    sameNumbers(kernel.topK(scores, 4294967295), best, "the best 2^32 - 1");
  },

  "topK is a sort, of many scores with many ties": ({ kernel }) => {
    const next = random(4);
    for (let n = 1; n <= 400; n += 57) {
      const scores = Float32Array.from({ length: n }, () => Math.round(next() * 9));
      for (const k of [1, 2, 10, n - 1, n, n + 1]) {
        sameNumbers(kernel.topK(scores, k), ranked(scores, k), `${k} of ${n}`);
      }
    }
  },

  "search is maxsimBatch and a sort": ({ kernel }) => {
    const [next, dim] = [random(5), 16];
    const query = unitRows(next, 3, dim);
    const docLens = Uint32Array.from({ length: 700 }, (_, i) => i % 5);
    const docs = unitRows(next, 1400, dim);
    // Documents that are the same have the same score.
    docs.copyWithin(700 * dim, 0, 300 * dim);
    const scores = kernel.maxsimBatch(query, docs, docLens, dim);
    const loaded = new kernel.Documents(dim);
    loaded.append(docs, docLens);
    for (const k of [0, 1, 10, 699, 700, 1000]) {
      const expected = ranked(scores, k);
      const found = { search: kernel.search(query, docs, docLens, dim, { k }), loaded: loaded.search(query, { k }) };
      for (const [way, { indices, scores: best }] of Object.entries(found)) {
        ok(indices instanceof Uint32Array && best instanceof Float32Array, "other arrays");
        sameNumbers(indices, expected, `${way}, indices of ${k}`);
        sameNumbers(best, expected.map((i) => scores[i]), `${way}, scores of ${k}`);
      }
    }
    loaded.free();
  },

  "the first of equal matches, in documents of many pieces": ({ kernel }) => {
    const dim = 4;
    // In pieces of 128 kB, 8192 rows: five of them. The last row of one piece and the first of the next.
    const rows = 40_960;
    for (const place of [0, 1, 8190, 8191, 8192, 8193, 16_383, 16_384, rows - 3, rows - 2, rows - 1]) {
      const doc = new Float32Array(rows * dim);
      doc[place * dim] = 1;
      // Again in the last row, which is as good, and so not the answer.
      doc[(rows - 1) * dim] = 1;
      const query = Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0, -1, 0, 0, 0);
      const first = place === 0 ? 1 : 0;
      sameNumbers(kernel.maxsimArgmax(query, doc, dim), [place, 0, first], `at ${place}`);
      equal(kernel.maxsim(query, doc, dim), 1, `score, at ${place}`);
    }
  },

  "a document of about as many rows as a piece has": ({ kernel }) => {
    const dim = 4;
    for (const rows of [8190, 8191, 8192, 8193, 8194, 16_385]) {
      for (const place of [0, 8190, 8191, 8192, rows - 2, rows - 1].filter((place) => place < rows)) {
        const doc = new Float32Array(rows * dim).fill(-1);
        doc[place * dim] = 2;
        const query = Float32Array.of(1, 0, 0, 0);
        equal(kernel.maxsim(query, doc, dim), 2, `${rows} rows, score of ${place}`);
        sameNumbers(kernel.maxsimArgmax(query, doc, dim), [place], `${rows} rows, at ${place}`);
      }
    }
  },

  "the first NaN is the best match, wherever it is": ({ kernel }) => {
    const [dim, rows] = [4, 20_000];
    for (const place of [0, 1, 8191, 8192, 12_345, rows - 2, rows - 1]) {
      const doc = new Float32Array(rows * dim).fill(0.5);
      doc[place * dim] = NaN;
      doc[(rows - 1) * dim] = NaN;
      sameNumbers(kernel.maxsimArgmax(Float32Array.of(1, 0, 0, 1), doc, dim), [place], `at ${place}`);
      equal(kernel.maxsim(Float32Array.of(1, 0, 0, 1), doc, dim), NaN, "score");
    }
  },
};
