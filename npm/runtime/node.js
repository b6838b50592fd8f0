// The package in node. `KERNEL` stands for the package's name.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as glue from "./glue_bg.js";
import { loader } from "./loader.js";

export const { init, initSync } = loader("KERNEL", glue, async (variant) => {
  // A CommonJS module, whose folder this is.
  return WebAssembly.compile(await readFile(join(__dirname, `KERNEL.${variant}.wasm`)));
});

export * from "./api.js";
