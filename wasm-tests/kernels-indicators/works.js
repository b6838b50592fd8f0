import { equal } from "../check.js";

/** A right call, whose result is known. */
export function works(kernel) {
  const smma = kernel.smma(Float64Array.of(1, 2, 3, 6), 2);
  equal(smma[3], 4.125, "the call after it");
}
