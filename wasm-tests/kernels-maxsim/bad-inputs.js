// Arguments that are wrong: an error that names the one, nothing written, and the next call works.

import { fails, sameNumbers } from "../check.js";
import { WHOLE, noNumbers, noWholeNumbers } from "../wrong.js";
import { works } from "./works.js";

const f32 = (...values) => Float32Array.from(values);

/** What is no dimension. */
const DIMS = [
  [0, "Error", /^dim: expected at least 1, got 0$/],
  [-0, "Error", /^dim: expected at least 1, got 0$/],
  ...noWholeNumbers("dim"),
  ...noNumbers("dim"),
];

/** Lists that are no lengths of two documents, three tokens together. */
const LENGTHS = [
  [Float32Array.of(1, 2), "TypeError", /^docLens: expected .* whole numbers, got Float32Array$/],
  [Int32Array.of(1, 2), "TypeError", /^docLens: .* got Int32Array$/],
  ["12", "TypeError", /^docLens: .* got String$/],
  [3, "TypeError", /^docLens: .* got Number$/],
  [undefined, "TypeError", /^docLens: .* got Undefined$/],
  [null, "TypeError", /^docLens: .* got Null$/],
  [{ 0: 1, 1: 2, length: 2 }, "TypeError", /^docLens: .* got Object$/],
  [[-1, 4], "RangeError", new RegExp(`^docLens\\[0\\]: ${WHOLE} -1$`)],
  [[1, 2.5], "RangeError", new RegExp(`^docLens\\[1\\]: ${WHOLE} 2.5$`)],
  [[1, NaN], "RangeError", new RegExp(`^docLens\\[1\\]: ${WHOLE} NaN$`)],
  [[3, undefined], "TypeError", /^docLens\[1\]: expected a number, got Undefined$/],
  [["1", 2], "TypeError", /^docLens\[0\]: expected a number, got String$/],
  [[3, ""], "TypeError", /^docLens\[1\]: expected a number, got String$/],
  [[3, null], "TypeError", /^docLens\[1\]: expected a number, got Null$/],
  [[1n, 2], "TypeError", /^docLens\[0\]: expected a number, got BigInt$/],
  [[3, , 0], "RangeError", new RegExp(`^docLens\\[1\\]: ${WHOLE} NaN$`)],
  [[2 ** 32, 3], "RangeError", new RegExp(`^docLens\\[0\\]: ${WHOLE} 4294967296$`)],
  [[1n, 2n], "TypeError", /./],
  [[1, Symbol("2")], "TypeError", /./],
  // A copy of it would be the end of the process, not of the call.
  [new Array(2 ** 32 - 1), "RangeError", /^docLens: expected at most \d+ lengths, got 4294967295$/],
];

/** Values that are no Float32Array. */
const ARRAYS = [
  [Float64Array.of(1, 2), "Float64Array"],
  [Int32Array.of(1, 2), "Int32Array"],
  [[1, 2], "Array"],
  [undefined, "Undefined"],
  [null, "Null"],
  ["12", "String"],
  [new ArrayBuffer(8), "ArrayBuffer"],
  [new DataView(new ArrayBuffer(8)), "DataView"],
];

/** Calls all functions over typed arrays with these, whichever of them each takes. */
function everyFunction({ kernel }, { query = f32(1, 2), docs = f32(1, 2, 3, 4, 5, 6), docLens = [1, 2], dim = 2 }) {
  return [
    () => kernel.maxsimBatch(query, docs, docLens, dim),
    () => kernel.maxsimMeanBatch(query, docs, docLens, dim),
    () => kernel.search(query, docs, docLens, dim, { k: 1 }),
    () => kernel.maxsim(query, docs, dim),
    () => kernel.maxsimMean(query, docs, dim),
    () => kernel.maxsimArgmax(query, docs, dim),
  ];
}

/** Those that take lengths. */
const batches = (environment, inputs) => everyFunction(environment, inputs).slice(0, 3);

/** That each call fails so, and after each the next call works. */
function eachFails({ kernel }, calls, name, message) {
  for (const call of calls) {
    fails(call, name, message);
    works(kernel);
  }
}

