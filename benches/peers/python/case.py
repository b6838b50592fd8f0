"""A case as it lies in a folder, and what a contestant makes of it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

ELEMENTS = {"f32": "<f4", "f64": "<f8", "i64": "<i8", "i8": "i1", "u8": "u1"}


class Case:
    """What is to be computed, on what."""

    def __init__(self, folder: Path) -> None:
        file = json.loads((folder / "case.json").read_text(encoding="utf-8"))
        self.operation: str = file["operation"]
        self.outputs: int = file["outputs"]
        self._parameters: dict[str, float] = file["parameters"]
        self._arrays = {name: _read(folder, name, of) for name, of in file["inputs"].items()}

    def array(self, name: str) -> np.ndarray:
        """The input of this name."""
        return _of(self._arrays, name, f"{self.operation} has no input")

    def arrays(self, *names: str) -> list[np.ndarray]:
        """The inputs of these names."""
        return [self.array(name) for name in names]

    def number(self, name: str) -> float:
        """A parameter."""
        return float(_of(self._parameters, name, f"{self.operation} has no parameter"))

    def size(self, name: str) -> int:
        """A parameter that counts something."""
        number = self.number(name)
        if not number.is_integer() or number < 1:
            raise ValueError(f"{name} is {number}, expected a whole number from 1 on")
        return int(number)


@dataclass
class Prepared:
    """What is timed, and what is to be known of it."""

    call: Callable[[], Any]
    """Computes it: an array, or one for each output."""
    note: str | None = None
    skip: float = 0.0
    """The part of each output, at the start, that is by another convention."""
    finish: Callable[[Any], Any] = lambda result: result
    """Makes the outputs of what `call` has returned."""


Operations = dict[str, Callable[[Case], Prepared | None]]
"""What a peer makes of a case, by operation; None where it cannot after all."""


def same_length(doc_lens: np.ndarray) -> int | None:
    """How many tokens each document has, if all have as many."""
    first = int(doc_lens[0]) if doc_lens.size else 0
    return first if first > 0 and (doc_lens == first).all() else None


def _of(mapping: dict[str, Any], name: str, missing: str) -> Any:
    if name not in mapping:
        raise ValueError(f"{missing} {name}; there are {', '.join(mapping) or 'none'}")
    return mapping[name]


def _read(folder: Path, name: str, of: dict[str, Any]) -> np.ndarray:
    element = _of(ELEMENTS, of["element"], f"{name}: there are no elements")
    numbers = np.fromfile(folder / of["file"], dtype=element)
    shape = of["shape"]
    if numbers.size != np.prod(shape, dtype=int):
        raise ValueError(f"{name} has {numbers.size} numbers, expected those of shape {shape}")
    return numbers.reshape(shape)
