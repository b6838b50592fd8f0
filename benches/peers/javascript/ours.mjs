// Our packages as contestants: a set of binaries each, over buffers that lie in the wasm memory.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { variants } from "../../wasm/src/engine.mjs";
import { COPIED, STAYS, together } from "./case.mjs";

const NAMES = ["relaxed-simd", "simd128", "scalar"];

/** How many independent chains of multiply-adds are tried, as in `benches/wasm/src/engine.mjs`, and for how long. */
const [CHAINS, TRIAL_MS] = [[8, 10, 12], 30];

/** A buffer of these values. */
function filled(Buffer, values) {
  const buffer = new Buffer(values.length);
  buffer.view().set(values);
  return buffer;
}

/** What is called, by what `make` makes of the buffers of inputs and outputs; `others` are to be freed too. */
function over(Buffer, inputs, lengths, make, { others = [], note } = {}) {
  const held = inputs.map((values) => filled(Buffer, values));
  const outputs = lengths.map((length) => new Buffer(length));
  return {
    run: make(held, outputs),
    values: () => outputs.map((buffer) => buffer.view()),
    free: () => [...held, ...outputs, ...others].forEach((object) => object.free()),
    note: together(STAYS, note),
  };
}

/** What is called on typed arrays, and writes to one. */
const to = (out, call, { note = COPIED, free } = {}) => ({ run: () => call(out), values: () => out, note, free });

const maxsim = {
  maxsim(api, given) {
    const [lens, dim] = [given.docLens(), given.shape("query")[1]];
    return over(api.F32Buffer, given.arrays("query", "docs"), [lens.length], ([query, docs], [out]) => {
      return () => api.maxsimBatchInto(query, docs, lens, dim, out);
    });
  },
};

/** An indicator of these columns and settings; `outputs` are their names, if there are several. */
function indicator(name, columns, settings, ...outputs) {
  return (api, given) => {
    const [into, numbers] = [api[`${name}Into`], given.numbers(...settings)];
    const bars = given.array(columns[0]).length;
    const lengths = Array(outputs.length || 1).fill(bars);
    return over(api.F64Buffer, given.arrays(...columns), lengths, (inputs, buffers) => {
      const named = Object.fromEntries(outputs.map((output, i) => [output, buffers[i]]));
      const args = [...inputs, ...numbers, outputs.length ? named : buffers[0]];
      return () => into(...args);
    });
  };
}

const [CLOSE, PRICES, PERIOD] = [["close"], ["high", "low", "close"], ["period"]];
const averages = ["smma", "ema", "sma", "wma", "dema", "tema", "hma", "stddev", "rsi"];

const indicators = {
  ...Object.fromEntries(averages.map((name) => [name, indicator(name, CLOSE, PERIOD)])),
  alma: indicator("alma", CLOSE, ["period", "offset", "sigma"]),
  bollinger: indicator("bollinger", CLOSE, ["period", "k"], "upper", "middle", "lower"),
  macd: indicator("macd", CLOSE, ["fast", "slow", "signal"], "line", "signal", "histogram"),
  true_range: indicator("trueRange", PRICES, []),
  atr: indicator("atr", PRICES, PERIOD),
  adx: indicator("adx", PRICES, PERIOD, "adx", "plusDi", "minusDi"),
  stochastic: indicator("stochastic", PRICES, ["period", "slow", "signal"], "k", "d"),
  obv: indicator("obv", ["close", "volume"], []),
  vwma: indicator("vwma", ["close", "volume"], PERIOD),
  vwap: indicator("vwap", [...PRICES, "volume"], []),
};

/** A function of `x` and these weights, as long as `x`. */
function rows(call, ...weights) {
  return (api, given) => {
    const eps = weights.length ? given.number("eps") : null;
    const inputs = given.arrays("x", ...weights);
    const dim = given.shape("x").at(-1);
    return over(api.F32Buffer, inputs, [inputs[0].length], (inputs, [out]) => {
      return () => call(api, inputs, out, { dim, eps });
    });
  };
}

const nn = {
  gemm(api, given) {
    const [a, b] = given.arrays("a", "b");
    const [[m, k], [, n]] = [given.shape("a"), given.shape("b")];
    // Its weights are a row for each result.
    const weight = b.map((_, i) => b[(i % k) * n + Math.floor(i / k)]);
    const layer = new api.Linear(weight, null, k);
    const known = { others: [layer], note: "b is packed once" };
    return over(api.F32Buffer, [a], [m * n], ([x], [out]) => () => layer.forwardInto(x, out), known);
  },
  gemv(api, given) {
    const [m, k] = given.shape("a");
    return over(api.F32Buffer, given.arrays("a", "x"), [m], ([a, x], [out]) => {
      return () => api.gemvInto(a, x, m, k, out);
    });
  },
  relu: rows((api, [x], out) => api.reluInto(x, out)),
  exp: rows((api, [x], out) => api.expInto(x, out)),
  tanh: rows((api, [x], out) => api.tanhInto(x, out)),
  sigmoid: rows((api, [x], out) => api.sigmoidInto(x, out)),
  gelu: rows((api, [x], out) => api.geluInto(x, out)),
  gelu_tanh: rows((api, [x], out) => api.geluTanhInto(x, out)),
  softmax: rows((api, [x], out, { dim }) => api.softmaxInto(x, dim, out)),
  layer_norm: rows(
    (api, [x, weight, bias], out, { eps }) => api.layerNormInto(x, weight, bias, eps, out),
    "weight",
    "bias",
  ),
  rms_norm: rows((api, [x, weight], out, { eps }) => api.rmsNormInto(x, weight, eps, out), "weight"),
  attention(api, given) {
    const [heads, qLen, headDim] = given.shape("q");
    const [inputs, sizes] = [given.arrays("q", "k", "v"), { heads, qLen, headDim }];
    return over(api.F32Buffer, inputs, [inputs[0].length], ([q, k, v], [out]) => {
      return () => api.attentionInto(q, k, v, sizes, out);
    });
  },
};

