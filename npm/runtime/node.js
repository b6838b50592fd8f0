// The package in node. `KERNEL` stands for the package's name.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as glue from "./glue_bg.js";
import { loader } from "./loader.js";

export const { init, initSync } = loader("KERNEL", glue, async (variant) => {
  // A CommonJS module, whose folder this is.
  const path = join(__dirname, `KERNEL.${variant}.wasm`);
  const bytes = await readFile(path).catch((error) => {
    throw new Error(`KERNEL: could not read ${path}: ${error.message}`, { cause: error });
  });
  return WebAssembly.compile(bytes);
});

export * from "./api.js";
