// The wasm memory: how much of it is taken, and what happens when it grows.

import { equal, ok, sameNumbers } from "../check.js";
import { growth } from "../growth.js";
import { growsInCalls, windows } from "../lifetimes.js";
import { encoderOptions, floats, operations } from "./table.js";

const MB = 1 << 20;

/** 256 MB of floats. */
const LARGE = 64 * MB;

export const memory = {
  // First: later, there is free memory in which more would not show.
  "256 MB of values, rows and tables take less than 4 MB of wasm memory": ({ kernel }) => {
    const x = new Float32Array(LARGE);
    x[LARGE - 1] = 3;
    const ones = new Float32Array(1024).fill(1);
    const layer = new kernel.Linear(ones, null, 1024);
    const grown = growth(kernel, () => {
      equal(kernel.relu(x).at(-1), 3, "relu");
      ok(kernel.softmax(x, 1024).at(-1) > 0.01, "softmax");
      ok(kernel.layerNorm(x, ones, ones, 1e-5).at(-1) > 1, "layerNorm");
      ok(kernel.rmsNorm(x, ones, 1e-5).at(-1) > 1, "rmsNorm");
      sameNumbers(kernel.embedding([LARGE / 1024 - 1], x, 1024).subarray(-2), [0, 3], "embedding");
      equal(layer.forward(x).at(-1), 3, "Linear");
    });
    ok(grown < 4 * MB, `the memory has grown by ${grown} bytes`);
    layer.free();
  },

  "calls again and again take no more memory": ({ kernel }) => {
    const all = operations(100, 64);
    const weights = encoderOptions(64, 4, 4, 128);
    const x = floats(100 * 64, 1);
    const calls = () => {
      for (const { name, head, inputs, rest } of all) kernel[name](...head, ...Object.values(inputs), ...rest);
      const layer = new kernel.Linear(weights.upWeight, weights.upBias, 64, { activation: "gelu" });
      layer.forward(x);
      const scratch = new kernel.Scratch(MB);
      const encoder = new kernel.EncoderLayer(weights, scratch);
      encoder.forward(x, [0, 50, 100]);
      for (const object of [layer, scratch, encoder]) object.free();
    };
    calls();
    const grown = growth(kernel, () => {
      for (let i = 0; i < 50; i++) calls();
    });
    equal(grown, 0, "growth");
  },

  ...windows,

  "windows on the wasm memory, which grows in the call": ({ kernel }) => {
    // More than the megabyte that there may be.
    const length = 600_000;
    const values = floats(length, 1);
    const one = Float32Array.of(2);
    const calls = {
      softmax: (x, out) => kernel.softmax(x, length, out),
      gemm: (x, out) => kernel.gemm(x, one, length, 1, 1, out),
      layerNorm: (x, out) => kernel.layerNorm(x, values, values, 0, out),
      attention: (x, out) => kernel.attention(x, values, values, { heads: 1, qLen: 1, headDim: length }, out),
    };
    growsInCalls(kernel, values, length, calls);
  },
};
