// A page without a bundler: waits for the driver to say what to run, here or in a worker.

import * as kernel from "KERNEL";
import { run, runIn } from "./browser.js";

globalThis.kernel = kernel;
globalThis.runHere = (task) => run(kernel, task);
globalThis.runInWorker = (task) => runIn(new Worker("worker.js", { type: "module" }), task);
globalThis.isReady = true;
