// Objects in the wasm memory: what they are, and that they can be freed.

import { equal, fails, ok, sameNumbers } from "../check.js";
import { FREED, lifetimes } from "../lifetimes.js";
import { POOLINGS } from "./table.js";
import { works } from "./works.js";

const f32 = (...values) => Float32Array.from(values);

/** What makes an object of each class, and a use of it. */
const makers = (kernel) => [
  [() => new kernel.F32Buffer(5), (buffer) => buffer.view()],
  [() => new kernel.Ranges(f32(0), f32(1)), (ranges) => ranges.min],
  [() => kernel.Ranges.fromSample(f32(0, 1), 1), (ranges) => kernel.quantizeInt8(f32(0), 1, ranges)],
  [() => new kernel.Calibration(1), (calibration) => calibration.add(f32(0))],
  [() => new kernel.Vectors(1), (vectors) => vectors.append(f32(0))],
  [() => new kernel.ChunkPooler("mean", 1), (pooler) => pooler.add(f32(0))],
  [() => new kernel.Projection(f32(1), null, 1, 1), (projection) => projection.project(f32(0))],
  [() => kernel.Projection.random(1, 1, 1), (projection) => projection.weights],
  [() => kernel.Projection.pca(f32(1, 2), 1, 1), (projection) => projection.k],
];

/** An object of some megabytes. */
function large(kernel) {
  const vectors = new kernel.Vectors(4, "int8");
  vectors.append(new Int8Array(4 << 20));
  return vectors;
}

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
    const [freed, live] = [new kernel.F32Buffer(2), new kernel.F32Buffer(2)];
    freed.free();
    const mask = Uint8Array.of(1);
    for (const call of [
      ...Object.keys(POOLINGS).flatMap((name) => [
        () => kernel[`${name}Into`](freed, mask, 1, 1, 2, {}, live),
        () => kernel[`${name}Into`](live, mask, 1, 1, 2, {}, freed),
      ]),
      () => kernel.l2NormalizeInto(freed, 2, live),
      () => kernel.l2NormalizeInto(live, 2, freed),
      () => kernel.l2NormalizeInPlace(freed, 2),
    ]) {
      fails(call, "Error", FREED);
      sameNumbers(live.view(), [0, 0], "another buffer");
    }
    live.free();
  },

  ...lifetimes(makers, large),

  "another class in place of one, and a class's method on something else": ({ kernel }) => {
    const buffer = new kernel.F32Buffer(1);
    const [vectors, calibration] = [new kernel.Vectors(1), new kernel.Calibration(1)];
    for (const other of [vectors, undefined, null, {}, f32(1), 5]) {
      const pool = (out) => kernel.meanPoolInto(buffer, Uint8Array.of(1), 1, 1, 1, {}, out);
      fails(() => kernel.l2NormalizeInPlace(other, 1), "Error", /^expected instance of F32Buffer$/);
      fails(() => kernel.quantizeInt8(f32(1), 1, other), "Error", /^expected instance of Ranges$/);
      fails(() => calibration.merge(other), "Error", /^expected instance of Calibration$/);
      fails(() => pool(other), "Error", /^expected instance of F32Buffer$/);
    }
    const { append, search, free } = kernel.Vectors.prototype;
    for (const other of [{}, undefined, null, 5, buffer, Object.create(kernel.Vectors.prototype)]) {
      for (const method of [append, search, free]) {
        for (let i = 0; i < 600; i++) {
          fails(() => method.call(other, f32(1), { k: 1 }), "TypeError", /: Vectors\.\w+ was called on something else$/);
        }
        works(kernel);
      }
    }
    for (const object of [buffer, vectors, calibration]) object.free();
  },

  "an object for which not even the wasm memory has room: an error that names the argument": ({ kernel }) => {
    const { Calibration, ChunkPooler, Projection } = kernel;
    const MEMORY = "expected what fits into the wasm memory, got more$";
    const [most, many] = [2 ** 31, 65_536];
    fails(() => new Calibration(most), "RangeError", new RegExp(`^dim: ${MEMORY}`));
    fails(() => new ChunkPooler("mean", most), "RangeError", new RegExp(`^dim: ${MEMORY}`));
    fails(() => Projection.pca(new Float32Array(many), many, 1), "RangeError", new RegExp(`^hidden: ${MEMORY}`));
    works(kernel);
  },

  "an object that is merged into itself": ({ kernel }) => {
    const calibration = new kernel.Calibration(1);
    calibration.add(f32(1, 2));
    fails(() => calibration.merge(calibration), "Error", /an object was used while another call on it was running$/);
    equal(calibration.rows, 2, "rows");
    calibration.free();
  },

  // An exception that passes through the instance may leave something behind, which adds up.
  "errors thousands of times": ({ kernel }) => {
    const [live, freed] = [new kernel.F32Buffer(2), new kernel.F32Buffer(2)];
    freed.free();
    const vectors = new kernel.Vectors(1);
    const before = kernel.info().memory;
    for (const call of [
      () => freed.view(),
      () => kernel.meanPool(f32(1), Uint8Array.of(2), 1, 1, 1),
      () => kernel.meanPool([1], Uint8Array.of(1), 1, 1, 1),
      () => kernel.meanPool(f32(1), [1], 1, 1, 1),
      () => kernel.meanPool(f32(1), Uint8Array.of(1), 1, 1, 1, { k: 2 }),
      () => kernel.meanPool(f32(1), Uint8Array.of(1), 1, 1, 1, { normalize: 1 }),
      () => kernel.meanPoolInto(live, Uint8Array.of(1), 1, 1, 2, {}, live),
      () => kernel.poolRagged(f32(1), [2], 1),
      () => kernel.poolRagged(f32(1), [1], 1, { pooling: "average" }),
      () => kernel.l2NormalizeInto(live, 2, live),
      () => kernel.searchDot(f32(1), f32(1), {}),
      () => vectors.search(f32(1), { k: 1, metric: "manhattan" }),
      () => vectors.append(Int8Array.of(1)),
      () => new kernel.Vectors(0),
      () => new kernel.ChunkPooler("median", 1),
      () => kernel.Projection.random(2 ** 31, 2 ** 31, 1),
      () => kernel.Ranges.fromSample(f32(NaN), 1),
      () => kernel.windows(1, 1, 1),
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
    live.free();
    vectors.free();
  },
};
