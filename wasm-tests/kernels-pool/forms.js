// Every way to a result gives the same, bit for bit.

import { equal, ok, sameNumbers } from "../check.js";
import { filled } from "../growth.js";
import { random } from "../random.js";
import { CODES, COMPARISONS, POOLINGS, inputs, ranked } from "./table.js";

/** Texts of different lengths, whose padding is NaN: several pieces of 128 kB, and texts that are longer than one. */
const SHAPES = [[3, 4, 5], [30, 20, 100], [4, 150, 256], [3, 1, 40_000], [50, 3, 384]];

function texts([batch, seq, hidden], seed) {
  const next = random(seed);
  const x = Float32Array.from({ length: batch * seq * hidden }, next);
  const lens = Uint32Array.from({ length: batch }, () => Math.floor(((next() + 1) / 2) * (seq + 1)));
  const mask = new Uint8Array(batch * seq);
  const parts = [];
  lens.forEach((len, i) => {
    const start = i * seq;
    mask.fill(1, start, start + len);
    x.fill(NaN, (start + len) * hidden, (start + seq) * hidden);
    parts.push(...x.subarray(start * hidden, (start + len) * hidden));
  });
  return { x, mask, lens, ragged: Float32Array.from(parts) };
}

/** Floats as rows of so many. */
const rows = (n, dim, seed) => Float32Array.from({ length: n * dim }, random(seed));

