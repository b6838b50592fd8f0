// kernels-nn as an npm package: every variant over buffers in the wasm memory, against its own peak in this engine; every
// result is checked against a plain loop in 64 bits. Run it by `cargo xtask bench nn-wasm`.

import { time } from "./src/apart.mjs";
import { variants } from "./src/engine.mjs";
import { Rows, interleaved } from "./src/measure.mjs";
import { random } from "./src/pool.mjs";
import * as plain from "../../wasm-tests/kernels-nn/reference.js";

const next = random(7);
const floats = (length, scale = 1) => Float32Array.from({ length }, () => scale * next());

/** A buffer of these values. */
function filled({ F32Buffer }, values) {
  const buffer = new F32Buffer(values.length);
  buffer.view().set(values);
  return buffer;
}

/** What is called from some buffers into another, and what else is to be freed. */
function into(api, inputs, length, call, others = []) {
  const [held, out] = [inputs.map((x) => filled(api, x)), new api.F32Buffer(length)];
  const objects = [...held, out, ...others];
  return {
    call: () => call(...held, out),
    values: () => out.view(),
    free: () => objects.forEach((object) => object.free()),
  };
}

/** A product with weights that are packed: `m x k` times `k x n`. */
function product(m, k, n) {
  const [x, weight] = [floats(m * k), floats(n * k)];
  return {
    kernel: "Linear",
    name: `${m}x${k}x${n}`,
    want: plain.linear(x, weight, null, k),
    bound: 1e-5,
    flops: 2 * m * k * n,
    make(api) {
      const layer = new api.Linear(weight, null, k);
      return into(api, [x], m * n, (x, out) => layer.forwardInto(x, out), [layer]);
    },
  };
}

/** A function of each value, or of each row, of 128 rows of 768 values. */
function elementwise(kernel, want, bound, call, ...weights) {
  const x = floats(128 * 768, 4);
  return {
    kernel,
    name: "128x768",
    want: want(x),
    bound,
    make: (api) => into(api, [x, ...weights], x.length, (...buffers) => call(api, ...buffers)),
  };
}

function attention(heads, headDim, len) {
  const [q, k, v] = [1, 2, 3].map(() => floats(heads * len * headDim));
  const options = { heads, qLen: len, headDim };
  return {
    kernel: "attention",
    name: `${heads}x${headDim}, ${len} tokens`,
    want: plain.attention(q, k, v, options),
    bound: 1e-5,
    flops: 4 * heads * len * len * headDim,
    make: (api) =>
      into(api, [q, k, v], q.length, (q, k, v, out) => api.attentionInto(q, k, v, options, out)),
  };
}

/** A layer of all-MiniLM-L6-v2, and one text. */
function encoder(tokens) {
  const [dim, hidden, heads] = [384, 1536, 12];
  const options = { heads, eps: 1e-12 };
  const square = ["query", "key", "value", "output"].map((name) => [name, dim, dim]);
  for (const [name, rows, width] of [...square, ["up", hidden, dim], ["down", dim, hidden]]) {
    options[`${name}Weight`] = floats(rows * width, 1 / Math.sqrt(width));
    options[`${name}Bias`] = floats(rows, 0.1);
  }
  for (const name of ["attentionNorm", "mlpNorm"]) {
    options[`${name}Weight`] = floats(dim).map((x) => 1 + x / 4);
    options[`${name}Bias`] = floats(dim, 0.1);
  }
  const x = floats(tokens * dim);
  return {
    kernel: "EncoderLayer",
    name: `${dim} wide, ${tokens} tokens`,
    want: plain.encoderLayer(x, [0, tokens], options),
    bound: 1e-5,
    flops: 2 * tokens * (4 * dim * dim + 2 * dim * hidden) + 4 * tokens * tokens * dim,
    make(api) {
      const scratch = new api.Scratch(64 << 20);
      const layer = new api.EncoderLayer(options, scratch);
      const forward = (x, out) => layer.forwardInto(x, [0, tokens], out);
      return into(api, [x], x.length, forward, [layer, scratch]);
    },
  };
}

function measure(rows, engines, { kernel, name, want, bound, flops, make }) {
  const began = performance.now();
  const largest = want.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
  const largestError = (values) => {
    const error = want.reduce((max, x, i) => Math.max(max, Math.abs(x - values[i])), 0) / largest;
    // Written so that NaN does not pass.
    if (!(error <= bound)) throw new Error(`${kernel} ${name}: off by ${error}`);
    return error;
  };
  const works = engines.map(({ name: isa, api, peak }) => {
    const { call, values, free } = make(api);
    return { isa, peak, time: (calls) => time(call, calls), values, free };
  });
  interleaved(works).forEach((ns, i) => {
    const { isa, values, free } = works[i];
    const speed = { ns, ns_per_element: ns / want.length, ...(flops && { gflops: flops / ns, limit: "wasm-peak" }) };
    rows.push({ kernel, case: name, isa, ...speed, max_error: largestError(values()) });
    free();
  });
  console.error(`${kernel} ${name}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

const engines = await variants();
const rows = new Rows();
const { ACTIVATIONS } = plain;
const map = (f) => (x) => Float64Array.from(x, f);
const [weight, bias] = [floats(768).map((x) => 1 + x / 4), floats(768)];
for (const one of [
  product(512, 512, 512),
  product(128, 1536, 384),
  product(128, 384, 1536),
  elementwise("relu", map(ACTIVATIONS.relu), 0, (api, x, out) => api.reluInto(x, out)),
  elementwise("exp", map(ACTIVATIONS.exp), 1e-6, (api, x, out) => api.expInto(x, out)),
  elementwise("gelu", map(ACTIVATIONS.gelu), 1e-6, (api, x, out) => api.geluInto(x, out)),
  elementwise("softmax", (x) => plain.softmax(x, 768), 1e-5, (api, x, out) => api.softmaxInto(x, 768, out)),
  elementwise(
    "layerNorm",
    (x) => plain.layerNorm(x, weight, bias, 1e-5),
    1e-5,
    (api, x, weight, bias, out) => api.layerNormInto(x, weight, bias, 1e-5, out),
    weight,
    bias,
  ),
  attention(12, 32, 128),
  attention(12, 32, 512),
  encoder(128),
]) {
  measure(rows, engines, one);
}
rows.pushPeaks(engines);
rows.write(engines);
