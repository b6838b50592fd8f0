// A thread of the worker: loads a module, and answers for its contestants.
//
// A module exports `load()`, which gives `{ contestants, absent?, limits?, prepare(name, case), limit?(name) }`. What
// comes of `prepare` is null, if there is no such operation, or `{ run(), values(), free?(), note?, skip?, work?,
// asynchronous? }`: `values()` is an array, or one for each output, of what `run()` has computed last.

import { writeFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { Case } from "./case.mjs";

/** What is prepared, by its number. */
const works = new Map();

function hold(id, work, outputs) {
  if (!work) return { unsupported: {} };
  works.set(id, { ...work, outputs });
  const { work: billions = null, note = null, skip = 0 } = work;
  return { prepared: { work: billions, note, skip } };
}

async function sample({ run, asynchronous }, calls) {
  const [wall, cpu] = [process.hrtime.bigint(), process.cpuUsage()];
  if (asynchronous) {
    for (let i = 0; i < calls; i++) await run();
  } else {
    for (let i = 0; i < calls; i++) run();
  }
  const { user, system } = process.cpuUsage(cpu);
  return { sample: { wall_ns: Number(process.hrtime.bigint() - wall), cpu_ns: 1000 * (user + system) } };
}

function write({ values, outputs }, file) {
  const found = values();
  if (!found) throw new Error("it was not called yet");
  const parts = ArrayBuffer.isView(found) || typeof found[0] === "number" ? [found] : found;
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length !== outputs) throw new Error(`it has computed ${length} numbers, expected ${outputs}`);
  const numbers = new Float64Array(outputs);
  let at = 0;
  for (const part of parts) {
    numbers.set(part, at);
    at += part.length;
  }
  writeFileSync(file, numbers);
}

const ANSWERS = {
  async prepare(module, { id, contestant, case: folder }) {
    const given = new Case(folder);
    return hold(id, await module.prepare(contestant, given), given.outputs);
  },
  async limit(module, { id, name }) {
    return hold(id, await module.limit(name), 0);
  },
  sample: (_, { id, calls }) => sample(of(id), calls),
  result(_, { id, file }) {
    write(of(id), file);
    return { done: {} };
  },
  drop(_, { id }) {
    works.get(id)?.free?.();
    works.delete(id);
    return { done: {} };
  },
};

function of(id) {
  if (!works.has(id)) throw new Error(`nothing was prepared as ${id}`);
  return works.get(id);
}

async function answer(module, request) {
  const [[kind, of]] = Object.entries(request);
  return await ANSWERS[kind](module, of);
}

const failed = (error) => ({ error: { message: String(error?.message ?? error).split("\n")[0] } });

try {
  const module = await (await import(workerData)).load();
  parentPort.on("message", async (request) => {
    parentPort.postMessage(await answer(module, request).catch(failed));
  });
  const { contestants, absent = [], limits = [] } = module;
  parentPort.postMessage({ contestants, absent, limits });
} catch (error) {
  parentPort.postMessage(failed(error));
}
