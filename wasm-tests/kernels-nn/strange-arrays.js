// Arrays that are not what they seem: the right result or an error, never a trap, and the next call works.

import { fails, sameNumbers } from "../check.js";
import { detached, ending, listThat } from "../strange.js";
import { hold, strangeCalls } from "../strange-calls.js";
import { encoderOptions, floats, operations } from "./table.js";
import { works } from "./works.js";

const [N, DIM] = [3, 4];
const OPERATIONS = operations(N, DIM);
const WEIGHTS = encoderOptions(DIM, 2, 1, 5);
const X = floats(N * DIM, 1);
const OFFSETS = [0, 1, 3];
const IDS = [2, 0];
/** So large that it is read in pieces of 128 kB. */
const LONG = new Float32Array(80_000).fill(-1);

/** Makes an object, uses it, and frees it. */
function using(make, use) {
  const object = make();
  try {
    return use(object);
  } finally {
    object.free();
  }
}

function encode(kernel, weights, x, offsets, out) {
  const scratch = () => new kernel.Scratch(1 << 20);
  return using(scratch, (scratch) =>
    using(
      () => new kernel.EncoderLayer(weights, scratch),
      (layer) => layer.forward(x, offsets, out),
    ),
  );
}

function linear(kernel, weight, bias, x, out) {
  return using(
    () => new kernel.Linear(weight, bias, DIM),
    (layer) => layer.forward(x, out),
  );
}

/** What comes of it with plain arrays, once for each instance. */
const known = new Map();

/** Calls everything that reads or writes arrays, with such an array in each place, and the result of each. */
function everyCall(kernel, array) {
  const calls = [];
  const add = (what, call) => {
    if (!known.has(what)) known.set(what, call((values) => values.slice()));
    calls.push([() => call(array), known.get(what)]);
  };
  for (const { name, head, inputs, rest, length } of OPERATIONS) {
    const arrays = Object.values(inputs);
    arrays.forEach((_, i) => {
      add(`${name} ${i}`, (array) => kernel[name](...head, ...arrays.map((x, j) => (i === j ? array(x) : x)), ...rest));
    });
    add(`${name} out`, (array) => kernel[name](...head, ...arrays, ...rest, array(new Float32Array(length).fill(7))));
  }
  add("ids", (array) => kernel.embedding(array(Uint32Array.from(IDS)), X, DIM));
  add("wide ids", (array) => kernel.embedding(array(BigInt64Array.from(IDS, BigInt)), X, DIM));
  add("long", (array) => kernel.relu(array(LONG)).subarray(79_998));
  add("weight", (array) => linear(kernel, array(WEIGHTS.queryWeight), WEIGHTS.queryBias, X));
  add("bias", (array) => linear(kernel, WEIGHTS.queryWeight, array(WEIGHTS.queryBias), X));
  add("x", (array) => linear(kernel, WEIGHTS.queryWeight, null, array(X)));
  add("out", (array) => linear(kernel, WEIGHTS.queryWeight, null, X, array(new Float32Array(12))));
  for (const name of ["keyWeight", "downBias", "mlpNormBias"]) {
    add(name, (array) => encode(kernel, { ...WEIGHTS, [name]: array(WEIGHTS[name]) }, X, OFFSETS));
  }
  add("encoder x", (array) => encode(kernel, WEIGHTS, array(X), OFFSETS));
  add("offsets", (array) => encode(kernel, WEIGHTS, X, array(Uint32Array.from(OFFSETS))));
  add("encoder out", (array) => encode(kernel, WEIGHTS, X, OFFSETS, array(new Float32Array(12))));
  return calls;
}

export const strangeArrays = {
  ...strangeCalls(everyCall, works),

  "detached arrays: an error that says how long they are": ({ kernel }) => {
    fails(() => kernel.gemm(detached(X), X, 1, 3, 4), "RangeError", /^a: expected a length of 3, got 0$/);
    fails(() => kernel.gemm(X, X, 3, 4, 3, detached(X)), "RangeError", /^out: expected a length of 9, got 0$/);
    fails(() => kernel.relu(detached(X)), "RangeError", /^x: expected at least one, got none$/);
  },

  "a list or an option that calls the library, or makes the memory grow": ({ kernel }) => {
    const held = [];
    const want = kernel.embedding(IDS, X, DIM);
    const sizes = { heads: 1, qLen: N, headDim: DIM };
    const attended = kernel.attention(X, X, X, sizes);
    const [table, out] = [new kernel.F32Buffer(12), new kernel.F32Buffer(8)];
    table.view().set(X);
    for (const action of [() => works(kernel), () => kernel.relu(LONG), () => held.push(...hold(kernel))]) {
      for (const x of [() => X, () => table.view()]) {
        sameNumbers(kernel.embedding(listThat(action, IDS), x(), DIM), want, "the call around it");
        const options = { ...sizes, get causal() { action(); return false; } };
        sameNumbers(kernel.attention(x(), X, X, options), attended, "the call around it");
      }
      kernel.embeddingInto(listThat(action, IDS), table, DIM, out);
      sameNumbers(out.view(), want, "over buffers");
      works(kernel);
    }
    for (const buffer of [table, out, ...held]) buffer.free();
  },

  "a list or an option that uses or frees the object that is at work": ({ kernel }) => {
    const BUSY = /an object was (used while another call on it was running|freed while a call on it was running)$/;
    const scratch = new kernel.Scratch(1 << 20);
    const layer = new kernel.EncoderLayer(WEIGHTS, scratch);
    const want = layer.forward(X, OFFSETS);
    // Two calls at once share the layer and its scratch.
    sameNumbers(layer.forward(X, listThat(() => layer.forward(X, [0, 3]), OFFSETS)), want, "the call around it");
    fails(() => layer.forward(X, listThat(() => layer.free(), OFFSETS)), "Error", BUSY);
    const [x, out] = [new kernel.F32Buffer(12), new kernel.F32Buffer(12)];
    const options = { heads: 1, qLen: N, headDim: DIM, get causal() { x.free(); return true; } };
    fails(() => kernel.attentionInto(x, x, x, options, out), "Error", BUSY);
    fails(() => new kernel.EncoderLayer({ ...WEIGHTS, get eps() { scratch.free(); return 0; } }, scratch), "Error", BUSY);
    out.free();
    works(kernel);
  },

  "an array that ends while the call reads its arguments: an error that names it, and nothing is written": ({ kernel }) => {
    for (const [table, end] of ending(X)) {
      const out = new Float32Array(8).fill(7);
      const call = () => kernel.embedding(listThat(end, IDS), table, DIM, out);
      fails(call, "RangeError", /^table: expected the length that it had, got another one since$/);
      sameNumbers(out, new Float32Array(8).fill(7), "out");
      works(kernel);
    }
    for (const [queryWeight, end] of ending(WEIGHTS.queryWeight)) {
      const scratch = new kernel.Scratch(1 << 20);
      const { keyWeight } = WEIGHTS;
      const weights = { ...WEIGHTS, queryWeight, get keyWeight() { end(); return keyWeight; } };
      const message = /^queryWeight: expected the length that it had, got another one since$/;
      fails(() => new kernel.EncoderLayer(weights, scratch), "RangeError", message);
      scratch.free();
      works(kernel);
    }
  },
};
