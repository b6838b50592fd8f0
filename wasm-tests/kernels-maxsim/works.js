import { equal } from "../check.js";

/** A right call, whose result is known. */
export function works(kernel) {
  const [query, doc] = [Float32Array.of(1, 0, 0, 1), Float32Array.of(0.5, 0.25, 0.125, 1)];
  equal(kernel.maxsim(query, doc, 2), 1.5, "the call after it");
}
