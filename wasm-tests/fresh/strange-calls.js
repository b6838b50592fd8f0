// The checks with strange arrays that are the same for every package.

import { equal, ok, rightOrThrows } from "./check.js";
import {
  LENGTHS,
  detached,
  hasResizable,
  hasShared,
  impostors,
  lengthOf,
  lying,
  part,
  resizable,
  shared,
  subclass,
} from "./strange.js";

const any = () => true;

/** Buffers that make the wasm memory grow. */
export function hold(kernel) {
  const held = [];
  const { memory } = kernel.info();
  while (kernel.info().memory === memory) held.push(new kernel.F32Buffer(1 << 18));
  return held;
}

/**
 * @param {(kernel: any, array: (values: any) => any) => [() => any, ArrayLike<number>][]} everyCall what reads or writes
 *   arrays, with such an array in each place, and the result of each
 * @param {(kernel: any) => void} works the call that must work after each
 */
export function strangeCalls(everyCall, works) {
  /** Makes every call with such an array; returns how many of them gave no result. */
  function failures(kernel, array, isFine) {
    let failed = 0;
    for (const [call, want] of everyCall(kernel, array)) {
      const isRight = (got) => lengthOf(got) === want.length && Array.prototype.every.call(want, (x, i) => Object.is(got[i], x));
      failed += !rightOrThrows(call, isFine ?? isRight);
      works(kernel);
    }
    return failed;
  }

  return {
    "parts of larger arrays, and plain subclasses": ({ kernel }) => {
      equal(failures(kernel, part), 0, "failures");
      equal(failures(kernel, subclass), 0, "failures");
    },

    "arrays of another realm": ({ kernel, realm }) => {
      if (!realm) return "there is no other realm here";
      const foreign = (values) => realm[values.constructor.name].from(values);
      ok(!(foreign(new Float32Array(1)) instanceof Float32Array), "it is of this realm");
      equal(failures(kernel, foreign), 0, "failures");
    },

    "arrays of shared memory": ({ kernel }) => {
      if (!hasShared()) return "there is no shared memory here";
      equal(failures(kernel, shared), 0, "failures");
    },

    "arrays that can change their length": ({ kernel }) => {
      if (!hasResizable()) return "this engine has no such arrays";
      equal(failures(kernel, resizable), 0, "failures");
    },

    "windows on the wasm memory": ({ kernel }) => {
      const held = [];
      const window = (values) => {
        const bytes = values.length * values.BYTES_PER_ELEMENT;
        held.push(new kernel.F32Buffer(Math.ceil(bytes / 4)));
        const { buffer, byteOffset } = held.at(-1).view();
        const window = new values.constructor(buffer, byteOffset, values.length);
        window.set(values);
        return window;
      };
      // The first calls make the memory grow, and end the windows that are taken then.
      failures(kernel, window, any);
      for (const [call] of everyCall(kernel, window)) rightOrThrows(call, any);
      for (const buffer of held) buffer.free();
    },

    "detached arrays": ({ kernel }) => {
      failures(kernel, detached, any);
    },

    "arrays that lie about their length, and whose methods throw: what the engine says is right": ({ kernel }) => {
      for (const length of LENGTHS) equal(failures(kernel, lying(length)), 0, "failures");
    },

    "what only looks like an array": ({ kernel }) => {
      for (const Class of [Float32Array, Uint8Array, Int8Array, BigInt64Array]) {
        for (const strange of impostors(Class)) {
          // Often: what each leaves behind would add up.
          for (let i = 0; i < 10; i++) failures(kernel, () => strange, any);
        }
      }
    },
  };
}
