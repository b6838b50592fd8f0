// Values are right: as the native kernels have them.

import { equal, near, ok, sameNumbers } from "../check.js";
import { tensors } from "../safetensors.js";
import { CODES, POOLINGS } from "./table.js";

/** How far values may be from the native ones, relative to the largest: both are rounded, each in its own order. */
const BOUND = 2e-6;

let archive;

/** The native results, in groups of one input each. */
async function natively(data, kind) {
  archive ??= tensors(await data("native.safetensors"));
  const groups = new Map();
  for (const [key, { values }] of Object.entries(archive)) {
    if (!key.startsWith(`${kind}.`)) continue;
    const [, i, ...rest] = key.split(".");
    if (!groups.has(i)) groups.set(i, { results: {} });
    if (rest[0] === "result") groups.get(i).results[rest[1]] = values;
    else groups.get(i)[rest[0]] = values;
  }
  ok(groups.size > 4, `only ${groups.size} cases of ${kind}`);
  return Array.from(groups.values());
}

const scale = (values) => values.reduce((max, x) => (Math.abs(x) > max ? Math.abs(x) : max), 0);
const close = (got, want, what, bound = BOUND) => near(got, want, bound * Math.max(scale(want), 1), what);

/** The options that a native result was made with. */
const options = (how) => (how === "whole" ? {} : { k: Number(how.split(" ")[1]), normalize: true });

export const values = {
  "pooling of padded texts: as natively": async ({ kernel, data }) => {
    for (const { x, mask, shape, results } of await natively(data, "pool")) {
      const bytes = Uint8Array.from(mask);
      equal(Object.keys(results).length, 12, "results");
      for (const [name, pooling] of Object.entries(POOLINGS)) {
        for (const [what, want] of Object.entries(results)) {
          const [of, ...how] = what.split(" ");
          if (of !== pooling) continue;
          const got = kernel[name](x, bytes, ...shape, options(how.join(" ")));
          close(got, want, `${name} ${shape} ${how}`);
        }
      }
    }
  },

  "pooling of ragged texts: as natively": async ({ kernel, data }) => {
    for (const { x, lens, hidden, results } of await natively(data, "ragged")) {
      for (const [what, want] of Object.entries(results)) {
        const [pooling, ...how] = what.split(" ");
        const got = kernel.poolRagged(x, Uint32Array.from(lens), hidden[0], { pooling, ...options(how.join(" ")) });
        close(got, want, `${what}, hidden ${hidden[0]}`);
      }
    }
  },

  "normalising, cutting, ranges and codes: as natively": async ({ kernel, data }) => {
    for (const native of await natively(data, "vectors")) {
      const { x, shape: [, dim, k] } = native;
      close(kernel.l2Normalize(x, dim), native.l2Normalize, "l2Normalize");
      close(kernel.truncate(x, dim, k), native.truncate, "truncate");
      const ranges = kernel.Ranges.fromSample(x, dim);
      equal(ranges.dim, dim, "dim");
      sameNumbers(ranges.min, native.min, "min");
      sameNumbers(ranges.step, native.step, "step");
      for (const [name, { back, Codes, ranges: needed }] of Object.entries(CODES)) {
        const rest = needed ? [ranges] : [];
        const codes = kernel[name](x, dim, ...rest);
        ok(codes instanceof Codes, `${name} gives no ${Codes.name}`);
        sameNumbers(codes, native[name], name);
        close(kernel[back](codes, dim, ...rest), native[back], back);
      }
      ranges.free();
    }
  },

  "comparisons: as natively": async ({ kernel, data }) => {
    for (const native of await natively(data, "vectors")) {
      const { x, query, shape: [n, dim] } = native;
      const [int8, bits] = [Int8Array.from(native.quantizeInt8), Uint8Array.from(native.quantizeUbinary)];
      close(kernel.dot(query, x), native.dot, "dot");
      close(kernel.cosine(query, x), native.cosine, "cosine");
      close(kernel.l2Squared(query, x), native.l2Squared, "l2Squared");
      close(kernel.dotBinary(query, bits), native.dotBinary, "dotBinary");
      const ranges = kernel.Ranges.fromSample(x, dim);
      const [queryInt8, queryBits] = [kernel.quantizeInt8(query, dim, ranges), kernel.quantizeUbinary(query, dim)];
      ranges.free();
      const dots = kernel.dotInt8(queryInt8, int8);
      ok(dots instanceof Int32Array, "no Int32Array");
      sameNumbers(dots, native.dotInt8, "dotInt8");
      const distances = kernel.hamming(queryBits, bits);
      ok(distances instanceof Uint32Array, "no Uint32Array");
      sameNumbers(distances, native.hamming, "hamming");
      const options = { candidates: Math.ceil(n / 4), k: 3 };
      const best = kernel.twoStepInt8(queryBits, bits, queryInt8, int8, options);
      sameNumbers(best.indices, native.twoStepInt8, "twoStepInt8");
      sameNumbers(best.scores, Array.from(best.indices, (i) => dots[i]), "its scores");
      equal(kernel.twoStepDot(queryBits, bits, query, x, options).indices.length, best.indices.length, "twoStepDot");
    }
  },

  "projections: as natively": async ({ kernel, data }) => {
    for (const native of await natively(data, "projection")) {
      const { x, weights, bias, shape: [n, hidden, k] } = native;
      const random = kernel.Projection.random(hidden, k, 42);
      sameNumbers(random.weights, weights, "weights");
      equal(random.bias, undefined, "bias");
      close(random.project(x), native.random, "random", 1e-5);
      const given = new kernel.Projection(weights, bias, hidden, k);
      equal(given.hidden, hidden, "hidden");
      equal(given.k, k, "k");
      sameNumbers(given.bias, bias, "bias");
      close(given.project(x), native.given, "given", 1e-5);
      const none = new kernel.Projection(weights, null, hidden, k);
      sameNumbers(none.project(x), random.project(x), "without a bias");
      const pca = kernel.Projection.pca(x.subarray(0, Math.min(n, 20) * hidden), hidden, 1);
      close(pca.project(x), native.pca, "pca", 1e-4);
      for (const projection of [random, given, none, pca]) projection.free();
    }
  },

  "chunks: as natively": async ({ kernel, data }) => {
    for (const { x, tokens, results } of await natively(data, "chunks")) {
      const dim = x.length / tokens.length;
      for (const [what, want] of Object.entries(results)) {
        const [pooling, normalized] = what.split(" ");
        const pooler = new kernel.ChunkPooler(pooling, dim, { normalize: normalized !== undefined });
        for (const round of [1, 2]) {
          tokens.forEach((count, i) => pooler.add(x.subarray(i * dim, (i + 1) * dim), count));
          equal(pooler.chunks, tokens.length, "chunks");
          close(pooler.finish(), want, `${what}, round ${round}`);
          pooler.reset();
        }
        equal(pooler.dim, dim, "dim");
        pooler.free();
      }
    }
  },

  "windows cover all tokens, and none lies in the one before": ({ kernel }) => {
    for (const [len, window, overlap] of [[0, 4, 1], [1, 4, 3], [4, 4, 0], [5, 4, 3], [1000, 512, 50], [999, 7, 6]]) {
      const cuts = kernel.windows(len, window, overlap);
      equal(cuts.length === 0, len === 0, "none");
      cuts.forEach(([start, end], i) => {
        equal(start, i * (window - overlap), "start");
        equal(end, Math.min(start + window, len), "end");
        ok(i === 0 || end > cuts[i - 1][1], "it lies in the one before");
      });
      if (len > 0) equal(cuts.at(-1)[1], len, "the last end");
    }
  },
};
