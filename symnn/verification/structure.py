"""Parameters in the shape the user keeps them in: flattened to named arrays, and put back together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from symnn.errors import InputError, aligned
from symnn.scalars import Scalar
from symnn.verification.naming import looks_like_a_gradient, matched

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

    A pair of a loss and gradients, in either order, is accepted; gradients by their own names (``dW1``, ``grad_W1``,
    ``W1_grad``), as a list or tuple in the order of the parameters, or as one flat vector; and any of these
    for parameters that are one flat vector. Raises InputError for missing or extra arrays.

    >>> match_gradients({"dW": 1, "db": 2}, parameters({"W": 3.0, "b": 4.0}))
    {'W': 1, 'b': 2}
    """
    if result is None:
        raise InputError("grad returned None: it must return one array per parameter")
    read = [_read(gradients, wanted) for gradients in _without_loss(result)]
    possible = [one for one in read if one is not None]
    if possible:
        # What has the right shapes is meant; where nothing has, the shapes are the mistake.
        return next((one for one in possible if _fits(one, wanted)), possible[0])
    names, found = list(wanted.arrays), flatten(result)
    missing, extra = [n for n in names if n not in found], [n for n in found if n not in names]
    rows = [("yours", ", ".join(found) or "(none)"), ("expected", ", ".join(names))]
    rows += [("missing", ", ".join(missing))] if missing else []
    rows += [("extra", ", ".join(extra))] if extra else []
    raise InputError(f"grad must return one array per parameter, by the same names\n{aligned(rows)}")


def _without_loss(result: Any) -> list[Any]:
    """What may be the gradients: the result, and where it is a pair with one number, what stands beside that."""
    beside = []
    if isinstance(result, tuple) and len(result) == 2:
        beside = [other for one, other in (result, result[::-1]) if _is_scalar(one)]
    return [result, *beside]


def _read(gradients: Any, wanted: Parameters) -> dict[str, Any] | None:
    names, found = list(wanted.arrays), flatten(gradients)
    if len(names) == 1 and len(found) == 1 and isinstance(wanted.tree, (np.ndarray, float)):
        return dict(zip(names, found.values(), strict=True))
    return _by_name(found, names) or _in_order(gradients, found, names) or _flat(found, wanted)


def _fits(gradients: Mapping[str, Any], wanted: Parameters) -> bool:
    return all(np.shape(gradients[name]) == A.shape for name, A in wanted.arrays.items())


def _by_name(found: Mapping[str, Any], names: list[str]) -> dict[str, Any] | None:
    pairs = matched(names, found)
    if pairs is None:
        return None
    # The gradients of pre-activations and activations, which many return as well, are nobody's parameters.
    extra = [name for name in found if name not in pairs.values()]
    by_own_names = all(name == own for name, own in pairs.items())
    if extra and (by_own_names or not all(map(looks_like_a_gradient, extra))):
        return None
    return {name: found[own] for name, own in pairs.items()}


def _in_order(gradients: Any, found: Mapping[str, Any], names: list[str]) -> dict[str, Any] | None:
    unnamed = isinstance(gradients, (list, tuple)) and not any("." in name for name in found)
    if not unnamed or len(found) != len(names):
        return None
    return dict(zip(names, found.values(), strict=True))


def _flat(found: Mapping[str, Any], wanted: Parameters) -> dict[str, Any] | None:
    """One flat vector for many arrays, or many arrays for one flat vector, end to end in order."""
    sizes = {name: A.size for name, A in wanted.arrays.items()}
    given = list(found.values())
    if len(given) == 1 and len(sizes) > 1 and np.ndim(given[0]) == 1 and np.size(given[0]) == sum(sizes.values()):
        ends = np.cumsum(list(sizes.values()))[:-1]
        pieces = [given[0][start:end] for start, end in zip([0, *ends], [*ends, None], strict=True)]
        shapes = [A.shape for A in wanted.arrays.values()]
        return {name: g.reshape(s) for name, g, s in zip(sizes, pieces, shapes, strict=True)}
    if len(given) > 1 and len(sizes) == 1 and sum(map(np.size, given)) == sum(sizes.values()):
        return {next(iter(sizes)): np.concatenate([np.ravel(g) for g in given])}
    return None


def _is_scalar(x: Any) -> bool:
    return isinstance(x, (int, float, Scalar, np.number)) or (isinstance(x, np.ndarray) and x.size == 1)
