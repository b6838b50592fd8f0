// Arguments that are wrong: an error that names the one, nothing written, and the next call works.

import { fails, sameNumbers } from "../check.js";
import { filled } from "../growth.js";
import { NO_F32_ARRAYS, NO_NUMBERS, WHOLE, noNumbers, noWholeNumbers } from "../wrong.js";
import { ACTIVATIONS, floats, operations } from "./table.js";
import { works } from "./works.js";

const f32 = (...values) => Float32Array.from(values);

/** Three rows of four values. */
const OPERATIONS = operations(3, 4);

/** What is no size. */
const noSizes = (what) => [
  [0, "RangeError", new RegExp(`^${what}: expected at least 1, got 0$`)],
  [-0, "RangeError", new RegExp(`^${what}: expected at least 1, got 0$`)],
  ...noWholeNumbers(what),
  ...noNumbers(what),
];

/** Calls a function over arrays, and over buffers where that can be, with other arguments in some places. */
function eachForm(kernel, { name, head, inputs, rest, ...right }, other, check) {
  const length = other.length ?? right.length;
  const arrays = Object.entries({ ...inputs, ...other.inputs }).map(([, values]) => values);
  const all = (arrays) => [...(other.head ?? head), ...arrays, ...(other.rest ?? rest)];
  const out = new Float32Array(length).fill(7);
  check(() => kernel[name](...all(arrays), out));
  sameNumbers(out, new Float32Array(length).fill(7), "out after an error");
  if (arrays.every((values) => values instanceof Float32Array)) {
    const [buffers, into] = [arrays.map((values) => filled(kernel, values)), filled(kernel, out)];
    check(() => kernel[`${name}Into`](...all(buffers), into));
    sameNumbers(into.view(), out, "out after an error");
    if (`${name}InPlace` in kernel) check(() => kernel[`${name}InPlace`](...all(buffers)));
    buffers.forEach((buffer, i) => sameNumbers(buffer.view(), arrays[i], "an input after an error"));
    for (const buffer of [...buffers, into]) buffer.free();
  }
  works(kernel);
}

const named = (...names) => OPERATIONS.filter(({ name }) => names.includes(name));

