// Layers: what is wrong with their weights, and what they work in.

import { equal, fails, ok, sameNumbers } from "../check.js";
import { filled } from "../growth.js";
import { NO_F32_ARRAYS } from "../wrong.js";
import { ACTIVATIONS, encoderOptions, floats } from "./table.js";
import { works } from "./works.js";

const f32 = (...values) => Float32Array.from(values);
const NAMES = "relu, leakyRelu, gelu, geluTanh, silu, sigmoid, tanh, exp, erf, softplus";

export const layers = {
  "Linear of what is none": ({ kernel }) => {
    const { Linear } = kernel;
    const weight = f32(1, 2, 3, 4);
    for (const [call, name, message] of [
      [() => new Linear([1, 2], null, 2), "TypeError", /^weight: expected Float32Array, got Array$/],
      [() => new Linear(weight, [1, 2], 2), "TypeError", /^bias: expected Float32Array, got Array$/],
      [() => new Linear(weight, f32(1), 2), "RangeError", /^bias: expected a length of 2, got 1$/],
      [() => new Linear(weight, null, 3), "RangeError", /^weight: expected whole rows of 3 values, got 4 values$/],
      [() => new Linear(f32(), null, 3), "RangeError", /^weight: expected whole rows of 3 values, got 0 values$/],
      [() => new Linear(weight, null, 0), "RangeError", /^inDim: expected at least 1, got 0$/],
      [() => new Linear(weight, null, "2"), "TypeError", /^inDim: expected a whole number .*, got String$/],
      [() => new Linear(weight, null, 2, 5), "TypeError", /^options: expected an object, got Number$/],
      [() => new Linear(weight, null, 2, { activation: "swish" }), "RangeError", new RegExp(`^activation: expected one of ${NAMES}, got swish$`)],
      [() => new Linear(weight, null, 2, { activation: 1 }), "TypeError", new RegExp(`^activation: expected one of ${NAMES}, got Number$`)],
      [() => new Linear(weight, null, 2, { weights: "int4" }), "RangeError", /^weights: expected one of f32, int8, int7, got int4$/],
      [() => new Linear(weight, null, 2, { weights: 8 }), "TypeError", /^weights: expected one of f32, int8, int7, got Number$/],
      [() => new Linear(f32(1, NaN), null, 2, { weights: "int8" }), "RangeError", /^weight\[1\]: expected a finite number, got NaN$/],
      [() => new Linear(new Float32Array(65537), null, 65537, { weights: "int7" }), "RangeError", /^inDim: expected 1 to 65536, got 65537$/],
      [() => new Linear(weight, null, 2, { slope: "1" }), "TypeError", /^slope: expected a number, got String$/],
    ]) {
      fails(call, name, message);
      works(kernel);
    }
    const layer = new Linear(weight, null, 2);
    for (const [call, name, message] of [
      [() => layer.forward([1, 2]), "TypeError", /^x: expected Float32Array, got Array$/],
      [() => layer.forward(f32(1)), "RangeError", /^x: expected whole rows of 2 values, got 1 values$/],
      [() => layer.forward(f32()), "RangeError", /^x: expected at least one, got none$/],
      [() => layer.forward(f32(1, 2), f32(1)), "RangeError", /^out: expected a length of 2, got 1$/],
      [() => layer.forward(weight.subarray(0, 2), weight.subarray(1, 3)), "RangeError", /^out: expected memory apart from x, got an overlap$/],
    ]) {
      fails(call, name, message);
      works(kernel);
    }
    const [x, short] = [filled(kernel, [1, 2]), new kernel.F32Buffer(1)];
    fails(() => layer.forwardInto(x, x), "RangeError", /^out: expected another buffer than x, got the same$/);
    fails(() => layer.forwardInto(x, short), "RangeError", /^out: expected a length of 2, got 1$/);
    fails(() => layer.forwardInto(short, x), "RangeError", /^x: expected whole rows of 2 values, got 1 values$/);
    sameNumbers(x.view(), [1, 2], "the buffer");
    sameNumbers(layer.forward(f32(1, 1)), [3, 7], "the layer after it");
    for (const object of [layer, x, short]) object.free();
  },

  "Linear has every activation that there is": ({ kernel }) => {
    const x = floats(50, 1, 3);
    for (const activation of ACTIVATIONS) {
      const layer = new kernel.Linear(f32(1), null, 1, { activation, slope: 0.5 });
      const want = activation === "leakyRelu" ? kernel.leakyRelu(x, 0.5) : kernel[activation](x);
      sameNumbers(layer.forward(x), want, activation);
      layer.free();
    }
  },

  "EncoderLayer of what is none": ({ kernel }) => {
    const scratch = new kernel.Scratch(1 << 20);
    const right = encoderOptions(8, 4, 2, 6);
    const make = (other) => () => new kernel.EncoderLayer({ ...right, ...other }, scratch);
    const arrays = Object.keys(right).filter((name) => name !== "heads");
    for (const what of arrays) {
      const isBias = /[^m]Bias$/.test(what);
      for (const [array, got] of NO_F32_ARRAYS) {
        // A bias may be missing.
        if (isBias && array == null) continue;
        fails(make({ [what]: array }), "TypeError", new RegExp(`^${what}: expected Float32Array, got ${got}$`));
      }
      const wrong = right[what].slice(1);
      // The first array says how long a row is.
      const name = what === "attentionNormWeight" ? "attentionNormBias" : what;
      fails(make({ [what]: wrong }), "RangeError", new RegExp(`^${name}: expected .*, got \\d+( values)?$`));
      works(kernel);
    }
    for (const [other, name, message] of [
      [{ heads: 0 }, "RangeError", /^heads: expected at least 1, got 0$/],
      [{ heads: 3 }, "RangeError", /^heads: expected a divisor of 8, the rows of queryWeight, got 3$/],
      [{ heads: undefined }, "TypeError", /^heads: expected a whole number .*, got Undefined$/],
      [{ keyWeight: floats(3 * 8, 1), keyBias: null }, "RangeError", /^keyWeight: expected rows of a divisor of 4 heads of 2, got 3 rows$/],
      [{ keyWeight: floats(6 * 8, 1), keyBias: null }, "RangeError", /^keyWeight: expected rows of a divisor of 4 heads of 2, got 6 rows$/],
      [{ keyWeight: f32(), keyBias: null }, "RangeError", /^keyWeight: expected /],
      [{ attentionNormWeight: f32(), attentionNormBias: f32() }, "RangeError", /^attentionNormWeight: expected at least 1, got 0$/],
      [{ weights: "int7", upWeight: right.upWeight.map((x, i) => (i === 5 ? Infinity : x)) }, "RangeError", /^upWeight\[5\]: expected a finite number, got Infinity$/],
      [{ order: "before" }, "RangeError", /^order: expected one of post, pre, got before$/],
      [{ activation: "swish" }, "RangeError", /^activation: expected one of /],
      [{ causal: "yes" }, "TypeError", /^causal: expected true or false, got String$/],
      [{ eps: -1 }, "RangeError", /^eps: expected a finite number, at least 0, got -1$/],
      [{ eps: null }, "TypeError", /^eps: expected a number, got Null$/],
    ]) {
      fails(make(other), name, message);
      works(kernel);
    }
    for (const options of [undefined, null, 5, f32(1)]) {
      fails(() => new kernel.EncoderLayer(options, scratch), "TypeError", /^options: expected an object, got /);
    }
    for (const other of [undefined, null, {}, 5]) {
      fails(() => new kernel.EncoderLayer(right, other), "Error", /^expected instance of Scratch$/);
    }
    scratch.free();
    works(kernel);
  },

  "EncoderLayer with what is no text": ({ kernel }) => {
    const scratch = new kernel.Scratch(1 << 20);
    const layer = new kernel.EncoderLayer(encoderOptions(8, 4, 2, 6), scratch);
    const x = floats(24, 1);
    const out = new Float32Array(24).fill(7);
    const [buffer, into] = [filled(kernel, x), filled(kernel, out)];
    for (const [offsets, name, message] of [
      [[], "RangeError", /^offsets: expected at least 1, got 0$/],
      [[1, 3], "RangeError", /^offsets: expected 0 to 0, got 1$/],
      [[0, 2, 1, 3], "RangeError", /^offsets\[2\]: expected at least 2, as the one before, got 1$/],
      [[0, 2], "RangeError", /^offsets: expected a length of 3, got 2$/],
      [[0, 4], "RangeError", /^offsets: expected a length of 3, got 4$/],
      [[0, 1.5], "RangeError", /^offsets\[1\]: expected a whole number .*, got 1.5$/],
      [[0, "3"], "TypeError", /^offsets\[1\]: expected a number, got String$/],
      [f32(0, 3), "TypeError", /^offsets: expected .*, got Float32Array$/],
      [undefined, "TypeError", /^offsets: expected .*, got Undefined$/],
    ]) {
      fails(() => layer.forward(x, offsets, out), name, message);
      fails(() => layer.forwardInto(buffer, offsets, into), name, message);
      works(kernel);
    }
    fails(() => layer.forward(floats(9, 1), [0, 1]), "RangeError", /^x: expected whole rows of 8 values, got 9 values$/);
    fails(() => layer.forward(x, [0, 3], new Float32Array(8)), "RangeError", /^out: expected a length of 24, got 8$/);
    fails(() => layer.forward(x, [0, 3], x), "RangeError", /^out: expected memory apart from x, got an overlap$/);
    fails(() => layer.forwardInto(buffer, [0, 3], buffer), "RangeError", /^out: expected another buffer than x, got the same$/);
    sameNumbers(out, new Float32Array(24).fill(7), "out");
    sameNumbers(into.view(), out, "out");
    sameNumbers(buffer.view(), x, "x");
    for (const object of [scratch, layer, buffer, into]) object.free();
  },

  "a scratch: its limit, and what it says of itself": ({ kernel }) => {
    const weights = encoderOptions(8, 4, 2, 6);
    const needed = (layer) => layer.scratchBytes(3);
    const probe = new kernel.Scratch(0);
    equal(probe.limit, 0, "limit");
    const first = new kernel.EncoderLayer(weights, probe);
    const bytes = needed(first);
    ok(bytes > 0 && bytes % 64 === 0, `${bytes} bytes`);
    const x = floats(24, 1);
    const out = new Float32Array(24).fill(7);
    const message = new RegExp(`^scratch: expected a limit of at least ${bytes} bytes, got 0$`);
    fails(() => first.forward(x, [0, 3], out), "RangeError", message);
    sameNumbers(out, new Float32Array(24).fill(7), "out");
    const scratch = new kernel.Scratch(bytes + 63);
    equal(scratch.limit, bytes, "limit");
    const layers = [weights, weights].map((weights) => new kernel.EncoderLayer(weights, scratch));
    for (const layer of layers) layer.forward(x, [0, 1, 3]);
    equal(scratch.allocated, bytes, "allocated");
    equal(scratch.grows, 1, "grows");
    ok(scratch.highWater > 0 && scratch.highWater <= bytes, `highWater ${scratch.highWater}`);
    fails(() => layers[0].forward(floats(32, 1), [0, 4]), "RangeError", /^scratch: expected a limit of at least /);
    // Who has freed it has no object any more, and the layers have its memory.
    scratch.free();
    sameNumbers(layers[0].forward(x, [0, 1, 3]), layers[1].forward(x, [0, 1, 3]), "after that");
    fails(() => first.scratchBytes("3"), "TypeError", /^tokens: expected a whole number /);
    fails(() => new kernel.Scratch(-1), "RangeError", /^limit: expected a whole number /);
    for (const object of [probe, first, ...layers]) object.free();
    works(kernel);
  },
};
