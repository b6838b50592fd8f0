// Values that are none of what is asked for, and how errors name them.

/** What a whole number is in an error. */
export const WHOLE = "expected a whole number from 0 to 4294967295, got";

/** What is no number, and how it is named. None is turned into one. */
export const NO_NUMBERS = [
  ["2", "String"],
  ["two", "String"],
  [true, "Boolean"],
  [null, "Null"],
  [undefined, "Undefined"],
  [2n, "BigInt"],
  [Symbol("2"), "Symbol"],
  [{}, "Object"],
  [[2], "Array"],
  [{ valueOf: () => 2 }, "Object"],
];

/** The same, as errors of an argument. */
export const noNumbers = (what) =>
  NO_NUMBERS.map(([value, got]) => [value, "TypeError", new RegExp(`^${what}: ${WHOLE} ${got}$`)]);

/** Numbers that are no whole ones, as errors of an argument. */
export const noWholeNumbers = (what) =>
  [1.5, -1, NaN, Infinity, 2 ** 32].map((value) => [value, "RangeError", new RegExp(`^${what}: ${WHOLE} ${value}$`)]);

/** Values that are no Float32Array, and how they are named. */
export const NO_F32_ARRAYS = [
  [Float64Array.of(1, 2), "Float64Array"],
  [Int8Array.of(1, 2), "Int8Array"],
  [BigInt64Array.of(1n, 2n), "BigInt64Array"],
  [[1, 2], "Array"],
  [undefined, "Undefined"],
  [null, "Null"],
  ["12", "String"],
  [new ArrayBuffer(8), "ArrayBuffer"],
  [new DataView(new ArrayBuffer(8)), "DataView"],
];
