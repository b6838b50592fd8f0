// Scores are right: as the f64 reference has them, and as the native kernel has them.

import { equal, near, ok, sameNumbers } from "../check.js";
import { random, unitRows } from "../random.js";
import { tensors } from "../safetensors.js";
import * as reference from "./reference.js";

/** How far a score may be from exact arithmetic, a query token: what the crate promises for unit vectors. */
const BOUND = 1e-5;

/** The archives, each read once. */
const archives = {};
const archive = async (data, file) => (archives[file] ??= tensors(await data(file)));

async function cases(data) {
  const all = await archive(data, "native.safetensors");
  const names = Object.keys(all).filter((name) => name.endsWith(".query"));
  ok(names.length > 10, `only ${names.length} cases from the native kernel`);
  return names.map((name) => {
    const value = (what) => all[name.replace("query", what)].values;
    const [query, docs, scores, means, argmax] = ["query", "docs", "scores", "means", "argmax"].map(value);
    const [dim] = value("dim");
    return { query, docs, docLens: Uint32Array.from(value("doc_lens")), dim, scores, means, argmax };
  });
}

/** The same scores by every way that there is: the safe calls, loaded documents, buffers in the wasm memory. */
function everyWay(kernel, { query, docs, docLens, dim }) {
  const loaded = new kernel.Documents(dim);
  loaded.append(docs, docLens);
  const buffers = [query.length, docs.length, docLens.length].map((length) => new kernel.F32Buffer(length));
  buffers[0].view().set(query);
  buffers[1].view().set(docs);
  kernel.maxsimBatchInto(buffers[0], buffers[1], docLens, dim, buffers[2]);
  const ways = {
    maxsimBatch: kernel.maxsimBatch(query, docs, docLens, dim),
    "maxsimBatch of an array of lengths": kernel.maxsimBatch(query, docs, Array.from(docLens), dim),
    "maxsimBatch into out": kernel.maxsimBatch(query, docs, docLens, dim, new Float32Array(docLens.length).fill(7)),
    maxsim: Float32Array.from(reference.split(docs, docLens, dim), (doc) => kernel.maxsim(query, doc, dim)),
    Documents: loaded.scores(query),
    "Documents into out": loaded.scores(query, new Float32Array(docLens.length).fill(7)),
    maxsimBatchInto: buffers[2].view().slice(),
  };
  for (const buffer of buffers) buffer.free();
  loaded.free();
  return ways;
}

async function realData(data) {
  const book = await archive(data, "tokens.safetensors");
  const dim = book.doc_embeddings.shape[1];
  const lens = (offsets) => Uint32Array.from(offsets.subarray(1), (end, i) => end - offsets[i]);
  return {
    dim,
    docs: book.doc_embeddings.values,
    docLens: lens(book.doc_offsets.values),
    queries: reference.split(book.query_embeddings.values, lens(book.query_offsets.values), dim),
  };
}

