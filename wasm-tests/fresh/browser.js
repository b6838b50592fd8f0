// What the checks need of a browser.

import { relaxedSimd, simd } from "./features.js";
import { runAll, runLoading } from "./run.js";

const buffer = async (path) => {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.arrayBuffer();
};

/** The classes of an iframe. Workers have none. */
function otherRealm() {
  if (typeof document === "undefined") return undefined;
  const { contentWindow } = document.body.appendChild(document.createElement("iframe"));
  const { Float64Array, Float32Array, Uint32Array, Uint8Array, Int8Array, BigInt64Array, Array } = contentWindow;
  return { Float64Array, Float32Array, Uint32Array, Uint8Array, Int8Array, BigInt64Array, Array };
}

/** Does what the driver asks for, in the page or worker that this is. */
export async function run(kernel, { variant, loading }) {
  const environment = {
    kernel,
    data: (file) => buffer(`/data/${file}`),
    binary: (variant) => buffer(`/node_modules/KERNEL/KERNEL.${variant}.wasm`),
    supported: [relaxedSimd() && "relaxed-simd", simd() && "simd128", "scalar"].filter(Boolean),
    realm: otherRealm(),
  };
  return loading === undefined ? runAll(environment, variant) : runLoading(environment, loading);
}

/** Has a worker do it, of one of the two modules `worker.js`. */
export function runIn(worker, task) {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => {
      worker.terminate();
      if (data.error === undefined) resolve(data);
      else reject(new Error(data.error));
    };
    worker.onerror = ({ message }) => reject(new Error(`the worker failed: ${message}`));
    worker.postMessage(task);
  });
}

/** In the worker: waits for the task, and answers. */
export function awaitTask(kernel) {
  globalThis.onmessage = async ({ data: task }) => {
    const outcome = await run(kernel, task).catch((error) => ({ error: String(error?.stack ?? error) }));
    globalThis.postMessage(outcome);
  };
}
