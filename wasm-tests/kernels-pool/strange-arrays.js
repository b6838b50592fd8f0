// Arrays that are not what they seem: the right result or an error, never a trap, and the next call works.

import { equal, fails, ok, sameNumbers } from "../check.js";
import { detached, ending, listThat, part } from "../strange.js";
import { hold, strangeCalls } from "../strange-calls.js";
import { works } from "./works.js";

const X = Float32Array.of(1, 2, 3, 4, 5, 6);
const MASK = Uint8Array.of(1, 0, 1);
const WIDE = BigInt64Array.of(1n, 0n, 1n);
/** So large that it is read in pieces of 128 kB. */
const LONG = new Float32Array(80_000).fill(1);
const CODES = Int8Array.of(1, 2, 3, 4);
const BITS = Uint8Array.of(1, 3, 7);

/** Calls everything that reads or writes arrays, with such an array in each place, and the result of each. */
function everyCall(kernel, array) {
  const f32 = (values) => array(Float32Array.from(values));
  return [
    [() => kernel.meanPool(array(X), MASK, 1, 3, 2), [3, 4]],
    [() => kernel.meanPool(X, array(MASK), 1, 3, 2), [3, 4]],
    [() => kernel.meanPool(X, array(WIDE), 1, 3, 2), [3, 4]],
    [() => kernel.meanPool(X, MASK, 1, 3, 2, {}, f32([7, 7])), [3, 4]],
    [() => kernel.lastTokenPool(array(X), MASK, 1, 3, 2), [5, 6]],
    [() => kernel.poolRagged(array(X), [2, 1], 2, { pooling: "max" }), [3, 4, 5, 6]],
    [() => kernel.poolRagged(X, array(Uint32Array.of(2, 1)), 2, { pooling: "max" }), [3, 4, 5, 6]],
    [() => kernel.meanPool(array(LONG), new Uint8Array(8).fill(1), 2, 4, 10_000).subarray(19_998), [1, 1]],
    [() => kernel.l2Normalize(f32([3, 4]), 2), Float32Array.of(0.6, 0.8)],
    [() => kernel.l2Normalize(array(LONG), 1, new Float32Array(80_000)).subarray(79_998), [1, 1]],
    [() => kernel.truncate(f32([3, 4]), 2, 1), [1]],
    [() => kernel.quantizeBinary(f32([1, -1]), 2), [0]],
    [() => kernel.quantizeBinary(Float32Array.of(1, -1), 2, array(Int8Array.of(9))), [0]],
    [() => kernel.dequantizeUbinary(array(Uint8Array.of(128)), 2), [1, -1]],
    [() => kernel.dot(f32([1, 1]), X), [3, 7, 11]],
    [() => kernel.dot(Float32Array.of(1, 1), array(X)), [3, 7, 11]],
    [() => kernel.dotInt8(array(CODES), CODES), [30]],
    [() => kernel.dotInt8(CODES, array(CODES)), [30]],
    [() => kernel.hamming(array(BITS), BITS, array(Uint32Array.of(9))), [0]],
    [() => kernel.searchHamming(Uint8Array.of(7), array(BITS), { k: 2 }).indices, [2, 1]],
    [() => kernel.searchDot(Float32Array.of(1), array(LONG), { k: 1 }).indices, [0]],
    [
      () => {
        const vectors = new kernel.Vectors(2);
        try {
          vectors.append(array(X));
          return vectors.scores(f32([1, 1]), {}, f32([7, 7, 7]));
        } finally {
          vectors.free();
        }
      },
      [3, 7, 11],
    ],
    [
      () => {
        const projection = new kernel.Projection(f32([1, 1]), f32([1]), 2, 1);
        try {
          return projection.project(array(X), f32([7, 7, 7]));
        } finally {
          projection.free();
        }
      },
      [4, 8, 12],
    ],
    [
      () => {
        const pooler = new kernel.ChunkPooler("mean", 2);
        try {
          pooler.add(f32([1, 3]));
          return pooler.finish(f32([7, 7]));
        } finally {
          pooler.free();
        }
      },
      [1, 3],
    ],
  ];
}

