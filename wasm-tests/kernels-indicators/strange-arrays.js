// Arrays that are not what they seem: the right result or an error, never a trap, and the next call works.

import { equal, fails, ok, rightOrThrows, sameNumbers } from "../check.js";
import { LENGTHS, detached, ending, hasResizable, hasShared, lengthOf, lying, mine, part, resizable, shared } from "../strange.js";
import { works } from "./works.js";

const DATA = Float64Array.of(1, 2, 3, 6);
const SMMA = [NaN, 1.5, 2.25, 4.125];
const OUTPUTS = ["upper", "middle", "lower"];

const isRight = (values) => lengthOf(values) === 4 && SMMA.every((value, i) => Object.is(values[i], value));

/** For a right mean at that bar the smoothed one, so that all calls have the same result. */
const smmaOfMean = (x, i) => (x === [NaN, 1.5, 2.5, 4.5][i] ? SMMA[i] : x);

/** Calls functions with such an array as an input, as a second one, and as an output. */
function everyCall(kernel, array) {
  return [
    () => kernel.smma(array(DATA), 2),
    () => {
      const out = array(new Float64Array(4));
      kernel.smmaInto(DATA, 2, out);
      return out;
    },
    () => {
      const both = array(DATA);
      kernel.smmaInto(both, 2, both);
      return both;
    },
    () => kernel.smmaMany(array(DATA), 1, 2),
    () => kernel.smmaSweep(array(DATA), [2]),
    // The volumes are all the same: a mean.
    () => kernel.vwma(DATA, array(Float64Array.of(2, 2, 2, 2)), 2).map(smmaOfMean),
    () => {
      const out = Object.fromEntries(OUTPUTS.map((name) => [name, array(new Float64Array(4))]));
      kernel.bollingerInto(DATA, 2, 0, out);
      const { upper, lower } = out;
      return Array.from(DATA, (_, i) => (Object.is(lower[i], upper[i]) ? smmaOfMean(upper[i], i) : upper[i]));
    },
  ];
}

/** Makes every call with such an array; returns how many of them gave a result. */
function survives(kernel, array, isFine = isRight) {
  let results = 0;
  for (const call of everyCall(kernel, array)) {
    results += rightOrThrows(call, isFine);
    works(kernel);
  }
  return results;
}

const ALL = 7;
const any = () => true;

