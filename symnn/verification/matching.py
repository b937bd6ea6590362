"""Which gradient belongs to which parameter: by names, by order, by shapes, or cut out of one flat vector."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from symnn.errors import InputError, aligned
from symnn.scalars import Scalar
from symnn.verification.naming import matched
from symnn.verification.structure import Parameters
from symnn.verification.trees import flatten

Shapes = Mapping[str, tuple[int, ...]]


def match_gradients(result: Any, wanted: Parameters) -> dict[str, Any]:
    """Return the gradient arrays by parameter name, from what the user's ``grad`` returned.

    Gradients come by their own names (``dW1``, ``grad_W1``, ``W1_grad``), as a list or tuple in the order of the
    parameters, in any order that their shapes tell, or as one flat vector; beside a loss or a cache; and any of these
    for parameters that are one flat vector. Raises InputError for missing or extra arrays.

    >>> from symnn.verification.structure import parameters
    >>> match_gradients({"dW": 1, "db": 2}, parameters({"W": 3.0, "b": 4.0}))
    {'W': 1, 'b': 2}
    """
    if result is None:
        raise InputError("grad returned None: it must return one array per parameter")
    shapes = {name: A.shape for name, A in wanted.arrays.items()}
    found = gradients_in(result, shapes, alone=isinstance(wanted.tree, (np.ndarray, float)))
    if found is None:
        raise unmatched(result, shapes)
    return found


def unmatched(result: Any, shapes: Shapes) -> InputError:
    """Return the error for gradients that are not those of the parameters: both by name, with their shapes."""
    for name, leaf in flatten(result).items():
        if name in shapes and leaf is not None and shape_of(leaf) is None:
            return InputError(f"the gradient of {name} is no array of numbers: {str(leaf)[:60]!r}")
    names, found = list(shapes), _leaves(result)
    missing, extra = [n for n in names if n not in found], [n for n in found if n not in names]
    rows = [("yours", _listed({n: shape_of(A) for n, A in found.items()})), ("expected", _listed(shapes))]
    rows += [("missing", ", ".join(missing))] if missing else []
    rows += [("extra", ", ".join(extra))] if extra else []
    return InputError(f"grad must return one array per parameter, by the same names\n{aligned(rows)}")


def _listed(shapes: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {shape}" if shape is not None else name for name, shape in shapes.items()) or "(none)"


def gradients_in(result: Any, shapes: Shapes, alone: bool = False) -> dict[str, Any] | None:
    """Return the gradients by parameter among what a function returned, or None where they cannot be told.

    ``alone`` says that there is one parameter, which has no name of its own. What has the right shapes is meant, but
    for what stands under the names of a dict; where nothing has, the shapes are the mistake.

    >>> W, b = np.ones((3, 2)), np.ones(2)
    >>> found = gradients_in((0.5, (b, W)), {"W": (3, 2), "b": (2,)})
    >>> found["W"].shape, found["b"].shape
    ((3, 2), (2,))
    """
    possible: list[dict[str, Any]] = []
    for part in _parts(result):
        leaves = _leaves(part)
        for rule in (_by_name, _alone if alone else _nothing, _in_order, _by_shapes, _flat):
            found = rule(leaves, shapes, part)
            # Keys of a dict are names: what stands under another's is wrong, and not meant for it.
            is_named = rule is _by_name and isinstance(part, Mapping)
            if found is not None and (is_named or _fits(found, shapes)):
                return found
            possible += [found] if found is not None else []
    return possible[0] if possible else None


def _parts(result: Any) -> Iterator[Any]:
    """What may be the gradients: all that is returned; what stands beside a loss; one container among others."""
    yield result
    if isinstance(result, list | tuple) and len(result) > 1:
        rest = [x for x in result if not is_number(x)]
        if 0 < len(rest) < len(result):
            yield rest[0] if len(rest) == 1 else tuple(rest)
        yield from (x for x in rest if isinstance(x, (Mapping, list, tuple)))
        if len(result) == 2:
            yield from (other for one, other in (result, result[::-1]) if is_number(one))


def _leaves(part: Any) -> dict[str, Any]:
    # What is called as a gradient and is none is told as that.
    return {n: x for n, x in flatten(part).items() if shape_of(x) is not None or x is None or isinstance(x, str)}


def shape_of(x: Any) -> tuple[int, ...] | None:
    """Return the shape of an array or number, None for anything else.

    >>> shape_of([1, 2]), shape_of(3.0), shape_of("relu"), shape_of([np.ones(2), np.ones(3)])
    ((2,), (), None, None)
    """
    if isinstance(x, np.ndarray | np.generic | Scalar | int | float):
        return tuple(np.shape(x))
    if isinstance(x, list):
        try:
            A = np.array(x)
        except ValueError:
            return None
        return A.shape if A.dtype.kind in "iufO" and A.size else None
    return None


def alike(one: tuple[int, ...] | None, other: tuple[int, ...]) -> bool:
    """Return whether two shapes are the same but for axes of length one.

    >>> alike((3,), (3, 1)), alike((3, 2), (2, 3))
    (True, False)
    """
    return one is not None and [n for n in one if n != 1] == [n for n in other if n != 1]


def _fits(found: Mapping[str, Any], shapes: Shapes) -> bool:
    return all(alike(shape_of(found[name]), shape) for name, shape in shapes.items())


def _nothing(leaves: Mapping[str, Any], shapes: Shapes, part: Any) -> None:
    return None


def _alone(leaves: Mapping[str, Any], shapes: Shapes, part: Any) -> dict[str, Any] | None:
    return dict(zip(shapes, leaves.values(), strict=True)) if len(shapes) == len(leaves) == 1 else None


def _by_name(leaves: Mapping[str, Any], shapes: Shapes, part: Any) -> dict[str, Any] | None:
    for names in (list(shapes), _last_parts(shapes)):
        pairs = matched(names, leaves) if names else None
        if pairs is None:
            continue
        # The gradients of pre-activations and activations, which many return as well, are nobody's parameters.
        extra = [name for name, x in leaves.items() if name not in pairs.values() and not isinstance(x, str)]
        by_own_names = all(name == own for name, own in pairs.items())
        # What has the parameters' own names may be theirs, or those of another network with more of them.
        if extra and by_own_names:
            continue
        return {name: leaves[pairs[own]] for name, own in zip(shapes, names, strict=True)}
    return None


def _last_parts(shapes: Shapes) -> list[str]:
    """The names without what holds the arrays, ``W`` for ``params.W``; none where that is ambiguous or nothing new."""
    last = [name.rpartition(".")[2] for name in shapes]
    return last if len(set(last)) == len(last) and last != list(shapes) else []


def _in_order(leaves: Mapping[str, Any], shapes: Shapes, part: Any) -> dict[str, Any] | None:
    unnamed = isinstance(part, (list, tuple)) and not any("." in name for name in leaves)
    return dict(zip(shapes, leaves.values(), strict=True)) if unnamed and len(leaves) == len(shapes) else None


def _by_shapes(leaves: Mapping[str, Any], shapes: Shapes, part: Any) -> dict[str, Any] | None:
    """Parameters and gradients in different orders: those of one shape are in the same order."""
    if not isinstance(part, (list, tuple, Mapping)) or len(leaves) != len(shapes):
        return None
    for key in (lambda shape: shape, lambda shape: tuple(n for n in shape if n != 1)):
        if found := _grouped(leaves, shapes, key):
            return found
    return None


def _grouped(leaves: Mapping[str, Any], shapes: Shapes, key: Callable[[Any], Any]) -> dict[str, Any] | None:
    waiting: dict[Any, list[Any]] = {}
    for leaf in leaves.values():
        waiting.setdefault(key(shape_of(leaf) or ()), []).append(leaf)
    found = {}
    for name, shape in shapes.items():
        if not waiting.get(key(shape)):
            return None
        found[name] = waiting[key(shape)].pop(0)
    return found


def _flat(leaves: Mapping[str, Any], shapes: Shapes, part: Any) -> dict[str, Any] | None:
    """One flat vector for many arrays, or many arrays for one flat vector, end to end in order."""
    sizes = {name: int(np.prod(shape)) for name, shape in shapes.items()}
    given = list(leaves.values())
    one_axis = len(given) == 1 and np.size(given[0]) == max(np.shape(given[0]), default=0)
    if one_axis and len(sizes) > 1 and np.size(given[0]) == sum(sizes.values()):
        given = [np.ravel(given[0])]
        ends = np.cumsum(list(sizes.values()))[:-1]
        pieces = [given[0][start:end] for start, end in zip([0, *ends], [*ends, None], strict=True)]
        return {name: g.reshape(s) for (name, s), g in zip(shapes.items(), pieces, strict=True)}
    if len(given) > 1 and len(sizes) == 1 and sum(map(np.size, given)) == sum(sizes.values()):
        return {next(iter(sizes)): np.concatenate([np.ravel(g) for g in given])}
    return None


def is_number(x: Any) -> bool:
    """Return whether x is a single number, as a loss is: a Python or NumPy number, a scalar, an array of one entry."""
    return isinstance(x, (int, float, Scalar, np.number)) or (isinstance(x, np.ndarray) and x.size == 1)
