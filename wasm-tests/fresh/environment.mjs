// What the checks need of node.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { runInNewContext } from "node:vm";
import { relaxedSimd, simd } from "./features.js";
import { runAll, runLoading } from "./run.js";

const { resolve } = createRequire(import.meta.url);

const buffer = async (path) => {
  const { buffer, byteOffset, byteLength } = await readFile(path);
  return buffer.slice(byteOffset, byteOffset + byteLength);
};

/**
 * Does what the driver asks for, in the process or thread that this is.
 *
 * @param {any} kernel the package, however it was loaded
 * @param {{ variant?: string, loading?: string }} task all checks on a variant, or one of how it loads
 */
export async function run(kernel, { variant, loading }) {
  const environment = {
    kernel,
    data: (file) => buffer(new URL(`./data/${file}`, import.meta.url)),
    binary: (variant) => buffer(resolve(`KERNEL/KERNEL.${variant}.wasm`)),
    supported: [relaxedSimd() && "relaxed-simd", simd() && "simd128", "scalar"].filter(Boolean),
    realm: runInNewContext("({ Float64Array, Float32Array, Uint32Array, Uint8Array, Int8Array, BigInt64Array, Array })"),
  };
  return loading === undefined ? runAll(environment, variant) : runLoading(environment, loading);
}
