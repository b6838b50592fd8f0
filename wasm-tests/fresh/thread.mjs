// A process that uses the package in a thread of its own, while another thread uses another instance.

import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import * as kernel from "KERNEL";
import { run } from "./environment.mjs";
import { works } from "./checks/index.js";

if (isMainThread) {
  await kernel.init();
  const worker = new Worker(new URL(import.meta.url), { workerData: JSON.parse(process.argv[2]) });
  worker.once("message", (results) => {
    works(kernel);
    process.send(results);
  });
} else {
  parentPort.postMessage(await run(kernel, workerData));
}
