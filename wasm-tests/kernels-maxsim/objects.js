// Objects in the wasm memory: what they are, and that they can be freed.

import { equal, fails, ok, sameNumbers } from "../check.js";
import { works } from "./works.js";

const FREED = /an object was used after free\(\)$/;
const STRANGER = /: (Documents|F32Buffer)\.\w+ was called on something else$/;

export const objects = {
  "info()": ({ kernel }) => {
    const { variant, memory } = kernel.info();
    ok(["relaxed-simd", "simd128", "scalar"].includes(variant), `variant ${variant}`);
    ok(memory > 0 && memory % 65_536 === 0, `memory ${memory}`);
  },

  "F32Buffer: zeros at first, its lengths, its view": ({ kernel }) => {
    for (const length of [0, 1, 7, 1000]) {
      const buffer = new kernel.F32Buffer(length);
      equal(buffer.length, length, "length");
      equal(buffer.byteLength, 4 * length, "byteLength");
      ok(buffer.view() instanceof Float32Array, "no Float32Array");
      sameNumbers(buffer.view(), new Float32Array(length), "its values");
      buffer.free();
    }
  },

  "a buffer can be a query and documents at once": ({ kernel }) => {
    const [both, scores] = [new kernel.F32Buffer(4), new kernel.F32Buffer(2)];
    both.view().set([1, 2, 3, 4]);
    kernel.maxsimBatchInto(both, both, [1, 1], 2, scores);
    sameNumbers(scores.view(), [5 + 11, 11 + 25], "scores");
    both.free();
    scores.free();
  },

  "used after free(): an error that says so, and the rest works on": ({ kernel }) => {
    const [buffer, live] = [new kernel.F32Buffer(2), new kernel.F32Buffer(2)];
    const documents = new kernel.Documents(2);
    buffer.free();
    documents.free();
    const query = Float32Array.of(1, 1);
    for (const call of [
      () => buffer.view(),
      () => buffer.length,
      () => buffer.byteLength,
      () => kernel.maxsimBatchInto(buffer, live, [1], 2, live),
      () => kernel.maxsimBatchInto(live, buffer, [1], 2, live),
      () => kernel.maxsimBatchInto(live, live, [1], 2, buffer),
      () => kernel.maxsimMeanBatchInto(live, buffer, [1], 2, live),
      () => documents.length,
      () => documents.dim,
      () => documents.byteLength,
      () => documents.append(query, [1]),
      () => documents.scores(query),
      () => documents.search(query, { k: 1 }),
    ]) {
      fails(call, "Error", FREED);
      sameNumbers(live.view(), [0, 0], "another buffer");
    }
    live.free();
  },

  "a second free() does nothing": ({ kernel }) => {
    for (const object of [new kernel.F32Buffer(5), new kernel.Documents(5)]) {
      object.free();
      object.free();
      // What takes its place must not be freed by a third.
      const other = new kernel.F32Buffer(5);
      object.free();
      other.view().fill(3);
      sameNumbers(other.view(), [3, 3, 3, 3, 3], "what came after it");
      other.free();
    }
  },

  "Symbol.dispose frees": ({ kernel }) => {
    if (!Symbol.dispose) return "this engine has no Symbol.dispose";
    for (const object of [new kernel.F32Buffer(5), new kernel.Documents(5)]) {
      object[Symbol.dispose]();
      fails(() => object.length, "Error", FREED);
      object[Symbol.dispose]();
    }
  },

  "free() gives the memory back": ({ kernel }) => {
    const MB = 1 << 20;
    const once = () => {
      const buffer = new kernel.F32Buffer(2 * MB);
      const documents = new kernel.Documents(4);
      documents.append(new Float32Array(2 * MB), [MB / 2]);
      buffer.free();
      documents.free();
    };
    once();
    const before = kernel.info().memory;
    for (let i = 0; i < 20; i++) once();
    ok(kernel.info().memory - before <= 4 * MB, `grown by ${kernel.info().memory - before} bytes`);
  },

  "another class in place of a buffer": ({ kernel }) => {
    // A bundler may have given the class another name.
    const message = new RegExp(`^expected instance of ${kernel.F32Buffer.name.replace("$", "\\$")}$`);
    const [buffer, documents] = [new kernel.F32Buffer(2), new kernel.Documents(2)];
    for (const other of [documents, undefined, null, {}, new Float32Array(2), 5]) {
      fails(() => kernel.maxsimBatchInto(other, buffer, [1], 2, buffer), "Error", message);
      fails(() => kernel.maxsimBatchInto(buffer, other, [1], 2, buffer), "Error", message);
      fails(() => kernel.maxsimBatchInto(buffer, buffer, [1], 2, other), "Error", message);
    }
    buffer.free();
    documents.free();
  },

  "a class's method on something else": ({ kernel }) => {
    const [buffer, documents] = [new kernel.F32Buffer(2), new kernel.Documents(2)];
    const query = Float32Array.of(1, 1);
    const [Buffer, Documents] = [kernel.F32Buffer.prototype, kernel.Documents.prototype];
    const getter = (prototype, name) => Object.getOwnPropertyDescriptor(prototype, name).get;
    // Of another class, whatever it says of itself.
    const posing = Object.setPrototypeOf(new kernel.Documents(2), Buffer);
    const calls = (other) => [
      () => Documents.scores.call(other, query),
      () => Documents.search.call(other, query, { k: 1 }),
      () => Documents.append.call(other, query, [1]),
      () => getter(Documents, "length").call(other),
      () => Documents.free.call(other),
    ];
    for (const call of [
      ...[{}, undefined, null, 5, buffer, Object.create(Documents)].flatMap(calls),
      () => Buffer.view.call(documents),
      () => getter(Buffer, "byteLength").call(documents),
      () => Buffer.free.call(documents),
      () => posing.view(),
      () => posing.length,
    ]) {
      // More would end an instance that each of them has reached.
      for (let i = 0; i < 600; i++) fails(call, "TypeError", STRANGER);
      works(kernel);
    }
    fails(() => kernel.maxsimBatchInto(posing, buffer, [1], 2, buffer), "Error", /./);
    sameNumbers(buffer.view(), [0, 0], "the buffer");
    sameNumbers(documents.scores(query), [], "scores");
    class Mine extends kernel.F32Buffer {}
    equal(new Mine(3).view().length, 3, "length of a subclass");
    Documents.free.call(Object.setPrototypeOf(posing, Documents));
    buffer.free();
    documents.free();
  },

  // An exception that passes through the instance may leave something behind, which adds up.
  "errors thousands of times": ({ kernel }) => {
    const [buffer, live] = [new kernel.F32Buffer(2), new kernel.F32Buffer(2)];
    const [documents, others] = [new kernel.Documents(2), new kernel.Documents(2)];
    const [query, bad] = [Float32Array.of(1, 1), [0.5]];
    buffer.free();
    documents.free();
    const before = kernel.info().memory;
    for (const call of [
      () => buffer.view(),
      () => buffer.length,
      () => kernel.maxsimBatchInto(buffer, live, [1], 2, live),
      () => kernel.maxsimBatchInto(live, live, [1], 2, buffer),
      () => documents.byteLength,
      () => documents.append(query, [1]),
      () => documents.scores(query),
      () => documents.search(query, { k: 1 }),
      () => others.append(query, bad),
      () => others.append(query, "1"),
      () => others.scores(bad),
      () => others.search(query, {}),
      () => kernel.maxsim(bad, query, 2),
      () => kernel.maxsim(query, query, 0),
      () => kernel.maxsim(query, query, 0.5),
      () => kernel.maxsimBatch(query, query, bad, 2),
      () => kernel.maxsimBatch(query, query, [2], 2),
      () => kernel.maxsimBatch(query, query, [1], 2, query),
      () => kernel.maxsimBatch(query, query, [1], 2, bad),
      () => kernel.maxsimBatchInto(live, live, [1], 2, live),
      () => kernel.maxsimBatchInto(live, others, [1], 2, live),
      () => kernel.topK(bad, 1),
      () => new kernel.F32Buffer(2 ** 31),
      () => new kernel.Documents(0),
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
    others.free();
  },
};
