// Right calls of everything that reads arrays, with another argument in some places: shared by what is wrong with them.

import { CODES, COMPARISONS, POOLINGS } from "./table.js";

const f32 = (...values) => Float32Array.from(values);

const RIGHT = {
  x: f32(1, 2, 3, 4, 5, 6),
  mask: Uint8Array.of(1, 1, 0),
  batch: 1,
  seq: 3,
  hidden: 2,
  dim: 2,
  lens: [1, 2],
  options: {},
  query: f32(1, -2),
};

/**
 * Functions that take some of these arguments, each as `[name, call]`; `call` takes an `out`, if there is one.
 *
 * @param {any} kernel
 * @param {Record<string, unknown>} other arguments in place of the right ones
 */
export function calls(kernel, other = {}) {
  const { x, mask, batch, seq, hidden, dim, lens, options, query } = { ...RIGHT, ...other };
  const ranges = new kernel.Ranges(f32(0, 0), f32(6, 6));
  const free = () => ranges.free();
  const masked = Object.keys(POOLINGS).map((name) => [
    name,
    (out) => kernel[name](x, mask, batch, seq, hidden, options, out),
  ]);
  const ragged = [["poolRagged", (out) => kernel.poolRagged(x, lens, hidden, options, out)]];
  const rows = [
    ["l2Normalize", (out) => kernel.l2Normalize(x, dim, out)],
    ["truncate", (out) => kernel.truncate(x, dim, 1, out)],
    ...Object.entries(CODES).map(([name, { ranges: needed }]) => [
      name,
      (out) => kernel[name](x, dim, ...(needed ? [ranges] : []), out),
    ]),
  ];
  const floats = Object.entries(COMPARISONS).filter(([, { precision }]) => precision === "float32");
  const compared = floats.map(([name]) => [name, (out) => kernel[name](query, x, out)]);
  const searched = floats.map(([, { search }]) => [search, () => kernel[search](query, x, { k: 2 })]);
  return { masked, ragged, rows, compared, searched, free };
}

/** How long the result of each is, for the right arguments. */
export const lengths = (name) =>
  ({ l2Normalize: 6, truncate: 3, quantizeBinary: 3, quantizeUbinary: 3, poolRagged: 4 })[name] ??
  (name in POOLINGS ? 2 : name in CODES ? 6 : 3);

/** The class of the result of each. */
export const classes = (name) => CODES[name]?.Codes ?? Float32Array;
