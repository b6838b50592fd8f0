// ONNX models of a few nodes.

import protobuf from "protobufjs";

/** The part of the format that is needed here: https://onnx.ai/onnx/repo-docs/IR.html. */
const { root } = protobuf.parse(
  `
  syntax = "proto3";
  message Attribute { string name = 1; float f = 2; int64 i = 3; bytes s = 4; int32 type = 20; }
  message Node {
    repeated string input = 1; repeated string output = 2; string op_type = 4; repeated Attribute attribute = 5;
  }
  message Tensor { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; }
  message Dimension { int64 dim_value = 1; }
  message Shape { repeated Dimension dim = 1; }
  message TensorType { int32 elem_type = 1; Shape shape = 2; }
  message Type { TensorType tensor_type = 1; }
  message Value { string name = 1; Type type = 2; }
  message Graph {
    repeated Node node = 1; string name = 2; repeated Tensor initializer = 5;
    repeated Value input = 11; repeated Value output = 12;
  }
  message Operators { int64 version = 2; }
  message Model { int64 ir_version = 1; Graph graph = 7; repeated Operators opset_import = 8; }
  `,
  { keepCase: true },
);
const Model = root.lookupType("Model");

const ELEMENTS = new Map([
  [Float32Array, { code: 1, type: "float32" }],
  [Int8Array, { code: 3, type: "int8" }],
  [BigInt64Array, { code: 7, type: "int64" }],
]);

/** The first operators with RMSNormalization and Attention. */
const OPERATORS = 23;

/** How elements are called: by `type` in JavaScript, by `code` in a model. */
export function element(values) {
  const of = ELEMENTS.get(values.constructor);
  if (!of) throw new Error(`there are no tensors of ${values.constructor.name} here`);
  return of;
}

/**
 * A node: an operator, the names of its inputs and of its output, and its attributes: floats, whole numbers by
 * `BigInt`, texts.
 */
export function node(op_type, input, output, attributes = {}) {
  const attribute = Object.entries(attributes).map(([name, value]) => {
    if (typeof value === "number") return { name, f: value, type: 1 };
    if (typeof value === "bigint") return { name, i: Number(value), type: 2 };
    return { name, s: new TextEncoder().encode(value), type: 3 };
  });
  return { op_type, input, output: [output], attribute };
}

/**
 * The bytes of a model whose result is `out`. Inputs are given in each call, constants are known when it is loaded:
 * `{ name: { values, shape } }` each.
 */
export function model(nodes, inputs, constants) {
  const input = Object.entries(inputs).map(([name, { values, shape }]) => {
    const dim = shape.map((dim_value) => ({ dim_value }));
    return { name, type: { tensor_type: { elem_type: element(values).code, shape: { dim } } } };
  });
  const initializer = Object.entries(constants).map(([name, { values, shape }]) => {
    const raw_data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return { name, dims: shape, data_type: element(values).code, raw_data };
  });
  const graph = { node: nodes, name: "operation", initializer, input, output: [{ name: "out" }] };
  const made = Model.create({ ir_version: 11, graph, opset_import: [{ version: OPERATORS }] });
  return Model.encode(made).finish();
}