export const strangeArrays = {
  "parts of larger arrays": ({ kernel }) => {
    equal(survives(kernel, part), ALL, "results");
  },

  "arrays of another realm": ({ kernel, realm }) => {
    if (!realm) return "there is no other realm here";
    const foreign = (values) => realm.Float64Array.from(values);
    ok(!(foreign([1]) instanceof Float64Array), "it is of this realm");
    equal(survives(kernel, foreign), ALL, "results");
    sameNumbers(kernel.smma(realm.Float32Array.of(1, 2, 3, 6), 2), SMMA, "of 32 bits");
    for (const starts of [realm.Uint32Array.of(0), realm.Array.of(0)]) {
      kernel.vwapAnchored(DATA, DATA, DATA, DATA, starts);
      sameNumbers(kernel.smmaSweep(DATA, [2]), SMMA, "a list of another realm");
    }
  },

  "arrays of shared memory": ({ kernel }) => {
    if (!hasShared()) return "there is no shared memory here";
    equal(survives(kernel, shared), ALL, "results");
  },

  "arrays that can change their length": ({ kernel }) => {
    if (!hasResizable()) return "this engine has no such arrays";
    equal(survives(kernel, resizable), ALL, "results");
  },

  "a plain subclass, and views of buffers": ({ kernel }) => {
    class Prices extends Float64Array {}
    equal(survives(kernel, (values) => Prices.from(values)), ALL, "results");
    const held = [];
    const view = (values) => {
      held.push(new kernel.F64Buffer(values.length));
      held.at(-1).view().set(values);
      return held.at(-1).view();
    };
    equal(survives(kernel, view), ALL, "results");
    for (const buffer of held) buffer.free();
  },

  "views of buffers that were freed": ({ kernel }) => {
    const stale = (values) => {
      const buffer = new kernel.F64Buffer(values.length);
      buffer.view().set(values);
      const view = buffer.view();
      buffer.free();
      return view;
    };
    // There may be something else by now. To write there is what a caller may not do.
    for (let i = 0; i < 100; i++) rightOrThrows(() => kernel.smma(stale(DATA), 2), any);
    works(kernel);
  },

  "detached arrays": ({ kernel }) => {
    fails(() => kernel.smma(detached(DATA), 2), "RangeError", /^data: expected at least one bar, got none$/);
    fails(() => kernel.smmaInto(DATA, 2, detached(DATA)), "RangeError", /^out: expected a length of 4, got 0$/);
    fails(() => kernel.vwma(DATA, detached(DATA), 2), "RangeError", /^volume: expected a length of 4, got 0$/);
    equal(survives(kernel, detached), 0, "results");
  },

  "an output that ends while the call reads its arguments: an error that names it, and nothing is written": ({ kernel }) => {
    for (const [middle, end] of ending(Float64Array.of(7, 7, 7, 7))) {
      const [upper, lower] = [new Float64Array(4).fill(7), new Float64Array(4).fill(7)];
      const out = {
        upper,
        middle,
        get lower() {
          end();
          return lower;
        },
      };
      const message = /middle.*: expected the length that it had, got another one since$/;
      fails(() => kernel.bollingerInto(DATA, 2, 1, out), "RangeError", message);
      for (const values of [upper, lower]) sameNumbers(values, [7, 7, 7, 7], "another output");
      works(kernel);
    }
  },

  "a buffer that is freed while it is read": ({ kernel }) => {
    for (let i = 0; i < 50; i++) {
      const [from, to] = [new kernel.F64Buffer(4), new kernel.F64Buffer(4)];
      from.view().set(DATA);
      const out = {
        get view() {
          from.free();
          return () => to.view();
        },
      };
      kernel.smmaInto(from, 2, out);
      sameNumbers(to.view(), SMMA, "values");
      const other = {
        get upper() {
          to.free();
          return new Float64Array(4);
        },
        middle: new Float64Array(4),
        lower: new Float64Array(4),
      };
      kernel.bollingerInto(to, 2, 1, other);
      works(kernel);
    }
  },

  "arrays that lie about their length, and whose methods throw: what the engine says is right": ({ kernel }) => {
    for (const length of LENGTHS) {
      equal(survives(kernel, lying(length)), ALL, "results");
      sameNumbers(kernel.smmaSweep(DATA, lying(length)(Uint32Array.of(2))), SMMA, "a list");
      sameNumbers(kernel.smma(lying(length)(Float32Array.from(DATA)), 2), SMMA, "of 32 bits");
    }
  },

  "what only looks like an array": ({ kernel }) => {
    const tagged = { [Symbol.toStringTag]: "Float64Array" };
    const { proxy: revoked, revoke } = Proxy.revocable(new Float64Array(4), {});
    revoke();
    const there = new kernel.F64Buffer(4);
    const { buffer } = there.view();
    for (const strange of [
      tagged,
      { ...tagged, length: 4, byteOffset: 0, buffer: new ArrayBuffer(32) },
      { ...tagged, length: 4, byteOffset: 3, buffer },
      { ...tagged, length: 4, byteOffset: -8, buffer },
      { ...tagged, length: 4, byteOffset: 2 ** 32, buffer },
      { ...tagged, length: 2 ** 30, byteOffset: 8, buffer },
      { ...tagged, length: NaN, byteOffset: NaN, buffer },
      { ...tagged, length: "4", byteOffset: 0, buffer: {} },
      Object.defineProperty({ ...tagged }, "length", { get: mine }),
      Object.defineProperty({ ...tagged }, "buffer", { get: mine }),
      Object.defineProperty({}, Symbol.toStringTag, { get: mine }),
      Object.defineProperty({}, "view", { get: mine }),
      { view: mine },
      { view: () => tagged },
      Object.create(Float64Array.prototype),
      new Proxy(new Float64Array(4), {}),
      revoked,
    ]) {
      // As inputs only: to write where one only claims to be is what a caller may not do.
      for (let i = 0; i < 600; i++) {
        rightOrThrows(() => kernel.smma(strange, 2), any);
        rightOrThrows(() => kernel.vwma(DATA, strange, 2), any);
        rightOrThrows(() => kernel.smmaSweep(DATA, strange), any);
        rightOrThrows(() => kernel.vwapAnchored(DATA, DATA, DATA, DATA, strange), any);
      }
      works(kernel);
    }
    there.free();
  },

  "what inherits from an array, or stands before one: an error that names the argument": ({ kernel }) => {
    for (const strange of [new Proxy(DATA, {}), Object.create(DATA), Object.create(Float64Array.prototype)]) {
      fails(() => kernel.smma(strange, 2), "TypeError", /^data: expected Float64Array, .*, got Object$/);
      fails(() => kernel.smmaInto(DATA, 2, strange), "TypeError", /^out: expected Float64Array, .*, got Object$/);
      works(kernel);
    }
  },

  "windows on other parts of the wasm memory": ({ kernel }) => {
    const [held, out] = [new kernel.F64Buffer(8), new kernel.F64Buffer(4)];
    // Between two numbers of a buffer there is no place of one.
    const { buffer, byteOffset } = held.view();
    const bytes = new Uint8Array(buffer, byteOffset, 64);
    equal(bytes.length, 64, "length");
    sameNumbers(kernel.smma(new Float64Array(buffer, byteOffset, 8), 1), new Float64Array(8), "a view of one's own");
    const past = new Float64Array(buffer, byteOffset, 9);
    rightOrThrows(() => kernel.smmaInto(past.subarray(0, 4), 1, out), any);
    equal(kernel.smma(past, 1).length, 9, "length of a window that ends beyond the buffer");
    held.free();
    out.free();
    works(kernel);
  },
};
