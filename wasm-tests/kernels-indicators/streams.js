// Streams: as a batch, bar by bar.

import { equal, fails, near, ok, sameNumbers } from "../check.js";
import { STREAMED, arrays, read, settings, streamOf, walk } from "./table.js";
import { works } from "./works.js";

const LENGTH = 400;

/** How far a stream may be from a batch, relative to the largest value: another order of operations. */
const BOUND = 1e-13;

/** What a stream returns for a bar, as a batch has it. */
const row = (indicator, value) => arrays(indicator, value ?? {}).map((x) => (value === undefined ? NaN : x));

export const streams = {
  "update: as the batch": ({ kernel }) => {
    const series = walk(LENGTH, 11);
    // A gap in each of them.
    for (const [i, values] of Object.values(series).entries()) values[200 + 10 * i] = NaN;
    for (const [name, indicator] of STREAMED) {
      const [inputs, params] = [read(indicator, series), settings(indicator)];
      const batch = arrays(indicator, kernel[name](...inputs, ...params));
      const stream = new (streamOf(kernel, name))(...params);
      const got = batch.map(() => []);
      const first = Math.min(...batch.map((values) => values.findIndex((value) => !Number.isNaN(value))));
      equal(stream.lookback, first, `lookback of ${name}`);
      for (let bar = 0; bar < LENGTH; bar++) {
        const value = stream.update(...inputs.map((values) => values[bar]));
        row(indicator, value).forEach((x, i) => got[i].push(x));
      }
      batch.forEach((values, i) => {
        const largest = values.reduce((max, x) => Math.max(max, Math.abs(x) || 0), 100);
        near(got[i], values, BOUND * largest, `${name}, output ${i}`);
      });
      stream.free();
    }
  },

  "peek: what update would return, and nothing changes; reset: from the beginning": ({ kernel }) => {
    const series = walk(60, 12);
    for (const [name, indicator] of STREAMED) {
      const [inputs, params] = [read(indicator, series), settings(indicator)];
      const bar = (i) => inputs.map((values) => values[i]);
      const [stream, other] = [1, 2].map(() => new (streamOf(kernel, name))(...params));
      const first = [];
      for (let i = 0; i < 60; i++) {
        stream.peek(...bar((i * 7) % 60));
        const peeked = stream.peek(...bar(i));
        const updated = stream.update(...bar(i));
        sameNumbers(row(indicator, peeked), row(indicator, updated), `${name}, peeked at bar ${i}`);
        sameNumbers(row(indicator, updated), row(indicator, other.update(...bar(i))), `${name}, bar ${i}`);
        first.push(row(indicator, updated));
      }
      equal(stream.reset(), undefined, "result of reset");
      for (let i = 0; i < 60; i++) {
        sameNumbers(row(indicator, stream.update(...bar(i))), first[i], `${name}, bar ${i} after reset`);
      }
      stream.free();
      other.free();
    }
  },

  "values: undefined, a number, or an object of numbers": ({ kernel }) => {
    const smma = new kernel.SmmaStream(2);
    equal(smma.update(1), undefined, "first");
    equal(smma.update(2), 1.5, "second");
    equal(smma.update(NaN), undefined, "a gap");
    equal(smma.update(3), 2.25, "after a gap");
    smma.free();
    const bands = new kernel.BollingerStream(2, 2);
    equal(bands.update(1), undefined, "first");
    equal(JSON.stringify(bands.update(3)), '{"upper":4,"middle":2,"lower":0}', "bands");
    bands.free();
  },

  "bad parameters and bad bars": ({ kernel }) => {
    fails(() => new kernel.SmmaStream(), "TypeError", /^period: expected a whole number .*, got Undefined$/);
    fails(() => new kernel.SmmaStream(0), "RangeError", /^period: expected at least 1, got 0$/);
    fails(() => new kernel.SmmaStream(1.5), "RangeError", /^period: expected a whole number/);
    fails(() => new kernel.MacdStream(26, 12, 9), "RangeError", /^fast: expected less than slow = 12, got 26$/);
    fails(() => new kernel.StochasticStream(5, 0, 3), "RangeError", /^kSlow: expected at least 1, got 0$/);
    fails(() => new kernel.AlmaStream(5, 2, 6), "RangeError", /^offset: expected a number from 0 to 1, got 2$/);
    fails(() => new kernel.BollingerStream(5, NaN), "RangeError", /^k: expected a finite number, got NaN$/);
    // Windows that no memory holds.
    for (const name of ["Sma", "Wma", "Alma", "Bollinger", "Stddev"]) {
      fails(() => new kernel[`${name}Stream`](2 ** 32 - 1, 0.5, 6), "RangeError", /^period: expected what fits into/);
      works(kernel);
    }
    const stream = new kernel.AtrStream(2);
    for (const bad of ["1", undefined, null, {}, [1], true, 1n, Symbol("1"), { valueOf: () => 1 }]) {
      fails(() => stream.update(1, bad, 1), "TypeError", /^low: expected a number, got \w+$/);
      fails(() => stream.peek(1, 1, bad), "TypeError", /^close: expected a number, got \w+$/);
      works(kernel);
    }
    ok(stream.update(3, 1, 2) === undefined && stream.update(3, 1, 2) === undefined && stream.update(3, 1, 2) === 2);
    stream.free();
  },
};
