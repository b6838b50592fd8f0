// Objects in the wasm memory: what they are, and that they can be freed.

import { equal, fails, ok, sameNumbers } from "../check.js";
import { FREED, lifetimes } from "../lifetimes.js";
import { encoderOptions, operations } from "./table.js";
import { works } from "./works.js";

const f32 = (...values) => Float32Array.from(values);
const WEIGHTS = encoderOptions(4, 2, 2, 4);

function encoder(kernel) {
  const scratch = new kernel.Scratch(1 << 16);
  const layer = new kernel.EncoderLayer(WEIGHTS, scratch);
  scratch.free();
  return layer;
}

/** What makes an object of each class, and a use of it. */
const makers = (kernel) => [
  [() => new kernel.F32Buffer(5), (buffer) => buffer.view()],
  [() => new kernel.Linear(f32(1, 2), null, 2), (layer) => layer.forward(f32(1, 2))],
  [() => new kernel.Scratch(64), (scratch) => scratch.limit],
  [() => encoder(kernel), (layer) => layer.forward(f32(1, 2, 3, 4), [0, 1])],
];

/** An object of some megabytes. */
const large = (kernel) => new kernel.Linear(new Float32Array(1 << 20), null, 1 << 10);

export const objects = {
  "info()": ({ kernel }) => {
    const { variant, memory } = kernel.info();
    ok(["relaxed-simd", "simd128", "scalar"].includes(variant), `variant ${variant}`);
    ok(memory > 0 && memory % 65_536 === 0, `memory ${memory}`);
  },

  "used after free(): an error that says so, and the rest works on": ({ kernel }) => {
    for (const [make, use] of makers(kernel)) {
      const object = make();
      use(object);
      object.free();
      fails(() => use(object), "Error", FREED);
      works(kernel);
    }
    const freed = new kernel.F32Buffer(2);
    freed.free();
    for (const { name, head, inputs, rest, inPlace } of operations(1, 2)) {
      const buffers = Object.values(inputs).map((values) => new kernel.F32Buffer(values.length));
      const live = new kernel.F32Buffer(2);
      for (let i = 0; i <= buffers.length; i++) {
        const all = [...buffers, live].map((buffer, j) => (i === j ? freed : buffer));
        fails(() => kernel[`${name}Into`](...head, ...all.slice(0, -1), ...rest, all.at(-1)), "Error", FREED);
      }
      if (inPlace) fails(() => kernel[`${name}InPlace`](freed, ...buffers.slice(1), ...rest), "Error", FREED);
      sameNumbers(live.view(), [0, 0], "another buffer");
      for (const buffer of [...buffers, live]) buffer.free();
    }
  },

  ...lifetimes(makers, large),

  "another class in place of one, and a class's method on something else": ({ kernel }) => {
    const [buffer, linear, scratch] = [new kernel.F32Buffer(1), new kernel.Linear(f32(1), null, 1), new kernel.Scratch(64)];
    for (const other of [linear, undefined, null, {}, f32(1), 5]) {
      fails(() => kernel.reluInPlace(other), "Error", /^expected instance of F32Buffer$/);
      fails(() => linear.forwardInto(buffer, other), "Error", /^expected instance of F32Buffer$/);
      fails(() => new kernel.EncoderLayer(WEIGHTS, other), "Error", /^expected instance of Scratch$/);
    }
    const { forward, forwardInto, free } = kernel.Linear.prototype;
    for (const other of [{}, undefined, null, 5, buffer, Object.create(kernel.Linear.prototype)]) {
      for (const method of [forward, forwardInto, free]) {
        for (let i = 0; i < 600; i++) {
          fails(() => method.call(other, f32(1), f32(1)), "TypeError", /: Linear\.\w+ was called on something else$|^expected instance of F32Buffer$/);
        }
        works(kernel);
      }
    }
    for (const object of [buffer, linear, scratch]) object.free();
  },

  // An exception that passes through the instance may leave something behind, which adds up.
  "errors thousands of times": ({ kernel }) => {
    const [live, freed] = [new kernel.F32Buffer(2), new kernel.F32Buffer(2)];
    freed.free();
    const scratch = new kernel.Scratch(0);
    const layer = new kernel.EncoderLayer(WEIGHTS, scratch);
    const before = kernel.info().memory;
    for (const call of [
      () => freed.view(),
      () => kernel.relu([1]),
      () => kernel.relu(f32()),
      () => kernel.reluInto(live, live),
      () => kernel.leakyRelu(f32(1), "1"),
      () => kernel.softmax(f32(1), 2),
      () => kernel.layerNorm(f32(1), f32(1), f32(1, 2), 0),
      () => kernel.layerNormInPlace(live, live, live, 0),
      () => kernel.gemm(f32(1), f32(1), 1, 1, 2),
      () => kernel.gemmInto(live, live, 1, 1, 1, live),
      () => kernel.embedding([1], f32(1), 1),
      () => kernel.embedding(BigInt64Array.of(-1n), f32(1), 1),
      () => kernel.attention(f32(1), f32(1), f32(1), { heads: 1, qLen: 1, headDim: 2 }),
      () => kernel.attention(f32(1), f32(1), f32(1), { heads: 3, kvHeads: 2, qLen: 1, headDim: 2 }),
      () => new kernel.Linear(f32(1), f32(1, 2), 1),
      () => new kernel.Linear(f32(1), null, 1, { activation: "swish" }),
      () => new kernel.EncoderLayer({ ...WEIGHTS, downWeight: f32(1) }, scratch),
      () => layer.forward(f32(1, 2, 3, 4), [0, 1]),
      () => layer.forward(f32(1, 2, 3, 4), [0, 2]),
    ]) {
      for (let i = 0; i < 3000; i++) {
        try {
          call();
        } catch (error) {
          if (!(error instanceof WebAssembly.RuntimeError)) continue;
          throw new Error(`a trap at the ${i}th call of ${call}: ${error.message}`);
        }
        throw new Error(`no error from ${call}`);
      }
      works(kernel);
    }
    equal(kernel.info().memory, before, "memory");
    for (const object of [live, scratch, layer]) object.free();
  },
};
