import { sameNumbers } from "../check.js";

/** A right call, whose result is known. */
export function works(kernel) {
  const row = kernel.meanPool(Float32Array.of(1, 4, 3, 2, NaN, 9), Uint8Array.of(1, 1, 0), 1, 3, 2);
  sameNumbers(row, [2, 3], "the call after it");
}
