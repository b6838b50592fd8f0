// What checks compare with. Nothing of node's: the same checks run in browsers.

import { lengthOf } from "./strange.js";

let comparisons = 0;

/** How many comparisons there were so far. */
export const count = () => comparisons;

/** @param {unknown} condition */
export function ok(condition, what = "not so") {
  comparisons += 1;
  if (!condition) throw new Error(what);
}

/** The very same value: NaN is NaN, and 0 is not -0. */
export function equal(got, want, what = "value") {
  ok(Object.is(got, want), `${what}: expected ${show(want)}, got ${show(got)}`);
}

/** The same numbers, bit for bit. */
export function sameNumbers(got, want, what = "numbers") {
  equal(got.length, want.length, `${what}: length`);
  for (let i = 0; i < want.length; i++) {
    // To say what is wrong takes longer than to compare.
    if (Object.is(got[i], want[i])) comparisons += 1;
    else equal(got[i], want[i], `${what}[${i}]`);
  }
}

/** Numbers no further apart than that: infinities and NaN must be the same. */
export function near(got, want, bound, what = "numbers") {
  equal(got.length, want.length, `${what}: length`);
  for (let i = 0; i < want.length; i++) {
    if (Object.is(got[i], want[i]) || Math.abs(got[i] - want[i]) <= bound) comparisons += 1;
    else ok(false, `${what}[${i}]: expected ${want[i]} within ${bound}, got ${got[i]}`);
  }
}

/**
 * That it throws an error of that class (of any realm) and message. A trap is none.
 *
 * @param {() => unknown} call
 * @param {string | RegExp} name
 * @param {RegExp} message
 */
export function fails(call, name, message) {
  let result;
  try {
    result = call();
  } catch (error) {
    isError(error, name, message);
    return;
  }
  ok(false, `expected ${name} ${message}, got ${show(result)}`);
}

/** As `fails`, for what a promise becomes. */
export async function rejects(promise, name, message) {
  let result;
  try {
    result = await promise;
  } catch (error) {
    isError(error, name, message);
    return;
  }
  ok(false, `expected ${name} ${message}, got ${show(result)}`);
}

function isError(error, name, message) {
  const what = `expected ${name} ${message}, got ${error?.stack ?? show(error)}`;
  const isNamed = name instanceof RegExp ? name.test(error?.name) : error?.name === name;
  ok(isNamed && message.test(error.message), what);
}

/** That it gives what is right or throws, and does not trap; returns whether it gave something. */
export function rightOrThrows(call, isRight) {
  let result;
  try {
    result = call();
  } catch (error) {
    ok(!(error instanceof WebAssembly.RuntimeError), `a trap: ${error?.stack}`);
    return false;
  }
  ok(isRight(result), `neither right nor an error: ${show(result)}`);
  return true;
}

function show(value) {
  // Not by methods of its own: some arrays here are strange.
  if (ArrayBuffer.isView(value)) {
    const length = lengthOf(value);
    return `${length} values: ${Array.from({ length: Math.min(length, 8) }, (_, i) => value[i])}`;
  }
  return Object.is(value, -0) ? "-0" : String(value);
}
