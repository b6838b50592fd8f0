// A process that fills the wasm memory, of 4 GB at most, and goes on.

import * as kernel from "KERNEL";
import { equal, fails, ok, rightOrThrows, sameNumbers } from "./check.js";
import { works } from "./checks/index.js";

const [KB, MB, GB] = [2 ** 10, 2 ** 20, 2 ** 30];
const buffer = (bytes) => new kernel.F32Buffer(bytes / 4);

await kernel.init();
const held = [];
// To 64 kB: below that, there is no room for an error either.
for (const bytes of [64 * MB, 2 * MB, 64 * KB]) {
  for (let isFull = false; !isFull;) {
    isFull = !rightOrThrows(() => held.push(buffer(bytes)), () => true);
  }
  fails(() => buffer(bytes), "RangeError", new RegExp(`^length: expected one that memory can hold, got ${bytes / 4}$`));
}
const { memory } = kernel.info();
ok(memory > 3.9 * GB && memory <= 4 * GB, `${memory} bytes of wasm memory`);

// What needs little works, or says that there is too little.
for (let i = 0; i < 1000; i++) rightOrThrows(() => works(kernel) ?? true, Boolean);
if (kernel.Vectors) appends();

for (const one of held) one.free();
for (let i = 0; i < 1000; i++) works(kernel);
const half = buffer(GB);
sameNumbers(half.view().subarray(-2), [0, 0], "what is there again");
half.free();
equal(kernel.info().memory, memory, "memory");
process.send("full");

/** Rows for which there is too little room: none of them is taken, and what was made for the first is free again. */
function appends() {
  held.splice(held.findIndex(({ byteLength }) => byteLength === 2 * MB), 1)[0].free();
  const vectors = new kernel.Vectors(4);
  const [row, query] = [Float32Array.of(1, 2, 3, 4), Float32Array.of(1, 1, 1, 1)];
  vectors.append(row);
  for (let i = 0; i < 10; i++) {
    fails(() => vectors.append(new Float32Array(3 * MB / 4)), "RangeError", /^rows: expected what fits into the wasm memory, got more$/);
    equal(vectors.length, 1, "length");
    sameNumbers(vectors.scores(query), [10], "scores");
  }
  vectors.free();
  held.push(buffer(2 * MB));
}
