// Every form of every indicator gives the same values, bit for bit; sweeps up to rounding.

import { equal, near, ok, sameNumbers } from "../check.js";
import { ONE_TO_ONE, SWEPT, arrays, entries, outs, read, settings, walk } from "./table.js";

const LENGTH = 300;

/** The types of arrays and buffers. */
const types = (kernel) => [
  [Float64Array, kernel.F64Buffer],
  [Float32Array, kernel.F32Buffer],
];

function same(indicator, got, want, what) {
  arrays(indicator, want).forEach((values, i) => sameNumbers(arrays(indicator, got)[i], values, what));
}

/** How far rows of a sweep may be from single ones: several settings at once are computed in another order. */
const nearby = (Type) => (Type === Float32Array ? 1e-4 : 1e-11);

/** Calls with a maker of buffers, which are freed after it. */
function withBuffers(Buffer, call) {
  const made = [];
  const make = (length) => {
    made.push(new Buffer(length));
    return made.at(-1);
  };
  call(make, (values) => {
    const buffer = make(values.length);
    buffer.view().set(values);
    return buffer;
  });
  for (const buffer of made) buffer.free();
}

/** What buffers hold. */
const held = (indicator, buffers) => mapped(indicator, buffers, (buffer) => buffer.view().slice());

/** What a call makes of each output. */
function mapped({ outputs }, of, call) {
  return outputs ? Object.fromEntries(outputs.map((name) => [name, call(of[name])])) : call(of);
}

