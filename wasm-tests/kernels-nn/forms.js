// Every way to a result gives the same, bit for bit.

import { equal, ok, sameNumbers } from "../check.js";
import { filled } from "../growth.js";
import { encoderOptions, floats, operations } from "./table.js";

/** Of which some pass into the wasm memory in several pieces of 128 kB. */
const SHAPES = [[1, 1], [3, 7], [17, 20], [500, 130]];

export const forms = {
  "every function: fresh arrays, out, buffers, in place": ({ kernel }) => {
    for (const [n, dim] of SHAPES) {
      for (const { name, head, inputs, rest, length, inPlace } of operations(n, dim)) {
        const arrays = Object.values(inputs);
        const want = kernel[name](...head, ...arrays, ...rest);
        equal(want.length, length, `${name}: length`);
        const whole = new Float32Array(length + 4).fill(7);
        const out = whole.subarray(2, -2);
        ok(kernel[name](...head, ...arrays, ...rest, out) === out, "it returns another array than out");
        sameNumbers(out, want, `${name} into out`);
        sameNumbers([...whole.subarray(0, 2), ...whole.subarray(-2)], [7, 7, 7, 7], "round it");
        const [buffers, into] = [arrays.map((values) => filled(kernel, values)), new kernel.F32Buffer(length)];
        equal(kernel[`${name}Into`](...head, ...buffers, ...rest, into), undefined, "result");
        sameNumbers(into.view(), want, `${name}Into`);
        arrays.forEach((values, i) => sameNumbers(buffers[i].view(), values, "an input"));
        equal(`${name}InPlace` in kernel, inPlace, `${name}InPlace`);
        if (inPlace) {
          equal(kernel[`${name}InPlace`](...buffers, ...rest), undefined, "result");
          sameNumbers(buffers[0].view(), want, `${name}InPlace`);
        }
        for (const buffer of [...buffers, into]) buffer.free();
      }
    }
  },

  "Linear: fresh arrays, out, buffers, row by row": ({ kernel }) => {
    const [n, inDim, outDim] = [300, 150, 37];
    const layer = new kernel.Linear(floats(outDim * inDim, 1), floats(outDim, 2), inDim, { activation: "gelu" });
    const x = floats(n * inDim, 3);
    const want = layer.forward(x);
    const out = new Float32Array(n * outDim);
    ok(layer.forward(x, out) === out, "it returns another array than out");
    sameNumbers(out, want, "into out");
    const rows = Array.from({ length: n }, (_, i) => Array.from(layer.forward(x.subarray(i * inDim, (i + 1) * inDim))));
    sameNumbers(rows.flat(), want, "row by row");
    const [from, to] = [filled(kernel, x), new kernel.F32Buffer(n * outDim)];
    equal(layer.forwardInto(from, to), undefined, "result");
    sameNumbers(to.view(), want, "buffers");
    for (const object of [layer, from, to]) object.free();
  },

  "EncoderLayer: fresh arrays, out, buffers, offsets of each kind; layers that share a scratch": ({ kernel }) => {
    const dim = 24;
    const scratch = new kernel.Scratch(1 << 22);
    const layers = ["post", "pre"].map((order) => {
      return new kernel.EncoderLayer(encoderOptions(dim, 4, 2, 50, { order }), scratch);
    });
    const offsets = [0, 5, 5, 40];
    const x = floats(40 * dim, 1);
    const [a, b] = [filled(kernel, x), new kernel.F32Buffer(x.length)];
    for (const layer of layers) {
      const want = layer.forward(x, offsets);
      const out = new Float32Array(x.length);
      ok(layer.forward(x, Uint32Array.from(offsets), out) === out, "it returns another array than out");
      sameNumbers(out, want, "into out");
      equal(layer.forwardInto(a, offsets, b), undefined, "result");
      sameNumbers(b.view(), want, "buffers");
    }
    for (const object of [a, b, scratch, ...layers]) object.free();
  },
};
