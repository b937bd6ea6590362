"""From "this array is wrong" to the entry that is: all entries of a small array, bisection in a large one."""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import arb

from symnn.errors import UndecidedError
from symnn.scalars import inner, log10_upper, midpoint, precision, values
from symnn.verification.directional import Probe

SURE_BITS = 60
"""To how many bits what is off along two directions must be what one entry would make of it, to be that entry's."""

EXHAUSTIVE = 64
"""Up to this many entries, each is looked at by itself; its slope costs one run of the loss."""


def worst_entry(probe: Probe, name: str, yours: Any, v: Any, difference: Any) -> tuple[int, Any]:
    """Return the flat index of a wrong entry and its exact derivative, an arb.

    In an array of up to 64 entries it is the one that is off the most. In a larger one it is always the entry if only
    one is wrong, which shows along two directions, else one that is wrong, found by bisection along the direction
    ``v``, on which ``yours`` is off by the arb ``difference``. Raises UndecidedError.
    """
    mine = values(yours)
    with precision(probe.bits):
        if len(mine) <= EXHAUSTIVE:
            exact = [probe.slope(name, np.ones(1), k) for k in range(len(mine))]
            off = [float(abs(a - b).abs_upper().log()) if a != b else -np.inf for a, b in zip(mine, exact, strict=True)]
            k = int(np.argmax(off))
            return k, exact[k]
        if (one := _only_one(probe, name, yours, v, difference)) is not None:
            return one
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


def _only_one(probe: Probe, name: str, yours: Any, v: Any, difference: Any) -> tuple[int, Any] | None:
    """Return the entry that by itself is all that is off, and its derivative, or None where several are, or may be.

    Along ``v`` it is off by the number that it is off along a direction of ones, times its own of the numbers in ``v``:
    these are drawn at random, and tell which entry it is.
    """
    ones = (v != 0).astype(np.float64)
    try:
        together = inner(yours, ones) - probe.slope(name, ones)
        if together.contains(0):
            return None
        own = midpoint(difference / together)
        k = int(np.argmin(np.abs(v - own)))
        if not abs(v[k] - own) <= 1e-12 * abs(own):
            return None
        exact = probe.slope(name, np.ones(1), k)
    except UndecidedError:
        return None
    off = values(yours)[k] - exact
    left = (difference - off * arb(v[k])) / off, (together - off) / off
    return (k, exact) if all(log10_upper(rest) < -SURE_BITS * 0.30103 for rest in left) else None