export const forms = {
  "into arrays, from and into buffers, and their views": ({ kernel }) => {
    for (const [Type, Buffer] of types(kernel)) {
      const series = walk(LENGTH, 2, Type);
      for (const [name, indicator] of entries) {
        const [inputs, params] = [read(indicator, series), settings(indicator)];
        const want = kernel[name](...inputs, ...params);
        ok(arrays(indicator, want).every((values) => values instanceof Type && values.length === LENGTH), name);
        const into = kernel[`${name}Into`];
        const out = outs(indicator, () => new Type(LENGTH).fill(7));
        equal(into(...inputs, ...params, out), undefined, `${name}Into`);
        same(indicator, out, want, `${name}Into`);
        withBuffers(Buffer, (make, filled) => {
          const buffers = inputs.map(filled);
          same(indicator, kernel[name](...buffers, ...params), want, `${name} of buffers`);
          const out = outs(indicator, () => make(LENGTH));
          into(...buffers, ...params, out);
          same(indicator, held(indicator, out), want, `${name}Into, buffers`);
          // Mixed, by views and parts of views.
          const longer = outs(indicator, () => make(LENGTH + 9));
          const part = (buffer) => buffer.view().subarray(5, 5 + LENGTH);
          into(...buffers.map((buffer) => buffer.view()), ...params, mapped(indicator, longer, part));
          same(indicator, mapped(indicator, longer, part), want, `${name}Into, views`);
          mapped(indicator, longer, (buffer) => {
            const view = buffer.view();
            sameNumbers([view[4], view[5 + LENGTH]], [0, 0], "what lies round it");
          });
          into(...inputs, ...params, out);
          same(indicator, held(indicator, out), want, `${name}Into, from arrays into buffers`);
          const apart = outs(indicator, () => new Type(LENGTH));
          into(...buffers, ...params, apart);
          same(indicator, apart, want, `${name}Into, from buffers into arrays`);
          inputs.forEach((values, i) => sameNumbers(buffers[i].view(), values, "an input after it"));
        });
      }
    }
  },

  "over its input": ({ kernel }) => {
    for (const [Type, Buffer] of types(kernel)) {
      const { data } = walk(LENGTH, 3, Type);
      for (const [name, indicator] of ONE_TO_ONE) {
        const params = settings(indicator);
        const want = kernel[name](data, ...params);
        const copy = data.slice();
        kernel[`${name}Into`](copy, ...params, copy);
        sameNumbers(copy, want, name);
        withBuffers(Buffer, (_, filled) => {
          const buffer = filled(data);
          kernel[`${name}Into`](buffer, ...params, buffer);
          sameNumbers(buffer.view(), want, `${name}, a buffer`);
          buffer.view().set(data);
          kernel[`${name}Into`](buffer.view(), ...params, buffer);
          sameNumbers(buffer.view(), want, `${name}, a buffer and its view`);
        });
      }
    }
  },

  "from one part of a buffer into another": ({ kernel }) => {
    const { data } = walk(LENGTH, 4);
    const buffer = new kernel.F64Buffer(2 * LENGTH);
    const [low, high] = [() => buffer.view().subarray(0, LENGTH), () => buffer.view().subarray(LENGTH)];
    low().set(data);
    kernel.smmaInto(low(), 14, high());
    sameNumbers(high(), kernel.smma(data, 14), "values");
    sameNumbers(low(), data, "the input");
    buffer.free();
  },

  "many series": ({ kernel }) => {
    for (const [Type, Buffer] of types(kernel)) {
      const [rows, bars] = [5, 60];
      const series = walk(rows * bars, 5, Type);
      for (const [name, indicator] of entries) {
        const [inputs, params] = [read(indicator, series), settings(indicator)];
        const want = outs(indicator, () => new Type(rows * bars));
        for (let row = 0; row < rows; row++) {
          const part = (values) => values.subarray(row * bars, (row + 1) * bars);
          kernel[`${name}Into`](...inputs.map(part), ...params, mapped(indicator, want, part));
        }
        same(indicator, kernel[`${name}Many`](...inputs, rows, ...params), want, `${name}Many`);
        const out = outs(indicator, () => new Type(rows * bars));
        kernel[`${name}ManyInto`](...inputs, rows, ...params, out);
        same(indicator, out, want, `${name}ManyInto`);
        withBuffers(Buffer, (make, filled) => {
          const out = outs(indicator, () => make(rows * bars));
          kernel[`${name}ManyInto`](...inputs.map(filled), rows, ...params, out);
          same(indicator, held(indicator, out), want, `${name}ManyInto, buffers`);
        });
      }
    }
  },

  "sweeps": ({ kernel }) => {
    for (const [Type] of types(kernel)) {
      const series = walk(LENGTH, 6, Type);
      for (const [name, indicator] of SWEPT) {
        const [inputs, params] = [read(indicator, series), settings(indicator)];
        const first = name === "macd" ? [1, 2, 3, 1] : [9, 4, 1, 5];
        // The other parameters are one number for all rows, or one for each.
        const others = (value) => first.map((_, row) => (value < 1 ? value / (row + 1) : value + row));
        const each = params.slice(1).map(others);
        for (const others of [params.slice(1), each]) {
          const want = outs(indicator, () => new Type(LENGTH * first.length));
          first.forEach((period, row) => {
            const part = (values) => values.subarray(row * LENGTH, (row + 1) * LENGTH);
            const setting = [period, ...others.map((other) => other[row] ?? other)];
            kernel[`${name}Into`](...inputs, ...setting, mapped(indicator, want, part));
          });
          const swept = kernel[`${name}Sweep`](...inputs, first, ...others);
          arrays(indicator, want).forEach((values, i) => near(arrays(indicator, swept)[i], values, nearby(Type), name));
          const out = outs(indicator, () => new Type(LENGTH * first.length));
          kernel[`${name}SweepInto`](...inputs, Uint32Array.from(first), ...others, out);
          same(indicator, out, swept, `${name}SweepInto`);
        }
      }
    }
  },

  "ranges of a sweep": ({ kernel }) => {
    const { data } = walk(LENGTH, 7);
    for (const [range, periods] of [
      [{ start: 2, end: 10, step: 4 }, [2, 6, 10]],
      [{ start: 2, end: 9, step: 4 }, [2, 6]],
      [{ start: 5, end: 5, step: 100 }, [5]],
      [{ start: 1, end: 300, step: 1 }, Array.from({ length: 300 }, (_, i) => i + 1)],
      [7, [7]],
    ]) {
      const want = periods.flatMap((period) => Array.from(kernel.smma(data, period)));
      near(kernel.smmaSweep(data, range), want, nearby(Float64Array), "smmaSweep");
    }
    sameNumbers(kernel.smmaSweep(data, []), [], "of no settings");
  },

  "all of them are called so, and there are no others": ({ kernel }) => {
    const swept = new Set(SWEPT.map(([name]) => name));
    const names = entries.flatMap(([name]) => [
      ...["", "Into", "Many", "ManyInto"].map((form) => name + form),
      ...(swept.has(name) ? ["Sweep", "SweepInto"].map((form) => name + form) : []),
      ...(name === "vwapAnchored" ? [] : [`${name[0].toUpperCase()}${name.slice(1)}Stream`]),
    ]);
    const others = ["rma", "rmaInto", "wilders", "wildersInto", "F32Buffer", "F64Buffer", "info", "init", "initSync"];
    const exported = Object.keys(kernel).filter((name) => name !== "default");
    equal(exported.sort().join(), [...names, ...others].sort().join(), "exports");
  },
};
