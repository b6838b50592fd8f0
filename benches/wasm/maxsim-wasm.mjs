// kernels-maxsim as an npm package: every variant against its own peak in this engine and against a plain loop in
// JavaScript; every score is checked. Run it by `cargo xtask bench maxsim-wasm`.

import { Apart, time } from "./src/apart.mjs";
import { variants } from "./src/engine.mjs";
import { reference, unitRows } from "./src/maxsim.mjs";
import { Rows, interleaved } from "./src/measure.mjs";

/** What a score may be off by, for each query token. */
const BOUND = 1e-5;

/** The module of the plain loop. */
const LOOP = new URL("./src/maxsim.mjs", import.meta.url).href;

/** Documents of unit vectors. */
class Corpus {
  constructor(name, dim, docLens) {
    this.name = name;
    this.dim = dim;
    this.docLens = Uint32Array.from(docLens);
    this.values = unitRows(dim, this.docLens.reduce((sum, len) => sum + len), dim);
  }

  /** Four documents, 192 kB: they stay in the second-level cache. */
  static inCache(dim) {
    const len = Math.floor((192 << 10) / 4 / (4 * dim));
    return new Corpus("cache", dim, [len - 2, len, len + 1, len + 1]);
  }
}

/**
 * The functions of the package, each with what it works on made ready: what to call, where the scores are then, and
 * how to give the memory back.
 */
const WAYS = {
  maxsim({ maxsim }, query, { values, dim }) {
    const scores = new Float32Array(1);
    return { call: () => (scores[0] = maxsim(query, values, dim)), scores: () => scores, free() {} };
  },
  maxsimBatch({ maxsimBatch }, query, { values, docLens, dim }) {
    const out = new Float32Array(docLens.length);
    return { call: () => maxsimBatch(query, values, docLens, dim, out), scores: () => out, free() {} };
  },
  maxsimBatchInto({ maxsimBatchInto, F32Buffer }, query, { values, docLens, dim }) {
    const lengths = [query.length, values.length, docLens.length];
    const buffers = lengths.map((length) => new F32Buffer(length));
    const [queryBuffer, docs, out] = buffers;
    queryBuffer.view().set(query);
    docs.view().set(values);
    return {
      call: () => maxsimBatchInto(queryBuffer, docs, docLens, dim, out),
      scores: () => out.view(),
      free: () => buffers.forEach((buffer) => buffer.free()),
    };
  },
  "Documents.scores"({ Documents }, query, { values, docLens, dim }) {
    const documents = new Documents(dim);
    documents.append(values, docLens);
    const out = new Float32Array(docLens.length);
    return {
      call: () => documents.scores(query, out),
      scores: () => out,
      free: () => documents.free(),
    };
  },
};

/**
 * Measures a query against a corpus through some of the functions, on every variant, and the first of them against
 * a plain loop if asked to.
 */
function measure(rows, engines, corpus, tokens, kernels, { beside = true } = {}) {
  const { dim, docLens, values } = corpus;
  const name = `${tokens}x${dim} ${corpus.name}`;
  const began = performance.now();
  const query = unitRows(7, tokens, dim);
  const want = reference(query, values, docLens, dim);
  const largestError = (scores) => {
    // Written so that NaN does not pass.
    const error = want.reduce((max, score, i) => Math.max(max, Math.abs(score - scores[i])), 0) / tokens;
    if (!(error <= BOUND)) throw new Error(`${name}: off by ${error} per query token`);
    return error;
  };

  const works = kernels.flatMap((kernel) =>
    engines.map(({ name: isa, api, peak }) => {
      const { call, scores, free } = WAYS[kernel](api, query, corpus);
      return { kernel, isa, peak, time: (calls) => time(call, calls), scores, free };
    }),
  );
  if (beside) {
    const loop = new Apart(LOOP, "plainLoop", [query, values, docLens, dim], docLens.length);
    const rest = { time: (calls) => loop.time(calls), scores: () => loop.results(), free: () => loop.free() };
    works.push({ kernel: "plain loop", isa: "js", ...rest });
  }
  const times = interleaved(works);

  const [flops, plain] = [2 * tokens * values.length, times.at(-1)];
  works.forEach(({ kernel, isa, peak, scores, free }, i) => {
    const ns = times[i];
    const speed = { ns, ns_per_element: ns / values.length, gflops: flops / ns };
    const row = { kernel, case: name, isa, ...speed, max_error: largestError(scores()) };
    rows.push({ ...row, limit: peak ? "wasm-peak" : null });
    if (beside && kernel === kernels[0]) {
      rows.push({ ...row, case: `${name} vs js`, limit: "peer:js", limit_fraction: plain / ns });
    }
    free();
  });
  console.error(`${name}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

const engines = await variants();
const rows = new Rows();
const [ONE, BATCH, INTO, LOADED] = ["maxsim", "maxsimBatch", "maxsimBatchInto", "Documents.scores"];

measure(rows, engines, new Corpus("headline", 128, Array(100).fill(2000)), 32, [BATCH, LOADED]);
for (const dim of [48, 96, 128, 768]) {
  const beside = dim === 128 || dim === 768;
  measure(rows, engines, Corpus.inCache(dim), 32, [BATCH, LOADED, INTO], { beside });
}
measure(rows, engines, Corpus.inCache(128), 13, [BATCH, LOADED, INTO]);
measure(rows, engines, new Corpus("one token", 48, [1]), 1, [ONE, INTO]);
rows.pushPeaks(engines);
rows.write(engines);
