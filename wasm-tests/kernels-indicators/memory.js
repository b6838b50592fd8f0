// The wasm memory: how much of it is taken, and what happens when it grows.

import { equal, fails, ok, sameNumbers } from "../check.js";
import { exhaust, filled as filledBuffer, growth } from "../growth.js";
import { entries, outs, read, settings, walk } from "./table.js";

const MB = 1 << 20;

/** A buffer of these values. */
const filled = (kernel, values) => filledBuffer(kernel, values, kernel.F64Buffer);

export const memory = {
  // First: later, there is free memory in which more would not show.
  "from buffers into buffers takes no memory": ({ kernel }) => {
    const [data, out, plusDi, minusDi] = Array.from({ length: 4 }, () => new kernel.F64Buffer(MB));
    data.view().forEach((_, i, view) => (view[i] = i % 1000));
    const grown = growth(kernel, () => {
      kernel.smmaInto(data, 14, out);
      kernel.adxInto(data, data, data, 14, { adx: out, plusDi, minusDi });
    });
    equal(grown, 0, "growth");
    for (const buffer of [data, out, plusDi, minusDi]) buffer.free();
  },

  "calls again and again take no more memory": ({ kernel }) => {
    const series = walk(5000, 21);
    const calls = () => {
      for (const [name, indicator] of entries) {
        const [inputs, params] = [read(indicator, series), settings(indicator)];
        kernel[name](...inputs, ...params);
        kernel[`${name}ManyInto`](...inputs, 5, ...params, outs(indicator, () => new Float64Array(5000)));
      }
      kernel.smmaSweep(series.data, { start: 1, end: 20, step: 1 });
      new kernel.F64Buffer(10_000).free();
    };
    calls();
    const grown = growth(kernel, () => {
      for (let i = 0; i < 50; i++) calls();
    });
    equal(grown, 0, "growth");
  },

  "a large series is given back": ({ kernel }) => {
    const data = new Float64Array(2 * MB).fill(1);
    const out = data.slice();
    const call = () => kernel.smmaInto(data, 2, out);
    call();
    equal(out.at(-1), 1, "value");
    const grown = growth(kernel, () => {
      for (let i = 0; i < 3; i++) call();
      for (let i = 0; i < 3; i++) new kernel.F64Buffer(2 * MB).free();
    });
    equal(grown, 0, "growth");
  },

  "what is kept between calls is 8 MB in all": ({ kernel }) => {
    const large = new Float64Array((MB * 3) / 4).fill(1);
    const [buffer, out] = [filled(kernel, large), new kernel.F64Buffer(large.length)];
    const release = exhaust(kernel, kernel.F64Buffer);
    const grown = growth(kernel, () => {
      // One of them is copied at a time, each to a place of its own.
      for (let i = 0; i < 4; i++) {
        const series = Array.from({ length: 4 }, (_, j) => (i === j ? large : buffer));
        kernel.vwapInto(...series, out);
      }
    });
    ok(grown < 16 * MB, `the memory has grown by ${grown} bytes`);
    release();
    buffer.free();
    out.free();
  },

  "a sweep whose results no memory holds takes none for its settings": ({ kernel }) => {
    const periods = { start: 1, end: 5e7, step: 1 };
    const grown = growth(kernel, () => {
      fails(() => kernel.smmaSweep(new Float64Array(8), periods), "RangeError", /^out: expected what fits into/);
      fails(() => kernel.smmaSweepInto(new Float64Array(8), periods, new Float64Array(8)), "RangeError", /^out: /);
    });
    equal(grown, 0, "growth");
  },

  "a view has length 0 when the memory has grown, and a fresh one is right": ({ kernel }) => {
    const buffer = filled(kernel, [1, 2, 3, 4]);
    const view = buffer.view();
    const release = exhaust(kernel, kernel.F64Buffer);
    equal(view.length, 0, "length of the old view");
    sameNumbers(buffer.view(), [1, 2, 3, 4], "a fresh view");
    release();
    buffer.free();
  },

  "views, where the memory grows in the call": ({ kernel }) => {
    const { data } = walk(200_000, 22);
    const want = kernel.smma(data, 14);
    const [from, to] = [filled(kernel, data), filled(kernel, data)];
    const release = exhaust(kernel, kernel.F64Buffer);
    const views = [from.view(), to.view()];
    // Copies of the array are made in the wasm memory, and the results of a sweep.
    const grown = growth(kernel, () => kernel.vwmaInto(views[0], data, 14, views[1]));
    ok(grown > 0, "the memory did not grow in the call");
    equal(views[0].length, 0, "length of a view after that");
    sameNumbers(to.view(), kernel.vwma(data, data, 14), "values");
    kernel.smmaInto(from, 14, to);
    sameNumbers(to.view(), want, "values of the next call");
    release();
    from.free();
    to.free();
  },
};
