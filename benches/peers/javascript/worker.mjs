// A worker in JavaScript, `node worker.mjs ours` or `node worker.mjs peers`: answers for its contestants, as
// `benches/contest/src/protocol.rs` has it. Each module runs in a thread, which has an engine of its own: once a wasm
// memory has grown, V8 looks at every access to any typed array, and nobody must pay for what another does.

import { createInterface } from "node:readline";
import { Worker } from "node:worker_threads";

/**
 * Who is in which module. Peers are called as their packages are, which are the `dependencies` of package.json; its
 * `devDependencies` are what the modules need besides.
 */
const GROUPS = {
  ours: { kernels: "./ours.mjs" },
  peers: {
    "plain JavaScript": "./plain.mjs",
    "onnxruntime-web": "./onnxruntime.mjs",
    "@tensorflow/tfjs-backend-wasm": "./tfjs.mjs",
    "@huggingface/transformers": "./transformers.mjs",
    technicalindicators: "./technicalindicators.mjs",
    indicatorts: "./indicatorts.mjs",
  },
};

const KINDS = ["prepare", "limit", "sample", "result", "drop"];

/** A thread that answers one request at a time. */
class Thread {
  #thread;
  #waiting;
  #ended;

  constructor(module) {
    // The output of the process is for answers only.
    this.#thread = new Worker(new URL("./thread.mjs", import.meta.url), { workerData: module, stdout: true });
    this.#thread.stdout.on("data", (chunk) => process.stderr.write(chunk));
    this.#thread.on("message", (answer) => this.#waiting?.resolve(answer));
    this.#thread.on("error", (error) => this.#end(error));
    this.#thread.on("exit", (code) => this.#end(new Error(`its thread has ended with ${code}`)));
  }

  #end(error) {
    this.#ended ??= error;
    this.#waiting?.reject(this.#ended);
  }

  /** What it says next, of a request if there is one. */
  ask(request) {
    if (this.#ended) throw this.#ended;
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      if (request) this.#thread.postMessage(request);
    });
  }

  end() {
    return this.#thread.terminate();
  }
}

/** The threads: of each contestant and of each limit by name, and of what is prepared by its number. */
const [holders, meters, prepared] = [new Map(), new Map(), new Map()];

async function hello(modules) {
  const { node, v8 } = process.versions;
  const said = { language: "javascript", version: `node ${node}, V8 ${v8}`, contestants: [], absent: [], limits: [] };
  // One after the other: loading takes all of a core.
  for (const [name, module] of Object.entries(modules)) {
    try {
      const thread = new Thread(module);
      const { error, contestants, absent, limits } = await thread.ask();
      if (error) throw new Error(error.message);
      for (const { name } of contestants) holders.set(name, thread);
      for (const limit of limits) meters.set(limit, thread);
      said.contestants.push(...contestants);
      said.absent.push(...absent);
      said.limits.push(...limits);
    } catch (error) {
      said.absent.push({ name, reason: firstLine(error) });
    }
  }
  return said;
}

async function answer(line) {
  const request = JSON.parse(line);
  const [[kind, of] = []] = Object.entries(request ?? {});
  if (!KINDS.includes(kind) || !of) {
    throw new Error(`expected one of ${KINDS.join(", ")}, and got ${line.slice(0, 80)}`);
  }
  if (kind === "prepare" || kind === "limit") {
    const [threads, name] = kind === "prepare" ? [holders, of.contestant] : [meters, of.name];
    const thread = threads.get(name);
    if (!thread) throw new Error(`there is no ${name}, but ${[...threads.keys()].join("; ")}`);
    const said = await thread.ask(request);
    if (said.prepared) prepared.set(of.id, thread);
    return said;
  }
  const thread = prepared.get(of.id);
  if (kind === "drop") {
    prepared.delete(of.id);
    return thread ? thread.ask(request) : { done: {} };
  }
  if (!thread) throw new Error(`nothing was prepared as ${of.id}`);
  return thread.ask(request);
}

function firstLine(error) {
  return String(error?.message ?? error).split("\n")[0];
}

const say = (said) => process.stdout.write(`${JSON.stringify(said)}\n`);
const modules = GROUPS[process.argv[2]];
if (!modules) {
  console.error(`expected one of ${Object.keys(GROUPS).join(", ")}, and got ${process.argv[2]}`);
  process.exit(2);
}
// Before anything is waited for: requests may come early.
const requests = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
say(await hello(modules));
for await (const line of { [Symbol.asyncIterator]: () => requests }) {
  say(await answer(line).catch((error) => ({ error: { message: firstLine(error) } })));
}
await Promise.all([...new Set([...holders.values(), ...meters.values()])].map((thread) => thread.end()));
