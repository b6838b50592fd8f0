"""onnxruntime: a small model for each operation, on one thread, over arrays that are bound once."""

from collections.abc import Callable

import numpy as np
import onnxruntime as ort
from onnx import ModelProto, NodeProto, helper, numpy_helper

from case import Case, Operations, Prepared, same_length

VERSION = ort.__version__

# The first opset with RMSNormalization and Attention.
OPSET = 23
IR_VERSION = 11

Arrays = dict[str, np.ndarray]


def _model(nodes: list[NodeProto], inputs: Arrays, constants: Arrays) -> ModelProto:
    """Of these nodes: what is an input is given in each call, constants are known when the model is loaded."""
    values = [
        helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(x.dtype), x.shape)
        for name, x in inputs.items()
    ]
    # Its type and shape are inferred.
    out = helper.make_empty_tensor_value_info("out")
    weights = [numpy_helper.from_array(x, name) for name, x in constants.items()]
    graph = helper.make_graph(nodes, "operation", values, [out], weights)
    opsets = [helper.make_opsetid("", OPSET)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)


def _run(nodes: list[NodeProto], inputs: Arrays, constants: Arrays | None = None, note: str | None = None) -> Prepared:
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    model = _model(nodes, inputs, constants or {}).SerializeToString()
    session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    binding = session.io_binding()
    for name, x in inputs.items():
        binding.bind_ortvalue_input(name, ort.OrtValue.ortvalue_from_numpy(x))
    # A first run says what the result looks like. Its numbers are not kept: who writes nothing must not be right.
    [first] = session.run(None, inputs)
    out = ort.OrtValue.ortvalue_from_numpy(np.zeros(first.shape, first.dtype))
    binding.bind_ortvalue_output("out", out)

    def call() -> ort.OrtValue:
        session.run_with_iobinding(binding)
        return out

    return Prepared(call, note, finish=lambda out: out.numpy())


def _of(kind: str, *names: str, weights: tuple[str, ...] = (), **attributes: object) -> Callable[[Case], Prepared]:
    """An operator of ONNX of these inputs; `weights` are constants of the model."""

    def prepare(case: Case) -> Prepared:
        given = {**attributes, "epsilon": case.number("eps")} if weights else attributes
        node = helper.make_node(kind, [*names, *weights], ["out"], **given)
        constants = {name: case.array(name) for name in weights}
        return _run([node], {name: case.array(name) for name in names}, constants)

    return prepare


def _maxsim(case: Case) -> Prepared | None:
    query, docs, doc_lens = case.arrays("query", "docs", "doc_lens")
    length = same_length(doc_lens)
    if not length:
        return None
    nodes = [
        helper.make_node("Gemm", ["docs", "query"], ["products"], transB=1),
        helper.make_node("Reshape", ["products", "shape"], ["by_document"]),
        helper.make_node("ReduceMax", ["by_document", "tokens"], ["best"], keepdims=0),
        helper.make_node("ReduceSum", ["best", "tokens"], ["out"], keepdims=0),
    ]
    constants = {"shape": np.array([len(doc_lens), length, len(query)]), "tokens": np.array([1])}
    return _run(nodes, {"query": query, "docs": docs}, constants)


def _gemm(case: Case) -> Prepared:
    node = helper.make_node("MatMul", ["a", "b"], ["out"])
    return _run([node], {"a": case.array("a")}, {"b": case.array("b")}, "b is packed once")


def _vector(vector: str, matrix: str) -> Callable[[Case], Prepared]:
    """A vector by each row, as a layer has it: several times faster than by a column."""

    def prepare(case: Case) -> Prepared:
        node = helper.make_node("Gemm", [vector, matrix], ["out"], transB=1)
        return _run([node], {vector: case.array(vector)[None], matrix: case.array(matrix)})

    return prepare


def _attention(case: Case) -> Prepared:
    inputs = {name: case.array(name)[None] for name in "qkv"}
    return _run([helper.make_node("Attention", ["q", "k", "v"], ["out"])], inputs)


def _mean_pool(case: Case) -> Prepared:
    nodes = [
        helper.make_node("Cast", ["mask"], ["weights"], to=helper.np_dtype_to_tensor_dtype(np.dtype(np.float32))),
        helper.make_node("Unsqueeze", ["weights", "one"], ["row"]),
        helper.make_node("MatMul", ["row", "tokens"], ["sums"]),
        helper.make_node("Squeeze", ["sums", "one"], ["sum"]),
        helper.make_node("ReduceSum", ["weights", "one"], ["count"], keepdims=1),
        helper.make_node("Div", ["sum", "count"], ["mean"]),
        helper.make_node("LpNormalization", ["mean"], ["out"], axis=-1, p=2),
    ]
    inputs = {name: case.array(name) for name in ("tokens", "mask")}
    return _run(nodes, inputs, {"one": np.array([1])})


def _quantize_int8(case: Case) -> Prepared:
    x, least, most = case.arrays("x", "min", "max")
    nodes = [
        helper.make_node("Sub", ["x", "min"], ["above"]),
        helper.make_node("Div", ["above", "step"], ["steps"]),
        helper.make_node("Floor", ["steps"], ["whole"]),
        helper.make_node("Clip", ["whole", "zero", "last"], ["code"]),
        helper.make_node("Sub", ["code", "middle"], ["signed"]),
        helper.make_node("Cast", ["signed"], ["out"], to=helper.np_dtype_to_tensor_dtype(np.dtype(np.int8))),
    ]
    numbers = {name: np.float32(value) for name, value in (("zero", 0), ("last", 255), ("middle", 128))}
    constants = {name: np.asarray(value) for name, value in numbers.items()}
    return _run(nodes, {"x": x}, {"min": least, "step": (most - least) / np.float32(255), **constants})


OPERATIONS: Operations = {
    "maxsim": _maxsim,
    "gemm": _gemm,
    "gemv": _vector("x", "a"),
    "relu": _of("Relu", "x"),
    "exp": _of("Exp", "x"),
    "tanh": _of("Tanh", "x"),
    "sigmoid": _of("Sigmoid", "x"),
    "gelu": _of("Gelu", "x"),
    "gelu_tanh": _of("Gelu", "x", approximate="tanh"),
    "softmax": _of("Softmax", "x"),
    "layer_norm": _of("LayerNormalization", "x", weights=("weight", "bias")),
    "rms_norm": _of("RMSNormalization", "x", weights=("weight",)),
    "attention": _attention,
    "mean_pool": _mean_pool,
    "l2_normalize": _of("LpNormalization", "x", axis=-1, p=2),
    "quantize_int8": _quantize_int8,
    "dot": _vector("query", "rows"),
    "dot_int8": _of("MatMulInteger", "rows", "query"),
}
