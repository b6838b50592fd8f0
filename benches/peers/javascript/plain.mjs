// Plain loops over typed arrays.

import * as averages from "../../wasm/src/indicators.mjs";
import { plainLoop } from "../../wasm/src/maxsim.mjs";
import * as pooling from "../../wasm/src/pool.mjs";
import { single } from "./case.mjs";
import * as indicators from "./loops-indicators.mjs";
import * as loops from "./loops.mjs";

/** A loop of these arguments, which writes to arrays that are given last. */
function into(loop, args, outputs) {
  return { run: () => loop(...args, ...outputs), values: () => outputs };
}

/** An indicator of these columns and settings. */
function indicator(loop, columns, settings = PERIOD, outputs = 1) {
  return (given) => {
    const series = given.arrays(...columns);
    const out = Array.from({ length: outputs }, () => new Float64Array(series[0].length));
    return into(loop, [...series, ...given.numbers(...settings)], out);
  };
}

const [CLOSE, PRICES, PERIOD] = [["close"], ["high", "low", "close"], ["period"]];

/** A function of `x`, as long as that. */
function rows(loop, ...weights) {
  return (given) => {
    const [x, ...others] = given.arrays("x", ...weights);
    if (weights.length) others.push(given.number("eps"));
    return into(loop, [x, given.shape("x").at(-1), ...others], [new Float32Array(x.length)]);
  };
}

/** A query against rows. */
function compare(loop, Scores) {
  return (given) => into(loop, given.arrays("query", "rows"), [new Scores(given.shape("rows")[0])]);
}

const OPERATIONS = {
  maxsim(given) {
    const [lens, dim] = [given.docLens(), given.shape("query")[1]];
    return into(plainLoop, [...given.arrays("query", "docs"), lens, dim], [new Float32Array(lens.length)]);
  },

  smma: indicator(averages.plainSmma, CLOSE),
  ema: indicator(averages.plainEma, CLOSE),
  sma: indicator(averages.plainSma, CLOSE),
  wma: indicator(indicators.wma, CLOSE),
  alma: indicator(indicators.alma, CLOSE, ["period", "offset", "sigma"]),
  hma(given) {
    const close = given.array("close");
    const [ahead, out] = [new Float64Array(close.length), new Float64Array(close.length)];
    return into(indicators.hma, [close, given.number("period"), ahead], [out]);
  },
  dema: indicator(indicators.dema, CLOSE),
  tema: indicator(indicators.tema, CLOSE),
  stddev: indicator(indicators.stddev, CLOSE),
  bollinger: indicator(indicators.bollinger, CLOSE, ["period", "k"], 3),
  macd: indicator(indicators.macd, CLOSE, ["fast", "slow", "signal"], 3),
  rsi: indicator(indicators.rsi, CLOSE),
  true_range: indicator(indicators.trueRange, PRICES, []),
  atr: indicator(indicators.atr, PRICES),
  adx: indicator(indicators.adx, PRICES, PERIOD, 3),
  stochastic: indicator(indicators.stochastic, PRICES, ["period", "slow", "signal"], 2),
  obv: indicator(indicators.obv, ["close", "volume"], []),
  vwma: indicator(indicators.vwma, ["close", "volume"]),
  vwap: indicator(indicators.vwap, [...PRICES, "volume"], []),

  gemm(given) {
    const [[m, k], [, n]] = [given.shape("a"), given.shape("b")];
    return into(loops.gemm, [...given.arrays("a", "b"), m, k, n], [new Float32Array(m * n)]);
  },
  gemv: (given) => into(loops.products, given.arrays("x", "a"), [new Float32Array(given.shape("a")[0])]),
  relu: rows(loops.relu),
  exp: rows(loops.exp),
  tanh: rows(loops.tanh),
  sigmoid: rows(loops.sigmoid),
  gelu: rows(loops.gelu),
  gelu_tanh: rows(loops.geluTanh),
  softmax: rows(loops.softmax),
  layer_norm: rows(loops.layerNorm, "weight", "bias"),
  rms_norm: rows(loops.rmsNorm, "weight"),
  attention(given) {
    const [heads, len, dim] = given.shape("q");
    const scores = new Float32Array(len);
    const out = new Float32Array(heads * len * dim);
    return into(loops.attention, [...given.arrays("q", "k", "v"), heads, len, dim, scores], [out]);
  },

  mean_pool(given) {
    const [batch, seq, dim] = given.shape("tokens");
    // A loop over numbers that are no bigints.
    const mask = Uint8Array.from(given.array("mask"), Number);
    return into(pooling.meanPool, [given.array("tokens"), mask, batch, seq, dim], [new Float32Array(batch * dim)]);
  },
  l2_normalize: rows(pooling.l2Normalize),
  quantize_int8(given) {
    const [x, min, max] = given.arrays("x", "min", "max");
    const step = min.map((min, i) => Math.fround(max[i] - min) / 255);
    return into(pooling.quantizeInt8, [x, min.length, min, step], [new Int8Array(x.length)]);
  },
  quantize_ubinary(given) {
    const x = given.array("x");
    return into(loops.quantizeUbinary, [x], [new Uint8Array(x.length / 8)]);
  },
  dot: compare(loops.products, Float32Array),
  cosine: compare(loops.cosine, Float32Array),
  dot_int8: compare(pooling.dotInt8, Int32Array),
  hamming: compare(pooling.hamming, Uint32Array),
};

export const load = () => single("plain JavaScript", OPERATIONS, process.versions.node);
