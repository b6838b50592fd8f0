// A package and the peak loop, an instance of each per variant, side by side in one process.

import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";

const NAMES = ["relaxed-simd", "simd128", "scalar"];

/** How many independent chains of multiply-adds are tried: the engine decides how many are fastest. */
const CHAINS = [8, 10, 12];

/** What a variant can do at most in this engine: the loop in `benches/peak-wasm`. */
class Peak {
  #operations;

  /** The best round so far, in billions of floating-point operations per second. */
  gflops = 0;

  constructor(module) {
    this.#operations = new WebAssembly.Instance(module).exports.fma_operations;
  }

  /** A round of some tenths of a millisecond. */
  round() {
    for (const chains of CHAINS) {
      const start = performance.now();
      const operations = this.#operations(chains);
      this.gflops = Math.max(this.gflops, operations / (performance.now() - start) / 1e6);
    }
  }
}

/**
 * The variants that this engine validates: `{ name, api, peak }`.
 *
 * A module of the package holds one instance. To `import` one again under another URL makes another, but only of the
 * one for browsers and bundlers: what node imports by itself hands on a CommonJS module, of which a process has one.
 */
export async function variants() {
  const [folder, peaks] = ["KERNELS_BENCH_PACKAGE", "KERNELS_BENCH_PEAK"].map((name) => {
    if (!process.env[name]) throw new Error(`${name} is not set: run this by \`cargo xtask bench\``);
    return process.env[name];
  });
  const found = [];
  for (const name of NAMES) {
    const binary = await readFile(join(folder, `${basename(folder)}.${name}.wasm`));
    if (!WebAssembly.validate(binary)) {
      console.error(`this engine does not validate ${name}`);
      continue;
    }
    const api = await import(`${pathToFileURL(join(folder, "index.js"))}?${name}`);
    const { variant } = api.initSync(binary);
    if (variant !== name) throw new Error(`${variant} is loaded, and not ${name}`);
    const peak = new Peak(await WebAssembly.compile(await readFile(join(peaks, `${name}.wasm`))));
    found.push({ name, api, peak });
  }
  return found;
}
