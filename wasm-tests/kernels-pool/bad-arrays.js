// Arrays that are wrong: an error that names the one, nothing written, and the next call works.

import { fails, sameNumbers } from "../check.js";
import { NO_F32_ARRAYS } from "../wrong.js";
import { calls, classes, lengths } from "./calls.js";
import { COMPARISONS } from "./table.js";
import { works } from "./works.js";

const f32 = (...values) => Float32Array.from(values);

/** That each call fails so, and after each the next call works. */
function eachFails(kernel, list, name, message) {
  for (const [what, call] of list) {
    fails(call, name, typeof message === "function" ? message(what) : message);
    works(kernel);
  }
}

export const badArrays = {
  "arrays of another class": ({ kernel }) => {
    for (const [array, got] of NO_F32_ARRAYS) {
      const of = (what) => new RegExp(`^${what}: expected (a )?Float32Array, got ${got}$`);
      // For none, a default stands there.
      if (array !== undefined) {
        const { masked, ragged, rows, compared, searched, free } = calls(kernel, { x: array });
        eachFails(kernel, [...masked, ...ragged, ...rows], "TypeError", of("x"));
        eachFails(kernel, [...compared, ...searched], "TypeError", of("rows"));
        free();
      }
      const vectors = new kernel.Vectors(2);
      const ranges = new kernel.Ranges(f32(0, 0), f32(1, 1));
      const others = {
        query: () => kernel.dot(array, f32(1)),
        rows: () => vectors.append(array),
        min: () => new kernel.Ranges(array, f32(1)),
        max: () => new kernel.Ranges(f32(1), array),
        weights: () => new kernel.Projection(array, null, 1, 1),
        sample: () => kernel.Projection.pca(array, 1, 1),
        x: () => new kernel.Calibration(2).add(array),
      };
      eachFails(kernel, Object.entries(others), "TypeError", of);
      const bytes = {
        codes: () => kernel.dequantizeUint8(array, 2, ranges),
        query: () => kernel.hamming(array, Uint8Array.of(1)),
        rows: () => kernel.dotBinary(f32(1), array),
      };
      const uint8 = (what) => new RegExp(`^${what}: expected Uint8Array, got ${got}$`);
      eachFails(kernel, Object.entries(bytes), "TypeError", uint8);
      fails(() => kernel.hamming(Uint8Array.of(1), array), "TypeError", uint8("rows"));
      fails(() => vectors.scores(array), "TypeError", of("query"));
      vectors.free();
      ranges.free();
    }
    for (const mask of [[1, 1, 0], Int32Array.of(1, 1, 0), Int8Array.of(1, 1, 0), "110", 5, null]) {
      const { masked, free } = calls(kernel, { mask });
      eachFails(kernel, masked, "TypeError", /^mask: expected Uint8Array or BigInt64Array, got /);
      free();
    }
    for (const lens of [Float32Array.of(1, 2), "12", 3, null, { 0: 1, 1: 2, length: 2 }]) {
      const { ragged, free } = calls(kernel, { lens });
      eachFails(kernel, ragged, "TypeError", /^lens: expected .* whole numbers, got /);
      free();
    }
  },

  "lengths that do not fit": ({ kernel }) => {
    const { masked, free } = calls(kernel, { x: f32(1, 2, 3) });
    eachFails(kernel, masked, "RangeError", /^x: expected a length of 6, got 3$/);
    free();
    for (const [other, message] of [
      [{ mask: Uint8Array.of(1) }, /^mask: expected a length of 3, got 1$/],
      [{ mask: BigInt64Array.of() }, /^mask: expected a length of 3, got 0$/],
      // Beyond what wasm32 counts, and beyond what is exact.
      [{ batch: 2 ** 32 - 1, seq: 2 ** 32 - 1 }, /^x: expected a length of 36893488130239234000, got 6$/],
    ]) {
      const { masked, free } = calls(kernel, other);
      eachFails(kernel, masked, "RangeError", message);
      free();
    }
    for (const [lens, message] of [
      [[1, 1], /^x: expected a length of 4, got 6$/],
      [[2 ** 32 - 1, 2 ** 32 - 1], /^x: expected a length of 17179869180, got 6$/],
      [[], /^lens: expected at least one, got none$/],
      [[1, 2.5], /^lens\[1\]: expected a whole number/],
      [[-1, 4], /^lens\[0\]: expected a whole number/],
    ]) {
      const { ragged, free } = calls(kernel, { lens });
      eachFails(kernel, ragged, "RangeError", message);
      free();
    }
    const partial = calls(kernel, { x: f32(1, 2, 3) });
    const whole = (what) => new RegExp(`^${what}: expected whole rows of [12] values, got 3 values$`);
    eachFails(kernel, partial.rows, "RangeError", whole("x"));
    eachFails(kernel, [...partial.compared, ...partial.searched], "RangeError", whole("rows"));
    partial.free();
    const none = calls(kernel, { x: f32(), query: f32() });
    eachFails(kernel, none.rows, "RangeError", /^x: expected at least one, got none$/);
    eachFails(kernel, [...none.compared, ...none.searched], "RangeError", /^query: expected at least one, got none$/);
    none.free();
    const ranges = new kernel.Ranges(f32(0), f32(1));
    fails(() => kernel.quantizeInt8(f32(1, 2), 2, ranges), "RangeError", /^ranges: expected a length of 2, got 1$/);
    fails(() => kernel.dequantizeUbinary(Uint8Array.of(1, 2, 3), 9), "RangeError", /^codes: expected whole rows of 2 values/);
    ranges.free();
    const two = (rowBits) => [Uint8Array.of(1), rowBits, f32(1), f32(1, 2), { candidates: 1, k: 1 }];
    fails(() => kernel.twoStepDot(...two(Uint8Array.of(1))), "RangeError", /^rowBits: expected a length of 2, got 1$/);
    // The bits of a query of one dimension are one byte, and of nine are two.
    for (const [dim, length, expected] of [[1, 0, 1], [1, 2, 1], [8, 2, 1], [9, 1, 2]]) {
      const bits = new Uint8Array(length);
      const message = new RegExp(`^queryBits: expected a length of ${expected}, got ${length}$`);
      for (const [name, Class] of [["twoStepDot", Float32Array], ["twoStepInt8", Int8Array]]) {
        const row = new Class(dim);
        fails(() => kernel[name](bits, bits, row, row, { candidates: 1, k: 1 }), "RangeError", message);
      }
    }
    const long = new Int8Array(131_072);
    fails(() => kernel.dotInt8(long, long), "RangeError", /^query: expected 1 to 131071, got 131072$/);
  },

  "out of another length or class, and what it holds then": ({ kernel }) => {
    const { masked, ragged, rows, compared, free } = calls(kernel);
    for (const [name, call] of [...masked, ...ragged, ...rows, ...compared]) {
      const [Class, length] = [classes(name), lengths(name)];
      for (const wrong of [0, length - 1, length + 1]) {
        const out = new Class(wrong).fill(7);
        fails(() => call(out), "RangeError", new RegExp(`^out: expected a length of ${length}, got ${wrong}$`));
        sameNumbers(out, new Class(wrong).fill(7), "out");
      }
      for (const out of [new Float64Array(length), [], "out", 5]) {
        fails(() => call(out), "TypeError", new RegExp(`^out: expected ${Class.name}, got `));
      }
      works(kernel);
    }
    free();
  },

  "out over an input": ({ kernel }) => {
    const all = f32(1, 2, 3, 4, 5, 6, 7, 8);
    const { masked, ragged, rows, compared, free } = calls(kernel, {
      x: all.subarray(0, 6),
      query: all.subarray(6, 8),
    });
    for (const [name, call] of [...masked, ...ragged, ...rows, ...compared]) {
      const Class = classes(name);
      const out = new Class(all.buffer, 0, lengths(name));
      fails(() => call(out), "RangeError", /^out: expected memory apart from (x|rows), got an overlap$/);
      works(kernel);
    }
    for (const [, call] of compared) {
      fails(() => call(all.subarray(5)), "RangeError", /^out: expected memory apart from query, got an overlap$/);
    }
    sameNumbers(all, [1, 2, 3, 4, 5, 6, 7, 8], "the inputs");
    free();
    // Beside an input is not over it.
    const beside = f32(3, 4, 0, 0);
    kernel.l2Normalize(beside.subarray(0, 2), 2, beside.subarray(2));
    fails(() => sameNumbers(beside.subarray(2), [0, 0]), "Error", /./);
  },

  "a buffer as input and output of one call": ({ kernel }) => {
    const buffer = new kernel.F32Buffer(2);
    buffer.view().set([3, 4]);
    const message = /^out: expected another buffer than x \(in place works l2NormalizeInPlace\), got the same$/;
    fails(() => kernel.l2NormalizeInto(buffer, 2, buffer), "RangeError", message);
    const pool = () => kernel.meanPoolInto(buffer, Uint8Array.of(1), 1, 1, 2, {}, buffer);
    fails(pool, "RangeError", /^out: expected another buffer than x, got the same$/);
    sameNumbers(buffer.view(), [3, 4], "the buffer");
    const short = new kernel.F32Buffer(1);
    fails(() => kernel.l2NormalizeInto(buffer, 2, short), "RangeError", /^out: expected a length of 2, got 1$/);
    fails(() => kernel.meanPoolInto(buffer, Uint8Array.of(1), 1, 1, 2, {}, short), "RangeError", /^out: expected a length of 2/);
    fails(() => kernel.l2NormalizeInPlace(short, 2), "RangeError", /^x: expected whole rows of 2 values, got 1 values$/);
    buffer.free();
    short.free();
    works(kernel);
  },

  "missing arguments": ({ kernel }) => {
    const names = Object.keys(kernel).filter((name) => !["init", "initSync", "info", "default"].includes(name));
    for (const name of names) {
      const isClass = /^class\b/.test(String(kernel[name]));
      for (const args of [[], [f32(1)]]) {
        const call = () => (isClass ? new kernel[name](...args) : kernel[name](...args));
        fails(call, /^(Type|Range)?Error$/, /^[a-zA-Z]+: expected |^expected instance of |\b(k|candidates)\b/);
        works(kernel);
      }
    }
  },

  "comparisons of other classes": ({ kernel }) => {
    for (const name of Object.keys(COMPARISONS)) {
      fails(() => kernel[name](new Float64Array(1), new Float64Array(1)), "TypeError", /^query: expected \w+, got Float64Array$/);
    }
    works(kernel);
  },
};