export const strangeArrays = {
  ...strangeCalls(everyCall, works),

  "lengths of another realm, and windows on the wasm memory": ({ kernel, realm }) => {
    if (realm) sameNumbers(kernel.poolRagged(X, realm.Uint32Array.of(3), 2), [3, 4], "with lengths of another realm");
    const [x, mask] = [new kernel.F32Buffer(6), new kernel.F32Buffer(1)];
    x.view().set(X);
    const { buffer, byteOffset } = mask.view();
    const bytes = new Uint8Array(buffer, byteOffset, 3);
    bytes.set(MASK);
    sameNumbers(kernel.meanPool(x.view(), bytes, 1, 3, 2), [3, 4], "in windows");
    x.free();
    mask.free();
  },

  "detached arrays: an error that says how long they are": ({ kernel }) => {
    fails(() => kernel.meanPool(detached(X), MASK, 1, 3, 2), "RangeError", /^x: expected a length of 6, got 0$/);
    fails(() => kernel.meanPool(X, MASK, 1, 3, 2, {}, detached(X)), "RangeError", /^out: .* got 0$/);
  },

  "a list that calls the library, or makes the memory grow": ({ kernel }) => {
    const held = [];
    const from = new kernel.F32Buffer(6);
    from.view().set(X);
    for (const action of [
      () => sameNumbers(kernel.meanPool(X, MASK, 1, 3, 2), [3, 4], "the call within"),
      () => kernel.l2Normalize(LONG, 2),
      () => held.push(...hold(kernel)),
    ]) {
      for (const x of [() => X, () => part(X), () => from.view()]) {
        const max = kernel.poolRagged(x(), listThat(action, [2, 1]), 2, { pooling: "max" });
        sameNumbers(max, [3, 4, 5, 6], "the call around it");
        works(kernel);
      }
    }
    ok(held.length > 0, "it did not grow");
    for (const buffer of [from, ...held]) buffer.free();
  },

  "a list or an option that uses or frees the object that is at work": ({ kernel }) => {
    const BUSY = /an object was (used while another call on it was running|freed while a call on it was running)$/;
    const [vectors, query] = [new kernel.Vectors(2), Float32Array.of(1, 1)];
    vectors.append(X);
    fails(() => vectors.search(query, { get k() { return vectors.append(X); } }), "Error", BUSY);
    fails(() => vectors.rescore(query, listThat(() => vectors.append(X), [0, 1]), { k: 1 }), "Error", BUSY);
    equal(vectors.length, 3, "length");
    sameNumbers(vectors.scores(query), [3, 7, 11], "scores");
    // Who frees it has no object any more.
    fails(() => vectors.rescore(query, listThat(() => vectors.free(), [0, 1]), { k: 1 }), "Error", BUSY);
    const [x, out] = [new kernel.F32Buffer(6), new kernel.F32Buffer(2)];
    fails(() => kernel.meanPoolInto(x, MASK, 1, 3, 2, { get k() { x.free(); } }, out), "Error", BUSY);
    out.free();
    works(kernel);
  },

  "an array that ends while the call reads its arguments: an error that names it, and nothing is written": ({ kernel }) => {
    // Read at once, and in pieces.
    for (const [values, lens, width] of [[X, [2, 1], 2], [LONG, [4, 4], 10_000]]) {
      for (const [x, end] of ending(values)) {
        const out = new Float32Array(2 * width).fill(7);
        const call = () => kernel.poolRagged(x, listThat(end, lens), width, {}, out);
        fails(call, "RangeError", /^x: expected the length that it had, got another one since$/);
        sameNumbers(out, new Float32Array(2 * width).fill(7), "out");
        works(kernel);
      }
    }
  },
};
