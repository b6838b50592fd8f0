"""maxsim-cpu: late-interaction scores, by a BLAS."""

from importlib.metadata import version

import maxsim_cpu
import numpy as np

from case import Case, Operations, Prepared, same_length

VERSION = version("maxsim-cpu")

# Beyond it, version 0.1.0 gives wrong scores or ends the process by a segmentation fault, and all others here with it.
LARGEST_DIMENSION = 128


def _maxsim(case: Case) -> Prepared | None:
    query, docs, doc_lens = case.arrays("query", "docs", "doc_lens")
    if query.shape[1] > LARGEST_DIMENSION:
        return None
    if length := same_length(doc_lens):
        docs = docs.reshape(-1, length, docs.shape[1])
        return Prepared(lambda: maxsim_cpu.maxsim_scores(query, docs))
    each = np.split(docs, np.cumsum(doc_lens)[:-1])
    return Prepared(lambda: maxsim_cpu.maxsim_scores_variable(query, each))


OPERATIONS: Operations = {"maxsim": _maxsim}
