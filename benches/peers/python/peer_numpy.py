"""numpy: what its users write, by matrix products, sums and functions of whole arrays."""

import math
from collections.abc import Callable

import numpy as np

import peer_numpy_indicators
from case import Case, Operations, Prepared

VERSION = np.__version__


def _maxsim(case: Case) -> Prepared:
    query, docs, doc_lens = case.arrays("query", "docs", "doc_lens")
    if (doc_lens < 1).any():
        raise ValueError("a document is empty, expected one token at least")
    starts = np.cumsum(doc_lens) - doc_lens
    products = np.empty((len(docs), len(query)), np.float32)

    def call() -> np.ndarray:
        np.matmul(docs, query.T, out=products)
        return np.maximum.reduceat(products, starts, axis=0).sum(axis=1)

    return Prepared(call)


def _product(left: str, right: str) -> Callable[[Case], Prepared]:
    def prepare(case: Case) -> Prepared:
        a, b = case.arrays(left, right)
        out = np.empty(a.shape[:-1] + b.shape[1:], np.float32)
        return Prepared(lambda: np.matmul(a, b, out=out))

    return prepare


def _rows(compute: Callable[..., np.ndarray], *weights: str) -> Callable[[Case], Prepared]:
    """Of `x` and weights, and `eps` where there is one, into an array that is kept."""

    def prepare(case: Case) -> Prepared:
        x, *others = case.arrays("x", *weights)
        if weights:
            others.append(case.number("eps"))
        out = np.empty_like(x)
        return Prepared(lambda: compute(x, *others, out))

    return prepare


def _sigmoid(x: np.ndarray, out: np.ndarray) -> np.ndarray:
    np.exp(np.negative(x, out=out), out=out)
    out += 1
    return np.reciprocal(out, out=out)


def _gelu_tanh(x: np.ndarray, out: np.ndarray) -> np.ndarray:
    np.multiply(x, x, out=out)
    out *= 0.044715
    out += 1
    out *= x
    out *= math.sqrt(2 / math.pi)
    np.tanh(out, out=out)
    out += 1
    out *= x
    out *= 0.5
    return out


def _softmax(x: np.ndarray, out: np.ndarray) -> np.ndarray:
    np.exp(np.subtract(x, x.max(axis=-1, keepdims=True), out=out), out=out)
    out /= out.sum(axis=-1, keepdims=True)
    return out


def _layer_norm(x: np.ndarray, weight: np.ndarray, bias: np.ndarray, eps: float, out: np.ndarray) -> np.ndarray:
    np.subtract(x, x.mean(axis=-1, keepdims=True), out=out)
    out /= np.sqrt(np.square(out).mean(axis=-1, keepdims=True) + eps)
    out *= weight
    out += bias
    return out


def _rms_norm(x: np.ndarray, weight: np.ndarray, eps: float, out: np.ndarray) -> np.ndarray:
    np.divide(x, np.sqrt(np.square(x).mean(axis=-1, keepdims=True) + eps), out=out)
    out *= weight
    return out


def _attention(case: Case) -> Prepared:
    q, k, v = case.arrays("q", "k", "v")
    scale = 1 / math.sqrt(q.shape[-1])
    out = np.empty_like(q)

    def call() -> np.ndarray:
        scores = q @ k.swapaxes(1, 2)
        scores *= scale
        return np.matmul(_softmax(scores, scores), v, out=out)

    return Prepared(call)


def _mean_pool(case: Case) -> Prepared:
    tokens, mask = case.arrays("tokens", "mask")

    def call() -> np.ndarray:
        weights = mask.astype(np.float32)
        means = (weights[:, None] @ tokens)[:, 0] / weights.sum(axis=1, keepdims=True)
        return _l2_normalize(means, means)

    return Prepared(call)


def _l2_normalize(x: np.ndarray, out: np.ndarray) -> np.ndarray:
    return np.divide(x, np.linalg.norm(x, axis=1, keepdims=True), out=out)


def _quantize_int8(case: Case) -> Prepared:
    x, least, most = case.arrays("x", "min", "max")
    step = (most - least) / 255
    codes = np.empty_like(x)

    def call() -> np.ndarray:
        np.divide(np.subtract(x, least, out=codes), step, out=codes)
        np.clip(np.floor(codes, out=codes), 0, 255, out=codes)
        return np.subtract(codes, 128, out=codes).astype(np.int8)

    return Prepared(call)


def _quantize_ubinary(case: Case) -> Prepared:
    x = case.array("x")
    return Prepared(lambda: np.packbits(x > 0, axis=1))


def _cosine(case: Case) -> Prepared:
    query, rows = case.arrays("query", "rows")

    def call() -> np.ndarray:
        return rows @ query / (np.linalg.norm(rows, axis=1) * np.linalg.norm(query))

    return Prepared(call)


def _dot_int8(case: Case) -> Prepared:
    query, rows = case.arrays("query", "rows")
    return Prepared(lambda: np.matmul(rows, query, dtype=np.int32))


def _hamming(case: Case) -> Prepared:
    query, rows = case.arrays("query", "rows")
    return Prepared(lambda: np.bitwise_count(rows ^ query).sum(axis=1, dtype=np.uint32))


OPERATIONS: Operations = {
    "maxsim": _maxsim,
    "gemm": _product("a", "b"),
    "gemv": _product("a", "x"),
    "relu": _rows(lambda x, out: np.maximum(x, 0, out=out)),
    "exp": _rows(lambda x, out: np.exp(x, out=out)),
    "tanh": _rows(lambda x, out: np.tanh(x, out=out)),
    "sigmoid": _rows(_sigmoid),
    "gelu_tanh": _rows(_gelu_tanh),
    "softmax": _rows(_softmax),
    "layer_norm": _rows(_layer_norm, "weight", "bias"),
    "rms_norm": _rows(_rms_norm, "weight"),
    "attention": _attention,
    "mean_pool": _mean_pool,
    "l2_normalize": _rows(_l2_normalize),
    "quantize_int8": _quantize_int8,
    "quantize_ubinary": _quantize_ubinary,
    "dot": _product("rows", "query"),
    "cosine": _cosine,
    "dot_int8": _dot_int8,
    "hamming": _hamming,
    **peer_numpy_indicators.OPERATIONS,
}
