"""Parameters in the shape the user keeps them in: flattened to named arrays, and put back together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from symnn.errors import InputError, aligned
from symnn.verification.trees import ROOT, flatten, mapped


@dataclass(frozen=True)
class Parameters:
    """Named float64 arrays, and the structure (dict, list, one array, nested) the user keeps them in."""

    arrays: dict[str, Any]
    tree: Any

    def rebuild(self, arrays: Mapping[str, Any]) -> Any:
        """Return the user's structure with ``arrays`` in the place of its own."""
        return mapped(self.tree, lambda name, old: arrays[name] if name in self.arrays else old)

    def passed(self, arrays: Mapping[str, Any]) -> Any:
        """Return what a function is called with: copies of ``arrays``, but a single number as the number it was."""
        return self.rebuild({name: A.copy() if A.ndim else A[()] for name, A in arrays.items()})


def parameters(params: Any) -> Parameters:
    """Read parameters: one array, or a dict, list, tuple, named tuple or dataclass of arrays, nested or not.

    Raises InputError where there are none, where an entry is no number, and, naming the array and
    the entry, where a value is not finite.

    >>> parameters({"W": [[1, 2]], "b": 0.5}).arrays
    {'W': array([[1., 2.]]), 'b': array(0.5)}
    >>> list(parameters([np.zeros(2), np.zeros(3)]).arrays)
    ['params[0]', 'params[1]']
    """
    leaves = flatten(params)
    # Names, switches and functions that are kept beside arrays are no parameters.
    beside = {name for name, leaf in leaves.items() if leaf is None or isinstance(leaf, str | bool) or callable(leaf)}
    leaves = {name: leaf for name, leaf in leaves.items() if name not in beside or len(beside) == len(leaves)}
    arrays = {name: finite(name, _real(name, leaf)) for name, leaf in leaves.items()}
    if not any(A.size for A in arrays.values()):
        raise InputError("there are no parameters: nothing to check")
    return Parameters(arrays, params)


def _real(name: str, leaf: Any) -> Any:
    try:
        A = np.array(leaf.to_numpy() if hasattr(leaf, "to_numpy") else leaf)
    except ValueError as error:
        raise InputError(f"{name} is no array: {error}") from error
    if A.dtype.kind not in "iuf":
        raise InputError(f"{name} is no array of real numbers\n{aligned([('given', repr(leaf)[:60])])}")
    return A.astype(np.float64)


def finite(name: str, A: Any) -> Any:
    """Return the array. Raises InputError naming the first entry that is NaN or infinite."""
    bad = np.argwhere(~np.isfinite(A))
    if len(bad):
        index = tuple(map(int, bad[0]))
        entry = f"{name}[{', '.join(map(str, index))}]" if index else name
        rows = [("entry", entry), ("value", str(A[index])), ("not finite", f"{len(bad)} of {A.size} entries")]
        raise InputError(f"{name} holds a value that is not finite\n{aligned(rows)}")
    return A


def check_data(data: tuple[Any, ...]) -> None:
    """Raise InputError where an array or number in the data is not finite, naming it ``data[0]``."""
    for position, value in enumerate(data):
        for name, leaf in flatten(value).items():
            at = name.replace(ROOT, f"data[{position}]", 1) if name.startswith(ROOT) else f"data[{position}].{name}"
            if isinstance(leaf, (np.ndarray, float, np.floating)) and np.asarray(leaf).dtype.kind == "f":
                finite(at, np.asarray(leaf))
