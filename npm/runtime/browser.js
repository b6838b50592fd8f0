// The package in browsers, their workers and bundlers. `KERNEL` stands for the package's name.

import * as glue from "./glue_bg.js";
import { loader } from "./loader.js";

/**
 * Literals, since they are what a bundler looks for: each becomes a file of what it builds.
 * @type {Record<import("./glue_bg.js").Variant, () => URL>}
 */
const URLS = {
  "relaxed-simd": () => new URL("./KERNEL.relaxed-simd.wasm", import.meta.url),
  simd128: () => new URL("./KERNEL.simd128.wasm", import.meta.url),
  scalar: () => new URL("./KERNEL.scalar.wasm", import.meta.url),
};

export const { init, initSync } = loader("KERNEL", glue, async (variant) => {
  const { href } = URLS[variant]();
  const response = await fetch(href).catch((error) => {
    throw new Error(`KERNEL: could not fetch ${href}: ${error.message}`, { cause: error });
  });
  if (!response.ok) {
    throw new Error(`KERNEL: could not fetch ${href}: status ${response.status} ${response.statusText}`.trim());
  }
  const type = response.headers.get("Content-Type")?.trim().toLowerCase();
  try {
    // With any other type, and any parameter of it, an engine refuses to compile while the bytes come in.
    return type === "application/wasm" && WebAssembly.compileStreaming
      ? await WebAssembly.compileStreaming(response)
      : await WebAssembly.compile(await response.arrayBuffer());
  } catch (error) {
    const message = error instanceof Error ? error.message : error;
    throw new Error(`KERNEL: could not compile ${href}, sent as ${type}: ${message}`, { cause: error });
  }
});

export * from "./api.js";
