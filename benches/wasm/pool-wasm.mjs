// kernels-pool as an npm package: every variant against a plain loop in JavaScript; every result, the loop's too, is
// checked against that loop in 64 bits. Run it by `cargo xtask bench pool-wasm`.

import { Apart, time } from "./src/apart.mjs";
import { variants } from "./src/engine.mjs";
import { Rows, interleaved } from "./src/measure.mjs";
import * as loops from "./src/pool.mjs";

/** The module of the plain loops. */
const LOOPS = new URL("./src/pool.mjs", import.meta.url).href;

/** What a value may be off by, relative to the largest. The plain loops round to 32 bits after each addition. */
const BOUND = 1e-6;

const next = loops.random(7);
const floats = (length) => Float32Array.from({ length }, next);
const bytes = (Array, length) => Array.from({ length }, () => 128 * next());

/** A buffer of these values. */
function filled({ F32Buffer }, values) {
  const buffer = new F32Buffer(values.length);
  buffer.view().set(values);
  return buffer;
}

/** What is called over buffers: from one into another. */
function into(api, x, length, call) {
  const [from, to] = [filled(api, x), new api.F32Buffer(length)];
  return { call: () => call(from, to), values: () => to.view(), free: () => [from, to].forEach((b) => b.free()) };
}

/** What is called over arrays: into one that is kept. */
const arrays = (out, call) => ({ call: () => call(out), values: () => out, free() {} });

/** What is called on an object. */
const object = (held, out, call) => ({ call: () => call(held, out), values: () => out, free: () => held.free() });

function pooling() {
  const [batch, seq, hidden] = [32, 128, 384];
  const [x, mask] = [floats(batch * seq * hidden), loops.paddedMask(next, batch, seq, 0.6)];
  const wide = BigInt64Array.from(mask, BigInt);
  const [sizes, normalize] = [[batch, seq, hidden], { normalize: true }];
  const length = batch * hidden;
  const out = () => new Float32Array(length);
  return {
    kernel: "meanPool",
    name: "32x128x384",
    plain: ["meanPool", [x, mask, ...sizes], length, Float32Array],
    bound: BOUND,
    elements: mask.reduce((sum, one) => sum + one) * hidden,
    ways: {
      buffers: (api) => into(api, x, length, (x, out) => api.meanPoolInto(x, mask, ...sizes, normalize, out)),
      arrays: (api) => arrays(out(), (out) => api.meanPool(x, mask, ...sizes, normalize, out)),
      "arrays, mask of bigints": (api) => arrays(out(), (out) => api.meanPool(x, wide, ...sizes, normalize, out)),
    },
  };
}

function normalizing() {
  const [n, dim] = [1000, 384];
  const x = floats(n * dim);
  return {
    kernel: "l2Normalize",
    name: "1000x384",
    plain: ["l2Normalize", [x, dim], x.length, Float32Array],
    bound: BOUND,
    elements: x.length,
    ways: {
      buffers: (api) => into(api, x, x.length, (x, out) => api.l2NormalizeInto(x, dim, out)),
      arrays: (api) => arrays(new Float32Array(x.length), (out) => api.l2Normalize(x, dim, out)),
    },
  };
}

function quantizing(api) {
  const [n, dim] = [1000, 384];
  const x = floats(n * dim);
  const ranges = api.Ranges.fromSample(x, dim);
  const [min, max] = [ranges.min, ranges.min.map((min, i) => min + 255 * ranges.step[i])];
  const own = new api.Ranges(min, max);
  const step = own.step;
  for (const object of [ranges, own]) object.free();
  return {
    kernel: "quantizeInt8",
    name: "1000x384",
    plain: ["quantizeInt8", [x, dim, min, step], x.length, Int8Array],
    bound: 0,
    elements: x.length,
    ways: {
      arrays: (api) =>
        object(new api.Ranges(min, max), new Int8Array(x.length), (ranges, out) =>
          api.quantizeInt8(x, dim, ranges, out),
        ),
    },
  };
}

function comparing(kernel, Array, dim, Scores, precision) {
  const n = 10_000;
  const [query, rows] = [bytes(Array, dim), bytes(Array, n * dim)];
  const scores = () => new Scores(n);
  const stored = (api) => {
    const vectors = new api.Vectors(precision === "ubinary" ? 8 * dim : dim, precision);
    vectors.append(rows);
    return vectors;
  };
  return {
    kernel,
    name: "1x10000x384",
    plain: [kernel, [query, rows], n, Scores],
    bound: 0,
    elements: n * 384,
    ways: {
      arrays: (api) => arrays(scores(), (out) => api[kernel](query, rows, out)),
      Vectors: (api) => object(stored(api), scores(), (vectors, out) => vectors.scores(query, {}, out)),
    },
  };
}

function measure(rows, engines, { kernel, name, plain, bound, elements, ways }) {
  const began = performance.now();
  const [loop, args, length, Results] = plain;
  // The same loop, which then rounds nothing that it writes to 32 bits.
  const want = new Float64Array(length);
  loops[loop](...args, want);
  const largest = want.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
  const largestError = (values) => {
    let error = 0;
    for (let i = 0; i < length; i++) error = Math.max(error, Math.abs(values[i] - want[i]) / largest);
    // Written so that NaN does not pass.
    if (!(error <= bound)) throw new Error(`${kernel}: off by ${error}`);
    return error;
  };

  const works = Object.entries(ways).flatMap(([way, make]) =>
    engines.map(({ name: isa, api }) => {
      const { call, values, free } = make(api);
      return { way, isa, time: (calls) => time(call, calls), values, free };
    }),
  );
  const apart = new Apart(LOOPS, loop, args, length, Results);
  works.push({ isa: "js", time: (calls) => apart.time(calls), values: () => apart.results(), free: () => apart.free() });
  const times = interleaved(works);

  works.forEach(({ way, isa, values, free }, i) => {
    const ns = times[i];
    const row = { kernel, case: `${name} ${way ?? "plain loop"}`, isa, ns, ns_per_element: ns / elements };
    const error = largestError(values());
    const limit = way ? { limit: "peer:js", limit_fraction: times.at(-1) / ns } : {};
    rows.push({ ...row, ...limit, max_error: error });
    free();
  });
  console.error(`${kernel}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

const engines = await variants();
const rows = new Rows();
measure(rows, engines, pooling());
measure(rows, engines, normalizing());
measure(rows, engines, quantizing(engines[0].api));
measure(rows, engines, comparing("dotInt8", Int8Array, 384, Int32Array, "int8"));
measure(rows, engines, comparing("hamming", Uint8Array, 48, Uint32Array, "ubinary"));
rows.write(engines);
