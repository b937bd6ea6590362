"""Where an object keeps the gradient of each of its arrays after a backward pass, by the names that people give."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from types import MethodType
from typing import Any

import numpy as np

from symnn.errors import InputError, aligned
from symnn.verification.adapters.floats import tried
from symnn.verification.adapters.objects import Path, at, named
from symnn.verification.adapters.places import Held
from symnn.verification.naming import gradient_names

PARAMETER_HOLDERS = frozenset({"params", "parameters", "_params", "_parameters", "param", "P", "theta", "vars"})
"""Dicts and lists that hold parameters."""

GRADIENT_HOLDERS = frozenset(
    {"grads", "gradients", "grad", "gradient", "_grads", "_gradients", "dparams", "derivatives", "param_grads"}
    | {"d_params", "grad_params", "params_grad", "G", "dP", "nabla", "deltas"}
)
"""Dicts and lists that hold gradients."""

VALUES = frozenset(
    {"data", "value", "val", "v", "w", "W", "param", "tensor", "array", "weight", "_data", "_value", "x"}
)
"""What a small object that is one parameter calls its array."""

GRADIENTS = frozenset(
    {
        "grad",
        "gradient",
        "grads",
        "d",
        "g",
        "dw",
        "dW",
        "dv",
        "delta",
        "der",
        "diff",
        "_grad",
        "_gradient",
        "dx",
        "grad_",
    }
)
"""What it calls the gradient."""

KNOWN = frozenset(
    {"W", "w", "U", "V", "weights", "weight", "kernel", "Wx", "Wh", "Wax", "Waa", "Wya", "ba", "by", "bh"}
    | {"B", "b", "bias", "biases", "gamma", "beta", "shift", "scaler", "intercept", "gain"}
)
"""Names that say of an array that it is trained, whether or not it has a gradient."""

SYNONYMS: tuple[frozenset[str], ...] = (
    frozenset({"weights", "weight", "W", "w", "kernel"}),
    frozenset({"biases", "bias", "b", "B"}),
)
"""Names of one thing: of weights called ``weights`` many call the gradient ``dW``."""

CONSTANT = ("running", "moving", "ema", "velocity", "momentum", "cache", "mask", "drop", "noise", "pos", "pe", "target")
"""Beginnings of names of arrays that are no parameters, wherever they stand."""


@dataclass(frozen=True)
class Source:
    """Where the gradient of a parameter is found: ``kept`` by the object at a path, among what its ``method`` gives, or
    the ``step`` that an update took.
    """

    kind: str
    path: Path = ()

    def read(self, target: Any, before: Any) -> Any:
        """Return the gradient; ``before`` is the parameter as it was."""
        if self.kind == "method":
            return at(getattr(target, self.path[0])(), self.path[1:])
        return at(target, self.path) if self.kind == "kept" else before - at(target, self.path)


def _split(path: Path, holders: frozenset[str]) -> tuple[Path, str, bool]:
    """The owner of an array, its name there, and whether it stands in a holder."""
    if len(path) > 1 and path[-2] in holders:
        return path[:-2], str(path[-1]), True
    if isinstance(path[-1], int) and len(path) > 1:
        return path[:-2], f"{path[-2]}[{path[-1]}]", False
    return path[:-1], str(path[-1]), False


def is_known(path: Path) -> bool:
    """Return whether an array is a parameter by its name or by where it stands.

    >>> is_known(("W1",)), is_known(("params", "anything")), is_known(("params", "running_mean"))
    (True, True, False)
    """
    _, name, held = _split(path, PARAMETER_HOLDERS)
    bare = name.partition("[")[0].strip("_").rstrip("0123456789").rstrip("_")
    return not is_constant(path) and (held or bare in KNOWN)


def is_constant(path: Path) -> bool:
    """Return whether an array is a statistic, a mask or the like, by its name.

    >>> is_constant(("running_mean",)), is_constant(("_mask",)), is_constant(("W",))
    (True, True, False)
    """
    return str(path[-1]).lower().strip("_").startswith(CONSTANT)


def is_gradient(path: Path) -> bool:
    """Return whether an array stands in a holder of gradients.

    >>> is_gradient(("gradients", "W")), is_gradient(("params", "W"))
    (True, False)
    """
    return len(path) > 1 and path[-2] in GRADIENT_HOLDERS


def kept_for(places: Iterable[Path], shape: tuple[int, ...], kept: Mapping[Path, Any]) -> Path | None:
    """Return where an object keeps the gradient of a parameter; raise `InputError` where two places may hold it.

    ``kept`` are the arrays that it holds after the backward pass. One gradient in two places is one.

    >>> kept_for([("W",)], (2,), {("W",): np.ones(2), ("dW",): np.zeros(2)})
    ('dW',)
    >>> kept_for([("W", "data")], (2,), {("W", "data"): np.ones(2), ("W", "grad"): np.zeros(2)})
    ('W', 'grad')
    """
    own = list(places)
    for rule in (_named_for, _beside, _synonymous):
        found = [other for path in own for other in kept if other not in own and rule(path, other)]
        fitting = [one for one in dict.fromkeys(found) if np.size(kept[one]) == int(np.prod(shape))]
        distinct = _distinct(fitting or list(dict.fromkeys(found)), kept)
        if len(distinct) > 1 and rule is not _synonymous:
            name = named(own[0])
            rows = [("parameter", name), ("gradients", ", ".join(map(named, distinct)))]
            raise InputError(f"two arrays may be the gradient of {name}\n{aligned(rows)}\nkeep one of them")
        if len(distinct) == 1:
            return distinct[0]
    return None


def _distinct(paths: list[Path], kept: Mapping[Path, Any]) -> list[Path]:
    """The places of different arrays; of one array, or of arrays of the same values, the first place."""
    found: list[Path] = []
    for path in paths:
        A = kept[path]
        if not any(A is kept[other] or _same(A, kept[other]) for other in found):
            found.append(path)
    return found


def _same(A: Any, B: Any) -> bool:
    plain = A.dtype.kind == "f" and B.dtype.kind == "f"
    return bool(plain and A.shape == B.shape and np.array_equal(A, B))


def _named_for(path: Path, other: Path) -> bool:
    owner, name, _ = _split(path, PARAMETER_HOLDERS)
    its_owner, its_name, held = _split(other, GRADIENT_HOLDERS)
    names = gradient_names(name)
    return its_owner == owner and (its_name in names if held else its_name in names - {name})


def _beside(path: Path, other: Path) -> bool:
    """A small object with its array and the gradient of that: ``W.data`` and ``W.grad``."""
    return path[:-1] == other[:-1] and path[-1] in VALUES and other[-1] in GRADIENTS


def _synonymous(path: Path, other: Path) -> bool:
    owner, name, _ = _split(path, PARAMETER_HOLDERS)
    its_owner, its_name, held = _split(other, GRADIENT_HOLDERS)
    word, bracket, index = name.partition("[")
    plain = word.strip("_")
    also = {one for row in SYNONYMS if plain in row for one in row - {plain}}
    names = {one + bracket + index for word in also for one in gradient_names(word) - (set() if held else {word})}
    return its_owner == owner and its_name.lstrip("_") in names


LISTS = (
    *("params", "parameters", "get_params", "get_parameters", "get_weights", "weights", "trainable", "variables"),
    *("trainable_variables", "trainable_params"),
)
"""Methods that give the parameters."""

LISTS_OF_GRADIENTS = ("grads", "gradients", "get_grads", "get_gradients", "grad", "get_grad", "param_grads", "gradient")
"""Methods that give their gradients, in the same order or by the same keys."""


def by_methods(target: Any) -> Iterator[tuple[Any, Source]]:
    """Yield the arrays that a method of an object gives as its parameters, each with the source of its gradient."""
    for params, grads in product(_without_arguments(target, LISTS), _without_arguments(target, LISTS_OF_GRADIENTS)):
        # A method of this name may want to be called otherwise, or at another time.
        arrays, gradients = tried(getattr(target, params)), tried(getattr(target, grads))
        keys = (
            arrays.keys()
            if isinstance(arrays, Mapping)
            else range(len(arrays))
            if isinstance(arrays, list | tuple)
            else ()
        )
        if type(arrays) is type(gradients) and len(arrays) == len(gradients):
            for key in keys:
                if isinstance(arrays[key], np.ndarray) and np.shape(arrays[key]) == np.shape(gradients[key]):
                    yield arrays[key], Source("method", (grads, key))


def _without_arguments(target: Any, names: tuple[str, ...]) -> list[str]:
    return [name for name in names if isinstance(getattr(target, name, None), MethodType) and not _wants(target, name)]


def _wants(target: Any, name: str) -> bool:
    given = inspect.signature(getattr(target, name)).parameters.values()
    return any(one.default is one.empty and one.kind is not one.VAR_POSITIONAL for one in given)


def looked_for(one: Held) -> str:
    """Return in words where the gradient of an array was looked for."""
    name = str(one.path[-1])
    if not isinstance(one.path[-1], str) and len(one.path) > 1:
        name = str(one.path[-2])
    patterns = (f"d{name}", f"grad_{name}", f"{name}.grad", "grads", "what the backward pass returns")
    return ", ".join(patterns)
