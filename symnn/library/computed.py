"""A worked example in double precision: what a program prints that evaluates the equations as they stand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from symnn.derivation import Derivation
from symnn.kernels import data_names
from symnn.library.point import Point
from symnn.notation import adjoint_name, name_of


def computed_after(derivation: Derivation, point: Point, updates: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Return all tensors by name after each of the numbers of updates, in double precision.

    >>> from symnn.library.loading import load
    >>> example = load("linear-neuron")
    >>> float(computed_after(example.derivation, example.point, [0])[0]["L"])
    0.010000000000000018
    """
    wanted = set(updates)
    parameters = {name_of(tensor): point.floats(name_of(tensor)) for tensor in derivation.program.parameters}
    data = tuple(point.floats(name) for name in data_names(derivation.program))
    rate = float(point.exact_rate.value)
    result = {}
    for number in range(max(wanted, default=-1) + 1):
        values = derivation.evaluate(parameters, *data)
        if number in wanted:
            result[number] = values
        parameters = {name: old - rate * values[adjoint_name(name)] for name, old in parameters.items()}
    return result
