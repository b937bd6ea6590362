"""The inputs of a layer: those that are float arrays are checked like parameters, by names of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from symnn.verification.adapters.shape import is_numbers
from symnn.verification.calling import fresh
from symnn.verification.trees import flatten, mapped

INPUT = "X"
"""What the input of a layer is called in a verdict."""


@dataclass(frozen=True)
class Inputs:
    """The float inputs of a layer by the names that a verdict calls them by, and where each stands."""

    arguments: tuple[Any, ...]
    positions: Mapping[int, str]

    @classmethod
    def of(cls, arguments: tuple[Any, ...], names: tuple[str, ...] = ()) -> Inputs:
        """Read arguments; integers and switches are no parameters. ``names`` are names for them, if they have any."""
        floats = [k for k, one in enumerate(arguments) if is_numbers(one) or _holds_numbers(one)]
        if names:
            return cls(arguments, {k: names[k] for k in floats})
        return cls(arguments, {k: INPUT if len(floats) == 1 else f"{INPUT}{k + 1}" for k in floats})

    def arrays(self) -> dict[str, Any]:
        """Return the arrays by name, those of a list each by its own."""
        named_inputs = {name: self.arguments[k] for k, name in self.positions.items()}
        return {leaf: np.array(A, dtype=np.float64) for leaf, A in flatten(named_inputs).items()}

    def placed(self, params: Mapping[str, Any]) -> list[Any]:
        """Return the arguments with arrays from ``params`` in the place of the float ones, where it has them."""
        return [self._argument(k, one, params) for k, one in enumerate(self.arguments)]

    def _argument(self, k: int, one: Any, params: Mapping[str, Any]) -> Any:
        name = self.positions.get(k)
        if name is None:
            return fresh(one)
        return mapped({name: one}, lambda leaf, old: params[leaf] if leaf in params else fresh(old))[name]


def _holds_numbers(one: Any) -> bool:
    """Whether an argument is a list or a dict of arrays, and so holds several inputs."""
    parts = list(one.values()) if type(one) is dict else one if type(one) in (list, tuple) else []
    return bool(parts) and all(is_numbers(part) for part in parts)