/** Stored rows, which are compared with a query. */
function stored(precision, Scores, options) {
  return (api, given) => {
    const [query, rows] = given.arrays("query", "rows");
    const [n, width] = given.shape("rows");
    const vectors = new api.Vectors(precision === "ubinary" ? 8 * width : width, precision);
    vectors.append(rows);
    return to(new Scores(n), (out) => vectors.scores(query, options, out), {
      note: "what is searched stays in wasm memory; the query and the scores are copied in each call",
      free: () => vectors.free(),
    });
  };
}

const pool = {
  mean_pool(api, given) {
    const [x, mask] = given.arrays("tokens", "mask");
    const [[batch, seq, hidden], options] = [given.shape("tokens"), { normalize: true }];
    const make = ([x], [out]) => {
      return () => api.meanPoolInto(x, mask, batch, seq, hidden, options, out);
    };
    return over(api.F32Buffer, [x], [batch * hidden], make, { note: "but the mask is copied in each call" });
  },
  l2_normalize: rows((api, [x], out, { dim }) => api.l2NormalizeInto(x, dim, out)),
  quantize_int8(api, given) {
    const [x, min, max] = given.arrays("x", "min", "max");
    const ranges = new api.Ranges(min, max);
    return to(new Int8Array(x.length), (out) => api.quantizeInt8(x, min.length, ranges, out), {
      free: () => ranges.free(),
    });
  },
  quantize_ubinary(api, given) {
    const x = given.array("x");
    const dim = given.shape("x")[1];
    return to(new Uint8Array(x.length / 8), (out) => api.quantizeUbinary(x, dim, out));
  },
  dot: stored("float32", Float32Array, { metric: "dot" }),
  cosine: stored("float32", Float32Array, { metric: "cosine" }),
  dot_int8: stored("int8", Int32Array, { metric: "dot" }),
  hamming: stored("ubinary", Uint32Array, { metric: "hamming" }),
};

const PACKAGES = { maxsim, indicators, nn, pool };

/** The packages that were built, by variant: `{ "relaxed-simd": { nn: api } }`, and their version. */
async function built() {
  if (!process.env.KERNELS_BENCH_PACKAGES) throw new Error("KERNELS_BENCH_PACKAGES is not set");
  const apis = Object.fromEntries(NAMES.map((name) => [name, {}]));
  let version;
  for (const [name, folder] of Object.entries(JSON.parse(process.env.KERNELS_BENCH_PACKAGES))) {
    if (!PACKAGES[name]) throw new Error(`packages are ${Object.keys(PACKAGES).join(", ")}, not ${name}`);
    // Where it looks.
    process.env.KERNELS_BENCH_PACKAGE = folder;
    for (const { name: variant, api } of await variants()) apis[variant][name] = api;
    ({ version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")));
  }
  return { apis, version };
}

/** The most multiply-adds in this engine, by as many chains as are fastest. */
async function limit(name) {
  const module = await WebAssembly.compile(await readFile(join(process.env.KERNELS_BENCH_PEAK, `${name}.wasm`)));
  const { fma_operations: round } = new WebAssembly.Instance(module).exports;
  let best = { rate: 0 };
  for (const end = performance.now() + CHAINS.length * TRIAL_MS; performance.now() < end; ) {
    for (const chains of CHAINS) {
      const start = performance.now();
      const operations = round(chains);
      const rate = operations / (performance.now() - start);
      if (rate > best.rate) best = { rate, chains, operations };
    }
  }
  return { run: () => round(best.chains), values: () => [], work: best.operations / 1e9 };
}

const contestant = (variant) => `kernels, wasm ${variant}`;

export async function load() {
  const { apis, version } = await built();
  const there = NAMES.filter((name) => Object.keys(apis[name]).length > 0);
  const others = NAMES.filter((name) => !there.includes(name));
  return {
    contestants: there.map((name) => ({ name: contestant(name), version, ours: true })),
    absent: others.map((name) => ({ name: contestant(name), reason: "this engine does not validate it" })),
    limits: there.map((name) => `wasm ${name}`),
    prepare(name, given) {
      const held = apis[there.find((variant) => contestant(variant) === name)];
      const of = Object.keys(held).find((name) => Object.hasOwn(PACKAGES[name], given.operation));
      return of ? PACKAGES[of][given.operation](held[of], given) : null;
    },
    limit: (name) => limit(there.find((variant) => name === `wasm ${variant}`)),
  };
}
