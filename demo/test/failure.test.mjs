// What the page and its server say when something is missing.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { after, afterEach, before, test } from "node:test";
import { fitsItsWidth, launch, settled, shown } from "./browser.mjs";

let browser;
before(async () => (browser = await launch()));
afterEach(() => browser.closePages());
after(() => browser?.close());

const without = (files) => (page) => page.context().route(files, (route) => route.fulfill({ status: 404, body: "" }));

async function failure(page) {
  await page.waitForSelector("#failure:not([hidden])");
  await fitsItsWidth(page);
  return page.textContent("#failure");
}

test("a file of the data that is missing is named", async () => {
  const page = await browser.open({ size: "phone", prepare: without("**/spans.safetensors") });
  assert.match(await failure(page), /book could not be loaded: spans.safetensors could not be fetched: status 404/);
});

test("a file of the data that is damaged is named", async () => {
  const damage = (page) =>
    page.context().route("**/tokens.safetensors", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: (await response.body()).subarray(0, 1 << 20) });
    });
  const page = await browser.open({ prepare: damage });
  assert.match(await failure(page), /tokens.safetensors: tensor doc_embeddings: expected 15258 × 128 values/);
});

test("without one variant the next one ranks, and the page says why", async () => {
  const page = await browser.open({ prepare: without("**/*.relaxed-simd-*.wasm") });
  await settled(page);
  assert.equal((await shown(page))[0].chapter, "ch15-01");
  assert.ok(await page.isDisabled("#variants [value=relaxed-simd]"));
  assert.match(await page.textContent("#variant-note"), /^No relaxed-simd: could not fetch .* status 404/);
  assert.match(await page.textContent("#bar-relaxed-simd .bar-value"), /not here/);
  assert.match(await page.textContent("#speed"), /\(simd128\)$/);
});

for (const { lacks, code, left } of [
  { lacks: ["relaxed-simd"], code: "253,128,2", left: "simd128" },
  { lacks: ["relaxed-simd", "simd128"], code: "253,", left: "scalar" },
]) {
  test(`an engine without ${lacks.join(" and ")} ranks by ${left}`, async () => {
    // Such an engine does not validate what has the instruction in it.
    const older = `{
      const { validate } = WebAssembly;
      WebAssembly.validate = (bytes) => !new Uint8Array(bytes).join().includes("${code}") && validate(bytes);
    }\n`;
    const prepare = (page) =>
      page.context().route("**/worker-*.js", async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, body: older + (await response.text()) });
      });
    const page = await browser.open({ prepare });
    await settled(page);
    for (const variant of lacks) {
      assert.ok(await page.isDisabled(`#variants [value=${variant}]`));
      const reason = `No ${variant}: this engine does not run the variant ${variant}.`;
      assert.ok((await page.textContent("#variant-note")).includes(reason));
    }
    assert.ok((await page.textContent("#speed")).endsWith(`(${left})`));
    assert.deepEqual(page.wrong, []);
  });
}

test("without any binary the page says so for each variant", async () => {
  const page = await browser.open({ prepare: without("**/*.wasm") });
  assert.match(await failure(page), /No variant .* runs\. relaxed-simd: .*404.*; simd128: .*; scalar: /);
});

/** A worker that fails at a call, in the engines for which that holds. */
const failing = (call, engines) => (page) =>
  page.context().route("**/worker-*.js", async (route) => {
    const response = await route.fetch();
    const fail = `{
      let engine;
      addEventListener("message", (event) => {
        const { id, call, values } = event.data;
        if (call === "init") engine = values[0];
        if (call !== "${call}" || !${JSON.stringify(engines)}.includes(engine)) return;
        event.stopImmediatePropagation();
        postMessage({ id, error: "broken" });
      });
    }\n`;
    await route.fulfill({ response, body: fail + (await response.text()) });
  });

for (const call of ["search", "time"]) {
  test(`a variant that fails at "${call}" is left out, and the next one goes on`, async () => {
    const page = await browser.open({ prepare: failing(call, ["relaxed-simd"]) });
    await settled(page);
    assert.equal((await shown(page))[0].chapter, "ch15-01");
    assert.match(await page.textContent("#variant-note"), /^No relaxed-simd: broken\.$/);
    assert.match(await page.textContent("#bar-relaxed-simd .bar-value"), /not here/);
    assert.match(await page.textContent("#speed"), /\(simd128\)$/);
    assert.match(await page.textContent("#tally"), /comes first 12 times/);
    assert.deepEqual(page.wrong, []);
  });
}

test("what cannot be measured is said in its place, and the passages stay", async () => {
  const page = await browser.open({ prepare: failing("time", ["relaxed-simd", "simd128", "scalar", "loop"]) });
  await page.waitForFunction(() => document.querySelector("#chart-note").textContent.includes("could not be measured"));
  assert.ok(await page.isVisible("#demo"));
  assert.equal((await shown(page)).length, 5);
  assert.match(await page.textContent("#speed"), /^It could not be timed: No variant/);
});

test("the server says where it is, stops when it is interrupted, and names a port in use", async () => {
  const server = (port) => {
    const script = fileURLToPath(new URL("../serve.mjs", import.meta.url));
    const child = spawn(process.execPath, [script, "demo/page", String(port), "14"], { stdio: "pipe" });
    child.said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (child.said += data));
    return child;
  };
  const free = server(0);
  await once(free.stdout, "data");
  assert.match(free.said, /http:\/\/127\.0\.0\.1:\d+\/#14/);
  free.kill("SIGINT");
  assert.deepEqual(await once(free, "exit"), [0, null]);

  const holder = createServer().listen(0, "127.0.0.1");
  await once(holder, "listening");
  const late = server(holder.address().port);
  assert.deepEqual(await once(late, "exit"), [1, null]);
  assert.match(late.said, /error: the page cannot be served: .*in use/);
  holder.close();
});
