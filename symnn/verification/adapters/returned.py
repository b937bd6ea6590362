"""What a backward pass returned beside the gradients of its inputs: which array is whose, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from symnn.errors import InputError, aligned
from symnn.verification.adapters.places import Held
from symnn.verification.matching import shape_of
from symnn.verification.naming import matched
from symnn.verification.trees import flatten


def some_by_name(beyond: Mapping[Any, Any], shapes: Mapping[str, Any]) -> dict[str, Any]:
    """The gradients of a dict that belong to arrays by their names, or by the last parts of these."""
    leaves = flatten(beyond)
    found = {}
    for name in shapes:
        for own in (name, name.rpartition(".")[2]):
            pairs = matched([own], leaves)
            if pairs:
                found[name] = leaves[pairs[own]]
                break
    return found


def arrays_in(given: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield the arrays among nested results, each with its place."""
    if isinstance(given, dict | list | tuple):
        for key, one in given.items() if isinstance(given, dict) else enumerate(given):
            yield from arrays_in(one, (*path, key))
    elif isinstance(given, np.ndarray):
        yield path, given


def place_of(x: Any, given: Any) -> tuple[Any, ...] | None:
    """Where among nested results one of them stands, by identity."""
    if x is given:
        return ()
    if isinstance(given, dict | list | tuple):
        for key, one in given.items() if isinstance(given, dict) else enumerate(given):
            where = place_of(x, one)
            if where is not None:
                return (key, *where)
    return None


def unclear(beyond: tuple[Any, ...], own: list[Held]) -> InputError:
    """Return the error for as many gradients as parameters there are not, with both."""
    rows = [("returned", ", ".join(str(shape_of(g)) for g in beyond))]
    rows += [("parameters", ", ".join(f"{one.name} {np.shape(one.value)}" for one in own) or "(none)")]
    return InputError(
        "it is not clear which arrays the gradients belong to: "
        f"the backward pass returns {len(beyond)} gradients, for {len(own)} parameters\n"
        f'{aligned(rows)}\nsay which arrays they belong to, in order: names=("W", "b")'
    )
