// The wasm memory: how much of it is taken, and what happens when it grows.

import { equal, ok } from "../check.js";
import { growth } from "../growth.js";
import { growsInCalls, windows } from "../lifetimes.js";
import { POOLINGS } from "./table.js";

const MB = 1 << 20;

/** 256 MB of floats. */
const LARGE = 64 * MB;

export const memory = {
  // First: later, there is free memory in which more would not show.
  "256 MB of texts, rows and samples take less than 4 MB of wasm memory": ({ kernel }) => {
    const x = new Float32Array(LARGE);
    x[LARGE - 1] = 3;
    const [seq, hidden] = [256, 1024];
    const batch = LARGE / seq / hidden;
    // Short texts at the end of long rows, and one text that is longer than memory should be for it.
    const mask = new Uint8Array(batch * seq).map((_, i) => (i % seq > seq - 100 ? 1 : 0));
    const one = new Uint8Array(batch * seq);
    one.fill(1, -50);
    const grown = growth(kernel, () => {
      for (const name of Object.keys(POOLINGS)) {
        // In the last token, which is not the first.
        const isThere = name !== "clsPool";
        equal(kernel[name](x, mask, batch, seq, hidden).at(-1) > 0, isThere, name);
        equal(kernel[name](x, one, 1, batch * seq, hidden).at(-1) > 0, isThere, name);
      }
      equal(kernel.dot(new Float32Array(1024).fill(1), x).at(-1), 3, "dot");
      equal(kernel.searchDot(new Float32Array(1024).fill(1), x, { k: 1 }).indices[0], LARGE / 1024 - 1, "searchDot");
      const ranges = kernel.Ranges.fromSample(x, 1024);
      equal(kernel.quantizeInt8(x, 1024, ranges).at(-1), 127, "quantizeInt8");
      equal(kernel.quantizeUbinary(x, 1024).at(-1), 1, "quantizeUbinary");
      ranges.free();
      equal(kernel.l2Normalize(x, 1024).at(-1), 1, "l2Normalize");
    });
    ok(grown < 4 * MB, `the memory has grown by ${grown} bytes`);
  },

  "calls again and again take no more memory": ({ kernel }) => {
    const [x, mask] = [new Float32Array(100 * 384).fill(0.5), new Uint8Array(100).fill(1)];
    const calls = () => {
      kernel.meanPool(x, mask, 10, 10, 384, { normalize: true });
      kernel.poolRagged(x, [50, 50], 384);
      const ranges = kernel.Ranges.fromSample(x, 384);
      const codes = kernel.quantizeInt8(x, 384, ranges);
      kernel.searchInt8(codes.subarray(0, 384), codes, { k: 10 });
      const vectors = new kernel.Vectors(384);
      vectors.append(x);
      vectors.search(x.subarray(0, 384), { k: 10 });
      const projection = kernel.Projection.random(384, 10, 1);
      projection.project(x);
      const pooler = new kernel.ChunkPooler("centreWeighted", 384);
      pooler.add(x.subarray(0, 384));
      pooler.finish();
      for (const object of [ranges, vectors, projection, pooler]) object.free();
    };
    calls();
    const grown = growth(kernel, () => {
      for (let i = 0; i < 200; i++) calls();
    });
    equal(grown, 0, "growth");
  },

  ...windows,

  "windows on the wasm memory, which grows in the call": ({ kernel }) => {
    // A row is more than the megabyte that there may be.
    const hidden = 300_003;
    const values = Float32Array.from({ length: 5 * hidden }, (_, i) => (i % 1000) / 1000 - 0.5);
    const mask = Uint8Array.of(1, 0, 1, 1, 1);
    const codes = kernel.quantizeBinary(values.subarray(0, hidden), hidden);
    const calls = {
      meanPool: (x, out) => kernel.meanPool(x, mask, 1, 5, hidden, undefined, out),
      clsPool: (x, out) => kernel.clsPool(x, mask, 1, 5, hidden, undefined, out),
      poolRagged: (x, out) => kernel.poolRagged(x, [5], hidden, undefined, out),
      l2Normalize: (x, out) => kernel.l2Normalize(x.subarray(0, hidden), hidden, out),
      dequantizeBinary: (_, out) => kernel.dequantizeBinary(codes, hidden, out),
    };
    growsInCalls(kernel, values, hidden, calls);
  },
};
