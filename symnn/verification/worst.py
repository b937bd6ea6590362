"""From "this array is wrong" to the entry that is: of all entries by a sweep, else by the slopes of single ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

import numpy as np

from symnn.scalars import inner, log10_upper, precision
from symnn.scalars.readings import numbers_at
from symnn.verification.directional import EXHAUSTIVE, Probe


class Worst(NamedTuple):
    """The flat index of a wrong entry, its exact derivative, an arb, and how many are wrong (None: not counted)."""

    at: int
    exact: Any
    off: int | None


def worst_entry(probe: Probe, name: str, yours: Any, v: Any, difference: Any, apart: Collection[int] = ()) -> Worst:
    """Return the entry of an array to be named.

    It is the one that is off the most, of those that a sweep found ``apart``. In an array of more than 64 entries whose
    loss cannot be swept it is found by bisection along the direction ``v``, on which ``yours`` is off by the arb
    ``difference``: always the entry if only one is wrong, else one that is wrong. Raises UndecidedError.
    """
    with precision(probe.bits):
        if probe.exact is None and yours.size <= EXHAUSTIVE:
            apart = range(yours.size)
        off = differences(numbers_at(yours, apart), probe.entries(name, apart), apart)
        if off:
            k = largest(off)
            # A second witness, of a run along this entry alone.
            return Worst(k, probe.sides(name, np.ones(1), k).slope, len(off))
        start, stop = 0, yours.size
        while stop - start > 1:
            middle = (start + stop) // 2
            left = inner(yours.ravel()[start:middle], v[start:middle])
            left -= probe.sides(name, v[start:middle], start).slope
            right = difference - left
            if abs(left).mid() >= abs(right).mid():
                stop, difference = middle, left
            else:
                start, difference = middle, right
        return Worst(start, probe.sides(name, np.ones(1), start).slope, None)


def differences(mine: list[Any], exact: list[Any], places: Iterable[int]) -> dict[int, Any]:
    """Return by how much numbers at some places differ, where they certainly do."""
    return {k: a - b for k, a, b in zip(places, mine, exact, strict=True) if a != b}


def largest(off: dict[int, Any]) -> int:
    """Return the place of the largest difference.

    >>> from flint import arb
    >>> largest({3: arb(1), 7: arb(-2)}), largest({3: arb("1e-999"), 7: arb("1e-998")})
    (7, 7)
    """
    sizes = {k: abs(float(difference)) for k, difference in off.items()}
    # Beyond what floats hold the sizes are compared by their logarithms.
    held = 0 < max(sizes.values()) < np.inf
    return max(off, key=sizes.__getitem__ if held else lambda k: log10_upper(off[k]))