export const forms = {
  "pooling: arrays, out, masks of bigints, texts without padding, one by one, buffers": ({ kernel }) => {
    SHAPES.forEach((shape, i) => {
      const [batch, seq, hidden] = shape;
      const { x, mask, lens, ragged } = texts(shape, i + 1);
      const wide = BigInt64Array.from(mask, BigInt);
      const [from, whole, cut] = [x, batch * hidden, batch].map((values) =>
        typeof values === "number" ? new kernel.F32Buffer(values) : filled(kernel, values),
      );
      for (const [name, pooling] of Object.entries(POOLINGS)) {
        const want = kernel[name](x, mask, ...shape);
        const out = new Float32Array(batch * hidden + 4).fill(7).subarray(2, -2);
        ok(kernel[name](x, wide, ...shape, undefined, out) === out, "it returns another array than out");
        sameNumbers(out, want, `${name} of bigints into out`);
        sameNumbers(new Float32Array(out.buffer).filter((_, i) => i < 2 || i >= out.length + 2), [7, 7, 7, 7], "round it");
        sameNumbers(kernel.poolRagged(ragged, lens, hidden, { pooling }), want, `${name} without padding`);
        const single = Array.from(lens, (_, i) => {
          const [tokens, own] = [x.subarray(i * seq * hidden, (i + 1) * seq * hidden), mask.subarray(i * seq, (i + 1) * seq)];
          return Array.from(kernel[name](tokens, own, 1, seq, hidden, null, null));
        });
        sameNumbers(single.flat(), want, `${name} one by one`);
        equal(kernel[`${name}Into`](from, mask, ...shape, {}, whole), undefined, "result");
        sameNumbers(whole.view(), want, `${name}Into`);
        const options = { normalize: true, k: 1 };
        kernel[`${name}Into`](from, wide, ...shape, options, cut);
        sameNumbers(cut.view(), kernel[name](x, mask, ...shape, options), `${name}Into, cut`);
      }
      sameNumbers(kernel.poolRagged(ragged, Array.from(lens), hidden), kernel.meanPool(x, mask, ...shape), "by the mean");
      for (const buffer of [from, whole, cut]) buffer.free();
    });
  },

  "texts without a token, and a batch of nothing else": ({ kernel }) => {
    const x = new Float32Array(24).fill(NaN);
    for (const name of Object.keys(POOLINGS)) {
      sameNumbers(kernel[name](x, new Uint8Array(6), 2, 3, 4), new Float32Array(8), name);
      sameNumbers(kernel[name](x, new Uint8Array(6), 1, 6, 4, { normalize: true }), new Float32Array(4), name);
      sameNumbers(kernel.poolRagged(new Float32Array(0), [0, 0], 2, { pooling: POOLINGS[name] }), [0, 0, 0, 0], name);
    }
  },

  "normalising: arrays, out, buffers, in place": ({ kernel }) => {
    for (const [n, dim] of [[1, 1], [7, 33], [500, 384], [2, 50_000]]) {
      const x = rows(n, dim, dim);
      const want = kernel.l2Normalize(x, dim);
      const single = Array.from({ length: n }, (_, i) => kernel.l2Normalize(x.subarray(i * dim, (i + 1) * dim), dim));
      sameNumbers(single.flatMap((row) => Array.from(row)), want, "row by row");
      sameNumbers(kernel.l2Normalize(x, dim, new Float32Array(n * dim)), want, "into out");
      sameNumbers(kernel.truncate(x, dim, dim), want, "cut to all");
      const [from, to] = [filled(kernel, x), new kernel.F32Buffer(n * dim)];
      equal(kernel.l2NormalizeInto(from, dim, to), undefined, "result");
      sameNumbers(to.view(), want, "into a buffer");
      equal(kernel.l2NormalizeInPlace(from, dim), undefined, "result");
      sameNumbers(from.view(), want, "in place");
      from.free();
      to.free();
    }
  },

  "codes: fresh arrays, out, row by row": ({ kernel }) => {
    for (const [n, dim] of [[3, 9], [400, 384], [2, 70_001]]) {
      const x = rows(n, dim, dim);
      const ranges = kernel.Ranges.fromSample(x, dim);
      const calibration = new kernel.Calibration(dim);
      const other = new kernel.Calibration(dim);
      for (let i = 0; i < n; i++) (i % 2 ? calibration : other).add(x.subarray(i * dim, (i + 1) * dim));
      calibration.merge(other);
      equal(calibration.rows, n, "rows");
      equal(calibration.dim, dim, "dim");
      const same = calibration.ranges();
      sameNumbers(same.min, ranges.min, "min");
      sameNumbers(same.step, ranges.step, "step");
      for (const [name, { back, Codes, ranges: needed }] of Object.entries(CODES)) {
        const rest = needed ? [ranges] : [];
        const codes = kernel[name](x, dim, ...rest);
        const width = codes.length / n;
        equal(width, needed ? dim : Math.ceil(dim / 8), "codes of a row");
        sameNumbers(kernel[name](x, dim, ...rest, new Codes(codes.length)), codes, `${name} into out`);
        const floats = kernel[back](codes, dim, ...rest);
        sameNumbers(kernel[back](codes, dim, ...rest, new Float32Array(n * dim)), floats, `${back} into out`);
        const one = (values, width, i) => values.subarray(i * width, (i + 1) * width);
        sameNumbers(kernel[name](one(x, dim, n - 1), dim, ...rest), one(codes, width, n - 1), `${name} of a row`);
        sameNumbers(kernel[back](one(codes, width, 1), dim, ...rest), one(floats, dim, 1), `${back} of a row`);
      }
      for (const object of [ranges, calibration, other, same]) object.free();
    }
  },

  "comparisons: fresh arrays, out, searches; of rows that are stored": ({ kernel }) => {
    for (const [n, dim] of [[1, 3], [700, 384], [3, 40_000], [5000, 5]]) {
      const [x, query] = [rows(n, dim, n), rows(1, dim, 3)];
      for (const [name, { search, precision, metric, smallest }] of Object.entries(COMPARISONS)) {
        const [q, all] = inputs(kernel, name, x, query, dim);
        const scores = kernel[name](q, all);
        sameNumbers(kernel[name](q, all, new scores.constructor(n)), scores, `${name} into out`);
        const vectors = new kernel.Vectors(dim, precision);
        vectors.append(all);
        sameNumbers(vectors.scores(q, { metric }), scores, `${name} of stored rows`);
        sameNumbers(vectors.scores(q, { metric }, new scores.constructor(n)), scores, `${name} into out`);
        for (const k of [0, 1, 10, n, n + 1]) {
          const best = ranked(scores, smallest, k);
          const some = ranked(scores, smallest, n).filter((i) => i % 3 === 0).slice(0, k);
          const candidates = Uint32Array.from({ length: Math.ceil(n / 3) }, (_, i) => 3 * i).reverse();
          for (const [found, want, what] of [
            [kernel[search](q, all, { k }), best, search],
            [vectors.search(q, { k, metric }), best, "search"],
            [vectors.rescore(q, candidates, { k, metric }), some, "rescore"],
          ]) {
            ok(found.indices instanceof Uint32Array, "no Uint32Array");
            ok(found.scores instanceof scores.constructor, `no ${scores.constructor.name}`);
            sameNumbers(found.indices, want, `${name}, ${what}, k = ${k}: indices`);
            sameNumbers(found.scores, want.map((i) => scores[i]), `${name}, ${what}, k = ${k}: scores`);
          }
        }
        vectors.free();
      }
    }
  },

  "projections: fresh arrays, out, row by row": ({ kernel }) => {
    const [n, hidden, k] = [300, 384, 50];
    const x = rows(n, hidden, 8);
    const projection = kernel.Projection.random(hidden, k, 7);
    const want = projection.project(x);
    sameNumbers(projection.project(x, new Float32Array(n * k)), want, "into out");
    const single = Array.from({ length: n }, (_, i) => Array.from(projection.project(x.subarray(i * hidden, (i + 1) * hidden))));
    sameNumbers(single.flat(), want, "row by row");
    projection.free();
  },

  "NaN ranks last, and equal scores by their index": ({ kernel }) => {
    const rows = Float32Array.of(1, NaN, 3, 1, 3, -Infinity, NaN);
    const one = Float32Array.of(1);
    sameNumbers(kernel.searchDot(one, rows, { k: 9 }).indices, [2, 4, 0, 3, 5, 1, 6], "dot");
    sameNumbers(kernel.searchL2Squared(one, rows, { k: 9 }).indices, [0, 3, 2, 4, 5, 1, 6], "l2Squared");
  },
};
