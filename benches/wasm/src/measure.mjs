// Measuring: what takes turns, and the rows that come of it, in the schema of `benches/rows`.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";

/** What a sample takes at least: much longer than to read the clock, or to refill the caches after the others. */
const SAMPLE_MS = 3;

/** What the clock may be wrong by. */
const CLOCK_MS = 1e-4;

/** What the samples of a case take together, unless the fewest rounds take longer. */
const CASE_MS = 2500;
const ROUNDS = { fewest: 7, most: 61 };

/** For how long a piece of work is run first: V8 optimises what has run often, on another thread. */
const WARM_UP_MS = 150;

/**
 * The median time of a call of each of several pieces of work, in nanoseconds. They take turns, so that what slows the
 * machine down for a while slows all of them; before each sample comes a round of the peak that it is compared with.
 *
 * @param {{ time: (calls: number) => number, peak?: { round(): void } }[]} works `time`: milliseconds for so many calls
 */
export function interleaved(works) {
  const counts = works.map(({ time, peak }) => {
    const end = performance.now() + WARM_UP_MS;
    let ms = Infinity;
    do {
      peak?.round();
      ms = Math.min(ms, time(1), time(1));
    } while (performance.now() < end);
    // A clock may say that no time has passed at all.
    const calls = Math.ceil(SAMPLE_MS / Math.max(ms, CLOCK_MS));
    return { calls, ms: calls * ms };
  });
  const round = counts.reduce((sum, { ms }) => sum + ms, 0);
  const rounds = Math.min(Math.max(Math.floor(CASE_MS / round), ROUNDS.fewest), ROUNDS.most);
  const samples = works.map(() => []);
  for (let i = 0; i < rounds; i++) {
    works.forEach(({ time, peak }, j) => {
      peak?.round();
      samples[j].push((1e6 * time(counts[j].calls)) / counts[j].calls);
    });
  }
  return samples.map(median);
}

function median(samples) {
  return samples.sort((a, b) => a - b)[samples.length >> 1];
}

/** The rows of a benchmark. */
export class Rows {
  #rows = [];
  #origin = {
    cpu: cpus()[0]?.model ?? process.arch,
    rustc: `${version("rustc")}; node ${process.version}, V8 ${process.versions.v8}`,
  };

  /**
   * Keeps a row of which `kernel`, `case`, `isa` and `ns` are known, and perhaps more.
   *
   * @param {Record<string, unknown>} figures
   */
  push(figures) {
    const none = { ns_per_element: null, gflops: null, limit: null, limit_fraction: null, max_error: null };
    this.#rows.push({ ...none, ...figures, ...this.#origin });
  }

  /** Keeps the best peak of each variant as a row of its own, whose time is that of one multiply-add. */
  pushPeaks(variants) {
    for (const { name, peak } of variants) {
      const gflops = peak.gflops;
      this.push({ kernel: "peak", case: "wasm-peak", isa: name, ns: 2 / gflops, gflops });
    }
  }

  /**
   * Compares with the best peaks of the run, and writes all rows to the file that `KERNELS_BENCH_ROWS` names.
   *
   * Of the run, not of the case: the same loop may run slower for a while, and figures must not gain by that.
   */
  write(variants) {
    const peaks = new Map(variants.map(({ name, peak }) => [name, peak.gflops]));
    for (const row of this.#rows) {
      if (row.limit !== "wasm-peak") continue;
      row.limit_fraction = row.gflops / peaks.get(row.isa);
      if (!(row.limit_fraction <= 1)) throw new Error(`faster than the machine: ${JSON.stringify(row)}`);
    }
    const file = process.env.KERNELS_BENCH_ROWS;
    if (file) writeFileSync(file, JSON.stringify(this.#rows));
  }
}

function version(program) {
  try {
    return execFileSync(program, ["--version"], { encoding: "utf8" }).trim();
  } catch {
    return program;
  }
}
