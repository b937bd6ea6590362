"""What a figure is printed of: a tensor of a pass, its negative, its multiple by the learning rate, or a count.

Lectures print the direction of steepest descent (``-dx``), the step taken (``-rate*dx``), and how many parameters
there are (``parameters``), none of which is a tensor of the program.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from symnn.errors import unknown
from symnn.library.point import Point
from symnn.library.worked import BITS, as_balls
from symnn.scalars import Ball, Exact, ScalarArray, ball, running

COUNT = "parameters"
"""The quantity that is the number of numbers in all parameters, unless a tensor has that name."""

RATE = "rate*"
"""What stands before a tensor that is taken times the learning rate."""


@dataclass(frozen=True)
class Quantity:
    """A tensor's name, with a sign and perhaps the learning rate as its factors."""

    name: str
    negative: bool = False
    by_rate: bool = False


def quantity(text: str) -> Quantity:
    """Return the quantity that a text means.

    >>> quantity("-rate*dx")
    Quantity(name='dx', negative=True, by_rate=True)
    """
    unsigned = text.removeprefix("-")
    return Quantity(unsigned.removeprefix(RATE), text != unsigned, unsigned.startswith(RATE))


def amount(text: str, values: Mapping[str, Any], point: Point) -> Any:
    """Return a quantity, given the tensors of a pass by name; raise `InputError` for one that is not there.

    It is as exact as the tensors are.

    >>> point = Point(parameters={"x": "1/2"}, data={}, learning_rate="1/10")
    >>> amount("-rate*dx", {"x": Exact("1/2"), "dx": Exact(3)}, point), amount("parameters", {}, point)
    (Exact(-3/10), Exact(1))
    """
    meant = quantity(text)
    if meant.name == COUNT and COUNT not in values:
        value: Any = Exact(sum(np.size(point.floats(name)) for name in point.parameters))
    elif meant.name in values:
        value = values[meant.name]
    else:
        raise unknown("quantity in a figure", meant.name, values)
    factor = point.exact_rate if meant.by_rate else Exact(1)
    return value if not meant.negative and not meant.by_rate else _times(-factor if meant.negative else factor, value)


def _times(factor: Exact, value: Any) -> Any:
    entries = list(value.flat) if isinstance(value, ScalarArray) else [value]
    if any(isinstance(entry, Ball) for entry in entries):
        with running(ball(BITS)):
            return as_balls(value) * as_balls(factor)
    if all(isinstance(entry, Exact) for entry in entries):
        return value * factor
    # The arithmetic of doubles is to be that of the code: minus the rate, times the gradient.
    return value * float(factor.value)
