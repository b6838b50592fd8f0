// A page that a bundler builds: the package in the page, and in a worker.

import * as kernel from "KERNEL";
import { run, runIn } from "../browser.js";

globalThis.runHere = (task) => run(kernel, task);
globalThis.runInWorker = (task) => {
  // In this form, bundlers know it.
  return runIn(new Worker(new URL("./worker.js", import.meta.url), { type: "module" }), task);
};
globalThis.isReady = true;
