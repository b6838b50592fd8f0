// What holds for objects of every class in the wasm memory.

import { equal, fails, ok, sameNumbers } from "./check.js";
import { exhaust, filled, growth } from "./growth.js";

/** What a call says of an object that is no more. */
export const FREED = /an object was used after free\(\)$/;

/**
 * Checks that objects are freed once and for all, and give their memory back. `makers(kernel)`: what makes an object of each
 * class, and a use of it; `large(kernel)`: an object of some megabytes.
 */
export const lifetimes = (makers, large) => ({
  "a second free() does nothing, and Symbol.dispose frees": ({ kernel }) => {
    for (const [make, use] of makers(kernel)) {
      const object = make();
      object.free();
      object.free();
      // What takes its place must not be freed by a third.
      const other = make();
      object.free();
      use(other);
      if (Symbol.dispose) other[Symbol.dispose]();
      else other.free();
      fails(() => use(other), "Error", FREED);
    }
  },

  "free() gives the memory back": ({ kernel }) => {
    const once = () => {
      const held = [...makers(kernel).map(([make]) => make()), new kernel.F32Buffer(1 << 20), large(kernel)];
      for (const object of held) object.free();
    };
    once();
    const grown = growth(kernel, () => {
      for (let i = 0; i < 20; i++) once();
    });
    ok(grown <= 4 << 20, `grown by ${grown} bytes`);
  },
});

/** Checks of windows on a memory that grows. */
export const windows = {
  "a view has length 0 when the memory has grown, and a fresh one is right": ({ kernel }) => {
    const buffer = filled(kernel, [1, 2, 3, 4]);
    const view = buffer.view();
    const release = exhaust(kernel);
    equal(view.length, 0, "length of the old view");
    sameNumbers(buffer.view(), [1, 2, 3, 4], "a fresh view");
    release();
    buffer.free();
  },
};

/** That calls which make the memory grow are right where their arrays are windows on it: `calls` by name, of `values`. */
export function growsInCalls(kernel, values, length, calls) {
  for (const [name, call] of Object.entries(calls)) {
    const want = call(values, new Float32Array(length));
    const [from, to] = [filled(kernel, values), new kernel.F32Buffer(length)];
    const release = exhaust(kernel);
    const [x, out] = [from.view(), to.view()];
    const grown = growth(kernel, () => call(x, out));
    ok(grown > 0, `${name}: the memory did not grow in the call`);
    equal(x.length, 0, "length of a window after that");
    sameNumbers(to.view(), want, name);
    release();
    from.free();
    to.free();
  }
}
