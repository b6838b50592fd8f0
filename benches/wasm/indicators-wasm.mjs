// kernels-indicators as an npm package: every variant against a plain loop in JavaScript and against the native kernel;
// every result is checked. Run it by `cargo xtask bench indicators-wasm`.

import { spawnSync } from "node:child_process";
import { Apart, time } from "./src/apart.mjs";
import { variants } from "./src/engine.mjs";
import * as loops from "./src/indicators.mjs";
import { Rows, interleaved } from "./src/measure.mjs";

const [BARS, PERIOD] = [100_000, 14];

/** What a value may be off by, relative to the largest. The plain loops add up more than the package does. */
const BOUND = 1e-10;

/** The module of the plain loops. */
const LOOPS = new URL("./src/indicators.mjs", import.meta.url).href;

/** Indicators, and the loops that they are compared with. */
const PLAIN = { smma: "plainSmma", ema: "plainEma", sma: "plainSma" };

/** From where to where: what to call, and where the values are then. */
const WAYS = {
  buffers(api, name, data) {
    const [from, to] = [new api.F64Buffer(BARS), new api.F64Buffer(BARS)];
    from.view().set(data);
    return {
      call: () => api[`${name}Into`](from, PERIOD, to),
      values: () => to.view(),
      free: () => [from, to].forEach((buffer) => buffer.free()),
    };
  },
  arrays(api, name, data) {
    const out = new Float64Array(BARS);
    return { call: () => api[`${name}Into`](data, PERIOD, out), values: () => out, free() {} };
  },
  "a fresh array"(api, name, data) {
    let out;
    return { call: () => (out = api[name](data, PERIOD)), values: () => out, free() {} };
  },
};

/** Milliseconds for so many calls of the native kernel, in a process of its own. */
function natively(name, calls) {
  const words = [name, BARS, PERIOD, calls];
  const { stdout, status } = spawnSync(process.env.KERNELS_BENCH_NATIVE, words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`the native program ended with ${status}`);
  return Number(stdout);
}

function measure(rows, engines, name) {
  const began = performance.now();
  const data = loops.walk(BARS);
  const want = new Float64Array(BARS);
  loops[PLAIN[name]](data, PERIOD, want);
  const largest = want.reduce((max, x) => (Math.abs(x) > max ? Math.abs(x) : max), 0);
  const largestError = (values) => {
    let error = 0;
    for (let i = PERIOD - 1; i < BARS; i++) error = Math.max(error, Math.abs(values[i] - want[i]) / largest);
    // Written so that NaN does not pass.
    if (!(error <= BOUND)) throw new Error(`${name}: off by ${error}`);
    return error;
  };

  const works = Object.entries(WAYS).flatMap(([way, make]) =>
    engines.map(({ name: isa, api }) => {
      const { call, values, free } = make(api, name, data);
      return { way, isa, time: (calls) => time(call, calls), values, free };
    }),
  );
  const loop = new Apart(LOOPS, PLAIN[name], [data, PERIOD], BARS, Float64Array);
  const plain = { isa: "js", time: (calls) => loop.time(calls), values: () => loop.results(), free: () => loop.free() };
  const native = { isa: "native", time: (calls) => natively(name, calls), free() {} };
  const all = [...works, plain, native];
  const times = interleaved(all);

  const [plainNs, nativeNs] = times.slice(-2);
  all.forEach(({ way, isa, values, free }, i) => {
    const ns = times[i];
    const max_error = values ? largestError(values()) : null;
    const row = { kernel: name, case: `100k ${way ?? "plain loop"}`, isa, ns, ns_per_element: ns / BARS, max_error };
    if (isa === "native") row.case = "100k native";
    rows.push(way ? { ...row, limit: "peer:js", limit_fraction: plainNs / ns } : row);
    if (way === "buffers") {
      rows.push({ ...row, case: `${row.case} vs native`, limit: "native", limit_fraction: nativeNs / ns });
    }
    free();
  });
  console.error(`${name}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

const engines = await variants();
const rows = new Rows();
for (const name of Object.keys(PLAIN)) measure(rows, engines, name);
rows.write(engines);