export const badInputs = {
  "arrays of another class": ({ kernel }) => {
    for (const operation of OPERATIONS) {
      for (const what of Object.keys(operation.inputs)) {
        for (const [array, got] of NO_F32_ARRAYS) {
          const message = new RegExp(`^${what}: expected Float32Array, got ${got}$`);
          const arrays = { ...operation.inputs, [what]: array };
          fails(() => kernel[operation.name](...operation.head, ...Object.values(arrays), ...operation.rest), "TypeError", message);
          works(kernel);
        }
      }
    }
  },

  "sizes that are none": ({ kernel }) => {
    const places = [
      ...named("softmax", "logSoftmax", "embedding").map((operation) => [operation, ["dim"]]),
      ...named("gemm", "gemmBt").map((operation) => [operation, ["m", "k", "n"]]),
      ...named("gemv").map((operation) => [operation, ["m", "k"]]),
    ];
    for (const [operation, names] of places) {
      names.forEach((what, place) => {
        for (const [size, name, message] of noSizes(what)) {
          const rest = operation.rest.map((value, i) => (i === place ? size : value));
          eachForm(kernel, operation, { rest }, (call) => fails(call, name, message));
        }
      });
    }
    for (const what of ["batch", "heads", "kvHeads", "qLen", "kvLen", "headDim"]) {
      for (const [size, name, message] of noSizes(what)) {
        const [operation] = named("attention");
        // For that, a default stands in these.
        if (size === undefined && ["batch", "kvHeads", "kvLen"].includes(what)) continue;
        const rest = [{ ...operation.rest[0], [what]: size }];
        eachForm(kernel, operation, { rest }, (call) => fails(call, name, message));
      }
    }
  },

  "sizes that do not fit": ({ kernel }) => {
    const x = floats(11, 1);
    for (const operation of named("softmax", "logSoftmax", "layerNorm", "rmsNorm")) {
      const message = /^x: expected whole rows of 4 values, got 11 values$/;
      eachForm(kernel, operation, { inputs: { x } }, (call) => fails(call, "RangeError", message));
    }
    for (const operation of named("gemm", "gemmBt")) {
      for (const [inputs, message] of [
        [{ a: x }, /^a: expected a length of 12, got 11$/],
        [{ b: x }, /^b: expected a length of 16, got 11$/],
      ]) {
        eachForm(kernel, operation, { inputs }, (call) => fails(call, "RangeError", message));
      }
      const most = 2 ** 32 - 1;
      eachForm(kernel, operation, { rest: [most, most, most] }, (call) => fails(call, "RangeError", /^[ab]: expected /));
    }
    const vector = (call) => fails(call, "RangeError", /^x: expected a length of 4, got 11$/);
    eachForm(kernel, named("gemv")[0], { inputs: { x } }, vector);
    for (const [inputs, message] of [
      [{ bias: f32(1, 2, 3) }, /^bias: expected a length of 4, got 3$/],
      [{ weight: f32() }, /^weight: expected at least (1, got 0|one, got none)$/],
    ]) {
      eachForm(kernel, named("layerNorm")[0], { inputs }, (call) => fails(call, "RangeError", message));
    }
    const [attention] = named("attention");
    for (const [what, length] of [["q", 12], ["k", 8], ["v", 8]]) {
      const message = new RegExp(`^${what}: expected a length of ${length}, got 11$`);
      eachForm(kernel, attention, { inputs: { [what]: x } }, (call) => fails(call, "RangeError", message));
    }
    const rest = [{ ...attention.rest[0], kvHeads: 3 }];
    const message = /^heads: expected a multiple of kvHeads, got 2$/;
    eachForm(kernel, attention, { rest }, (call) => fails(call, "RangeError", message));
  },

  "empty arrays": ({ kernel }) => {
    const empty = f32();
    for (const name of [...ACTIVATIONS, "softmax", "logSoftmax"]) {
      const rest = { leakyRelu: [0.1], softmax: [2], logSoftmax: [2] }[name] ?? [];
      fails(() => kernel[name](empty, ...rest), "RangeError", /^x: expected at least one, got none$/);
      const buffer = new kernel.F32Buffer(0);
      fails(() => kernel[`${name}InPlace`](buffer, ...rest), "RangeError", /^x: expected /);
      buffer.free();
    }
    fails(() => kernel.embedding([0], empty, 2), "RangeError", /^table: expected at least one, got none$/);
    works(kernel);
  },

  "numbers that are none": ({ kernel }) => {
    const [layer, rms, leaky] = ["layerNorm", "rmsNorm", "leakyRelu"].map((name) => named(name)[0]);
    for (const [value, got] of NO_NUMBERS) {
      const of = (what) => (call) => fails(call, "TypeError", new RegExp(`^${what}: expected a number, got ${got}$`));
      for (const operation of [layer, rms]) eachForm(kernel, operation, { rest: [value] }, of("eps"));
      eachForm(kernel, leaky, { rest: [value] }, of("slope"));
    }
    for (const eps of [-1, NaN, Infinity]) {
      const message = new RegExp(`^eps: expected a finite number, at least 0, got ${eps}$`);
      for (const operation of [layer, rms]) {
        eachForm(kernel, operation, { rest: [eps] }, (call) => fails(call, "RangeError", message));
      }
    }
  },

  "ids that are none": ({ kernel }) => {
    const [embedding] = named("embedding");
    for (const [ids, name, message] of [
      [[0, 3], "RangeError", /^ids\[1\]: expected 0 to 2, got 3$/],
      [Uint32Array.of(0, 1, 4_000_000_000), "RangeError", /^ids\[2\]: expected 0 to 2, got 4000000000$/],
      [BigInt64Array.of(7n), "RangeError", /^ids\[0\]: expected 0 to 2, got 7$/],
      [BigInt64Array.of(0n, -1n), "RangeError", /^ids\[1\]: expected 0 to 2, got -1$/],
      [[0, -1], "RangeError", new RegExp(`^ids\\[1\\]: ${WHOLE} -1$`)],
      [[0.5], "RangeError", new RegExp(`^ids\\[0\\]: ${WHOLE} 0.5$`)],
      [["1"], "TypeError", /^ids\[0\]: expected a number, got String$/],
      [f32(1), "TypeError", /^ids: expected .*, got Float32Array$/],
      [5, "TypeError", /^ids: expected .*, got Number$/],
      [undefined, "TypeError", /^ids: expected .*, got Undefined$/],
    ]) {
      eachForm(kernel, embedding, { head: [ids], length: 4 * (ids?.length ?? 1) }, (call) => fails(call, name, message));
    }
  },

  "options that are none": ({ kernel }) => {
    const [attention] = named("attention");
    for (const [options, name, message] of [
      [5, "TypeError", /^options: expected an object, got Number$/],
      [f32(1), "TypeError", /^options: expected an object, got Float32Array$/],
      [undefined, "TypeError", /^options: expected an object, got Undefined$/],
      [{ ...attention.rest[0], causal: 1 }, "TypeError", /^causal: expected true or false, got Number$/],
      [{ get heads() { throw new Error("mine"); } }, "Error", /^mine$/],
    ]) {
      eachForm(kernel, attention, { rest: [options] }, (call) => fails(call, name, message));
    }
  },

  "out of another length or class, or over an input": ({ kernel }) => {
    for (const { name, head, inputs, rest, length } of OPERATIONS) {
      const arrays = Object.values(inputs);
      const call = (out) => () => kernel[name](...head, ...arrays, ...rest, out);
      for (const wrong of [0, length - 1, length + 1]) {
        const out = new Float32Array(wrong).fill(7);
        fails(call(out), "RangeError", new RegExp(`^out: expected a length of ${length}, got ${wrong}$`));
        sameNumbers(out, new Float32Array(wrong).fill(7), "out");
      }
      for (const out of [new Float64Array(length), [], "out", 5]) {
        fails(call(out), "TypeError", /^out: expected Float32Array, got /);
      }
      const what = Object.keys(inputs)[0];
      const whole = new Float32Array(40).fill(0.5);
      const own = [whole.subarray(1, 1 + arrays[0].length), ...arrays.slice(1)];
      const over = () => kernel[name](...head, ...own, ...rest, whole.subarray(0, length));
      fails(over, "RangeError", new RegExp(`^out: expected memory apart from ${what}, got an overlap$`));
      sameNumbers(whole, new Float32Array(40).fill(0.5), "both");
      works(kernel);
    }
  },

  "a buffer as input and output of one call": ({ kernel }) => {
    for (const { name, head, inputs, rest, length, inPlace } of OPERATIONS) {
      const buffers = Object.values(inputs).map((values) => filled(kernel, values));
      buffers.forEach((buffer, i) => {
        const before = buffer.view().slice();
        const into = () => kernel[`${name}Into`](...head, ...buffers, ...rest, buffer);
        fails(into, "RangeError", /^out: expected another buffer than .*, got the same$/);
        const hint = new RegExp(`\\(in place works ${name}InPlace\\)`);
        if (inPlace) fails(into, "RangeError", hint);
        if (inPlace && i > 0) {
          const all = [buffer, ...buffers.slice(1)];
          fails(() => kernel[`${name}InPlace`](...all, ...rest), "RangeError", /^x: expected another buffer than weight/);
        }
        sameNumbers(buffer.view(), before, "the buffer");
      });
      const short = new kernel.F32Buffer(length - 1);
      const message = new RegExp(`^out: expected a length of ${length}, got ${length - 1}$`);
      fails(() => kernel[`${name}Into`](...head, ...buffers, ...rest, short), "RangeError", message);
      for (const buffer of [...buffers, short]) buffer.free();
      works(kernel);
    }
  },

  "missing arguments": ({ kernel }) => {
    const names = Object.keys(kernel).filter((name) => !["init", "initSync", "info", "default"].includes(name));
    for (const name of names) {
      const isClass = /^class\b/.test(String(kernel[name]));
      for (const args of [[], [f32(1)]]) {
        // It takes no more.
        if (args.length > 0 && ACTIVATIONS.includes(name) && name !== "leakyRelu") continue;
        const call = () => (isClass ? new kernel[name](...args) : kernel[name](...args));
        fails(call, /^(Type|Range)?Error$/, /^[a-zA-Z]+: expected |^expected instance of /);
        works(kernel);
      }
    }
  },
};
