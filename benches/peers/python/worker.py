"""A worker in Python: answers for its contestants, as `benches/contest/src/protocol.rs` has it."""

import sys

# Nothing is left in the checkout.
sys.dont_write_bytecode = True

import importlib
import json
import os
import platform
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

PEERS = {
    "numpy": "peer_numpy",
    "maxsim-cpu": "peer_maxsim_cpu",
    "numkong": "peer_numkong",
    "onnxruntime": "peer_onnxruntime",
    "TA-Lib": "peer_talib",
    "pandas": "peer_pandas",
}


class Runner:
    """What is prepared."""

    def __init__(self, prepared: Any, outputs: int) -> None:
        self._prepared = prepared
        self._outputs = outputs
        self._result: Any = None

    def sample(self, calls: int) -> dict[str, float]:
        """The time of so many calls."""
        call, result = self._prepared.call, self._result
        cpu, wall = time.process_time_ns(), time.perf_counter_ns()
        for _ in range(calls):
            result = call()
        wall, cpu = time.perf_counter_ns() - wall, time.process_time_ns() - cpu
        self._result = result
        return {"wall_ns": float(wall), "cpu_ns": float(cpu)}

    def write(self, file: Path) -> None:
        """Writes what the last call has computed."""
        # Not above: where it is absent, that is to be said.
        import numpy as np

        if self._result is None:
            raise ValueError("it was not called yet")
        result = self._prepared.finish(self._result)
        parts = result if isinstance(result, list | tuple) else [result]
        numbers = np.concatenate([np.asarray(part, dtype="<f8").ravel() for part in parts])
        if numbers.size != self._outputs:
            raise ValueError(f"it has computed {numbers.size} numbers, expected {self._outputs}")
        numbers.tofile(file)


class Worker:
    """Those who could be loaded, and what they have prepared."""

    def __init__(self) -> None:
        self._peers: dict[str, Any] = {}
        self._absent: list[dict[str, str]] = []
        self._runners: dict[int, Runner] = {}
        for name, module in PEERS.items():
            try:
                self._peers[name] = importlib.import_module(module)
            except Exception as error:  # A library that does not load may raise anything.
                self._absent.append({"name": name, "reason": first_line(error)})

    def hello(self) -> dict[str, Any]:
        """Whom it holds."""
        return {
            "language": "python",
            "version": f"{platform.python_implementation()} {platform.python_version()}",
            "contestants": [{"name": name, "version": peer.VERSION} for name, peer in self._peers.items()],
            "absent": self._absent,
        }

    def answer(self, line: str) -> dict[str, Any]:
        """The answer to a request."""
        try:
            known = {"prepare": self._prepare, "sample": self._sample, "result": self._result, "drop": self._drop}
            match json.loads(line):
                case {**request} if len(request) == 1 and (kind := next(iter(request))) in known:
                    return known[kind](**request[kind])
                case other:
                    raise ValueError(f"expected one of {', '.join(known)}, and got {other!r:.80}")
        except Exception as error:  # What a contestant raises is its answer, and the others go on.
            return {"error": {"message": first_line(error)}}

    def _prepare(self, id: int, contestant: str, case: str) -> dict[str, Any]:
        from case import Case  # It needs numpy too.

        if contestant not in self._peers:
            raise ValueError(f"there is no {contestant}, but {', '.join(self._peers)}")
        read = Case(Path(case))
        prepare = self._peers[contestant].OPERATIONS.get(read.operation)
        prepared = prepare and prepare(read)
        if not prepared:
            return {"unsupported": {}}
        self._runners[id] = Runner(prepared, read.outputs)
        return {"prepared": {"note": prepared.note, "skip": prepared.skip}}

    def _sample(self, id: int, calls: int) -> dict[str, Any]:
        return {"sample": self._runner(id).sample(calls)}

    def _result(self, id: int, file: str) -> dict[str, Any]:
        self._runner(id).write(Path(file))
        return {"done": {}}

    def _drop(self, id: int) -> dict[str, Any]:
        self._runners.pop(id, None)
        return {"done": {}}

    def _runner(self, id: int) -> Runner:
        if id not in self._runners:
            raise ValueError(f"nothing was prepared as {id}")
        return self._runners[id]


def first_line(error: Exception) -> str:
    """What is wrong, in a line."""
    text = str(error).strip()
    return f"{type(error).__name__}: {text.splitlines()[0]}" if text else type(error).__name__


def serve(requests: Iterable[str], answers: TextIO) -> None:
    """Says hello, and answers until there is no more request."""
    worker = Worker()

    def say(answer: dict[str, Any]) -> None:
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    say(worker.hello())
    for line in requests:
        say(worker.answer(line))


if __name__ == "__main__":
    # The output is for answers only: what a library prints goes to the standard error.
    protocol = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    serve(sys.stdin, protocol)
