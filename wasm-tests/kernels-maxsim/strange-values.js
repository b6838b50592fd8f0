// Arrays whose properties are no numbers, or become ones only by code of theirs: hundreds of errors, and then a right
// call. What is thrown by the engine within a call of the instance leaves something of it behind, which adds up.

import { equal, fails, sameNumbers } from "../check.js";
import { works } from "./works.js";

const QUERY = Float32Array.of(1, 2);
const DOCS = Float32Array.of(1, 2, 3, 4, 5, 6);
const TIMES = 600;

const mine = () => {
  throw new Error("mine");
};
const NO_NUMBERS = [1n, Symbol("1"), { valueOf: mine }, { [Symbol.toPrimitive]: mine }, {}, "two", undefined];

/** That a call fails that often, and the next one does not. */
function failsOften(kernel, calls) {
  for (const call of calls) {
    for (let i = 0; i < TIMES; i++) fails(call, "TypeError", /^\w+: expected Float32Array, got Object$/);
    works(kernel);
  }
}

const readers = (kernel, documents, array) => [
  () => kernel.maxsim(QUERY, array, 2),
  () => kernel.maxsimBatch(QUERY, array, [1, 2], 2),
  () => kernel.maxsimBatch(QUERY, DOCS, [1, 2], 2, array),
  () => documents.scores(array),
  () => documents.append(array, [1, 2]),
  () => kernel.topK(array, 1),
];

export const strangeValues = {
  "what only looks like an array, whose properties are no numbers": ({ kernel }) => {
    const documents = new kernel.Documents(2);
    const like = { [Symbol.toStringTag]: "Float32Array", buffer: DOCS.buffer, length: 6, byteOffset: 0 };
    for (const value of NO_NUMBERS) {
      failsOften(kernel, readers(kernel, documents, { ...like, length: value }));
      failsOften(kernel, readers(kernel, documents, { ...like, byteOffset: value }));
    }
    equal(documents.length, 0, "documents");
    documents.free();
  },

  "what only looks like a window on the wasm memory": ({ kernel }) => {
    const documents = new kernel.Documents(2);
    const held = new kernel.F32Buffer(6);
    for (const place of [3, 0.5, -4, NaN, 2 ** 32, Infinity]) {
      const { buffer } = held.view();
      const like = { [Symbol.toStringTag]: "Float32Array", buffer, length: 6, byteOffset: place, subarray: mine };
      failsOften(kernel, readers(kernel, documents, like));
    }
    sameNumbers(held.view(), new Float32Array(6), "the buffer");
    held.free();
    documents.free();
  },
};
