// Arguments that are wrong: an error that names the one, nothing written, and the next call works.

import { fails, ok, sameNumbers } from "../check.js";
import { INDICATORS, SWEPT, arrays, entries, outs, read, settings, walk } from "./table.js";
import { NO_NUMBERS, WHOLE } from "../wrong.js";
import { works } from "./works.js";

const f64 = (...values) => Float64Array.from(values);
const LENGTH = 20;
const SERIES = "Float64Array, Float32Array, F64Buffer or F32Buffer";

/** What is no series. */
const NO_SERIES = [
  [[1, 2], "Array"],
  [Int32Array.of(1, 2), "Int32Array"],
  [undefined, "Undefined"],
  [null, "Null"],
  ["12", "String"],
  [5, "Number"],
  [new ArrayBuffer(8), "ArrayBuffer"],
  [new DataView(new ArrayBuffer(8)), "DataView"],
  [{ view: () => [1, 2] }, "Object"],
  [{ view: 5 }, "Object"],
];

/** Calls every form of an indicator, with other arguments in some places, and returns what it wrote to. */
function everyForm({ kernel }, name, { inputs = {}, params = {}, series = 2, out } = {}) {
  const indicator = INDICATORS[name];
  const all = walk(LENGTH, 31);
  const of = indicator.inputs.map((input) => (input in inputs ? inputs[input] : all[input]));
  const set = indicator.params.map(([param, value]) => (param in params ? params[param] : value));
  const written = out ?? outs(indicator, () => new Float64Array(LENGTH).fill(7));
  return {
    written,
    fresh: [() => kernel[name](...of, ...set), () => kernel[`${name}Many`](...of, series, ...set)],
    into: [
      () => kernel[`${name}Into`](...of, ...set, written),
      () => kernel[`${name}ManyInto`](...of, series, ...set, written),
    ],
  };
}

/** That each call fails so, nothing is written, and the next call works. */
function eachFails(environment, indicator, { fresh, into, written }, name, message) {
  for (const call of [...fresh, ...into]) {
    fails(call, name, message);
    works(environment.kernel);
  }
  for (const values of arrays(indicator, written)) sameNumbers(values, new Float64Array(LENGTH).fill(7), "out");
}

