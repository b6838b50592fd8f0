// Runs the checks of a package in any environment, and says how each went.

import { count } from "./check.js";
import { loading } from "./loading.js";
import { checks, works } from "./checks/index.js";

/**
 * Where checks run.
 *
 * @typedef {object} Environment
 * @property {any} kernel the package
 * @property {(file: string) => Promise<ArrayBuffer>} data a file that belongs to the checks
 * @property {(variant: string) => Promise<ArrayBuffer>} binary a file of the package
 * @property {string[]} supported the variants that the engine validates, the fastest first
 * @property {Record<string, any> | undefined} realm classes that are not this realm's own
 */

/**
 * Runs all checks on one instance.
 *
 * @param {Environment} environment
 * @param {string} variant
 */
export async function runAll(environment, variant) {
  const { kernel } = environment;
  const { variant: loaded } = await kernel.init({ variant });
  if (loaded !== variant) throw new Error(`asked for ${variant}, got ${loaded}`);
  return run(checks, environment, () => works(kernel));
}

/**
 * Runs one of the checks of loading, with an instance of the package that is not loaded yet.
 *
 * @param {Environment} environment
 * @param {string} name
 */
export async function runLoading(environment, name) {
  return run({ [name]: loading[name] }, environment, () => works(environment.kernel));
}

async function run(checks, environment, after) {
  const results = [];
  const before = count();
  for (const [name, check] of Object.entries(checks)) {
    const start = performance.now();
    let skipped, error;
    try {
      // What a check returns is why it could not be made.
      skipped = await check(environment);
      after();
    } catch (thrown) {
      error = String(thrown?.stack ?? thrown);
      // Not every engine has the message in there.
      if (!error.includes(thrown?.message ?? "")) error = `${thrown.message}\n${error}`;
    }
    results.push({ name, skipped, error, seconds: (performance.now() - start) / 1000 });
  }
  return { results, comparisons: count() - before };
}
