// Values are right: as plain loops in 64 bits have them.

import { equal, near, ok, sameNumbers } from "../check.js";
import { filled } from "../growth.js";
import * as reference from "./reference.js";
import { ACTIVATIONS, encoderOptions, floats, operations } from "./table.js";

/** Rows, and values in each: one, odd numbers, those about a vector and a tile, more than passes over at once. */
const SHAPES = [[1, 1], [1, 5], [2, 4], [3, 7], [5, 16], [4, 33], [13, 30], [130, 24], [7, 515]];

const scale = (values) => values.reduce((max, x) => (Math.abs(x) > max ? Math.abs(x) : max), 0);
const close = (got, want, what, bound) => near(got, want, bound * Math.max(scale(want), 1), what);

export const values = {
  "every function: as in 64 bits": ({ kernel }) => {
    for (const [n, dim] of SHAPES) {
      for (const { name, head, inputs, rest, want, bound } of operations(n, dim, n + dim)) {
        const got = kernel[name](...head, ...Object.values(inputs), ...rest);
        ok(got instanceof Float32Array, `${name} gives no Float32Array`);
        close(got, want, `${name} ${n}x${dim}`, bound);
      }
    }
  },

  "activations: each value within its bound, over the whole range": ({ kernel }) => {
    const x = Float32Array.from({ length: 20_000 }, (_, i) => Math.fround(Math.sinh((i - 10_000) / 900)));
    // In units in the last place of the result, and for GELU of `x`.
    const ulps = { relu: 0, leakyRelu: 0.5, gelu: 2.3, geluTanh: 2, silu: 4, sigmoid: 2.2, tanh: 2.2, exp: 1.3, erf: 2, softplus: 3 };
    const ulp = (x) => 2 ** Math.max(Math.floor(Math.log2(Math.abs(x))) - 23, -149);
    for (const name of ACTIVATIONS) {
      const rest = name === "leakyRelu" ? [0.3] : [];
      const got = kernel[name](x, ...rest);
      x.forEach((x, i) => {
        const want = reference.ACTIVATIONS[name](x, ...rest.map(Math.fround));
        const isOfX = name.startsWith("gelu");
        // Of what is so small the reference is no better.
        const bound = ulps[name] * ulp(isOfX ? x : want) + (isOfX ? 1e-14 : 1e-14 * Math.abs(want)) + 1e-45;
        if (Math.abs(want) > 3.4e38) equal(got[i], Infinity, `${name}(${x})`);
        else near([got[i]], [want], bound, `${name}(${x})`);
      });
    }
  },

  "activations of NaN, infinities and zeros": ({ kernel }) => {
    const x = Float32Array.of(NaN, Infinity, -Infinity, 0, -0);
    const known = {
      relu: [NaN, Infinity, 0, 0, -0],
      gelu: [NaN, Infinity, -0, 0, -0],
      geluTanh: [NaN, Infinity, -0, 0, -0],
      silu: [NaN, Infinity, -0, 0, -0],
      sigmoid: [NaN, 1, 0, 0.5, 0.5],
      tanh: [NaN, 1, -1, 0, -0],
      exp: [NaN, Infinity, 0, 1, 1],
      erf: [NaN, 1, -1, 0, -0],
    };
    for (const [name, want] of Object.entries(known)) sameNumbers(kernel[name](x), want, name);
    sameNumbers(kernel.leakyRelu(x, 0.5), [NaN, Infinity, -Infinity, 0, -0], "leakyRelu");
    const softplus = kernel.softplus(x);
    sameNumbers(softplus.subarray(0, 3), [NaN, Infinity, 0], "softplus");
    near(softplus.subarray(3), [Math.LN2, Math.LN2], 1e-7, "softplus");
  },

  "NaN stays in its row, and a row of negative infinities is none": ({ kernel }) => {
    const x = Float32Array.of(1, NaN, 2, 2, -Infinity, -Infinity);
    sameNumbers(kernel.softmax(x, 2), [NaN, NaN, 0.5, 0.5, 0, 0], "softmax");
    sameNumbers(kernel.logSoftmax(x, 2).subarray(4), [-Infinity, -Infinity], "logSoftmax");
    const rows = kernel.rmsNorm(Float32Array.of(NaN, 1, 1, 1), Float32Array.of(1, 2), 0);
    sameNumbers(rows, [NaN, NaN, 1, 2], "rmsNorm");
    const product = kernel.gemm(Float32Array.of(NaN, 1, 1, 1), Float32Array.of(1, 2, 3, 4), 2, 2, 2);
    sameNumbers(product, [NaN, NaN, 4, 6], "gemm");
    // What a query does not see has no effect.
    const [q, v] = [Float32Array.of(0, 0), Float32Array.of(3, NaN)];
    sameNumbers(kernel.attention(q, q, v, { heads: 1, qLen: 2, headDim: 1, causal: true }), [3, NaN], "attention");
  },

  "embedding: ids of each kind, as tokenizers give them": ({ kernel }) => {
    const table = floats(5000 * 40, 3);
    const ids = Array.from({ length: 3000 }, (_, i) => (i * i) % 5000);
    const want = reference.embedding(ids, table, 40);
    for (const list of [ids, Uint32Array.from(ids), BigInt64Array.from(ids, BigInt)]) {
      sameNumbers(kernel.embedding(list, table, 40), want, "embedding");
    }
    for (const none of [[], new Uint32Array(0), new BigInt64Array(0)]) {
      sameNumbers(kernel.embedding(none, table, 40), [], "of no ids");
    }
  },

  "attention: what is left out of its options": ({ kernel }) => {
    const [q, k, v] = [1, 2, 3].map((seed) => floats(4 * 6 * 8, seed));
    const short = { heads: 4, qLen: 6, headDim: 8 };
    const long = { ...short, batch: 1, kvHeads: 4, kvLen: 6, causal: false };
    sameNumbers(kernel.attention(q, k, v, short), kernel.attention(q, k, v, long), "the same");
    // Two texts, and four heads of queries to two of keys.
    const grouped = { batch: 2, heads: 4, kvHeads: 2, qLen: 3, kvLen: 6, headDim: 8 };
    near(kernel.attention(q, k, v, grouped), reference.attention(q, k, v, grouped), 2e-6, "grouped");
  },

  "Linear: with and without bias, with each activation": ({ kernel }) => {
    for (const [n, inDim, outDim] of [[1, 1, 1], [1, 33, 65], [5, 7, 3], [140, 20, 19], [9, 600, 8]]) {
      const [x, bias] = [floats(n * inDim, 1), floats(outDim, 3)];
      const weight = floats(outDim * inDim, 2, 1 / Math.sqrt(inDim));
      for (const activation of [undefined, ...ACTIVATIONS]) {
        const options = activation && { activation, slope: 0.25 };
        const layer = new kernel.Linear(weight, bias, inDim, options);
        equal(layer.inDim, inDim, "inDim");
        equal(layer.outDim, outDim, "outDim");
        const of = activation && ((x) => reference.ACTIVATIONS[activation](x, 0.25));
        close(layer.forward(x), reference.linear(x, weight, bias, inDim, of), `${activation}`, 4e-6);
        layer.free();
      }
      const plain = new kernel.Linear(weight, null, inDim);
      close(plain.forward(x), reference.linear(x, weight, null, inDim), "without a bias", 4e-6);
      plain.free();
    }
  },

  "Linear of eight bits and of seven: exact where nothing is rounded": ({ kernel }) => {
    for (const [weights, most] of [["int8", 127], ["int7", 63]]) {
      for (const [n, inDim, outDim] of [[1, 2, 1], [3, 5, 9], [6, 33, 17], [17, 128, 8], [2, 401, 20]]) {
        // Steps of one: each row has 0 and 255, each output the largest weight.
        const whole = (length, seed, size) => floats(length, seed).map((x) => Math.round(x * size));
        const x = whole(n * inDim, 1, 255).map((value, i) => [0, 255][i % inDim] ?? Math.abs(value));
        const weight = whole(outDim * inDim, 2, most).map((value, i) => (i % inDim ? value : i % 2 ? most : -most));
        const layer = new kernel.Linear(weight, null, inDim, { weights });
        sameNumbers(layer.forward(x), reference.linear(x, weight, null, inDim), `${weights} ${n}x${inDim}x${outDim}`);
        layer.free();
      }
    }
  },

  "Linear of eight bits and of seven: off by half a step of each value at most": ({ kernel }) => {
    for (const [weights, steps] of [["int8", 127], ["int7", 63]]) {
      for (const [n, inDim, outDim] of [[1, 1, 1], [4, 33, 65], [140, 20, 19], [9, 600, 8]]) {
        const [x, bias] = [floats(n * inDim, 1), floats(outDim, 3)];
        const weight = floats(outDim * inDim, 2);
        const layer = new kernel.Linear(weight, bias, inDim, { weights, activation: "relu" });
        const want = reference.linear(x, weight, bias, inDim, (x) => Math.max(x, 0));
        const buffers = [filled(kernel, x), new kernel.F32Buffer(n * outDim)];
        layer.forwardInto(...buffers);
        const got = layer.forward(x);
        sameNumbers(buffers[1].view(), got, "the same over buffers");
        got.forEach((value, i) => {
          const row = x.subarray(Math.floor(i / outDim) * inDim).subarray(0, inDim);
          const column = weight.subarray((i % outDim) * inDim).subarray(0, inDim);
          const size = (values) => values.reduce((sum, x) => sum + Math.abs(x), 0);
          const step = (Math.max(0, ...row) - Math.min(0, ...row)) / 255;
          const scale = Math.max(...column.map(Math.abs)) / steps;
          const bound = 0.501 * (step * (size(column) + (scale * inDim) / 2) + scale * size(row)) + 1e-5;
          ok(Math.abs(value - want[i]) <= bound, `${weights} [${i}]: ${value}, expected ${want[i]} within ${bound}`);
        });
        for (const object of [layer, ...buffers]) object.free();
      }
    }
  },

  "EncoderLayer of eight bits is near that of f32": ({ kernel }) => {
    const scratch = new kernel.Scratch(1 << 22);
    const options = encoderOptions(24, 4, 2, 50, {});
    const x = floats(10 * 24, 5);
    const want = reference.encoderLayer(x, [0, 3, 10], options);
    for (const [weights, distance] of [["int8", 0.05], ["int7", 0.1]]) {
      const layer = new kernel.EncoderLayer({ ...options, weights }, scratch);
      near(layer.forward(x, [0, 3, 10]), want, distance, weights);
      layer.free();
    }
    scratch.free();
  },

  "EncoderLayer: both orders, grouped heads, texts of several lengths": ({ kernel }) => {
    const scratch = new kernel.Scratch(1 << 22);
    for (const [dim, heads, kvHeads, hidden, other] of [
      [8, 2, 2, 12, {}],
      [8, 2, 2, 12, { order: "pre", eps: 1e-12 }],
      [24, 4, 2, 50, { order: "post", causal: true, activation: "relu" }],
      [24, 4, 1, 7, { order: "pre", causal: true, activation: "leakyRelu", slope: 0.2 }],
      [64, 8, 8, 128, { activation: "geluTanh" }],
    ]) {
      const options = encoderOptions(dim, heads, kvHeads, hidden, other);
      const layer = new kernel.EncoderLayer(options, scratch);
      equal(layer.dim, dim, "dim");
      for (const offsets of [[0, 1], [0, 3, 3, 10], [0, 40]]) {
        const x = floats(offsets.at(-1) * dim, 5);
        near(layer.forward(x, offsets), reference.encoderLayer(x, offsets, options), 2e-5, `${dim} ${offsets}`);
      }
      layer.free();
    }
    const bare = encoderOptions(8, 2, 2, 12);
    for (const name of ["query", "key", "value", "output", "up", "down"]) bare[`${name}Bias`] = null;
    const layer = new kernel.EncoderLayer(bare, scratch);
    const x = floats(16, 6);
    near(layer.forward(x, [0, 2]), reference.encoderLayer(x, [0, 2], bare), 1e-5, "without biases");
    layer.free();
    scratch.free();
  },
};
