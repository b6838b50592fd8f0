import { sameNumbers } from "../check.js";

/** A right call, whose result is known. */
export function works(kernel) {
  const row = kernel.gemv(Float32Array.of(1, 2, 3, 4), Float32Array.of(1, -1), 2, 2);
  sameNumbers(row, [-1, -1], "the call after it");
}
