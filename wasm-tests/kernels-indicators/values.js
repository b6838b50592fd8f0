// Values are right: as the native kernels have them, and as known.

import { equal, near, ok, sameNumbers } from "../check.js";
import { tensors } from "../safetensors.js";
import { INDICATORS, arrays, read } from "./table.js";

/** How far values may be from the native ones, relative to the largest: those may fuse multiplication and addition. */
const BOUND = 1e-12;

let archive;

/** The native results: their series, and the call that makes them. */
async function natively(data) {
  archive ??= tensors(await data("native.safetensors"));
  return Object.entries(archive)
    .filter(([key]) => key.includes(".result."))
    .map(([key, { values }]) => {
      const [source, , ...call] = key.split(".");
      const [name, ...words] = call.join(".").split(" ");
      const params = words.slice(0, INDICATORS[name].params.length);
      const series = (what) => archive[`${source}.${what}`].values;
      const [high, low, close, volume] = ["high", "low", "data", "volume"].map(series);
      return {
        key,
        name,
        inputs: read(INDICATORS[name], { high, low, close, volume, data: close }),
        params: params.map((word) => (name === "vwapAnchored" ? word.split(",").map(Number) : Number(word))),
        output: words[params.length],
        values,
      };
    });
}

const scale = (values) => values.reduce((max, x) => (Math.abs(x) > max ? Math.abs(x) : max), 0);

export const values = {
  "the examples of the crate": ({ kernel }) => {
    sameNumbers(kernel.smma(Float64Array.of(1, 2, 3, 6), 2), [NaN, 1.5, 2.25, 4.125]);
    const bands = kernel.bollinger(Float64Array.of(1, 3, 7), 2, 2);
    sameNumbers([bands.upper[2], bands.middle[2], bands.lower[2]], [9, 5, 1]);
    sameNumbers(kernel.obv(Float64Array.of(2, 3, 1, 1), Float64Array.of(10, 5, 2, 7)), [10, 15, 13, 13]);
    const [high, low] = [Float64Array.of(2, 3, 4, 5), Float64Array.of(1, 2, 3, 4)];
    const adx = kernel.adx(high, low, low, 2);
    sameNumbers([adx.plusDi[3], adx.minusDi[3], adx.adx[3]], [50, 0, 100]);
    const [price, volume] = [Float64Array.of(1, 2, 4), Float64Array.of(1, 1, 1)];
    sameNumbers(kernel.vwapAnchored(price, price, price, volume, [0, 2]), [1, 1.5, 4]);
  },

  "all indicators over real and random series: as natively": async ({ kernel, data }) => {
    const cases = await natively(data);
    const names = new Set(cases.map(({ name }) => name));
    equal(names.size, Object.keys(INDICATORS).length, "indicators with native results");
    for (const { key, name, inputs, params, output, values } of cases) {
      const result = kernel[name](...inputs, ...params);
      near(output ? result[output] : result, values, BOUND * Math.max(scale(values), scale(inputs[0])), key);
    }
  },

  "all indicators of 32 bits: as of 64, rounded": async ({ kernel, data }) => {
    for (const { key, name, inputs, params } of await natively(data)) {
      const of32 = inputs.map((series) => Float32Array.from(series));
      const [got, want] = [of32, of32.map((series) => Float64Array.from(series))].map((inputs) =>
        arrays(INDICATORS[name], kernel[name](...inputs, ...params)),
      );
      got.forEach((array, i) => {
        ok(array instanceof Float32Array, "no Float32Array");
        sameNumbers(array, Float32Array.from(want[i]), key);
      });
    }
  },

  "rma and wilders are smma": ({ kernel }) => {
    const data = Float64Array.of(1, 2, 3, 6);
    for (const name of ["rma", "wilders"]) {
      sameNumbers(kernel[name](data, 2), [NaN, 1.5, 2.25, 4.125], name);
      const out = new Float64Array(4);
      equal(kernel[`${name}Into`](data, 2, out), undefined, "result");
      sameNumbers(out, [NaN, 1.5, 2.25, 4.125], name);
    }
  },

  "NaN and infinities are gaps": ({ kernel }) => {
    for (const gap of [NaN, Infinity, -Infinity]) {
      sameNumbers(kernel.smma(Float64Array.of(gap, 1, 2, gap, 3.5), 2), [NaN, NaN, 1.5, NaN, 2.5]);
    }
    sameNumbers(kernel.sma(Float64Array.of(NaN, NaN, NaN), 2), [NaN, NaN, NaN], "no value at all");
  },
};
