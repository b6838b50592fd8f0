// The wasm memory: how much of it is taken, and what happens when it grows.

import { equal, ok, sameNumbers } from "../check.js";
import { exhaust, filled, growth } from "../growth.js";
import { random, unitRows } from "../random.js";

const MB = 1 << 20;

/** 256 MB of documents, all zeros but where it says. */
const LARGE = 256 * MB;

/**
 * Calls with arrays that are windows on the wasm memory, where the call must make it grow; and with copies of them.
 *
 * @param {(arrays: { query: Float32Array, docs: Float32Array, out: Float32Array, lens: Uint32Array }) => any} call
 */
function whileGrowing(kernel, rows, dim, call) {
  const next = random(dim);
  const [query, docs] = [unitRows(next, 2, dim), unitRows(next, rows, dim)];
  const lens = new Uint32Array(rows).fill(1);
  const inputs = [query, docs, new Float32Array(rows), new Float32Array(lens.buffer)];
  const buffers = inputs.map((values) => filled(kernel, values));
  const release = exhaust(kernel);
  const windows = buffers.map((buffer) => buffer.view());
  const { buffer, byteOffset, length } = windows[3];
  const lensThere = new Uint32Array(buffer, byteOffset, length);
  let result;
  const grown = growth(kernel, () => {
    result = call({ query: windows[0], docs: windows[1], out: windows[2], lens: lensThere });
  });
  ok(grown > 0, "the memory did not grow in the call");
  equal(windows[0].length, 0, "length of a window after that");
  const expected = call({ query, docs, out: new Float32Array(rows), lens });
  const out = buffers[2].view().slice();
  release();
  for (const buffer of buffers) buffer.free();
  return { result, expected, out };
}

export const memory = {
  // First: later, there is free memory in which more would not show.
  "256 MB of documents take less than 4 MB of wasm memory": ({ kernel }) => {
    const [dim, rows] = [128, 256];
    const docs = new Float32Array(LARGE / 4);
    const docLens = new Uint32Array(docs.length / dim / rows).fill(rows);
    const query = new Float32Array(dim).fill(1);
    // In the last row of each, another value for each document.
    const expected = Float32Array.from(docLens, (_, i) => i % 1000);
    expected.forEach((value, i) => (docs[(i + 1) * rows * dim - 1] = value));
    const grown = growth(kernel, () => {
      sameNumbers(kernel.maxsimBatch(query, docs, docLens, dim), expected, "scores");
      const { indices } = kernel.search(query, docs, docLens, dim, { k: 2 });
      sameNumbers(indices, [999, 1999], "the best");
    });
    ok(grown < 4 * MB, `the memory has grown by ${grown} bytes`);
  },

  "one document of 256 MB takes less than 4 MB of wasm memory": ({ kernel }) => {
    const dim = 128;
    const doc = new Float32Array(LARGE / 4);
    const query = new Float32Array(2 * dim).fill(1);
    doc[doc.length - 1] = 3;
    const grown = growth(kernel, () => {
      equal(kernel.maxsim(query, doc, dim), 6, "score");
      equal(kernel.maxsimMean(query, doc, dim), 3, "mean");
      const last = doc.length / dim - 1;
      sameNumbers(kernel.maxsimArgmax(query, doc, dim), [last, last], "argmax");
      sameNumbers(kernel.maxsimBatch(query, doc, [doc.length / dim], dim), [6], "batch");
    });
    ok(grown < 4 * MB, `the memory has grown by ${grown} bytes`);
  },

  "calls again and again take no more memory": ({ kernel }) => {
    const next = random(6);
    const [query, docs] = [unitRows(next, 32, 128), unitRows(next, 300, 128)];
    const calls = () => {
      kernel.maxsimBatch(query, docs, [100, 100, 100], 128);
      kernel.search(query, docs, [100, 100, 100], 128, { k: 3 });
      kernel.maxsimArgmax(query, docs, 128);
      const documents = new kernel.Documents(128);
      documents.append(docs, [100, 100, 100]);
      documents.scores(query);
      documents.free();
      new kernel.F32Buffer(100_000).free();
    };
    calls();
    const grown = growth(kernel, () => {
      for (let i = 0; i < 300; i++) calls();
    });
    equal(grown, 0, "growth");
  },

  "a view has length 0 when the memory has grown, and a fresh one is right": ({ kernel }) => {
    const buffer = filled(kernel, [1, 2, 3, 4]);
    const view = buffer.view();
    sameNumbers(view, [1, 2, 3, 4]);
    const release = exhaust(kernel);
    equal(view.length, 0, "length of the old view");
    sameNumbers(buffer.view(), [1, 2, 3, 4], "a fresh view");
    buffer.view()[2] = 5;
    sameNumbers(buffer.view(), [1, 2, 5, 4], "written through a fresh view");
    release();
    buffer.free();
  },

  "maxsimBatch of windows on the wasm memory, which grows in the call": ({ kernel }) => {
    const { result, expected, out } = whileGrowing(kernel, 3, 70_001, ({ query, docs, lens, out }) => {
      const written = kernel.maxsimBatch(query, docs, lens, 70_001, out);
      ok(written === out, "it returns another array than out");
      return out;
    });
    equal(result.length, 0, "length of the window after that");
    sameNumbers(out, expected, "scores");
  },

  "maxsim of windows on the wasm memory, which grows in the call": ({ kernel }) => {
    const dim = 90_001;
    const { result, expected } = whileGrowing(kernel, 3, dim, ({ query, docs }) => kernel.maxsim(query, docs, dim));
    equal(result, expected, "score");
  },

  "maxsimArgmax of windows on the wasm memory, which grows in the call": ({ kernel }) => {
    const dim = 110_001;
    const call = ({ query, docs }) => kernel.maxsimArgmax(query, docs, dim);
    const { result, expected } = whileGrowing(kernel, 3, dim, call);
    sameNumbers(result, expected, "rows");
  },

  "search of windows on the wasm memory, which grows in the call": ({ kernel }) => {
    const dim = 130_001;
    const call = ({ query, docs, lens }) => kernel.search(query, docs, lens, dim, { k: 2 });
    const { result, expected } = whileGrowing(kernel, 3, dim, call);
    sameNumbers(result.indices, expected.indices, "indices");
    sameNumbers(result.scores, expected.scores, "scores");
  },

  "Documents of windows on the wasm memory, which grows in the call": ({ kernel }) => {
    const { result, expected } = whileGrowing(kernel, 30, 20_003, ({ query, docs, lens }) => {
      const copy = query.slice();
      const documents = new kernel.Documents(20_003);
      documents.append(docs, lens);
      const scores = documents.scores(copy);
      documents.free();
      return scores;
    });
    sameNumbers(result, expected, "scores");
  },

  "topK of a window on the wasm memory, which grows in the call": ({ kernel }) => {
    const { result, expected } = whileGrowing(kernel, 1, 600_001, ({ docs }) => kernel.topK(docs, 5));
    sameNumbers(result, expected, "indices");
  },
};