export const scores = {
  "the example of the crate": ({ kernel }) => {
    const [query, docs] = [Float32Array.of(1, 0, 0.6, 0.8), Float32Array.of(0, 1, 1, 0, 0.8, 0.6)];
    near(kernel.maxsimBatch(query, docs, [1, 2], 2), [0.8, 1.96], 1e-6);
    ok(kernel.maxsimBatch(query, docs, [1, 2], 2) instanceof Float32Array, "no Float32Array");
  },

  "random ragged batches are within the bound of the f64 reference": async ({ kernel, data }) => {
    for (const batch of await cases(data)) {
      const { query, docs, docLens, dim } = batch;
      const bound = (BOUND * query.length) / dim;
      near(kernel.maxsimBatch(query, docs, docLens, dim), reference.maxsimBatch(query, docs, docLens, dim), bound);
    }
  },

  "random ragged batches are within the bound of the native kernel": async ({ kernel, data }) => {
    for (const { query, docs, docLens, dim, scores, means } of await cases(data)) {
      near(kernel.maxsimBatch(query, docs, docLens, dim), scores, (BOUND * query.length) / dim, "sums");
      near(kernel.maxsimMeanBatch(query, docs, docLens, dim), means, BOUND, "means");
    }
  },

  "every way gives the same scores, bit for bit": async ({ kernel, data }) => {
    for (const batch of await cases(data)) {
      const { maxsimBatch, ...others } = everyWay(kernel, batch);
      for (const [way, scores] of Object.entries(others)) {
        sameNumbers(scores, maxsimBatch, `${way}, dim ${batch.dim}`);
      }
    }
  },

  "every way to the mean gives the same, bit for bit": async ({ kernel, data }) => {
    for (const { query, docs, docLens, dim } of await cases(data)) {
      const means = kernel.maxsimMeanBatch(query, docs, docLens, dim);
      const docsApart = reference.split(docs, docLens, dim);
      sameNumbers(Float32Array.from(docsApart, (doc) => kernel.maxsimMean(query, doc, dim)), means, "maxsimMean");
      const buffers = [query.length, docs.length, docLens.length].map((length) => new kernel.F32Buffer(length));
      buffers[0].view().set(query);
      buffers[1].view().set(docs);
      kernel.maxsimMeanBatchInto(buffers[0], buffers[1], docLens, dim, buffers[2]);
      sameNumbers(buffers[2].view(), means, "maxsimMeanBatchInto");
      for (const buffer of buffers) buffer.free();
    }
  },

  "the best match of each token": async ({ kernel, data }) => {
    for (const { query, docs, docLens, dim, argmax } of await cases(data)) {
      const tokens = query.length / dim;
      reference.split(docs, docLens, dim).forEach((doc, i) => {
        const rows = kernel.maxsimArgmax(query, doc, dim);
        ok(rows instanceof Int32Array && rows.length === tokens, "no Int32Array with a number for each token");
        const native = argmax.subarray(i * tokens, (i + 1) * tokens);
        for (let q = 0; q < tokens; q++) {
          if (rows[q] === native[q]) continue;
          // Two that are as good as each other, up to rounding.
          const [mine, theirs] = [rows[q], native[q]].map((d) => reference.similarity(query, q, doc, d, dim));
          near([mine], [theirs], BOUND, `token ${q}: row ${rows[q]}, natively ${native[q]}`);
        }
      });
    }
  },

  "the real data: as computed beforehand in f64": async ({ kernel, data }) => {
    const { queries, docs, docLens, dim } = await realData(data);
    const text = new TextDecoder().decode(await data("expected_scores_5x8.json"));
    const expected = JSON.parse(text).scores;
    equal(expected.length, 5, "queries");
    expected.forEach((row, i) => {
      const scores = kernel.maxsimBatch(queries[i], docs, docLens, dim);
      near(scores.subarray(0, 8), row, (BOUND * queries[i].length) / dim, `question ${i}`);
    });
  },

  "the real data: as the native kernel has it, by every way": async ({ kernel, data }) => {
    const { queries, docs, docLens, dim } = await realData(data);
    const native = (await archive(data, "native.safetensors"))["book.scores"].values;
    equal(native.length, queries.length * docLens.length, "native scores");
    equal(docLens.length, 195, "passages");
    const documents = new kernel.Documents(dim);
    documents.append(docs, docLens);
    queries.forEach((query, i) => {
      const expected = native.subarray(i * docLens.length, (i + 1) * docLens.length);
      const bound = (BOUND * query.length) / dim;
      near(kernel.maxsimBatch(query, docs, docLens, dim), expected, bound, `question ${i}`);
      near(documents.scores(query), expected, bound, `question ${i}, loaded`);
    });
    documents.free();
  },

  // A known implementation cuts such documents short in such batches.
  "documents of 10 to 12 tokens in batches of 60 whose best token is the last": ({ kernel }) => {
    const next = random(1);
    for (const dim of [48, 64, 96, 128]) {
      const query = unitRows(next, 4, dim);
      const docLens = Uint32Array.from({ length: 60 }, (_, i) => 10 + (i % 3));
      const docs = unitRows(next, 660, dim);
      for (const doc of reference.split(docs, docLens, dim)) {
        // Opposed to each token but the first, which is the last row itself.
        for (let i = 0; i < doc.length - dim; i++) doc[i] = -Math.abs(doc[i]) * Math.sign(query[i % dim]);
        doc.set(query.subarray(0, dim), doc.length - dim);
      }
      const first = query.subarray(0, dim);
      for (const [way, scores] of Object.entries(everyWay(kernel, { query: first, docs, docLens, dim }))) {
        near(scores, new Float32Array(60).fill(1), BOUND, way);
      }
      const expected = reference.maxsimBatch(query, docs, docLens, dim);
      for (const [way, scores] of Object.entries(everyWay(kernel, { query, docs, docLens, dim }))) {
        near(scores, expected, 4 * BOUND, way);
      }
    }
  },

  "every place of the best token in documents of 1 to 70 tokens": ({ kernel }) => {
    const dim = 4;
    const query = Float32Array.of(1, 0, 0, 0);
    for (let len = 1; len <= 70; len++) {
      // As many documents as places.
      const docs = new Float32Array(len * len * dim);
      for (let i = 0; i < len; i++) docs[(i * len + i) * dim] = 1 + i;
      const batch = { query, docs, docLens: new Uint32Array(len).fill(len), dim };
      const expected = Float32Array.from({ length: len }, (_, i) => 1 + i);
      for (const [way, scores] of Object.entries(everyWay(kernel, batch))) sameNumbers(scores, expected, way);
      reference.split(docs, batch.docLens, dim).forEach((doc, i) => {
        sameNumbers(kernel.maxsimArgmax(query, doc, dim), [i], "argmax");
      });
    }
  },

  "a query of no tokens, documents of none, and none at all": ({ kernel }) => {
    const [none, query, docs] = [new Float32Array(0), Float32Array.of(1, 2, 3, 4), Float32Array.of(1, 1, 2, 2)];
    const ways = (query, docs, docLens) => Object.entries(everyWay(kernel, { query, docs, docLens, dim: 2 }));
    for (const [way, scores] of ways(query, docs, Uint32Array.of(0, 1, 0, 0, 1, 0))) {
      sameNumbers(scores, [-Infinity, 10, -Infinity, -Infinity, 20, -Infinity], way);
    }
    for (const [way, scores] of ways(none, docs, Uint32Array.of(1, 1))) sameNumbers(scores, [0, 0], way);
    for (const [way, scores] of ways(query, none, new Uint32Array(0))) sameNumbers(scores, [], way);
    for (const [way, scores] of ways(none, none, new Uint32Array(0))) sameNumbers(scores, [], way);
    equal(kernel.maxsim(query, none, 2), -Infinity, "an empty document");
    equal(kernel.maxsimMean(query, none, 2), -Infinity, "the mean of an empty document");
    equal(kernel.maxsim(none, docs, 2), 0, "an empty query");
    equal(kernel.maxsimMean(none, docs, 2), 0, "the mean of an empty query");
    sameNumbers(kernel.maxsimArgmax(query, none, 2), [-1, -1], "argmax");
    sameNumbers(kernel.maxsimArgmax(none, docs, 2), [], "argmax of an empty query");
  },

  "NaN makes the score of its own document NaN, and no other's": ({ kernel }) => {
    const dim = 8;
    const next = random(2);
    const query = unitRows(next, 5, dim);
    const docLens = Uint32Array.from({ length: 20 }, (_, i) => 1 + (i % 7));
    const clean = unitRows(next, docLens.reduce((a, b) => a + b), dim);
    const expected = kernel.maxsimBatch(query, clean, docLens, dim);
    for (let poisoned = 0; poisoned < docLens.length; poisoned++) {
      const docs = clean.slice();
      const doc = reference.split(docs, docLens, dim)[poisoned];
      doc[(poisoned * 5) % doc.length] = NaN;
      const scores = expected.map((score, i) => (i === poisoned ? NaN : score));
      for (const [way, got] of Object.entries(everyWay(kernel, { query, docs, docLens, dim }))) {
        sameNumbers(got, scores, way);
      }
    }
  },
};
