// The examples of the README.

import { near, ok, sameNumbers } from "../check.js";

export const readme = {
  "functions": ({ kernel: { gemm, gelu, layerNorm, softmax } }) => {
    const product = gemm(new Float32Array([1, 2, 3, 4, 5, 6]), new Float32Array([1, 0, 0, 1, 1, 1]), 2, 3, 2);
    sameNumbers(product, [4, 5, 10, 11]);
    sameNumbers(softmax(new Float32Array([7, 7, -100, 100]), 2), [0.5, 0.5, 0, 1]);
    const norm = layerNorm(new Float32Array([1, 3]), new Float32Array([1, 1]), new Float32Array([0, 0]), 0);
    sameNumbers(norm, [-1, 1]);
    near(gelu(new Float32Array([0, 1])), [0, 0.8413447], 1e-7);
  },

  "a linear layer": ({ kernel: { Linear } }) => {
    const weight = new Float32Array([1, 0, 0, -1]);
    const layer = new Linear(weight, new Float32Array([0.5, 0.5]), 2, { activation: "relu" });
    sameNumbers(layer.forward(new Float32Array([1, 2])), [1.5, 0]);
    layer.free();
  },

  "an encoder layer": ({ kernel: { EncoderLayer, F32Buffer, Scratch } }) => {
    const [eye, ones, zeros] = [new Float32Array([1, 0, 0, 1]), new Float32Array([1, 1]), new Float32Array(2)];
    const scratch = new Scratch(1 << 20);
    const encoder = new EncoderLayer(
      {
        heads: 1,
        queryWeight: eye,
        keyWeight: eye,
        valueWeight: eye,
        outputWeight: eye,
        upWeight: eye,
        downWeight: eye,
        attentionNormWeight: ones,
        attentionNormBias: zeros,
        mlpNormWeight: ones,
        mlpNormBias: zeros,
        activation: "gelu",
        order: "post",
        eps: 1e-12,
      },
      scratch,
    );
    const offsets = [0, 1, 3];
    const x = new Float32Array([3, 1, 1, 2, 5, 4]);
    const want = [1, -1, -1, 1, 1, -1];
    near(encoder.forward(x, offsets), want, 1e-6);
    const [input, output] = [new F32Buffer(6), new F32Buffer(6)];
    input.view().set(x);
    encoder.forwardInto(input, offsets, output);
    near(output.view(), want, 1e-6);
    ok(scratch.highWater > 0 && scratch.highWater <= 1 << 20, "scratch.highWater");
    for (const object of [encoder, scratch, input, output]) object.free();
  },
};
