// The package in a browser, as npm installs it: in a page and in a worker, without a bundler and from Vite.

import { after, it } from "node:test";
import assert from "node:assert/strict";
import { join } from "node:path";
import { build } from "vite";
import { freshProject } from "./lib/fresh.mjs";
import { launch, withPage } from "./lib/chromium.mjs";
import { all, run as runIn } from "./lib/report.mjs";
import { serve } from "./lib/server.mjs";
import { loading } from "./fresh/loading.js";

const VARIANTS = ["relaxed-simd", "simd128", "scalar"];

const { folder, kernel } = freshProject();
await build({
  root: join(folder, "vite"),
  base: "./",
  logLevel: "warn",
  worker: { format: "es" },
  // The binaries are files of their own, not text in the code.
  build: { outDir: join(folder, "built"), emptyOutDir: true, assetsInlineLimit: 0, target: "es2022" },
});
const site = await serve(folder);
const wrongType = await serve(folder, { wasmType: "text/plain" });
const noType = await serve(folder, { wasmType: null });
const browser = await launch();

/** Runs what a page has to run, in that page or in a worker of it. */
const run = (url, where, task) => () =>
  withPage(browser, url, (page) => page.evaluate(([where, task]) => globalThis[where](task), [where, task]));

const [page, built] = [`${site.origin}/page.html`, `${site.origin}/built/index.html`];

const reports = [
  await runIn([
    ...VARIANTS.flatMap((variant) => [
      [`browser, page, ${variant}`, run(page, "runHere", { variant })],
      [`browser, worker, ${variant}`, run(page, "runInWorker", { variant })],
    ]),
    ["browser, page, sent as text/plain", run(`${wrongType.origin}/page.html`, "runHere", { variant: "relaxed-simd" })],
    ["browser, page, sent as nothing", run(`${noType.origin}/page.html`, "runHere", { variant: "simd128" })],
    ["browser, built by Vite, page", run(built, "runHere", { variant: "relaxed-simd" })],
    ["browser, built by Vite, worker", run(built, "runInWorker", { variant: "simd128" })],
  ]),
  await runIn([
    ["browser, page, how it loads", () => runLoading("runHere")],
    ["browser, worker, how it loads", () => runLoading("runInWorker")],
  ]),
];
for (const report of reports) report();

/** All checks of loading, each in a page or worker of its own. */
function runLoading(where) {
  return all(Object.keys(loading).map((name) => run(page, where, { loading: name })));
}

after(async () => {
  await browser.close();
  for (const server of [site, wrongType, noType]) server.close();
});

/** The binaries that a page has asked for, with what it did. */
async function fetched(server, url, call) {
  const start = server.requests.length;
  const result = await withPage(browser, url, (page) => page.evaluate(call));
  return { result, binaries: server.requests.slice(start).filter((path) => path.endsWith(".wasm")) };
}

it("browser: init() again and at once fetches one binary, once", async () => {
  const { result, binaries } = await fetched(site, page, async () => {
    const { init } = globalThis.kernel;
    await Promise.all([init(), init(), init({})]);
    return (await init()).variant;
  });
  assert.equal(result, "relaxed-simd");
  assert.deepEqual(binaries, [`/node_modules/${kernel}/${kernel}.relaxed-simd.wasm`]);
});

for (const [server, type, streams] of [
  [site, "application/wasm", 1],
  [wrongType, "text/plain", 0],
]) {
  const when = streams ? "while it comes in" : "when all of it is there";
  it(`browser: what is sent as ${type} is compiled ${when}`, async () => {
    const { result } = await fetched(server, `${server.origin}/page.html`, async () => {
      const { compileStreaming } = WebAssembly;
      let calls = 0;
      WebAssembly.compileStreaming = (response) => {
        calls += 1;
        return compileStreaming(response);
      };
      await globalThis.kernel.init();
      return calls;
    });
    assert.equal(result, streams);
  });
}

it("browser: a page that does not call init() fetches no binary", async () => {
  const { binaries } = await fetched(site, page, () => {});
  assert.deepEqual(binaries, []);
});

it("browser: what Vite has built has all three binaries, and fetches one", async () => {
  const { result, binaries } = await fetched(site, built, async () => {
    const { results } = await globalThis.runHere({ loading: "init() again, or at once, gives the same instance" });
    return results.map(({ error }) => error ?? "fine");
  });
  assert.deepEqual(result, ["fine"]);
  assert.equal(binaries.length, 1);
  assert.match(binaries[0], /^\/built\/assets\/.*relaxed-simd.*\.wasm$/);
});

it("browser: a missing binary is an error that names it, and init() may be called again", async () => {
  const message = /could not fetch http:.*relaxed-simd\.wasm: status 503/;
  await failsOnce({ status: 503, body: "later" }, message);
});

it("browser: what is no wasm is an error that says as what it was sent", async () => {
  const message = /could not compile http:.*relaxed-simd\.wasm, sent as text\/html: /;
  await failsOnce({ status: 200, contentType: "text/html", body: "<!doctype html>" }, message);
});

/** That `init()` fails so while the server answers so, and then works. */
function failsOnce(answer, message) {
  const call = async (page) => {
    await page.route("**/*.wasm", (route) => route.fulfill(answer));
    assert.match(await page.evaluate(() => globalThis.kernel.init().catch((error) => error.message)), message);
    await page.unroute("**/*.wasm");
    const variant = await page.evaluate(() => globalThis.kernel.init().then(({ variant }) => variant));
    assert.equal(variant, "relaxed-simd");
  };
  // Chromium itself writes of it to the console.
  return withPage(browser, page, call, { mayComplain: true });
}

it("browser: a request to another server would have been noticed", async () => {
  const asked = withPage(browser, page, (page) =>
    page.evaluate(() => fetch("http://192.0.2.1/").catch(() => "blocked")),
  );
  await assert.rejects(asked, /asked for http:\/\/192\.0\.2\.1\//);
});
