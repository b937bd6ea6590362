"""Parameters in the shape the user keeps them in: flattened to named arrays, and put back together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from symnn.errors import InputError, aligned
from symnn.scalars import Scalar

ROOT = "params"
"""How parameters are named that have no name of their own: ``params[0]``."""


@dataclass(frozen=True)
class Parameters:
    """Named float64 arrays, and the structure (dict, list, one array, nested) the user keeps them in."""

    arrays: dict[str, Any]
    tree: Any

    def rebuild(self, arrays: Mapping[str, Any]) -> Any:
        """Return the user's structure with ``arrays`` in the place of its own."""
        return _map(self.tree, lambda name, _: arrays[name])


def parameters(params: Any) -> Parameters:
    """Read parameters: a dict, list or tuple of arrays, nested or not, or one array.

    Raises InputError where there are none, where an entry is no number, and, naming the array and
    the entry, where a value is not finite.

    >>> parameters({"W": [[1, 2]], "b": 0.5}).arrays
    {'W': array([[1., 2.]]), 'b': array(0.5)}
    >>> list(parameters([np.zeros(2), np.zeros(3)]).arrays)
    ['params[0]', 'params[1]']
    """
    leaves = flatten(params)
    arrays = {name: finite(name, _real(name, leaf)) for name, leaf in leaves.items()}
    if not any(A.size for A in arrays.values()):
        raise InputError("there are no parameters: nothing to check")
    return Parameters(arrays, params)


def flatten(tree: Any) -> dict[str, Any]:
    """Return the leaves of nested dicts, lists and tuples by name.

    A list of numbers is one leaf. Raises InputError when two leaves get the same name.

    >>> flatten({"W": 1, "layers": [np.zeros(1), {"b": 2}]})
    {'W': 1, 'layers[0]': array([0.]), 'layers[1].b': 2}
    """
    leaves: dict[str, Any] = {}

    def keep(name: str, leaf: Any) -> Any:
        if name in leaves:
            raise InputError(f"two parameters are called {name!r}")
        leaves[name] = leaf
        return leaf

    _map(tree, keep)
    return leaves


def _map(tree: Any, leaf: Callable[[str, Any], Any], name: str = "") -> Any:
    if isinstance(tree, Mapping):
        return {key: _map(x, leaf, f"{name}.{key}" if name else str(key)) for key, x in tree.items()}
    if isinstance(tree, (list, tuple)) and not _is_numbers(tree):
        return type(tree)([_map(x, leaf, f"{name or ROOT}[{k}]") for k, x in enumerate(tree)])
    return leaf(name or ROOT, tree)


def _is_numbers(x: Any) -> bool:
    """Whether nested lists hold plain numbers only, and so are one array."""
    if isinstance(x, (list, tuple)):
        return len(x) > 0 and all(map(_is_numbers, x))
    return isinstance(x, (int, float, np.number, Scalar))


def _real(name: str, leaf: Any) -> Any:
    try:
        A = np.array(leaf)
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


def match_gradients(result: Any, wanted: Parameters) -> dict[str, Any]:
    """Return the gradient arrays by parameter name, from what the user's ``grad`` returned.

    A pair ``(loss, gradients)`` is accepted. Raises InputError for missing or extra arrays.
    """
    if result is None:
        raise InputError("grad returned None: it must return one array per parameter")
    names = list(wanted.arrays)
    found = flatten(result)
    if set(found) != set(names) and isinstance(result, tuple) and len(result) == 2 and _is_scalar(result[0]):
        found = flatten(result[1])
    if len(names) == 1 and len(found) == 1 and isinstance(wanted.tree, (np.ndarray, float)):
        return dict(zip(names, found.values(), strict=True))
    missing, extra = [n for n in names if n not in found], [n for n in found if n not in names]
    if missing or extra:
        rows = [("yours", ", ".join(found) or "(none)"), ("expected", ", ".join(names))]
        rows += [("missing", ", ".join(missing))] if missing else []
        rows += [("extra", ", ".join(extra))] if extra else []
        raise InputError(f"grad must return one array per parameter, by the same names\n{aligned(rows)}")
    return {name: found[name] for name in names}


def _is_scalar(x: Any) -> bool:
    return isinstance(x, (int, float, Scalar, np.number)) or (isinstance(x, np.ndarray) and x.size == 1)
