"""numkong: distances and products. What is searched is packed once."""

from collections.abc import Callable

import numkong as nk
import numpy as np

from case import Case, Operations, Prepared

VERSION = nk.__version__
PACKED = "what is searched is packed once"


def _maxsim(case: Case) -> Prepared:
    query, docs, doc_lens = case.arrays("query", "docs", "doc_lens")
    packed = nk.maxsim_pack(query)
    each = [nk.maxsim_pack(doc) for doc in np.split(docs, np.cumsum(doc_lens)[:-1])]
    # It adds up the least angular distances; vectors have length 1 here.
    tokens = len(query)
    return Prepared(
        lambda: [nk.maxsim_packed(packed, doc) for doc in each],
        "approximate: the best tokens are found by rounded vectors, which are packed once",
        finish=lambda distances: tokens - np.array(distances),
    )


def _gemm(case: Case) -> Prepared:
    a, b = case.arrays("a", "b")
    packed = nk.dots_pack(np.ascontiguousarray(b.T))
    return Prepared(lambda: nk.dots_packed(a, packed), "b is packed once; sums are of 64 bits")


def _compare(pack: Callable, compare: Callable, finish: Callable = np.asarray) -> Callable[[Case], Prepared]:
    def prepare(case: Case) -> Prepared:
        query, rows = case.arrays("query", "rows")
        query, packed = query[None], pack(rows)
        return Prepared(lambda: compare(query, packed), PACKED, finish=finish)

    return prepare


_dot = _compare(nk.dots_pack, nk.dots_packed)

OPERATIONS: Operations = {
    "maxsim": _maxsim,
    "gemm": _gemm,
    "dot": _dot,
    "dot_int8": _dot,
    # It has the distance.
    "cosine": _compare(nk.dots_pack, nk.angulars_packed, lambda distances: 1 - np.asarray(distances)),
    "hamming": _compare(nk.hammings_pack, nk.hammings_packed),
}
