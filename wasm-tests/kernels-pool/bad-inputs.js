// Arguments that are wrong: an error that names the one, nothing written, and the next call works.

import { fails, sameNumbers } from "../check.js";
import { NO_NUMBERS, WHOLE, noNumbers, noWholeNumbers } from "../wrong.js";
import { calls } from "./calls.js";
import { COMPARISONS, POOLINGS } from "./table.js";
import { works } from "./works.js";

const f32 = (...values) => Float32Array.from(values);

/** What is no size. */
const noSizes = (what) => [
  [0, "RangeError", new RegExp(`^${what}: expected at least 1, got 0$`)],
  [-0, "RangeError", new RegExp(`^${what}: expected at least 1, got 0$`)],
  ...noWholeNumbers(what),
  ...noNumbers(what),
];

/** That each call fails so, and after each the next call works. */
function eachFails(kernel, calls, name, message) {
  for (const call of calls) {
    fails(call, name, message);
    works(kernel);
  }
}

const called = (list) => list.map(([, call]) => call);

/** `…PoolInto` over buffers of right values, with other arguments in some places. */
function into(kernel, { mask = Uint8Array.of(1, 1, 0), batch = 1, seq = 3, hidden = 2, options = {} }, check) {
  const [x, out] = [new kernel.F32Buffer(6), new kernel.F32Buffer(2)];
  x.view().fill(3);
  out.view().fill(7);
  check(Object.keys(POOLINGS).map((name) => () => kernel[`${name}Into`](x, mask, batch, seq, hidden, options, out)));
  sameNumbers(x.view(), [3, 3, 3, 3, 3, 3], "x after an error");
  sameNumbers(out.view(), [7, 7], "out after an error");
  x.free();
  out.free();
}

/** Options that are none. */
const OPTIONS = [
  [5, "TypeError", /^options: expected an object, got Number$/],
  ["k", "TypeError", /^options: expected an object, got String$/],
  [f32(1, 2), "TypeError", /^options: expected an object, got Float32Array$/],
  [{ normalize: 1 }, "TypeError", /^normalize: expected true or false, got Number$/],
  [{ normalize: "yes" }, "TypeError", /^normalize: expected true or false, got String$/],
  [{ normalize: null }, "TypeError", /^normalize: expected true or false, got Null$/],
  [{ k: 0 }, "RangeError", /^k: expected 1 to 2, got 0$/],
  [{ k: 3 }, "RangeError", /^k: expected 1 to 2, got 3$/],
  [{ k: "1" }, "TypeError", new RegExp(`^k: ${WHOLE} String$`)],
  [{ k: 1.5 }, "RangeError", new RegExp(`^k: ${WHOLE} 1.5$`)],
  [{ get k() { throw new Error("mine"); } }, "Error", /^mine$/],
];

