"""Which arrays of a layer are its parameters, and where the gradient of each is found after a backward pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from symnn.errors import InputError, aligned
from symnn.verification.adapters.objects import Path, arrays_of, at, named
from symnn.verification.adapters.passes import is_rate
from symnn.verification.naming import gradient_names, matched

PARAMETER_HOLDERS = frozenset({"params", "parameters", "_params", "_parameters", "param"})
"""Dicts and lists that hold parameters."""

GRADIENT_HOLDERS = frozenset(
    {"grads", "gradients", "grad", "gradient", "_grads", "_gradients", "dparams", "derivatives", "param_grads"}
)
"""Dicts and lists that hold gradients."""

KNOWN = frozenset(
    {"W", "w", "U", "V", "weights", "weight", "kernel", "Wx", "Wh", "Wax", "Waa", "Wya", "ba", "by", "bh"}
    | {"B", "b", "bias", "biases", "gamma", "beta", "scale", "shift", "scaler", "intercept"}
)
"""Names that say of an array that it is trained, whether or not it has a gradient."""

NEVER = ("running", "moving", "ema", "velocity", "momentum", "cache")
"""Beginnings of names of arrays that are no parameters, wherever they stand."""


@dataclass(frozen=True)
class Source:
    """Where the gradient of a parameter is found: kept by the layer, returned, or as the step an update took."""

    kind: str
    path: Path = ()

    def read(self, target: Any, returned: list[Any], before: Any) -> Any:
        """Return the gradient; ``before`` is the parameter as it was."""
        if self.kind == "kept":
            return at(target, self.path)
        if self.kind == "returned":
            return at(returned, self.path)
        return before - at(target, self.path)


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
    return not name.startswith(NEVER) and (held or bare in KNOWN)


def is_gradient(path: Path) -> bool:
    """Return whether an array stands in a holder of gradients.

    >>> is_gradient(("gradients", "W")), is_gradient(("params", "W"))
    (True, False)
    """
    return len(path) > 1 and path[-2] in GRADIENT_HOLDERS


def kept_for(path: Path, kept: Mapping[Path, Any]) -> Path | None:
    """Return where a layer keeps the gradient of a parameter; raise `InputError` where two places may hold it."""
    owner, name, _ = _split(path, PARAMETER_HOLDERS)
    names = gradient_names(name)
    found = []
    for other in kept:
        its_owner, its_name, held = _split(other, GRADIENT_HOLDERS)
        if other != path and its_owner == owner and (its_name in names if held else its_name in names - {name}):
            found.append(other)
    if len(found) > 1:
        rows = [("parameter", named(path)), ("gradients", ", ".join(map(named, found)))]
        raise InputError(f"two arrays may be the gradient of {named(path)}\n{aligned(rows)}\nkeep one of them")
    return found[0] if found else None


def steady(target: Any, before: Mapping[Path, Any]) -> set[Path]:
    """Return the arrays that a forward pass has left as they were: what it replaces is a cache, not a parameter."""
    after = arrays_of(target)
    return {
        path
        for path, A in before.items()
        if path in after and not is_rate(path) and after[path].shape == A.shape and np.array_equal(after[path], A)
    }


def from_returned(beyond: Any, wanted: Mapping[Path, Any], base: Path) -> dict[Path, Source]:
    """Return where each parameter's gradient stands among what a backward pass returned beyond the input gradients.

    ``beyond`` is a tuple of arrays in the order of the parameters, or of any order where the shapes tell them apart, or
    a dict. Raises `InputError` where their number is not that of the parameters.
    """
    if isinstance(beyond, dict):
        names = {_split(path, PARAMETER_HOLDERS)[1]: path for path in wanted}
        pairs = {name: matched([name], list(beyond)) for name in names}
        return {names[name]: Source("returned", (*base, one[name])) for name, one in pairs.items() if one}
    if len(beyond) != len(wanted):
        rows = [("returned", ", ".join(str(np.shape(g)) for g in beyond))]
        rows += [("parameters", ", ".join(f"{named(path)} {A.shape}" for path, A in wanted.items()) or "(none)")]
        raise InputError(
            f"the backward pass returns {len(beyond)} gradients beside that of its input, "
            f"for {len(wanted)} parameters\n"
            f'{aligned(rows)}\nsay which arrays they belong to, in order: names=("W", "b")'
        )
    shapes = [A.shape for A in wanted.values()]
    given = [np.shape(g) for g in beyond]
    order = range(len(given))
    if shapes != given and len(set(shapes)) == len(shapes) and set(shapes) == set(given):
        order = [given.index(shape) for shape in shapes]  # type: ignore[assignment]
    offset = base[-1]
    return {path: Source("returned", (*base[:-1], offset + k)) for path, k in zip(wanted, order, strict=True)}
