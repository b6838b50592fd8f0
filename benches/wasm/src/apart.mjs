// A function of JavaScript in a thread of its own, which takes turns with the rest: it must not pay for what is
// compared with it. Once a wasm memory has grown, V8 looks at every access to any typed array whether the array is
// still there, which makes a plain loop 17 % slower; a thread has an engine of its own.

import { writeSync } from "node:fs";
import { Worker, isMainThread, workerData } from "node:worker_threads";

/** For how long the other thread may keep silent. */
const TIMEOUT_MS = 60_000;

const [IDLE, END] = [0, -1];

/** What the threads share: how many calls are to be made, or a state; the time that they took; their result. */
function views(shared, Results) {
  return { state: new Int32Array(shared, 0, 1), ms: new Float64Array(shared, 8, 1), out: new Results(shared, 16) };
}

/** A function that a module exports, called with these arguments and an array for `length` results. */
export class Apart {
  #views;

  constructor(module, name, args, length, Results = Float32Array) {
    const shared = new SharedArrayBuffer(16 + Results.BYTES_PER_ELEMENT * length);
    this.#views = views(shared, Results);
    new Worker(new URL(import.meta.url), { workerData: { shared, module, name, args, results: Results.name } });
  }

  /** Milliseconds for so many calls. */
  time(calls) {
    const { state, ms } = this.#views;
    this.#tell(calls);
    if (Atomics.wait(state, 0, calls, TIMEOUT_MS) === "timed-out") throw new Error("the other thread keeps silent");
    return ms[0];
  }

  /** What the last call has written. */
  results() {
    return this.#views.out;
  }

  /** Ends the thread. */
  free() {
    this.#tell(END);
  }

  #tell(state) {
    Atomics.store(this.#views.state, 0, state);
    Atomics.notify(this.#views.state, 0);
  }
}

/** Milliseconds for so many calls. */
export function time(call, calls) {
  const start = performance.now();
  for (let i = 0; i < calls; i++) call();
  return performance.now() - start;
}

async function serve({ shared, module, name, args, results }) {
  const { [name]: called } = await import(module);
  const { state, ms, out } = views(shared, globalThis[results]);
  const own = out.slice();
  const call = () => called(...args, own);
  for (;;) {
    Atomics.wait(state, 0, IDLE);
    const calls = Atomics.load(state, 0);
    if (calls === END) return;
    ms[0] = time(call, calls);
    out.set(own);
    Atomics.store(state, 0, IDLE);
    Atomics.notify(state, 0);
  }
}

if (!isMainThread) {
  serve(workerData).catch((error) => {
    // Not by `console`, nor by throwing it: both go through the main thread, which waits for this one.
    writeSync(2, `${error.stack}\n`);
  });
}
