// A project that calls all of kernels-nn, as its compiler sees it.

import * as kernel from "kernels-nn";
import {
  EncoderLayer,
  F32Buffer,
  Linear,
  Scratch,
  type Activation,
  type ActivationOptions,
  type AttentionOptions,
  type EncoderLayerOptions,
} from "kernels-nn";

const [x, one] = [new Float32Array(4), new Float32Array(1)];
const activation: Activation = "geluTanh";
const options: ActivationOptions = { activation, slope: 0.1 };
const sizes: AttentionOptions = { heads: 2, qLen: 1, headDim: 2 };
const all: AttentionOptions = { ...sizes, batch: 1, kvHeads: 1, kvLen: 2, causal: true };

const arrays: Float32Array[] = [
  kernel.relu(x),
  kernel.leakyRelu(x, 0.1),
  kernel.leakyRelu(x, 0.1, x),
  kernel.gelu(x, null),
  kernel.geluTanh(x, x),
  kernel.silu(x, undefined),
  kernel.sigmoid(x),
  kernel.tanh(x),
  kernel.exp(x),
  kernel.erf(x),
  kernel.softplus(x),
  kernel.softmax(x, 2),
  kernel.logSoftmax(x, 2, x),
  kernel.layerNorm(x, x, x, 1e-5),
  kernel.layerNorm(x, x, x, 1e-5, x),
  kernel.rmsNorm(x, x, 1e-5),
  kernel.gemm(x, x, 2, 2, 2),
  kernel.gemm(x, x, 2, 2, 2, x),
  kernel.gemmBt(x, x, 2, 2, 2),
  kernel.gemv(x, one, 4, 1, x),
  kernel.embedding([0, 1], x, 2),
  kernel.embedding([0] as const, x, 4),
  kernel.embedding(Uint32Array.of(1), x, 2),
  kernel.embedding(BigInt64Array.of(1n), x, 2, x),
  kernel.attention(x, x, x, sizes),
  kernel.attention(x, x, x, all, x),
];

{
  using a = new F32Buffer(4);
  using b = new F32Buffer(4);
  using out = new F32Buffer(4);
  kernel.reluInto(a, out);
  kernel.leakyReluInto(a, 0.1, out);
  kernel.geluInto(a, out);
  kernel.geluTanhInto(a, out);
  kernel.siluInto(a, out);
  kernel.sigmoidInto(a, out);
  kernel.tanhInto(a, out);
  kernel.expInto(a, out);
  kernel.erfInto(a, out);
  kernel.softplusInto(a, out);
  kernel.reluInPlace(a);
  kernel.leakyReluInPlace(a, 0.1);
  kernel.geluInPlace(a);
  kernel.geluTanhInPlace(a);
  kernel.siluInPlace(a);
  kernel.sigmoidInPlace(a);
  kernel.tanhInPlace(a);
  kernel.expInPlace(a);
  kernel.erfInPlace(a);
  kernel.softplusInPlace(a);
  kernel.softmaxInto(a, 2, out);
  kernel.softmaxInPlace(a, 2);
  kernel.logSoftmaxInto(a, 2, out);
  kernel.logSoftmaxInPlace(a, 2);
  kernel.layerNormInto(a, b, b, 1e-5, out);
  kernel.layerNormInPlace(a, b, b, 1e-5);
  kernel.rmsNormInto(a, b, 1e-5, out);
  kernel.rmsNormInPlace(a, b, 1e-5);
  kernel.gemmInto(a, b, 2, 2, 2, out);
  kernel.gemmBtInto(a, b, 2, 2, 2, out);
  kernel.gemvInto(a, b, 1, 4, out);
  kernel.embeddingInto([0], a, 4, out);
  kernel.attentionInto(a, b, b, sizes, out);

  using linear = new Linear(x, one, 4, options);
  using plain = new Linear(x, null, 2, { weights: "int8" });
  arrays.push(linear.forward(x), plain.forward(x, x));
  linear.forwardInto(a, out);
  const numbers: number[] = [linear.inDim, linear.outDim];

  const weights: EncoderLayerOptions = {
    heads: 1,
    queryWeight: x,
    queryBias: one,
    keyWeight: x,
    valueWeight: x,
    outputWeight: x,
    attentionNormWeight: x,
    attentionNormBias: x,
    upWeight: x,
    downWeight: x,
    downBias: one,
    mlpNormWeight: x,
    mlpNormBias: x,
    order: "pre",
    causal: false,
    eps: 1e-12,
    ...options,
  };
  using scratch = new Scratch(1 << 20);
  using layer = new EncoderLayer(weights, scratch);
  arrays.push(layer.forward(x, [0, 1]), layer.forward(x, Uint32Array.of(0, 1), x));
  layer.forwardInto(a, [0, 1], out);
  numbers.push(layer.dim, layer.scratchBytes(100));
  numbers.push(scratch.limit, scratch.allocated, scratch.highWater, scratch.grows);
  arrays.push(Float32Array.from(numbers));

  // @ts-expect-error: a Float32Array is no buffer
  kernel.reluInto(x, out);
  // @ts-expect-error: a buffer is no Float32Array
  kernel.relu(a);
  // @ts-expect-error: it works in place on buffers
  kernel.geluInPlace(x);
  // @ts-expect-error: it has a slope
  kernel.leakyReluInPlace(a);
  // @ts-expect-error: no such activation
  new Linear(x, null, 2, { activation: "gelu_tanh" });
  // @ts-expect-error: none of them
  new Linear(x, null, 2, { weights: "int4" });
  // @ts-expect-error: no weights
  new EncoderLayer({ heads: 1 }, scratch);
  // @ts-expect-error: no scratch
  new EncoderLayer(weights);
  // @ts-expect-error: no offsets
  layer.forward(x);
  // @ts-expect-error: no such order
  weights.order = "before";
  // @ts-expect-error: it cannot be set
  linear.inDim = 3;
}

// @ts-expect-error: not twice as precise
kernel.exp(new Float64Array(4));
// @ts-expect-error: a list is no Float32Array
kernel.softmax([1, 2], 2);
// @ts-expect-error: no dimension
kernel.softmax(x);
// @ts-expect-error: three sizes
kernel.gemm(x, x, 2, 2);
// @ts-expect-error: a text is no size
kernel.gemv(x, one, "4", 1);
// @ts-expect-error: no sizes
kernel.attention(x, x, x, { heads: 2 });
// @ts-expect-error: ids are whole numbers
kernel.embedding(Float32Array.of(1), x, 2);
// @ts-expect-error: nothing comes back
export const nothing: Float32Array = kernel.reluInto(new F32Buffer(1), new F32Buffer(1));
export { arrays };
