// The results of checks that ran elsewhere, as tests of node's runner.

import { describe, it } from "node:test";
import assert from "node:assert/strict";

/**
 * What a process, thread or page has sent.
 *
 * @typedef {{ name: string, skipped?: string, error?: string, seconds: number }} Result
 * @typedef {{ results: Result[], comparisons: number }} Outcome
 */

/**
 * Runs the checks in each environment, one after another, and says how many those were. All must run the same ones.
 *
 * @param {[name: string, run: () => Promise<Outcome>][]} environments
 * @returns {Promise<() => void>} makes tests of them. To be called when nothing more is awaited: the runner takes
 *   what is there by then for all there is.
 */
export async function run(environments) {
  const outcomes = [];
  for (const [name, run] of environments) {
    const outcome = await run().catch((error) => ({ error }));
    outcomes.push([name, outcome]);
    const { results, comparisons } = outcome;
    const seconds = results?.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(1);
    const counts = results && `${results.length} checks, ${comparisons} comparisons, ${seconds} s`;
    console.log(`${name}: ${counts ?? "FAILED"}`);
  }
  return () => {
    for (const [name, outcome] of outcomes) report(name, outcome, outcomes[0][1]);
  };
}

function report(name, { error, results, comparisons }, first) {
  if (error !== undefined) {
    it(name, () => assert.fail(error));
    return;
  }
  const names = ({ results }) => results?.map(({ name }) => name);
  describe(`${name}: ${results.length} checks`, () => {
    it("ran them all", () => {
      assert.ok(results.length > 0 && comparisons > results.length, "no checks ran");
      assert.deepEqual(names({ results }), names(first));
    });
    for (const { name, skipped, error } of results) {
      it(name, { skip: skipped }, () => {
        // With the stack of where it happened, not of here.
        if (error !== undefined) throw Object.assign(new Error(error), { stack: error });
      });
    }
  });
}

/** Several outcomes as one. */
export async function all(runs) {
  const sum = { results: [], comparisons: 0 };
  for (const run of runs) {
    const { results, comparisons } = await run();
    sum.results.push(...results);
    sum.comparisons += comparisons;
  }
  return sum;
}