export const badInputs = {
  "sizes that are none": ({ kernel }) => {
    for (const what of ["batch", "seq", "hidden"]) {
      for (const [size, name, message] of noSizes(what)) {
        // For that, a default stands in these.
        if (size === undefined) continue;
        const { masked, ragged, free } = calls(kernel, { [what]: size });
        eachFails(kernel, called(masked), name, message);
        into(kernel, { [what]: size }, (calls) => eachFails(kernel, calls, name, message));
        if (what === "hidden") eachFails(kernel, called(ragged), name, message);
        free();
      }
    }
    for (const [dim, name, message] of noSizes("dim")) {
      if (dim === undefined) continue;
      const { rows, free } = calls(kernel, { dim });
      eachFails(kernel, called(rows), name, message);
      const buffer = new kernel.F32Buffer(2);
      eachFails(kernel, [() => kernel.l2NormalizeInPlace(buffer, dim)], name, message);
      for (const make of [
        () => new kernel.Vectors(dim),
        () => new kernel.Calibration(dim),
        () => new kernel.ChunkPooler("mean", dim),
        () => kernel.Ranges.fromSample(f32(1), dim),
      ]) {
        fails(make, name, message);
      }
      buffer.free();
      free();
    }
    for (const what of ["hidden", "k"]) {
      for (const [size, name, message] of noSizes(what)) {
        const [hidden, k] = what === "hidden" ? [size, 1] : [1, size];
        fails(() => new kernel.Projection(f32(1), null, hidden, k), name, message);
        fails(() => kernel.Projection.random(hidden, k, 1), name, message);
        if (what === "hidden") fails(() => kernel.Projection.pca(f32(1), hidden, k), /Error$/, /^(hidden|dim): /);
      }
    }
    works(kernel);
  },

  "numbers that are none": ({ kernel }) => {
    for (const [value] of NO_NUMBERS) {
      for (const call of [
        () => kernel.truncate(f32(1, 2), 2, value),
        () => kernel.windows(value, 2, 1),
        () => kernel.windows(2, value, 1),
        () => kernel.windows(2, 2, value),
        () => kernel.Projection.random(1, 1, value),
        ...Object.entries(COMPARISONS).map(([name, { search, precision }]) => () => {
          const row = { float32: f32(1), int8: Int8Array.of(1), ubinary: Uint8Array.of(1) }[precision];
          return kernel[search](name === "dotBinary" ? f32(1) : row, row, { k: value });
        }),
        () => kernel.twoStepDot(Uint8Array.of(1), Uint8Array.of(1), f32(1), f32(1), { k: 1, candidates: value }),
        () => kernel.twoStepDot(Uint8Array.of(1), Uint8Array.of(1), f32(1), f32(1), { k: value, candidates: 1 }),
      ]) {
        fails(call, "TypeError", /^(k|len|window|overlap|seed|candidates): expected /);
      }
    }
    for (const [call, message] of [
      [() => kernel.truncate(f32(1, 2), 2, 0), /^k: expected 1 to 2, got 0$/],
      [() => kernel.truncate(f32(1, 2), 2, 3), /^k: expected 1 to 2, got 3$/],
      [() => kernel.windows(5, 0, 0), /^window: expected at least 1, got 0$/],
      [() => kernel.windows(5, 2, 2), /^overlap: expected 0 to 1, got 2$/],
      [() => kernel.windows(2 ** 32 - 1, 1, 0), /^len: expected at most 1048576 windows, got 4294967295$/],
      [() => kernel.Projection.pca(f32(1, 2), 2, 3), /^k: expected 1 to 2, got 3$/],
      [() => kernel.Projection.pca(f32(1, NaN), 2, 1), /^sample: expected finite values, got NaN$/],
      [() => kernel.Projection.random(2 ** 31, 2 ** 31, 1), /^weights: expected what fits into the wasm memory, got more$/],
      [() => kernel.Ranges.fromSample(f32(1, NaN), 2), /^ranges\[1\]: expected finite ends, the lower one first, got NaN to NaN$/],
      [() => new kernel.Ranges(f32(1), f32(0)), /^ranges\[0\]: .* got 1 to 0$/],
      [() => new kernel.Ranges(f32(1), f32(1, 2)), /^max: expected a length of 1, got 2$/],
      [() => new kernel.Ranges(f32(), f32()), /^min: expected at least one, got none$/],
      [() => new kernel.Calibration(1).ranges(), /^rows: expected at least one, got none$/],
      [() => new kernel.Calibration(1).merge(new kernel.Calibration(2)), /^other: expected a length of 1, got 2$/],
      [() => new kernel.ChunkPooler("mean", 1).finish(), /^chunks: expected at least one, got none$/],
    ]) {
      eachFails(kernel, [call], "RangeError", message);
    }
  },

  "options that are none": ({ kernel }) => {
    for (const [options, name, message] of OPTIONS) {
      const { masked, ragged, free } = calls(kernel, { options });
      eachFails(kernel, called([...masked, ...ragged]), name, message);
      into(kernel, { options }, (calls) => eachFails(kernel, calls, name, message));
      free();
    }
    const names = "cls, lasttoken, max, mean, mean_sqrt_len_tokens, weightedmean";
    for (const [pooling, name, got] of [
      ["average", "RangeError", "average"],
      ["", "RangeError", ""],
      ["x".repeat(1000), "RangeError", "another text"],
      [1, "TypeError", "Number"],
      [null, "TypeError", "Null"],
    ]) {
      const message = new RegExp(`^pooling: expected one of ${names}, got ${got}$`);
      fails(() => kernel.poolRagged(f32(1), [1], 1, { pooling }), name, message);
    }
    fails(() => new kernel.Vectors(1, "float16"), "RangeError", /^precision: expected one of float32, int8, ubinary, got float16$/);
    fails(() => new kernel.Vectors(1, 8), "TypeError", /^precision: .* got Number$/);
    fails(() => new kernel.ChunkPooler("median", 1), "RangeError", /^pooling: expected one of mean, max, lengthWeighted, centreWeighted, got median$/);
    fails(() => new kernel.ChunkPooler("mean", 1, { normalize: 0 }), "TypeError", /^normalize: /);
    const vectors = new kernel.Vectors(1);
    fails(() => vectors.scores(f32(1), { metric: 5 }), "TypeError", /^metric: expected one of dot, cosine, l2Squared, got Number$/);
    for (const [options, got] of [[undefined, "Undefined"], [null, "Null"], [5, "Number"], [f32(1), "Float32Array"]]) {
      const message = new RegExp(`^options: expected an object, got ${got}$`);
      eachFails(kernel, [
        () => vectors.search(f32(1), options),
        () => vectors.rescore(f32(1), [], options),
        () => kernel.searchDot(f32(1), f32(1), options),
        () => kernel.twoStepDot(Uint8Array.of(1), Uint8Array.of(1), f32(1), f32(1), options),
      ], "TypeError", message);
    }
    fails(() => kernel.searchDot(f32(1), f32(1), {}), "TypeError", new RegExp(`^k: ${WHOLE} Undefined$`));
    vectors.free();
    works(kernel);
  },

  "masks with something else than 0 and 1": ({ kernel }) => {
    for (const [mask, at, got] of [
      [Uint8Array.of(1, 2, 0), 1, "2"],
      [Uint8Array.of(255, 1, 0), 0, "255"],
      [BigInt64Array.of(1n, 1n, -1n), 2, "-1"],
      [BigInt64Array.of(1n, 256n, 0n), 1, "256"],
      [BigInt64Array.of(1n, 1n, 2n ** 62n), 2, "4611686018427388000"],
    ]) {
      const message = new RegExp(`^mask\\[${at}\\]: expected 0 or 1, got ${got}$`);
      const { masked, free } = calls(kernel, { mask });
      eachFails(kernel, called(masked), "RangeError", message);
      into(kernel, { mask }, (calls) => eachFails(kernel, calls, "RangeError", message));
      free();
    }
    // Far into a mask that is read with many texts before it.
    const mask = new Uint8Array(10_000).fill(1);
    mask[9999] = 3;
    const out = new Float32Array(5000).fill(7);
    fails(() => kernel.meanPool(new Float32Array(10_000), mask, 5000, 2, 1, {}, out), "RangeError", /^mask\[9999\]/);
    sameNumbers(out, new Float32Array(5000).fill(7), "out");
  },

  "chunks that are none": ({ kernel }) => {
    const pooler = new kernel.ChunkPooler("lengthWeighted", 2);
    pooler.add(f32(1, 2), 3);
    for (const [call, name, message] of [
      [() => pooler.add(f32(1, 2)), "TypeError", new RegExp(`^tokens: ${WHOLE} Undefined$`)],
      [() => pooler.add(f32(1, 2), 0.5), "RangeError", new RegExp(`^tokens: ${WHOLE} 0.5$`)],
      [() => pooler.add(f32(1), 1), "RangeError", /^embedding: expected a length of 2, got 1$/],
      [() => pooler.add([1, 2], 1), "TypeError", /^embedding: expected Float32Array, got Array$/],
      [() => pooler.add(f32(1, 2), 2 ** 32 - 1), "RangeError", /^tokens: expected what fits into the wasm memory, got more$/],
      [() => pooler.finish(f32(1)), "RangeError", /^out: expected a length of 2, got 1$/],
    ]) {
      eachFails(kernel, [call], name, message);
    }
    sameNumbers(pooler.finish(), [1, 2], "the embedding");
    pooler.free();
  },
};
