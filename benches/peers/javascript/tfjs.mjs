// TensorFlow.js with its WebAssembly backend, on one thread.

import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import wasm from "@tensorflow/tfjs-backend-wasm";
import tf from "@tensorflow/tfjs-core";
import { STAYS, single } from "./case.mjs";

/** A function of some inputs and of the case, which gives a tensor. */
function of(call, ...names) {
  return (given) => {
    const inputs = names.map((name) => tensor(given, name));
    let found;
    return {
      run() {
        found?.dispose();
        found = tf.tidy(() => call(...inputs, given));
      },
      values: () => found?.dataSync(),
      note: STAYS,
      free: () => [...inputs, found].forEach((tensor) => tensor?.dispose()),
    };
  };
}

function tensor(given, name) {
  const values = given.array(name);
  // It has 32 bits at most.
  return tf.tensor(values instanceof BigInt64Array ? Int32Array.from(values, Number) : values, given.shape(name));
}

const maxsim = of(
  (query, docs, given) => {
    const products = tf.matMul(docs, query, false, true);
    const byDocument = tf.reshape(products, [-1, given.docLen(), query.shape[0]]);
    return tf.sum(tf.max(byDocument, 1), 1);
  },
  "query",
  "docs",
);

function column(vector) {
  return tf.reshape(vector, [-1, 1]);
}

const gelu = (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));

function geluTanh(x) {
  const cubic = tf.add(x, tf.mul(tf.mul(tf.square(x), x), 0.044715));
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(tf.mul(cubic, Math.sqrt(2 / Math.PI))), 1));
}

function layerNorm(x, weight, bias, given) {
  const { mean, variance } = tf.moments(x, -1, true);
  const scaled = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, given.number("eps"))));
  return tf.add(tf.mul(scaled, weight), bias);
}

function rmsNorm(x, weight, given) {
  const meanSquare = tf.mean(tf.square(x), -1, true);
  return tf.mul(tf.mul(x, tf.rsqrt(tf.add(meanSquare, given.number("eps")))), weight);
}

function attention(q, k, v) {
  const scores = tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(q.shape[2]));
  return tf.matMul(tf.softmax(scores), v);
}

const l2Normalize = (x) => tf.div(x, tf.norm(x, "euclidean", 1, true));

function meanPool(tokens, mask) {
  const weights = tf.cast(mask, "float32");
  const sums = tf.squeeze(tf.matMul(tf.expandDims(weights, 1), tokens), [1]);
  return l2Normalize(tf.div(sums, tf.sum(weights, 1, true)));
}

const dot = (query, rows) => tf.matMul(rows, column(query));

function cosine(query, rows) {
  const lengths = tf.mul(tf.norm(rows, "euclidean", 1), tf.norm(query));
  return tf.div(tf.squeeze(dot(query, rows), [1]), lengths);
}

const OPERATIONS = {
  maxsim: (given) => (given.docLen() ? maxsim(given) : null),
  gemm: of((a, b) => tf.matMul(a, b), "a", "b"),
  gemv: of((a, x) => tf.matMul(a, column(x)), "a", "x"),
  relu: of((x) => tf.relu(x), "x"),
  exp: of((x) => tf.exp(x), "x"),
  tanh: of((x) => tf.tanh(x), "x"),
  sigmoid: of((x) => tf.sigmoid(x), "x"),
  gelu: of(gelu, "x"),
  gelu_tanh: of(geluTanh, "x"),
  softmax: of((x) => tf.softmax(x), "x"),
  layer_norm: of(layerNorm, "x", "weight", "bias"),
  rms_norm: of(rmsNorm, "x", "weight"),
  attention: of(attention, "q", "k", "v"),
  mean_pool: of(meanPool, "tokens", "mask"),
  l2_normalize: of(l2Normalize, "x"),
  dot: of(dot, "query", "rows"),
  cosine: of(cosine, "query", "rows"),
};

export async function load() {
  const { resolve } = createRequire(import.meta.url);
  wasm.setWasmPaths(dirname(resolve("@tensorflow/tfjs-backend-wasm")) + sep);
  wasm.setThreadsCount(1);
  if (!(await tf.setBackend("wasm"))) throw new Error("its WebAssembly backend does not start");
  return single("@tensorflow/tfjs-backend-wasm", OPERATIONS);
}
