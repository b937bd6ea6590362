"""What an array of a gradient is: the derivative by one of the loss's arrays, or one of these itself, up to little."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from symnn.verification.gradients import reshaped
from symnn.verification.repair.intermediates import Intermediate
from symnn.verification.repair.trial import close


class Meaning(NamedTuple):
    """What an array is: the ``value`` or ``derivative`` of which of the loss's, times a factor, transposed, summed."""

    of: str
    kind: str
    factor: Fraction = Fraction(1)
    change: str = ""

    @property
    def is_exact(self) -> bool:
        """Whether it is just that, and not a multiple or a rearrangement of it."""
        return self.factor == 1 and not self.change

    def __str__(self) -> str:
        what = f"∂L/∂{self.of}" if self.of.isidentifier() else f"∂L/∂({self.of})"
        told = what if self.kind == "derivative" else self.of
        told = f"{told}, {self.change}" if self.change else told
        return told if self.factor == 1 else f"{self.factor} · {told}" if self.factor != -1 else f"−{told}"


def meaning_of(
    A: Any, intermediates: Sequence[Intermediate], exactly: bool = False, called: str = ""
) -> Meaning | None:
    """Return what an array is among those of the loss, or None: first what it is exactly, then what it is nearly.

    Of several that are the same, the one that the array is ``called`` after is told.

    >>> intermediates = [Intermediate("Z", "add", np.array([1.0, 5.0]), np.array([3.0, 4.0]))]
    >>> str(meaning_of(np.array([3.0, 4.0]), intermediates)), str(meaning_of(np.array([6.0, 8.0]), intermediates))
    ('∂L/∂Z', '2 · ∂L/∂Z')
    """
    if not isinstance(A, np.ndarray) or A.dtype.kind != "f" or not A.size or not np.any(A):
        return None
    return next(_meanings(A, intermediates, exactly, called.lower()), None)


def _meanings(A: Any, intermediates: Sequence[Intermediate], exactly: bool, called: str) -> Iterator[Meaning]:
    # A name says more than a text, one without calls more than another; of equal derivatives the last is the nearest.
    latest = tuple(reversed(intermediates))
    plain = sorted(latest, key=lambda one: (not one.name.isidentifier(), "(" in one.name, one.name[0] == "-"))
    ordered = sorted(plain, key=lambda one: not called.endswith(one.name.lower()))
    # Axes of length one may be written or not.
    known = [(x.name, "derivative", reshaped(x.adjoint, A.shape)) for x in ordered if x.adjoint is not None]
    values = [(x.name, "value", reshaped(x.value, A.shape)) for x in ordered]
    yield from (Meaning(name, kind) for name, kind, B in (*known, *values) if close(A, B))
    for name, kind, B in () if exactly else known:
        if (factor := _factor(A, B)) is not None:
            yield Meaning(name, kind, factor)
        if B.ndim == 2 and (factor := _factor(A, B.T)) is not None:
            yield Meaning(name, kind, factor, "transposed")
        for axis in range(B.ndim):
            for kept in (False, True):
                if (factor := _factor(A, B.sum(axis=axis, keepdims=kept))) is not None:
                    yield Meaning(name, kind, factor, f"summed over axis {axis}")


def _factor(A: Any, B: Any) -> Fraction | None:
    """The simple number that one array is another times, or None."""
    if A.shape != B.shape or not np.any(B):
        return None
    at = np.unravel_index(np.argmax(np.abs(B)), B.shape)
    factor = Fraction(float(A[at] / B[at])).limit_denominator(MOST)
    return factor if factor and abs(factor) <= MOST and close(A, float(factor) * B) else None


MOST = 100
"""The largest number that a factor has above or below its line."""
