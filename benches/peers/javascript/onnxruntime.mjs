// onnxruntime-web: a small model for each operation, on one thread of its WebAssembly engine.

import ort from "onnxruntime-web";
import { COPIED, single, together } from "./case.mjs";
import { element, model, node } from "./onnx.mjs";

async function run(nodes, inputs, constants = {}, note = null) {
  const session = await ort.InferenceSession.create(model(nodes, inputs, constants), { executionProviders: ["wasm"] });
  const tensors = Object.entries(inputs).map(([name, { values, shape }]) => {
    return [name, new ort.Tensor(element(values).type, values, shape)];
  });
  const feeds = Object.fromEntries(tensors);
  let found;
  return {
    asynchronous: true,
    async run() {
      found = (await session.run(feeds)).out;
    },
    values: () => found?.data,
    free: () => session.release(),
    note: together(note, COPIED),
  };
}

function input(given, name) {
  return { values: given.array(name), shape: given.shape(name) };
}

function inputs(given, ...names) {
  return Object.fromEntries(names.map((name) => [name, input(given, name)]));
}

/** A constant of one axis. */
const vector = (values) => ({ values, shape: [values.length] });

const scalar = (value) => ({ values: Float32Array.of(value), shape: [] });

/** An operator of ONNX of these inputs. */
function of(operator, names, attributes = {}) {
  return (given) => run([node(operator, names, "out", attributes)], inputs(given, ...names));
}

/** The same of `x`, and weights that are constants of the model. */
function norm(operator, ...weights) {
  return (given) => {
    const nodes = [node(operator, ["x", ...weights], "out", { epsilon: given.number("eps") })];
    return run(nodes, inputs(given, "x"), inputs(given, ...weights));
  };
}

function maxsim(given) {
  const len = given.docLen();
  if (!len) return null;
  const shape = BigInt64Array.from([given.shape("doc_lens")[0], len, given.shape("query")[0]], BigInt);
  const nodes = [
    node("Gemm", ["docs", "query"], "products", { transB: 1n }),
    node("Reshape", ["products", "shape"], "by_document"),
    node("ReduceMax", ["by_document", "tokens"], "best", { keepdims: 0n }),
    node("ReduceSum", ["best", "tokens"], "out", { keepdims: 0n }),
  ];
  const constants = { shape: vector(shape), tokens: vector(BigInt64Array.of(1n)) };
  return run(nodes, inputs(given, "query", "docs"), constants);
}

function gemm(given) {
  const nodes = [node("MatMul", ["a", "b"], "out")];
  return run(nodes, inputs(given, "a"), inputs(given, "b"), "b is packed once");
}

/** With an axis of size 1 before the others. */
function batched(given, name) {
  const { values, shape } = input(given, name);
  return { values, shape: [1, ...shape] };
}

/** A vector by each row, as a layer has it: several times faster than by a column. */
function byRows(vector, matrix) {
  return (given) => {
    const of = { [vector]: batched(given, vector), [matrix]: input(given, matrix) };
    return run([node("Gemm", [vector, matrix], "out", { transB: 1n })], of);
  };
}

function attention(given) {
  const names = ["q", "k", "v"];
  const of = Object.fromEntries(names.map((name) => [name, batched(given, name)]));
  return run([node("Attention", names, "out")], of);
}

function meanPool(given) {
  const nodes = [
    node("Cast", ["mask"], "weights", { to: BigInt(element(new Float32Array()).code) }),
    node("Unsqueeze", ["weights", "one"], "row"),
    node("MatMul", ["row", "tokens"], "sums"),
    node("Squeeze", ["sums", "one"], "sum"),
    node("ReduceSum", ["weights", "one"], "count", { keepdims: 1n }),
    node("Div", ["sum", "count"], "mean"),
    node("LpNormalization", ["mean"], "out", { axis: -1n, p: 2n }),
  ];
  return run(nodes, inputs(given, "tokens", "mask"), { one: vector(BigInt64Array.of(1n)) });
}

function quantizeInt8(given) {
  const [min, max] = given.arrays("min", "max");
  const step = min.map((min, i) => Math.fround(max[i] - min) / 255);
  const nodes = [
    node("Sub", ["x", "min"], "above"),
    node("Div", ["above", "step"], "steps"),
    node("Floor", ["steps"], "whole"),
    node("Clip", ["whole", "zero", "last"], "code"),
    node("Sub", ["code", "middle"], "signed"),
    node("Cast", ["signed"], "out", { to: BigInt(element(new Int8Array()).code) }),
  ];
  const numbers = { zero: scalar(0), last: scalar(255), middle: scalar(128) };
  return run(nodes, inputs(given, "x"), { min: vector(min), step: vector(step), ...numbers });
}

const OPERATIONS = {
  maxsim,
  gemm,
  gemv: byRows("x", "a"),
  relu: of("Relu", ["x"]),
  exp: of("Exp", ["x"]),
  tanh: of("Tanh", ["x"]),
  sigmoid: of("Sigmoid", ["x"]),
  gelu: of("Gelu", ["x"]),
  gelu_tanh: of("Gelu", ["x"], { approximate: "tanh" }),
  softmax: of("Softmax", ["x"]),
  layer_norm: norm("LayerNormalization", "weight", "bias"),
  rms_norm: norm("RMSNormalization", "weight"),
  attention,
  mean_pool: meanPool,
  l2_normalize: of("LpNormalization", ["x"], { axis: -1n, p: 2n }),
  quantize_int8: quantizeInt8,
  dot: byRows("query", "rows"),
  dot_int8: of("MatMulInteger", ["rows", "query"]),
};

export function load() {
  ort.env.wasm.numThreads = 1;
  return single("onnxruntime-web", OPERATIONS);
}