export const badInputs = {
  "series that are none": (environment) => {
    for (const [name, indicator] of entries) {
      for (const input of indicator.inputs) {
        for (const [value, got] of NO_SERIES) {
          const message = new RegExp(`^${input}: expected ${SERIES}, got ${got}$`);
          const forms = everyForm(environment, name, { inputs: { [input]: value } });
          eachFails(environment, indicator, forms, "TypeError", message);
        }
      }
    }
  },

  "series of 64 and of 32 bits in one call": (environment) => {
    const of32 = new Float32Array(LENGTH);
    for (const [name, indicator] of entries) {
      for (const input of indicator.inputs.slice(1)) {
        const message = new RegExp(`^${input}: expected Float64Array or F64Buffer, got Float32Array$`);
        const forms = everyForm(environment, name, { inputs: { [input]: of32 } });
        eachFails(environment, indicator, forms, "TypeError", message);
      }
      const { into } = everyForm(environment, name, { out: outs(indicator, () => of32) });
      const message = /^out(\.\w+)?: expected Float64Array or F64Buffer, got Float32Array$/;
      for (const call of into) fails(call, "TypeError", message);
    }
    const { kernel } = environment;
    const message = /^out: expected Float32Array or F32Buffer, got Float64Array$/;
    fails(() => kernel.smmaInto(of32, 2, f64(1)), "TypeError", message);
  },

  "no bar, and lengths that differ": (environment) => {
    for (const [name, indicator] of entries) {
      const none = Object.fromEntries(indicator.inputs.map((input) => [input, f64()]));
      const out = outs(indicator, () => f64());
      const { fresh, into } = everyForm(environment, name, { inputs: none, out });
      const message = new RegExp(`^${indicator.inputs[0]}: expected at least one bar, got none$`);
      for (const call of [...fresh, ...into]) fails(call, "RangeError", message);
      for (const input of indicator.inputs.slice(1)) {
        const message = new RegExp(`^${input}: expected a length of 20, got 19$`);
        const forms = everyForm(environment, name, { inputs: { [input]: new Float64Array(19) } });
        eachFails(environment, indicator, forms, "RangeError", message);
      }
    }
  },

  "parameters that are no numbers": (environment) => {
    for (const [name, indicator] of entries) {
      for (const [param] of indicator.params.filter(([, value]) => typeof value === "number")) {
        const expected = ["k", "offset", "sigma"].includes(param) ? "expected a number, got" : WHOLE;
        for (const [value, got] of NO_NUMBERS) {
          const message = new RegExp(`^${param}: ${expected} ${got}$`);
          const forms = everyForm(environment, name, { params: { [param]: value } });
          eachFails(environment, indicator, forms, "TypeError", message);
        }
      }
    }
  },

  "periods out of their range": (environment) => {
    for (const [name, indicator] of entries) {
      for (const [param, value] of indicator.params) {
        if (!Number.isInteger(value) || param === "k" || param === "sigma") continue;
        for (const [bad, message] of [
          [0, /: expected at least 1, got 0$/],
          [-0, /: expected at least 1, got 0$/],
          [LENGTH + 1, /: expected (at most the number of bars, (20|10), got 21|less than slow = 4, got 21)$/],
          [2 ** 32 - 1, /: expected (at most the number of bars, (20|10)|less than slow = 4), got 4294967295$/],
          [1.5, new RegExp(`: ${WHOLE} 1.5$`)],
          [-1, new RegExp(`: ${WHOLE} -1$`)],
          [NaN, new RegExp(`: ${WHOLE} NaN$`)],
          [2 ** 32, new RegExp(`: ${WHOLE} 4294967296$`)],
        ]) {
          const forms = everyForm(environment, name, { params: { [param]: bad } });
          eachFails(environment, indicator, forms, "RangeError", new RegExp(`^${param}${message.source}`));
        }
      }
    }
  },

  "other parameters out of their range": (environment) => {
    for (const [name, param, bad, message] of [
      ["bollinger", "k", NaN, "expected a finite number, got NaN"],
      ["bollinger", "k", Infinity, "expected a finite number, got Infinity"],
      ["alma", "offset", 1.5, "expected a number from 0 to 1, got 1.5"],
      ["alma", "offset", NaN, "expected a number from 0 to 1, got NaN"],
      ["alma", "sigma", 0, "expected a finite number above 0, got 0"],
      ["macd", "fast", 4, "expected less than slow = 4, got 4"],
    ]) {
      const forms = everyForm(environment, name, { params: { [param]: bad } });
      eachFails(environment, INDICATORS[name], forms, "RangeError", new RegExp(`^${param}: ${message}$`));
    }
    for (const [starts, name, message] of [
      [[5, 5], "RangeError", /^starts\[1\]: expected a bar from 6 on and below (20|10), got 5$/],
      [[1, 20], "RangeError", /^starts\[1\]: expected a bar from 2 on and below (20|10), got 20$/],
      [[1, 0.5], "RangeError", new RegExp(`^starts\\[1\\]: ${WHOLE} 0.5$`)],
      [[1, "2"], "TypeError", /^starts\[1\]: expected a number, got String$/],
      [BigInt64Array.of(1n), "TypeError", /^starts: expected an array or a typed array of numbers, got BigInt64Array$/],
      [1, "TypeError", /^starts: .* got Number$/],
      [undefined, "TypeError", /^starts: .* got Undefined$/],
    ]) {
      const forms = everyForm(environment, "vwapAnchored", { params: { starts } });
      eachFails(environment, INDICATORS.vwapAnchored, forms, name, message);
    }
  },

  "series that do not divide": (environment) => {
    for (const [name, indicator] of entries) {
      for (const [series, kind, message] of [
        [0, "RangeError", /^series: expected a divisor of 20, at least 1, got 0$/],
        [3, "RangeError", /^series: expected a divisor of 20, at least 1, got 3$/],
        [0.5, "RangeError", /^series: /],
        ["2", "TypeError", /^series: /],
        [null, "TypeError", /^series: /],
      ]) {
        const { fresh, into, written } = everyForm(environment, name, { series });
        eachFails(environment, indicator, { fresh: [fresh[1]], into: [into[1]], written }, kind, message);
      }
    }
  },

  "out of another length, missing, or no series": (environment) => {
    for (const [name, indicator] of entries) {
      for (const length of [0, LENGTH - 1, LENGTH + 1]) {
        const out = outs(indicator, () => new Float64Array(length).fill(7));
        const { into } = everyForm(environment, name, { out });
        for (const call of into) {
          fails(call, "RangeError", new RegExp(`^out(\\.\\w+)?: expected a length of 20, got ${length}$`));
          works(environment.kernel);
        }
        for (const values of arrays(indicator, out)) sameNumbers(values, new Float64Array(length).fill(7), "out");
      }
      for (const bad of [null, 5, "out", [1, 2], {}]) {
        for (const call of everyForm(environment, name, { out: bad }).into.slice(bad === null ? 2 : 0)) {
          fails(call, "TypeError", /^out(\.\w+)?: expected /);
          works(environment.kernel);
        }
      }
      // All but the last of several outputs.
      if (!indicator.outputs) continue;
      const last = indicator.outputs.at(-1);
      const out = { ...outs(indicator, () => new Float64Array(LENGTH).fill(7)), [last]: undefined };
      for (const call of everyForm(environment, name, { out }).into) {
        fails(call, "TypeError", new RegExp(`^out\\.${last}: .* got Undefined$`));
      }
      sameNumbers(out[indicator.outputs[0]], new Float64Array(LENGTH).fill(7), "another output");
    }
  },

  "out over inputs, and outputs over each other": (environment) => {
    const { kernel } = environment;
    const all = new Float64Array(3 * LENGTH).fill(7);
    const data = all.subarray(LENGTH, 2 * LENGTH);
    const partial = /^out: expected memory apart from data, got an overlap$/;
    for (const start of [LENGTH - 1, LENGTH + 1, 1, 2 * LENGTH - 1]) {
      fails(() => kernel.smmaInto(data, 2, all.subarray(start, start + LENGTH)), "RangeError", partial);
    }
    for (const [name, indicator] of entries) {
      const inputs = read(indicator, walk(LENGTH, 32));
      const params = settings(indicator);
      const into = (out) => () => kernel[`${name}Into`](...inputs, ...params, out);
      if (inputs.length > 1) {
        const over = outs(indicator, () => inputs[1]);
        const message = `^out(\\.\\w+)?: expected memory apart from ${indicator.inputs[1]}, got an overlap$`;
        fails(into(over), "RangeError", new RegExp(message));
      }
      if (!indicator.outputs) continue;
      const same = new Float64Array(LENGTH);
      fails(into(outs(indicator, () => same)), "RangeError", /apart from the other outputs, got an overlap$/);
      const buffer = new kernel.F64Buffer(LENGTH);
      fails(into(outs(indicator, () => buffer)), "RangeError", /apart from the other outputs, got an overlap$/);
      buffer.free();
      works(kernel);
    }
    const buffer = new kernel.F64Buffer(2 * LENGTH);
    const part = (start) => buffer.view().subarray(start, start + LENGTH);
    fails(() => kernel.smmaInto(part(0), 2, part(1)), "RangeError", partial);
    sameNumbers(buffer.view(), new Float64Array(2 * LENGTH), "the buffer");
    buffer.free();
    sameNumbers(all, new Float64Array(3 * LENGTH).fill(7), "the arrays");
  },

  "sweeps of bad settings": ({ kernel }) => {
    const { data } = walk(LENGTH, 33);
    const bad = [
      [{ start: 0, end: 3, step: 1 }, "RangeError", /^period: expected at least 1, got 0$/],
      [{ start: 2, end: 21, step: 1 }, "RangeError", /^period: expected at most the number of bars, 20, got 21$/],
      [{ start: 3, end: 2, step: 1 }, "RangeError", /^period\.end: expected at least start, got less$/],
      [{ start: 2, end: 3, step: 0 }, "RangeError", /^period\.step: expected at least 1, got 0$/],
      [{ start: 2, end: 3 }, "TypeError", /^period\.step: expected a whole number .*, got Undefined$/],
      [{ start: "2", end: 3, step: 1 }, "TypeError", /^period\.start: .*, got String$/],
      [{ start: 2, end: 3.5, step: 1 }, "RangeError", /^period\.end: .*, got 3\.5$/],
      [{ start: 1, end: 2 ** 32 - 1, step: 1 }, "RangeError", /^\w+: expected what fits into the wasm memory/],
      [[2, 0], "RangeError", /^period\[1\]: expected at least 1, got 0$/],
      [Float64Array.of(2, 3, 21), "RangeError", /^period\[2\]: expected at most the number of bars, 20, got 21$/],
      [[2, 0.5], "RangeError", new RegExp(`^period\\[1\\]: ${WHOLE} 0.5$`)],
      [[2, "3"], "TypeError", /^period\[1\]: expected a number, got String$/],
      [[[2], 3], "TypeError", /^period\[0\]: expected a number, got Array$/],
      [[2, null], "TypeError", /^period\[1\]: expected a number, got Null$/],
      [[2n], "TypeError", /^period\[0\]: expected a number, got BigInt$/],
      [[2, NaN, undefined], "TypeError", /^period\[2\]: expected a number, got Undefined$/],
      [[2, NaN], "RangeError", new RegExp(`^period\\[1\\]: ${WHOLE} NaN$`)],
      ["2", "TypeError", /^period: expected a whole number, a list of them, or \{ start, end, step \}, got String$/],
      [undefined, "TypeError", /^period: .*, got Undefined$/],
      [null, "TypeError", /^period: .*, got Null$/],
    ];
    const out = new Float64Array(2 * LENGTH).fill(7);
    for (const [periods, name, message] of bad) {
      fails(() => kernel.smmaSweep(data, periods), name, message);
      fails(() => kernel.smmaSweepInto(data, periods, out), name, /./);
      works(kernel);
    }
    fails(() => kernel.smmaSweepInto(data, [2, 3, 4], out), "RangeError", /^out: expected a length of 60, got 40$/);
    fails(() => kernel.smmaSweepInto(data, 3, f64(1)), "RangeError", /^out: expected a length of 20, got 1$/);
    fails(() => kernel.macdSweep(data, [1, 2], [3, 4, 5], 1), "RangeError", /^slow: expected as many settings as fast/);
    const order = /^fast\[2\]: expected less than slow = 2, got 2$/;
    fails(() => kernel.macdSweep(data, [1, 2, 2], [3, 4, 2], 1), "RangeError", order);
    fails(() => kernel.bollingerSweep(data, 5, Float32Array.of(1, NaN)), "RangeError", /^k\[1\]: expected a finite/);
    fails(() => kernel.bollingerSweep(data, 5, [1, true]), "TypeError", /^k\[1\]: expected a number, got Boolean$/);
    fails(() => kernel.almaSweep(data, 5, "a", 6), "TypeError", /^offset: expected a number, or .*, got String$/);
    fails(() => kernel.almaSweep(data, 5, { start: 0, end: 1, step: 1 }, 6), "TypeError", /^offset: .* got Object$/);
    sameNumbers(out, new Float64Array(2 * LENGTH).fill(7), "out");
    ok(SWEPT.length > 14);
  },

  "missing arguments": ({ kernel }) => {
    for (const name of Object.keys(kernel)) {
      if (["default", "init", "initSync", "info"].includes(name)) continue;
      const call = /^class\b/.test(String(kernel[name])) ? () => new kernel[name]() : () => kernel[name]();
      if (/^(TrueRange|Obv|Vwap)Stream$/.test(name)) call().free();
      else fails(call, "TypeError", /^\w+: expected .*, got Undefined$/);
      works(kernel);
    }
  },

  "errors thousands of times": ({ kernel }) => {
    const { high, low, close } = walk(LENGTH, 34);
    const [stream, freed] = [new kernel.AtrStream(2), new kernel.F64Buffer(2)];
    freed.free();
    const before = kernel.info().memory;
    for (const call of [
      () => kernel.smma([1], 2),
      () => kernel.smma(close, 0),
      () => kernel.smma(close, "2"),
      () => kernel.smma(freed, 2),
      () => kernel.atr(high, low, close.subarray(1), 2),
      () => kernel.atrInto(high, low, close, 2, high),
      () => kernel.bollingerInto(close, 2, 2, {}),
      () => kernel.smmaSweep(close, { start: 1 }),
      () => kernel.smmaSweep(close, [0]),
      () => kernel.smmaMany(close, 3, 2),
      () => kernel.vwapAnchored(high, low, close, close, [3, 2]),
      () => stream.update(1, 2, "3"),
      () => new kernel.SmmaStream(0),
      () => new kernel.F64Buffer(2 ** 30),
    ]) {
      for (let i = 0; i < 3000; i++) fails(call, /Error$/, /./);
      works(kernel);
    }
    ok(kernel.info().memory === before, "the memory has grown");
    stream.free();
  },
};
