// The package in node, as npm installs it: imported, required, in a thread; each variant; how it loads.

import { fork, spawnSync } from "node:child_process";
import { freemem } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import assert from "node:assert/strict";
import { freshProject } from "./lib/fresh.mjs";
import { all, run as runIn } from "./lib/report.mjs";
import { relaxedSimd } from "./fresh/features.js";
import { loading } from "./fresh/loading.js";

const { folder, kernel } = freshProject();

/** Until node has it on by itself. */
const RELAXED_SIMD = relaxedSimd() ? [] : ["--experimental-wasm-relaxed-simd"];

/** Milliseconds after which a process cannot but hang. */
const HANGS = 600_000;

/** Runs a module of the fresh folder in a process of its own, and returns what that sends. */
function run(module, task, execArgv) {
  return new Promise((resolve, reject) => {
    const child = fork(join(folder, module), [JSON.stringify(task)], { cwd: folder, execArgv, timeout: HANGS });
    let message;
    child.once("message", (sent) => (message = sent));
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      if (code === 0 && message !== undefined) resolve(message);
      else reject(new Error(`${module} ended with ${signal ?? code}, and sent ${message ? "results" : "nothing"}`));
    });
  });
}

const MODULES = { import: "esm.mjs", require: "cjs.cjs", "worker thread": "thread.mjs" };

const reports = [
  await runIn(
    Object.entries(MODULES).flatMap(([name, module]) =>
      ["relaxed-simd", "simd128", "scalar"].map((variant) => [
        `node, ${name}, ${variant}`,
        () => run(module, { variant }, RELAXED_SIMD),
      ]),
    ),
  ),
  await runIn([
    ["node, import, how it loads", () => runLoading("esm.mjs", RELAXED_SIMD)],
    ["node, require, how it loads", () => runLoading("cjs.cjs", RELAXED_SIMD)],
    // Where node has relaxed-simd on by itself, this is the same once more.
    ["node, import, how it loads without flags", () => runLoading("esm.mjs", [])],
  ]),
];
for (const report of reports) report();

it("node: whoever imports the package and whoever requires it share an instance", async () => {
  assert.equal(await run("both.mjs", {}, []), "one instance");
});

/** Of which the wasm memory takes four. */
const [NEEDED, GB] = [6, 2 ** 30];
const free = Math.floor((process.availableMemory?.() ?? freemem()) / GB);
const skip = free < NEEDED && `it takes ${NEEDED} GB of memory, and ${free} are free here`;

it("node: the wasm memory, full: an error that says so, and the instance works on", { skip }, async () => {
  assert.equal(await run("full.mjs", {}, RELAXED_SIMD), "full");
});

it("node: a missing binary is an error that names it, and init() may be called again", () => {
  const file = join(folder, "node_modules", kernel, `${kernel}.scalar.wasm`);
  const script = `
    const { renameSync } = require("node:fs");
    const { init } = require("${kernel}");
    const file = ${JSON.stringify(file)};
    renameSync(file, file + ".away");
    init({ variant: "scalar" })
      .catch(({ message }) => console.log(message))
      .finally(() => renameSync(file + ".away", file))
      .then(() => init({ variant: "scalar" }))
      .then(({ variant }) => console.log(variant));`;
  const { stdout } = spawnSync(process.execPath, ["-e", script], { cwd: folder, encoding: "utf8" });
  const [message, variant] = stdout.split("\n");
  assert.ok(message.startsWith(`${kernel}: could not read ${file}: ENOENT`), message);
  assert.equal(variant, "scalar");
});

/** All checks of loading, each in a process of its own. */
function runLoading(module, execArgv) {
  return all(Object.keys(loading).map((name) => () => run(module, { loading: name }, execArgv)));
}
