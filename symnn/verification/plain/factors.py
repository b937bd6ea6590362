"""Factors a gradient may be off by, by name: signs, halves and doubles, the sizes of the data's axes."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from symnn.verification.plain.wrong import DIGITS, Compared
from symnn.verification.surroundings import resized

LARGEST = 1000
"""Up to which numerator and denominator a ratio counts as simple."""


def simple_ratio(yours: Any, exact: Any) -> Fraction | None:
    """Return the simple number that every entry of ``yours`` is times that of ``exact``, or None.

    >>> simple_ratio(np.array([1.0, -3.0]), np.array([3.0, -9.0]))
    Fraction(1, 3)
    """
    if not np.size(exact) or not np.any(exact):
        return None
    largest = np.unravel_index(np.argmax(np.abs(exact)), np.shape(exact))
    ratio = Fraction(float(yours[largest] / exact[largest])).limit_denominator(LARGEST)
    off = np.max(np.abs(yours - float(ratio) * exact))
    fits = off <= DIGITS * max(np.max(np.abs(yours)), np.max(np.abs(exact)))
    return ratio if fits and 0 < abs(ratio) <= LARGEST else None


def said_of(ratio: Fraction) -> str:
    """Return in words what a gradient is that is ``ratio`` times the right one.

    >>> said_of(Fraction(1, 5)), said_of(Fraction(-1))
    ('is 1/5 times what it should be', 'has the wrong sign')
    """
    return "has the wrong sign" if ratio == -1 else f"is {str(ratio).replace('-', '−')} times what it should be"


def meaning_of(ratio: Fraction, one: Compared) -> str:
    """Return in words what size of the data a factor is, or half of: what it goes on being with one sample more.

    A factor that stays what it is has the size by accident, or is one that does not change; then nothing is said.
    """
    number = _largest(ratio)
    possible = [(of, size, what) for of in (1, 2) for size, what in _sizes(one.data) if of * size == number > 2 * of]
    data = resized(one.data, np.random.default_rng(10)) if possible else None
    other = None if data is None else one.given(data)
    if data is None or other is None or other.yours.shape != other.exact.shape:
        return ""
    then = simple_ratio(other.yours, other.exact)
    sizes = {(of * size, what) for of in (1, 2) for size, what in _sizes(data)}
    if then is None or then == ratio:
        return ""
    return next((f" ({size} = {what})" for _, size, what in possible if (_largest(then), what) in sizes), "")


def _largest(ratio: Fraction) -> int:
    return max(abs(ratio.numerator), ratio.denominator)


def _sizes(data: Sequence[Any]) -> list[tuple[int, str]]:
    arrays = [(k, np.shape(A)) for k, A in enumerate(data) if isinstance(A, np.ndarray) and np.ndim(A)]
    sizes = []
    for axis in (0, -1):
        lengths = [shape[axis] for _, shape in arrays]
        sizes += [(n, "the number of samples") for n in dict.fromkeys(lengths) if lengths.count(n) > 1]
    sizes += [(s[0], f"the length of data[{k}]") for k, s in arrays if len(s) == 1]
    sizes += [(n, f"the length of axis {axis} of data[{k}]") for k, s in arrays for axis, n in enumerate(s)]
    return sizes + [(int(np.prod(s)), f"the number of entries of data[{k}]") for k, s in arrays]
