"""From "this array is wrong" to the entry that is: all entries of a small array, bisection in a large one."""

from __future__ import annotations

from typing import Any

import numpy as np

from symnn.scalars import inner, precision, values
from symnn.verification.directional import Probe

EXHAUSTIVE = 64
"""Up to this many entries, each is looked at by itself; its slope costs one run of the loss."""


def worst_entry(probe: Probe, name: str, yours: Any, v: Any, difference: Any) -> tuple[int, Any]:
    """Return the flat index of a wrong entry and its exact derivative, an arb.

    In an array of up to 64 entries it is the one that is off the most. In a larger one it is found by
    bisection along the direction ``v``, on which ``yours`` is off by the arb ``difference``: always
    the entry if only one is wrong, else one that is wrong. Raises UndecidedError.
    """
    mine = values(yours)
    with precision(probe.bits):
        if len(mine) <= EXHAUSTIVE:
            exact = [probe.slope(name, np.ones(1), k) for k in range(len(mine))]
            off = [float(abs(a - b).abs_upper().log()) if a != b else -np.inf for a, b in zip(mine, exact, strict=True)]
            k = int(np.argmax(off))
            return k, exact[k]
        start, stop = 0, len(mine)
        while stop - start > 1:
            middle = (start + stop) // 2
            left = inner(yours.ravel()[start:middle], v[start:middle])
            left -= probe.slope(name, v[start:middle], start)
            right = difference - left
            if abs(left).mid() >= abs(right).mid():
                stop, difference = middle, left
            else:
                start, difference = middle, right
        return start, probe.slope(name, np.ones(1), start)