/** `maxsimBatchInto` and its mean over buffers of these values. */
function into({ kernel }, check, query = f32(1, 2), docs = f32(1, 2, 3, 4, 5, 6), scores = f32(7, 7)) {
  const buffers = [query, docs, scores].map((values) => {
    const buffer = new kernel.F32Buffer(values.length);
    buffer.view().set(values);
    return buffer;
  });
  const [q, d, s] = buffers;
  check(({ docLens = [1, 2], dim = 2, out = s }) => [
    () => kernel.maxsimBatchInto(q, d, docLens, dim, out),
    () => kernel.maxsimMeanBatchInto(q, d, docLens, dim, out),
  ], ...buffers);
  sameNumbers(s.view(), scores, "scores after an error");
  sameNumbers(d.view(), docs, "docs after an error");
  for (const buffer of buffers) buffer.free();
}

export const badInputs = {
  "dim that is no dimension": (environment) => {
    for (const [dim, name, message] of DIMS) {
      eachFails(environment, [() => new environment.kernel.Documents(dim)], name, message);
      // For that, a default stands in these.
      if (dim === undefined) continue;
      eachFails(environment, everyFunction(environment, { dim }), name, message);
      into(environment, (calls) => eachFails(environment, calls({ dim }), name, message));
    }
    const { kernel } = environment;
    eachFails(environment, [() => kernel.maxsim(f32(1), f32(1))], "TypeError", /^dim: .* got Undefined$/);
  },

  "docLens that are no lengths": (environment) => {
    const { kernel } = environment;
    const documents = new kernel.Documents(2);
    for (const [docLens, name, message] of LENGTHS) {
      const [query, docs] = [f32(1, 2), f32(1, 2, 3, 4, 5, 6)];
      const calls = [
        () => kernel.maxsimBatch(query, docs, docLens, 2),
        () => kernel.maxsimMeanBatch(query, docs, docLens, 2),
        () => kernel.search(query, docs, docLens, 2, { k: 1 }),
        () => documents.append(docs, docLens),
      ];
      eachFails(environment, calls, name, message);
      if (docLens === undefined) continue;
      into(environment, (calls) => eachFails(environment, calls({ docLens }), name, message));
    }
    documents.free();
  },

  "a bad length far into docLens": (environment) => {
    const docLens = new Array(1000).fill(0);
    for (const at of [255, 256, 257, 999]) {
      const bad = docLens.with ? docLens.with(at, 0.5) : Object.assign([...docLens], { [at]: 0.5 });
      const message = new RegExp(`^docLens\\[${at}\\]: expected a whole number`);
      eachFails(environment, batches(environment, { docs: f32(), docLens: bad }), "RangeError", message);
    }
  },

  "arrays of another class": (environment) => {
    const { kernel } = environment;
    const documents = new kernel.Documents(2);
    documents.append(f32(1, 2), [1]);
    for (const [array, got] of ARRAYS) {
      const of = (what) => new RegExp(`^${what}: expected (a )?Float32Array, got ${got}$`);
      const [q, d] = [f32(1, 2), f32(1, 2)];
      const asQuery = [
        () => kernel.maxsim(array, d, 2),
        () => kernel.maxsimMean(array, d, 2),
        () => kernel.maxsimBatch(array, d, [1], 2),
        () => kernel.maxsimMeanBatch(array, d, [1], 2),
        () => kernel.search(array, d, [1], 2, { k: 1 }),
        () => kernel.maxsimArgmax(array, d, 2),
        () => documents.scores(array),
        () => documents.search(array, { k: 1 }),
      ];
      eachFails(environment, asQuery, "TypeError", of("query"));
      const asDoc = [() => kernel.maxsim(q, array, 2), () => kernel.maxsimArgmax(q, array, 2)];
      eachFails(environment, asDoc, "TypeError", of("doc"));
      const asDocs = [
        () => kernel.maxsimBatch(q, array, [1], 2),
        () => kernel.search(q, array, [1], 2, { k: 1 }),
        () => documents.append(array, [1]),
      ];
      eachFails(environment, asDocs, "TypeError", of("docs"));
      eachFails(environment, [() => kernel.topK(array, 1)], "TypeError", of("scores"));
      // None is a choice that there is.
      if (array === undefined || array === null) continue;
      const asOut = [() => kernel.maxsimBatch(q, d, [1], 2, array), () => documents.scores(q, array)];
      eachFails(environment, asOut, "TypeError", of("out"));
    }
    documents.free();
  },

  "lengths that do not fit": (environment) => {
    const { kernel } = environment;
    const partial = (what) => new RegExp(`^${what}: expected whole rows of dim = 2 values, got 3 values$`);
    eachFails(environment, everyFunction(environment, { query: f32(1, 2, 3) }), "Error", partial("query"));
    const single = everyFunction(environment, { docs: f32(1, 2, 3) }).slice(3);
    eachFails(environment, single, "Error", partial("doc"));
    for (const [docLens, expected] of [[[1, 1], 4], [[1, 3], 8], [[], 0], [[2 ** 32 - 1, 2 ** 32 - 1], "4294967295"]]) {
      const message = new RegExp(`^docs: expected a length of ${expected}, got 6$`);
      eachFails(environment, batches(environment, { docLens }), "Error", message);
    }
    into(environment, (calls) => {
      eachFails(environment, calls({ docLens: [1, 1] }), "Error", /^docs: expected a length of 4, got 6$/);
      eachFails(environment, calls({ docLens: [1, 1, 1] }), "Error", /^scores: expected a length of 3, got 2$/);
      eachFails(environment, calls({ docLens: [2 ** 32 - 1, 4] }), "Error", /expected lengths that memory can hold/);
    });
    into(environment, (calls) => eachFails(environment, calls({}), "Error", partial("query")), f32(1, 2, 3));
    const documents = new kernel.Documents(2);
    documents.append(f32(1, 2), [1]);
    const queries = [() => documents.scores(f32(1, 2, 3)), () => documents.search(f32(1, 2, 3), { k: 1 })];
    eachFails(environment, queries, "Error", partial("query"));
    documents.free();
  },

  "out of another length, and what it holds then": (environment) => {
    const { kernel } = environment;
    const documents = new kernel.Documents(2);
    documents.append(f32(1, 2, 3, 4, 5, 6), [1, 2]);
    for (const length of [0, 1, 3]) {
      const out = new Float32Array(length).fill(7);
      const calls = [
        () => kernel.maxsimBatch(f32(1, 2), f32(1, 2, 3, 4, 5, 6), [1, 2], 2, out),
        () => kernel.maxsimMeanBatch(f32(1, 2), f32(1, 2, 3, 4, 5, 6), [1, 2], 2, out),
        () => documents.scores(f32(1, 2), out),
      ];
      eachFails(environment, calls, "RangeError", new RegExp(`^out: expected a length of 2, got ${length}$`));
      sameNumbers(out, new Float32Array(length).fill(7), "out");
    }
    documents.free();
  },

  "out over an input": (environment) => {
    const { kernel } = environment;
    const all = f32(1, 2, 3, 4, 5, 6);
    const [query, docs] = [all.subarray(0, 2), all.subarray(2)];
    const calls = (out) => [
      () => kernel.maxsimBatch(query, docs, [1, 1], 2, out),
      () => kernel.maxsimMeanBatch(query, docs, [1, 1], 2, out),
    ];
    for (const [start, input] of [[0, "query"], [1, "query"], [4, "docs"]]) {
      const out = all.subarray(start, start + 2);
      const message = new RegExp(`^out: expected memory apart from ${input}, got an overlap$`);
      eachFails(environment, calls(out), "RangeError", message);
    }
    const documents = new kernel.Documents(2);
    documents.append(docs, [1, 1]);
    eachFails(environment, [() => documents.scores(query, all.subarray(1, 3))], "RangeError", /apart from query/);
    documents.free();
    sameNumbers(all, [1, 2, 3, 4, 5, 6], "the inputs");
    // Beside an input is not over it, and an empty one is over nothing.
    const buffer = f32(0, 0, 1, 2, 1, 1, 2, 2, 0, 0);
    const [q, d] = [buffer.subarray(2, 4), buffer.subarray(4, 8)];
    sameNumbers(kernel.maxsimBatch(q, d, [1, 1], 2, buffer.subarray(0, 2)), [3, 6], "before");
    sameNumbers(kernel.maxsimBatch(q, d, [1, 1], 2, buffer.subarray(8)), [3, 6], "after");
    sameNumbers(kernel.maxsimBatch(q, d.subarray(2, 2), [], 2, d.subarray(1, 1)), [], "empty");
  },

  "windows on the wasm memory that overlap": (environment) => {
    const { kernel } = environment;
    const buffer = new kernel.F32Buffer(8);
    buffer.view().set([1, 2, 1, 1, 2, 2, 7, 7]);
    const part = (start, end) => buffer.view().subarray(start, end);
    const batch = (out) => kernel.maxsimBatch(part(0, 2), part(2, 6), [1, 1], 2, out);
    eachFails(environment, [() => batch(part(1, 3))], "RangeError", /^out: expected memory apart from query/);
    eachFails(environment, [() => batch(part(5, 7))], "RangeError", /^out: expected memory apart from docs/);
    sameNumbers(buffer.view(), [1, 2, 1, 1, 2, 2, 7, 7], "the buffer");
    batch(part(6, 8));
    sameNumbers(buffer.view(), [1, 2, 1, 1, 2, 2, 3, 6], "the buffer, with scores");
    buffer.free();
  },

  "a buffer as input and output of one call": (environment) => {
    const message = /^scores: expected memory apart from an input, got an overlap$/;
    const check = (calls, q, d) => {
      eachFails(environment, calls({ out: q }), "Error", message);
      eachFails(environment, calls({ out: d }), "Error", message);
    };
    into(environment, check);
  },

  "k that is no number of documents": (environment) => {
    const { kernel } = environment;
    const documents = new kernel.Documents(2);
    documents.append(f32(1, 2), [1]);
    const searches = (options) => [
      () => kernel.search(f32(1, 2), f32(1, 2), [1], 2, options),
      () => documents.search(f32(1, 2), options),
    ];
    for (const [k, name, message] of [...noWholeNumbers("k"), ...noNumbers("k")]) {
      eachFails(environment, [...searches({ k }), () => kernel.topK(f32(1, 2), k)], name, message);
    }
    for (const options of [{}, 3, "k"]) {
      eachFails(environment, searches(options), "TypeError", /^k: expected a whole number/);
    }
    // The engine itself says of what there is no `k`.
    for (const options of [undefined, null]) eachFails(environment, searches(options), "TypeError", /\bk\b/);
    documents.free();
  },

  "missing arguments": (environment) => {
    const { kernel } = environment;
    const documents = new kernel.Documents(2);
    const names = ["maxsim", "maxsimMean", "maxsimBatch", "maxsimMeanBatch", "search", "maxsimArgmax", "topK"];
    const calls = [
      ...names.map((name) => () => kernel[name]()),
      ...names.map((name) => () => kernel[name](f32(1))),
      () => new kernel.Documents(),
      () => new kernel.F32Buffer(),
      () => documents.append(),
      () => documents.append(f32(1, 2)),
      () => documents.scores(),
      () => documents.search(),
      () => documents.search(f32(1, 2)),
    ];
    eachFails(environment, calls, /^(Type|Range)Error$/, /^[a-zA-Z]+: expected |\bk\b/);
    documents.free();
  },

  "too large for the memory": (environment) => {
    const { kernel } = environment;
    for (const length of [2 ** 29, 2 ** 31, 2 ** 32 - 1]) {
      const message = new RegExp(`^length: expected one that memory can hold, got ${length}$`);
      eachFails(environment, [() => new kernel.F32Buffer(length)], "RangeError", message);
    }
    for (const length of [2 ** 32, -1, 1.5, NaN]) {
      eachFails(environment, [() => new kernel.F32Buffer(length)], "RangeError", /^length: expected a whole number/);
    }
    for (const [length, name, message] of noNumbers("length")) {
      eachFails(environment, [() => new kernel.F32Buffer(length)], name, message);
    }
    // Rows that no memory holds even one of.
    const [none, dim] = [f32(), 2 ** 32 - 1];
    eachFails(environment, [() => kernel.maxsim(none, none, dim)], "Error", /^dim: /);
    const documents = new kernel.Documents(dim);
    const message = /^docs: expected a length of 4294967295, got 1$/;
    eachFails(environment, [() => documents.append(f32(1), [1])], "Error", message);
    documents.free();
  },
};
