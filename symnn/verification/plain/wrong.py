"""A gradient under test beside the exact one, entry by entry, in floats: what plain diagnosis looks at."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from symnn.errors import SymnnError
from symnn.scalars import floats, midpoint, midpoints
from symnn.verification.directional import Probe

DIGITS = 1e-12
"""How far apart, by the largest entry of either, numbers may be that count as the same."""


@dataclass(frozen=True)
class Finding:
    """What is wrong with one gradient: a sentence about ``{}``, which stands for "the gradient with respect to …"."""

    kind: str
    said: str
    difference: str = ""


@dataclass(frozen=True)
class Compared:
    """One gradient under test, as it is and as it should be, at one point; ``probe`` is what it was found with."""

    name: str
    at: Any
    yours: Any
    exact: Any
    probe: Probe

    @property
    def data(self) -> tuple[Any, ...]:
        """What the loss is given beside its parameters."""
        return self.probe.pair.data

    def given(self, data: Sequence[Any]) -> Compared | None:
        """Return the same gradient where the loss is given other data; None where the code does not run with them."""
        with suppress(SymnnError):
            return compared(
                Probe(replace(self.probe.pair, data=tuple(data)), self.probe.point, self.probe.bits), self.name
            )
        return None

    @property
    def wrong(self) -> Any:
        """Where the entries differ."""
        return ~close(self.yours, self.exact)


def is_right(probe: Probe, name: str, v: Any) -> bool:
    """Tell whether a gradient has the exact slope along ``v``, to twelve digits; it costs one run of the loss.

    Raises `UndecidedError`, as on a kink.
    """
    mine = probe.gradient[name]
    if mine.shape != probe.point[name].shape:
        return False
    along = floats(mine).ravel() * v
    exact = midpoint(probe.slope(name, v))
    return bool(abs(float(np.sum(along)) - exact) <= DIGITS * max(float(np.sum(np.abs(along))), abs(exact)))


def compared(probe: Probe, name: str) -> Compared:
    """Return a gradient beside the exact one.

    Raises `UndecidedError`, as on a kink, and for more than 64 entries of a loss that cannot be swept.
    """
    at = probe.point[name]
    exact = np.array(list(map(midpoint, probe.entries(name)))).reshape(at.shape)
    return Compared(name, at, np.asarray(midpoints(probe.gradient[name])), exact, probe)


def close(one: Any, other: Any) -> Any:
    """Tell entry by entry whether arrays are the same to twelve digits of their largest entry.

    >>> close(np.array([1.0, 2.0]), np.array([1.0, 2.1])).tolist()
    [True, False]
    """
    scale = max(np.max(np.abs(one), initial=0.0), np.max(np.abs(other), initial=0.0))
    return np.abs(one - other) <= DIGITS * scale


def same(one: Any, other: Any) -> bool:
    """Tell whether arrays have one shape and are the same in every entry."""
    return np.shape(one) == np.shape(other) and bool(np.all(close(np.asarray(one), np.asarray(other))))
