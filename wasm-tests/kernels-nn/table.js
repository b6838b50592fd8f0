// What there is: functions, their right arguments, and what comes of them.

import { random } from "../random.js";
import * as reference from "./reference.js";

/** The names of the activations, as layers call them. */
export const ACTIVATIONS = Object.keys(reference.ACTIVATIONS);

/** So many numbers from `-scale` to `scale`. */
export function floats(length, seed, scale = 1) {
  const next = random(seed);
  return Float32Array.from({ length }, () => scale * next());
}

/**
 * A function: `kernel[name](...head, ...inputs, ...rest, out)`; over buffers `kernel[name + "Into"]`, and in place, if that
 * is, `kernel[name + "InPlace"]`.
 *
 * @typedef {object} Operation
 * @property {string} name
 * @property {unknown[]} head what comes before the arrays
 * @property {Record<string, Float32Array>} inputs by the names of the arguments, in their order
 * @property {unknown[]} rest what comes after the arrays
 * @property {number} length of the result
 * @property {boolean} inPlace
 * @property {Float64Array} want the result, in 64 bits
 * @property {number} bound how far results may be off, relative to the largest
 */

/**
 * All functions, of `n` rows of `dim` values.
 *
 * @returns {Operation[]}
 */
export function operations(n, dim, seed = 1) {
  const x = floats(n * dim, seed, 4);
  const [weight, bias] = [floats(dim, seed + 1).map((x) => 1 + x / 4), floats(dim, seed + 2)];
  const square = floats(dim * dim, seed + 3);
  const operation = (name, inputs, rest, want, { head = [], inPlace = true, bound = 2e-6 } = {}) => {
    return { name, head, inputs, rest, want, length: want.length, inPlace, bound };
  };
  const activations = Object.entries(reference.ACTIVATIONS).map(([name, of]) => {
    const rest = name === "leakyRelu" ? [0.25] : [];
    // The power of a large value is far from those of others.
    return operation(name, { x }, rest, Float64Array.from(x, (x) => of(x, ...rest)), { bound: 3e-7 });
  });
  const [heads, headDim] = dim % 2 ? [1, dim] : [2, dim / 2];
  const sizes = { batch: 1, heads, kvHeads: 1, qLen: n, kvLen: n + 1, headDim, causal: true };
  const [keys, values] = [floats((n + 1) * headDim, seed + 4), floats((n + 1) * headDim, seed + 5)];
  const ids = Array.from({ length: 2 * n + 1 }, (_, i) => (i * 7) % n);
  const apart = { inPlace: false };
  return [
    ...activations,
    operation("softmax", { x }, [dim], reference.softmax(x, dim)),
    operation("logSoftmax", { x }, [dim], reference.logSoftmax(x, dim)),
    operation("layerNorm", { x, weight, bias }, [1e-5], reference.layerNorm(x, weight, bias, 1e-5)),
    operation("rmsNorm", { x, weight }, [1e-5], reference.rmsNorm(x, weight, 1e-5)),
    operation("gemm", { a: x, b: square }, [n, dim, dim], reference.gemm(x, square, n, dim, dim), apart),
    operation("gemmBt", { a: x, b: square }, [n, dim, dim], reference.gemmBt(x, square, n, dim, dim), apart),
    operation("gemv", { a: x, x: weight }, [n, dim], reference.gemm(x, weight, n, dim, 1), apart),
    operation("embedding", { table: x }, [dim], reference.embedding(ids, x, dim), { ...apart, head: [ids], bound: 0 }),
    operation("attention", { q: x, k: keys, v: values }, [sizes], reference.attention(x, keys, values, sizes), apart),
  ];
}

/** The right arguments of an encoder layer, some of them others. */
export function encoderOptions(dim, heads, kvHeads, hidden, other = {}) {
  const headDim = dim / heads;
  const kvDim = kvHeads * headDim;
  const options = { heads };
  const shapes = { query: [dim, dim], key: [kvDim, dim], value: [kvDim, dim], output: [dim, dim], up: [hidden, dim], down: [dim, hidden] };
  Object.entries(shapes).forEach(([name, [rows, width]], i) => {
    options[`${name}Weight`] = floats(rows * width, 10 + i, 1 / Math.sqrt(width));
    options[`${name}Bias`] = floats(rows, 20 + i, 0.1);
  });
  ["attentionNorm", "mlpNorm"].forEach((name, i) => {
    options[`${name}Weight`] = floats(dim, 30 + i).map((x) => 1 + x / 4);
    options[`${name}Bias`] = floats(dim, 40 + i, 0.1);
  });
  return { ...options, ...other };
}
